// SPDX-License-Identifier: GPL-2.0-or-later
//
// Captures written so that the keys of a hash table collide: for each table the addresses, MACs or
// tags are computed so that a public, unseeded hash of them is one number. A frame of such a
// capture must not cost much more than a frame with addresses that nobody chose.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "facts/packet_digest.h"
#include "hostile/load.h"

namespace nlb::test {
namespace {

#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
constexpr uint64_t kFlood = 40'000;
constexpr uint64_t kSearched = 2'000;  // where 65,536 keys must be tried for one that collides
#else
constexpr uint64_t kFlood = 4'000;
constexpr uint64_t kSearched = 40;
#endif
constexpr uint64_t kClusterMac = 0x02BF0A000001;  // answers with another MAC are not remembered
constexpr uint64_t kAnyNumber = 0x0123456789ABCDEF;

// The finalizer of SplitMix64, which folds keys without a secret, and its inverse.
uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
  x = (x ^ x >> 27) * 0x94D049BB133111EB;
  return x ^ x >> 31;
}

uint64_t Unmix(uint64_t x) {
  x = (x ^ x >> 31 ^ x >> 62) * 0x319642B2D24D8EC3;
  x = (x ^ x >> 27 ^ x >> 54) * 0x96DE1B173F119089;
  return x ^ x >> 30 ^ x >> 60;
}

// The best of three: who else uses the machine only makes it slower.
double NanosecondsAFrame(uint64_t frames, const Teller& tell) {
  double best = std::numeric_limits<double>::infinity();
  for (int times = 0; times < 3; ++times) {
    const auto quarters = Measure(frames, tell).quarter;
    best = std::min(best, std::accumulate(quarters.begin(), quarters.end(), 0.0) / 4);
  }
  return best;
}

void ExpectNoMoreThanRandom(uint64_t frames, const Teller& chosen, const Teller& random) {
  const double ordinary = NanosecondsAFrame(frames, random);
  const double flooded = NanosecondsAFrame(frames, chosen);
  std::printf("%.0f ns a frame with random keys, %.0f with chosen ones\n", ordinary, flooded);
  EXPECT_LE(flooded, 3 * ordinary + 500);
}

// ---- neighbour advertisements

constexpr size_t kTarget = 14 + 40 + 8;

std::vector<uint8_t> AdvertisementFrame() {
  std::vector<uint8_t> bytes(14 + 40 + 24 + 8);
  PutBe(bytes, 0, 0x333300000001, 6);
  PutBe(bytes, 6, 0x001500000001, 6);
  PutBe(bytes, 12, 0x86DD, 2);
  PutBe(bytes, 14, 0x60, 1);
  PutBe(bytes, 18, 32, 2);
  PutBe(bytes, 20, 58, 1);   // ICMPv6
  PutBe(bytes, 21, 255, 1);  // RFC 4861 7.1.2
  PutBe(bytes, 22, 0xFE80000000000000, 8);
  PutBe(bytes, 37, 1, 1);
  PutBe(bytes, 38, 0xFF02000000000000, 8);
  PutBe(bytes, 53, 1, 1);
  PutBe(bytes, 54, 136, 1);     // neighbour advertisement
  PutBe(bytes, 58, 0x20, 1);    // override
  PutBe(bytes, 78, 0x0201, 2);  // the target's link-layer address
  PutBe(bytes, 80, kClusterMac, 6);
  return bytes;
}

Teller Advertisements(uint64_t (*low)(uint64_t high)) {
  return [low](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = AdvertisementFrame();
    const uint64_t high = 0x20010DB800000000 + i;
    PutBe(sheet.bytes, kTarget, high, 8);
    PutBe(sheet.bytes, kTarget + 8, low(high), 8);
  };
}

TEST(Flooding, AddressesWhoseHalvesCancel) {
  ExpectNoMoreThanRandom(kFlood,
                         Advertisements([](uint64_t high) { return Mix(high ^ 6) ^ kAnyNumber; }),
                         Advertisements([](uint64_t high) { return Mix(high); }));
}

// ---- tags that cancel what stands beside them in a key

// Four tags whose fold is this number: none for all but one in 65,536 numbers.
bool FindTags(uint64_t fold, std::vector<uint16_t>& tags) {
  const uint64_t ids = Unmix(Unmix(fold) ^ 4);
  if ((ids & 0xF000F000F000F000) != 0) return false;
  tags = {static_cast<uint16_t>(ids >> 48), static_cast<uint16_t>(ids >> 32),
          static_cast<uint16_t>(ids >> 16), static_cast<uint16_t>(ids)};
  return std::find(tags.begin(), tags.end(), 0) == tags.end();
}

struct Tagged {
  uint64_t key = 0;
  std::vector<uint16_t> tags;
};

// Keys from `first` on, each with tags so that fold(key) and the fold of the tags cancel.
std::vector<Tagged> FindKeys(uint64_t first, uint64_t (*fold)(uint64_t key)) {
  std::vector<Tagged> found;
  Tagged next;
  for (uint64_t key = first; found.size() < kSearched; ++key) {
    if (!FindTags(fold(key) ^ kAnyNumber, next.tags)) continue;
    next.key = key;
    found.push_back(next);
  }
  return found;
}

// The same keys, with the tags of somebody else.
std::vector<Tagged> Shuffled(std::vector<Tagged> keys) {
  for (size_t i = 0; i + 1 < keys.size(); ++i) keys[i].tags.swap(keys[i + 1].tags);
  return keys;
}

Teller EachTagged(const std::vector<Tagged>& keys, const std::vector<uint8_t>& untagged,
                  void (*put)(std::vector<uint8_t>& frame, uint64_t key)) {
  return [&keys, &untagged, put](uint64_t i, Sheet& sheet) {
    const Tagged& next = keys[i % keys.size()];
    sheet.bytes = untagged;
    put(sheet.bytes, next.key);
    std::vector<uint8_t> tags;
    for (const uint16_t id : next.tags) {
      tags.insert(tags.end(),
                  {0x81, 0x00, static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id)});
    }
    sheet.bytes.insert(sheet.bytes.begin() + 12, tags.begin(), tags.end());
  };
}

void ExpectTagsDoNotHelp(uint64_t first, uint64_t (*fold)(uint64_t key),
                         const std::vector<uint8_t>& frame,
                         void (*put)(std::vector<uint8_t>& frame, uint64_t key)) {
  const std::vector<Tagged> chosen = FindKeys(first, fold);
  const std::vector<Tagged> random = Shuffled(chosen);
  ExpectNoMoreThanRandom(10 * kSearched, EachTagged(chosen, frame, put),
                         EachTagged(random, frame, put));
}

uint64_t FoldV4(uint64_t address) { return Mix(Mix(4) ^ address); }

TEST(Flooding, ClustersWhoseTagsCancelTheirAddress) {
  ExpectTagsDoNotHelp(0x0A000001, FoldV4, HeartbeatFrame(),
                      [](std::vector<uint8_t>& frame, uint64_t key) {
                        PutBe(frame, 14 + 12, key, 4);
                        PutBe(frame, 6, 0x020100000000 | key, 6);
                      });
}

TEST(Flooding, StationsWhoseTagsCancelTheirMac) {
  ExpectTagsDoNotHelp(0x001500000001, Mix, ArpFrame(),
                      [](std::vector<uint8_t>& frame, uint64_t key) {
                        PutBe(frame, 6, key, 6);
                        PutBe(frame, 22, key, 6);
                      });
}

TEST(Flooding, ArpAddressesWhoseTagsCancelThem) {
  ExpectTagsDoNotHelp(0x0A000001, FoldV4, ArpFrame(),
                      [](std::vector<uint8_t>& frame, uint64_t key) {
                        PutBe(frame, 22, kClusterMac, 6);
                        PutBe(frame, 28, key, 4);
                      });
}

// ---- hosts: one cluster, and addresses that differ in one place only

Teller Hosts(uint64_t (*address)(uint64_t i)) {
  return [address](uint64_t i, Sheet& sheet) {
    if (i == 0) sheet.bytes = HeartbeatFrame();
    PutBe(sheet.bytes, 6, 0x020100000000 | address(i), 6);
    PutBe(sheet.bytes, 14 + 16, address(i), 4);
  };
}

TEST(Flooding, HostsAtEqualDistances) {
  ExpectNoMoreThanRandom(
      kFlood, Hosts([](uint64_t i) { return 0x01000000 + (i << 14 & 0x7FFFFFFF) + (i >> 17); }),
      Hosts([](uint64_t i) { return 0x01000000 + (Mix(i) & 0x7FFFFFFF); }));
}

// ---- packets that all belong into one set of the table of copies

uint64_t DigestOfPacket(const std::vector<uint8_t>& bytes) {
  nlb_frame frame{};
  frame.bytes = bytes.data();
  frame.captured_len = frame.wire_len = static_cast<uint32_t>(bytes.size());
  FrameFacts facts;
  return ReadFrame(frame, facts) ? DigestOf(facts).value : 0;
}

TEST(Flooding, PacketsOfOneSet) {
  constexpr uint64_t kSets = 4096;
  const auto packet = [](uint64_t number, std::vector<uint8_t>& bytes) {
    PutBe(bytes, 18, 1 + number % 0xFFFF, 2);
    PutBe(bytes, 26, 0x01000000 + number, 4);
  };
  std::vector<uint64_t> numbers;
  std::vector<uint8_t> bytes = UdpFrame();
  for (uint64_t number = 0; numbers.size() < kSearched; ++number) {
    packet(number, bytes);
    if ((DigestOfPacket(bytes) >> 8) % kSets == 7) numbers.push_back(number);
  }
  ExpectNoMoreThanRandom(
      kSearched,
      [&](uint64_t i, Sheet& sheet) {
        if (i == 0) sheet.bytes = UdpFrame();
        packet(numbers[i], sheet.bytes);
      },
      [&](uint64_t i, Sheet& sheet) {
        if (i == 0) sheet.bytes = UdpFrame();
        packet(i, sheet.bytes);
      });
}

}  // namespace
}  // namespace nlb::test
