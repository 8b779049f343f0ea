// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reaches every bound of the core: captures made so that something is new in each frame. Memory
// stays within the budgets of the design, the cost of a frame does not grow with the capture, and
// what is lost is said once. NLB_BOUNDS_FRAMES=10000000 gives the full size.
#include <gtest/gtest.h>

#include "hostile/load.h"
#include "wire/heartbeat.h"

namespace nlb::test {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kOrdinary = 10 * kMiB;   // tables that ordinary traffic fills
constexpr int64_t kClusters = 104 * kMiB;  // the cluster tracker at its cap

constexpr size_t kDestination = 0, kSource = 6;  // Ethernet
constexpr size_t kHb = 14, kHostId = kHb + 8, kClusterIp = kHb + 12, kHostIp = kHb + 16;
constexpr size_t kHostCode = kHb + 28, kPackets = kHb + 32;
constexpr size_t kIpId = 18, kTtl = 22, kFromIp = 26, kToIp = 30, kPorts = 34;
constexpr size_t kArpMac = 22, kArpIp = 28;

constexpr uint64_t kCluster = 0x02BF00000000, kMulticast = 0x03BF00000000;

#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
constexpr double kSlowest = 40'000;  // ns per frame, for the most expensive frames
#else
constexpr double kSlowest = 4'000'000;
#endif

void ExpectWithin(const Cost& cost, int64_t budget) {
  std::string said;
  for (const auto& [name, count] : cost.findings) {
    said += "\n  " + name + ' ' + std::to_string(count);
  }
  const double each =
      cost.stored + cost.heartbeats == 0
          ? 0.0
          : static_cast<double>(cost.bytes) / static_cast<double>(cost.stored + cost.heartbeats);
  std::printf(
      "%llu frames, %llu heartbeats, %llu stored findings: heap %.2f MiB (peak %.2f), without 24 "
      "bytes for each %.2f MiB of %.0f; %.1f bytes each; %.0f %.0f %.0f %.0f ns per frame%s\n",
      static_cast<unsigned long long>(cost.frames),
      static_cast<unsigned long long>(cost.heartbeats),
      static_cast<unsigned long long>(cost.stored), static_cast<double>(cost.bytes) / kMiB,
      static_cast<double>(cost.peak_bytes) / kMiB, static_cast<double>(cost.TableBytes()) / kMiB,
      static_cast<double>(budget) / kMiB, each, cost.quarter[0], cost.quarter[1], cost.quarter[2],
      cost.quarter[3], said.c_str());
  EXPECT_LE(cost.TableBytes(), budget);
  EXPECT_LE(cost.quarter[3], 3 * cost.quarter[1] + 2000) << "the cost of a frame grows";
  EXPECT_LE(cost.quarter[3], kSlowest);
  EXPECT_LE(cost.Times("nlb.table_full"), 7u);  // once for each table
  EXPECT_EQ(cost.Times("nlb.stopped"), 0u);
}

void ExpectFull(const Cost& cost) { EXPECT_GE(cost.Times("nlb.table_full"), 1u); }

// Spreads a counter over 32 bits, without repeating.
uint64_t Spread(uint64_t i) { return (i * 0x9E3779B1u) & 0xFFFFFFFF; }

// A unicast address that was not used before, outside multicast and broadcast.
uint64_t NewAddress(uint64_t i) { return 0x01000000 + i; }

// ---- clusters and hosts

void TellNewCluster(uint64_t i, Sheet& sheet) {
  if (i == 0) sheet.bytes = HeartbeatFrame();
  PutBe(sheet.bytes, kSource, 0x020100000000 | NewAddress(i), 6);
  PutBe(sheet.bytes, kClusterIp, NewAddress(i), 4);
  PutBe(sheet.bytes, kHostIp, NewAddress(i) + 0x40000000, 4);
}

TEST(Bounds, EachHeartbeatANewCluster) {
  const Cost cost = Measure(Frames(), TellNewCluster);
  ExpectWithin(cost, kOrdinary + kClusters);
  ExpectFull(cost);
}

TEST(Bounds, EachHeartbeatANewClusterInTheTables) {
  ExpectWithin(Measure(Frames() / 4, TellNewCluster, Tables::kYes), 4 * (kOrdinary + kClusters));
}

void TellNewHost(uint64_t i, Sheet& sheet) {
  if (i == 0) sheet.bytes = HeartbeatFrame();
  PutBe(sheet.bytes, kSource, 0x001500000000 | Spread(i), 6);
  PutLe(sheet.bytes, kHostId, 1 + i % 32, 4);
  PutBe(sheet.bytes, kHostIp, NewAddress(i), 4);
  PutLe(sheet.bytes, kHostCode, i, 4);
}

TEST(Bounds, EachHeartbeatANewHost) {
  const Cost cost = Measure(Frames(), TellNewHost);
  ExpectWithin(cost, kOrdinary + kClusters);
  ExpectFull(cost);
}

TEST(Bounds, EachHeartbeatANewHostInTheTables) {
  ExpectWithin(Measure(Frames() / 4, TellNewHost, Tables::kYes), 4 * (kOrdinary + kClusters));
}

// The tracker's cap in both directions at once, each host with the longest name.
TEST(Bounds, AllClustersFullOfNamedHosts) {
  std::vector<uint8_t> identity = HeartbeatFrame();
  PutLe(identity, kHb, 0xC0DE01C0, 4);
  identity[kHb + 20] = 1;
  identity[kHb + 21] = 60;
  for (size_t at = kHb + 28; at < kHb + 28 + 400; at += 2) PutLe(identity, at, 'A', 2);
  const Cost cost = Measure(std::max<uint64_t>(Frames(), 4096 * 32 * 2), [&](uint64_t i, Sheet& s) {
    if (i == 0) s.bytes = HeartbeatFrame();
    if (i % 2 == 1) return s.bytes.swap(identity);
    if (i > 0) s.bytes.swap(identity);
    for (std::vector<uint8_t>* bytes : {&s.bytes, &identity}) {
      PutBe(*bytes, kSource, 0x001500000000 | i, 6);
      PutLe(*bytes, kHostId, 1 + i / 2 / 4096 % 32, 4);
      PutBe(*bytes, kClusterIp, NewAddress(i / 2 % 4096), 4);
      PutBe(*bytes, kHostIp, NewAddress(i), 4);
    }
  });
  ExpectWithin(cost, kOrdinary + kClusters);
}

TEST(Bounds, OneClusterThatQuarrelsInEverything) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = HeartbeatFrame();
    PutLe(sheet.bytes, kHostId, 1, 4);
    PutBe(sheet.bytes, kHostIp, NewAddress(i % 32), 4);
    PutLe(sheet.bytes, kHostCode, i % 32, 4);
    for (size_t at = kHb + 20; at < kHb + 28; at += 2) PutLe(sheet.bytes, at, i % 31, 2);
    PutLe(sheet.bytes, kHb + 26, i % 33, 2);
    PutLe(sheet.bytes, kHb + 4, i % 29, 4);
    PutLe(sheet.bytes, kHb + 36, i % 27, 4);
    PutLe(sheet.bytes, kPackets, i, 4);
  });
  ExpectWithin(cost, kOrdinary);
  // No more than a few findings for each heartbeat, or a small file fills the memory.
  EXPECT_LE(cost.stored, 12 * cost.frames);
}

// One host that is heard everywhere makes all segments one: nothing is forgotten.
TEST(Bounds, EachHeartbeatInANewSegment) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = HeartbeatFrame();
    sheet.frame.interface_id = static_cast<uint32_t>(i);
  });
  ExpectWithin(cost, kOrdinary + kClusters);
  EXPECT_EQ(cost.Times("nlb.table_full"), 0u);
}

// ---- ARP and addresses

TEST(Bounds, EachArpANewStation) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = ArpFrame();
    PutBe(sheet.bytes, kSource, 0x001500000000 | Spread(i), 6);
    PutBe(sheet.bytes, kArpMac, 0x001500000000 | Spread(i), 6);
    PutBe(sheet.bytes, kArpIp, NewAddress(i), 4);
  });
  ExpectWithin(cost, kOrdinary);
  ExpectFull(cost);
}

TEST(Bounds, EachArpANewCluster) {
  const Cost cost = Measure(
      Frames(),
      [](uint64_t i, Sheet& sheet) {
        if (i == 0) sheet.bytes = ArpFrame();
        PutBe(sheet.bytes, kSource, (i % 2 ? kCluster : kMulticast) | NewAddress(i), 6);
        PutBe(sheet.bytes, kArpMac, (i % 2 ? kCluster : kMulticast) | NewAddress(i), 6);
        PutBe(sheet.bytes, kArpIp, NewAddress(i), 4);
      },
      Tables::kYes);
  ExpectWithin(cost, 3 * kOrdinary);  // with the tables of clusters, load and addresses
  ExpectFull(cost);
}

TEST(Bounds, OneAddressClaimedByEachClusterMac) {
  ExpectWithin(Measure(Frames(),
                       [](uint64_t i, Sheet& sheet) {
                         if (i == 0) sheet.bytes = ArpFrame();
                         PutBe(sheet.bytes, kArpMac, kCluster | Spread(i), 6);
                       }),
               kOrdinary);
}

TEST(Bounds, EachPacketToANewClusterMac) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = UdpFrame();
    PutBe(sheet.bytes, kDestination, kCluster | NewAddress(i), 6);
    PutBe(sheet.bytes, kToIp, NewAddress(i), 4);
  });
  ExpectWithin(cost, kOrdinary);
  ExpectFull(cost);
}

// ---- copies and connections

TEST(Bounds, EachPacketNew) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = UdpFrame();
    sheet.frame.time_ns -= 999'000;  // a million packets a second
    PutBe(sheet.bytes, kIpId, 1 + i % 0xFFFF, 2);
    PutBe(sheet.bytes, kFromIp, NewAddress(i >> 8), 4);
    PutBe(sheet.bytes, kSource, 0x001500000000 | Spread(i), 6);
  });
  ExpectWithin(cost, kOrdinary);
  ExpectFull(cost);
}

TEST(Bounds, OnePacketAndItsCopies) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = UdpFrame();
    sheet.frame.time_ns -= 1'000'000;  // all within the window
    PutBe(sheet.bytes, kSource, 0x001500000000 | Spread(i), 6);
    PutBe(sheet.bytes, kTtl, 255 - i % 255, 1);
  });
  EXPECT_GE(cost.stored, cost.frames - 1);
  ExpectWithin(cost, kOrdinary);
}

TEST(Bounds, EachPacketAndItsCopy) {
  const Cost cost = Measure(
      Frames(),
      [](uint64_t i, Sheet& sheet) {
        if (i == 0) sheet.bytes = UdpFrame();
        PutBe(sheet.bytes, kIpId, 1 + i / 2 % 0xFFFF, 2);
        PutBe(sheet.bytes, kTtl, 64 - i % 2, 1);
        PutBe(sheet.bytes, kSource, 0x001500000000 | i % 2, 6);
      },
      Tables::kYes);
  EXPECT_GE(cost.stored, cost.frames / 2 - 1);
  ExpectWithin(cost, 2 * kOrdinary);
}

TEST(Bounds, OneConnectionWithAMillionCopies) {
  const uint64_t frames = Frames() / 10;
  for (const uint8_t flags : {uint8_t{0x02}, uint8_t{0x12}, uint8_t{0x04}, uint8_t{0x10}}) {
    const Cost cost = Measure(
        frames,
        [flags](uint64_t i, Sheet& sheet) {
          if (i == 0) sheet.bytes = TcpFrame(flags);
          PutBe(sheet.bytes, kDestination, kCluster | 0x0A000002, 6);
          PutBe(sheet.bytes, kSource, 0x001500000000 | i % 7, 6);
          PutBe(sheet.bytes, kTtl, 64 - i % 2, 1);
          PutBe(sheet.bytes, kPorts + 4, i / 3, 4);
        },
        Tables::kYes);
    ExpectWithin(cost, 2 * kOrdinary);
  }
}

TEST(Bounds, EachAnswerFromANewConnectionHostAndPort) {
  const Cost cost = Measure(
      Frames(),
      [](uint64_t i, Sheet& sheet) {
        if (i == 0) sheet.bytes = TcpFrame(0x12);
        PutBe(sheet.bytes, kSource, kCluster | NewAddress(i % 5000), 6);
        PutBe(sheet.bytes, kFromIp, NewAddress(i % 5000), 4);
        PutBe(sheet.bytes, kToIp, 0x50000000 + i, 4);
        PutBe(sheet.bytes, kPorts, i % 0xFFFF, 2);
      },
      Tables::kYes);
  // Connections and clients that the load table has counted: two million at most.
  ExpectWithin(cost, kOrdinary + 128 * kMiB);
}

TEST(Bounds, EachReportOfANewGroup) {
  constexpr size_t kProtocol = 23, kIgmp = 34;
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = UdpFrame();
    PutBe(sheet.bytes, kProtocol, 2, 1);
    PutBe(sheet.bytes, kIgmp, 0x16, 1);
    PutBe(sheet.bytes, kIgmp + 4, 0xEFFF0000 | (i & 0xFFFF), 4);
  });
  ExpectWithin(cost, kOrdinary);
  ExpectFull(cost);
}

// ---- clocks, numbers and lengths that lie

TEST(Bounds, ClockJumpsByAnEraInEachFrame) {
  constexpr int64_t kEra = (int64_t{1} << 32) * 1'000'000'000;
  for (const bool heartbeat : {true, false}) {
    const Cost cost = Measure(
        Frames(),
        [heartbeat](uint64_t i, Sheet& sheet) {
          if (i == 0) sheet.bytes = heartbeat ? HeartbeatFrame() : UdpFrame();
          sheet.frame.time_ns += i % 2 ? kEra : -kEra;
          if (heartbeat) PutLe(sheet.bytes, kHostId, 1 + i / 2 % 3, 4);
        },
        Tables::kYes);
    ExpectWithin(cost, 2 * kOrdinary);
  }
}

// What tshark -2 -R does to every other frame.
TEST(Bounds, EachSecondNumberUsedAgain) {
  const Cost cost = Measure(Frames(), [](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = UdpFrame();
    sheet.frame.number = static_cast<uint32_t>(i / 2 + 1);
    PutBe(sheet.bytes, kIpId, 1 + i % 0xFFFF, 2);
  });
  // Twelve bytes for each run of hidden frames, in a table that doubles.
  ExpectWithin(cost, kOrdinary + static_cast<int64_t>(cost.frames / 2 * 12 * 2));
}

TEST(Bounds, WireLengthsOfFourGigabytes) {
  for (const uint32_t signature : {0xC0DE01BFu, 0xC0DE01C0u, 0xC0DE01DEu}) {
    const Cost cost = Measure(
        Frames() / 4,
        [signature](uint64_t i, Sheet& sheet) {
          if (i == 0) sheet.bytes = HeartbeatFrame();
          PutLe(sheet.bytes, kHb, signature, 4);
          sheet.frame.wire_len = 0xFFFFFFFF;
        },
        Tables::kYes);
    ExpectWithin(cost, 2 * kOrdinary);
  }
}

// ---- the decoder

// The largest record Wireshark reads.
constexpr size_t kLargest = 262'144;

std::vector<uint8_t> Identity(uint8_t type, uint8_t length) {
  std::vector<uint8_t> payload = HeartbeatFrame();
  payload.erase(payload.begin(), payload.begin() + kHb);
  PutLe(payload, 0, 0xC0DE01C0, 4);
  payload.resize(kLargest);
  for (size_t at = 20; at + 8 <= payload.size(); at += 8 * std::max<size_t>(length, 1)) {
    payload[at] = type;
    payload[at + 1] = length;
  }
  return payload;
}

// Records without a length, without room, of a length of their own: none may cost more than its
// bytes.
TEST(Bounds, AsManyIdentityRecordsAsFit) {
  for (const uint8_t type : {0, 1, 2, 255}) {
    for (const uint8_t length : {0, 1, 2, 255}) {
      const std::vector<uint8_t> payload = Identity(type, length);
      nlb_report* report = nlb_report_new();
      const clock_t before = std::clock();
      ASSERT_EQ(nlb_decode(payload.data(), payload.size(), payload.size(), nullptr, NLB_DETAIL_FULL,
                           report),
                NLB_OK);
      const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
      const nlb_view view = nlb_report_view(report);
      std::printf("type %u length %u: %zu items, %zu hits, %.3f s\n", type, length, view.item_count,
                  view.hit_count, seconds);
      EXPECT_LE(view.item_count, 7 * kLargest / 8);
      EXPECT_LE(seconds, 1.0);
      nlb_report_free(report);
    }
  }
}

}  // namespace
}  // namespace nlb::test
