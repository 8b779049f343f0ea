// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kHost2 = "02:02:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr const char* kClientIp = "192.168.9.9";
constexpr uint8_t kFinAck = 0x11, kSyn = 0x02, kSynAck = 0x12, kReset = 0x04, kPushAck = 0x18;

// A segment of the cluster's side of one connection.
Tcp Send(const char* from, uint8_t flags, uint16_t id, std::string payload = {}) {
  return {.link = {from, kClient, {}},
          .source = kVip,
          .destination = kClientIp,
          .id = id,
          .source_port = 80,
          .destination_port = 1000,
          .sequence = 77,
          .acknowledgment = 2,
          .flags = flags,
          .payload = std::move(payload)};
}

// Both hosts are heard, and host 1 accepts: frame 3.
Scenario& Accepted(Scenario& s) {
  return s.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2}).At(1s, Send(kHost1, kSynAck, 1));
}

TEST(ConnectionMoved, FiresOnResetFinAndDataOfAnotherHost) {
  for (const uint8_t flags : {kReset, kFinAck, kPushAck}) {
    Scenario s;
    Accepted(s).At(2s, Send(kHost2, flags, 2, flags == kPushAck ? "data" : ""));
    EXPECT_EQ(s.Findings("connection_moved"), "4 connection_moved\n") << int{flags};
    EXPECT_EQ(s.Field(4, "accepted_in"), "3");
    EXPECT_EQ(s.Field(4, "other_host_id"), "1");
    EXPECT_EQ(s.Field(4, "host_id"), "2");
  }
}

// In IGMP mode no request proves the cluster: it is known from its heartbeats on.
TEST(ConnectionMoved, FiresForConnectionsOlderThanTheFirstHeartbeat) {
  for (const uint8_t first : {kSynAck, kSyn}) {
    const auto from = [](const char* mac, uint8_t flags, uint16_t id) {
      return Send(mac, flags, id);
    };
    Scenario s;
    s.At(0s, from("00:15:5d:00:00:01", first, 1));
    s.At(1s, Heartbeat{.mode = Mode::kIgmp}).At(1s, Heartbeat{.host_id = 2, .mode = Mode::kIgmp});
    s.At(2s, from("00:15:5d:00:00:02", kReset, 2));
    EXPECT_EQ(s.Findings("connection_moved"), "4 connection_moved\n") << int{first};
  }
}

constexpr const char* kStation1 = "00:15:5d:00:00:01";
constexpr const char* kStation2 = "00:15:5d:00:00:02";

TEST(ConnectionMoved, IsToldByTheHeartbeatThatTellsWhoTheyAre) {
  const Heartbeat one{.mode = Mode::kIgmp}, two{.host_id = 2, .mode = Mode::kIgmp};
  for (const bool first : {true, false}) {
    Scenario s;
    s.At(0s, Send(kStation1, kSynAck, 1)).At(1s, Send(kStation2, kReset, 2));
    s.At(1s, Send(kStation2, kReset, 3));
    s.At(2s, first ? one : two).At(3s, first ? two : one).At(4s, one).At(5s, two);
    EXPECT_EQ(s.Findings("connection_moved"), "5 connection_moved\n");
    EXPECT_EQ(s.Field(5, "related_frame"), "2");
    EXPECT_EQ(s.Field(5, "accepted_in"), "");
    EXPECT_EQ(s.Field(5, "other_host_id"), "1");
    EXPECT_EQ(s.Sentence(5, "connection_moved"),
              "Host 2 had meddled with a connection that host 1 accepted");
  }
}

TEST(ConnectionMoved, IsNotToldLaterOfOthers) {
  const auto late = [](const Tcp& first, const Tcp& last, const Heartbeat& other) {
    Scenario s;
    s.At(0s, first).At(1s, last).At(2s, Heartbeat{.mode = Mode::kIgmp}).At(3s, other);
    return s.Findings("connection_moved");
  };
  const Tcp first = Send(kStation1, kSynAck, 1), last = Send(kStation2, kReset, 2);
  const Heartbeat two{.host_id = 2, .mode = Mode::kIgmp};
  EXPECT_EQ(late(first, last, two), "4 connection_moved\n");
  EXPECT_EQ(late(first, last, {.host_id = 2, .mode = Mode::kIgmp, .cluster_ip = "10.1.1.1"}), "");
  EXPECT_EQ(late(first, last, {.mode = Mode::kIgmp, .from = kStation2}), "") << "one host";
  EXPECT_EQ(late(first, Send("00:15:5d:00:00:03", kReset, 2), two), "") << "a stranger";
  Tcp elsewhere = first, there = last;
  elsewhere.source = there.source = "192.168.2.77";
  EXPECT_EQ(late(elsewhere, there, two), "") << "no cluster's address";
}

TEST(ConnectionMoved, NamesBothHosts) {
  Scenario s;
  Accepted(s).At(2s, Send(kHost2, kReset, 2)).At(3s, Send(kHost2, kReset, 3));
  EXPECT_EQ(s.Sentence(4, "connection_moved"),
            "Host 2 resets a connection of 192.168.2.10 that host 1 accepted");
  Scenario data;
  Accepted(data).At(2s, Send(kHost2, kPushAck, 2, "x"));
  EXPECT_EQ(data.Sentence(4, "connection_moved"),
            "Host 2 sends data in a connection of 192.168.2.10 that host 1 accepted");
  Scenario fin;
  Accepted(fin).At(2s, Send(kHost2, kFinAck, 2));
  EXPECT_EQ(fin.Sentence(4, "connection_moved"),
            "Host 2 closes a connection of 192.168.2.10 that host 1 accepted");
}

TEST(ConnectionMoved, FiresOncePerConnectionAndOnEveryReset) {
  Scenario s;
  Accepted(s).At(2s, Send(kHost2, kPushAck, 2, "x")).At(3s, Send(kHost2, kPushAck, 3, "y"));
  s.At(4s, Send(kHost2, kReset, 4)).At(5s, Send(kHost2, kReset, 5));
  EXPECT_EQ(s.Findings("connection_moved"),
            "4 connection_moved\n6 connection_moved\n7 connection_moved\n");
}

TEST(ConnectionMoved, FiresWhereTheClusterIsTheClient) {
  Tcp open = Send(kHost1, kSyn, 1);
  open.acknowledgment = 0;
  Scenario s;
  s.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2}).At(1s, open);
  s.At(2s, Send(kHost2, kReset, 2));
  EXPECT_EQ(s.Findings("connection_moved"), "4 connection_moved\n");
  EXPECT_EQ(s.Sentence(4, "connection_moved"),
            "Host 2 resets a connection of 192.168.2.10 that host 1 opened");
}

// In multicast mode nothing but the heartbeats tells a host by its MAC.
TEST(ConnectionMoved, FiresInMulticastModeAlsoOnData) {
  const Heartbeat one{.host_id = 1, .mode = Mode::kMulticast};
  const Heartbeat two{.host_id = 2, .mode = Mode::kMulticast};
  Scenario s;
  s.At(0s, one).At(1ms, two).At(1s, Send("00:15:5d:00:00:01", kSynAck, 1));
  s.At(2s, Send("00:15:5d:00:00:02", kPushAck, 2, "data"));
  EXPECT_EQ(s.Findings("connection_moved"), "4 connection_moved\n");
  EXPECT_EQ(s.Field(4, "host_id"), "2");
}

TEST(ConnectionMoved, FiresForAFurtherAddressAndForIpv6) {
  for (const char* address : {"192.168.2.11", "fd00::11"}) {
    const bool v6 = std::string(address).size() < 10;
    const auto further = [&](Tcp tcp) {
      tcp.source = address;
      tcp.destination = v6 ? "fd00::9" : kClientIp;
      return tcp;
    };
    Tcp request = further(Send(kHost1, kSyn, 9));
    std::swap(request.source, request.destination);
    std::swap(request.source_port, request.destination_port);
    request.link = {kClient, "02:bf:c0:a8:02:0a", {}};
    Scenario s;
    s.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2}).At(900ms, request);
    s.At(1s, further(Send(kHost1, kSynAck, 1))).At(2s, further(Send(kHost2, kReset, 2)));
    EXPECT_EQ(s.Findings("connection_moved"), "5 connection_moved\n") << address;
    EXPECT_EQ(s.Field(5, "evidence"), "heartbeat");
  }
}

TEST(ConnectionMoved, StaysQuietForTheHostThatAccepted) {
  Scenario s;
  Accepted(s).At(2s, Send(kHost1, kPushAck, 2, "x")).At(3s, Send(kHost1, kReset, 3));
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

TEST(ConnectionMoved, StaysQuietForACopy) {
  Tcp copy = Send(kHost1, kReset, 2);
  Tcp again = copy;
  again.link.from = kHost2;
  Scenario s;
  Accepted(s).At(2s, copy).At(2001ms, again);
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

TEST(ConnectionMoved, StaysQuietWhereNobodyWasSeenToAccept) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2});
  s.At(1s, Send(kHost1, kPushAck, 1, "x")).At(2s, Send(kHost2, kReset, 2));
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

TEST(ConnectionMoved, StaysQuietForABareAcknowledgment) {
  Scenario s;
  Accepted(s).At(2s, Send(kHost2, 0x10, 2));
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

TEST(ConnectionMoved, StaysQuietWhenTwoHostsAccepted) {
  Tcp second = Send(kHost2, kSynAck, 2);
  second.sequence = 99;
  Scenario s;
  Accepted(s).At(1001ms, second).At(2s, Send(kHost2, kReset, 3));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "4 two_hosts_answer\n");
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

TEST(ConnectionMoved, StaysQuietForTheNextConnectionFromOnePort) {
  Tcp next = Send(kHost2, kSynAck, 3);
  next.acknowledgment = 500;
  Scenario s;
  Accepted(s).At(2s, next).At(3s, Send(kHost2, kPushAck, 4, "x"));
  EXPECT_EQ(s.Findings("connection_moved"), "");
  Tcp over = Send(kClient, kReset, 5);  // the client gives up
  std::swap(over.source, over.destination);
  std::swap(over.source_port, over.destination_port);
  Scenario closed;
  Accepted(closed).At(2s, over).At(3s, Send(kHost2, kReset, 6));
  EXPECT_EQ(closed.Findings("connection_moved"), "");
}

// A segment of the client.
Tcp Ask(uint8_t flags, uint16_t id, uint32_t sequence) {
  Tcp tcp = Send(kClient, flags, id);
  std::swap(tcp.source, tcp.destination);
  std::swap(tcp.source_port, tcp.destination_port);
  tcp.link.to = "02:bf:c0:a8:02:0a";
  tcp.sequence = sequence;
  return tcp;
}

TEST(ConnectionMoved, StaysQuietOnceTheClientHasReset) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2}).At(900ms, Ask(kSyn, 1, 1));
  s.At(1s, Send(kHost1, kSynAck, 1)).At(2s, Ask(kReset, 2, 2)).At(3s, Send(kHost2, kReset, 3));
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

// The answer to the second SYN is not in the capture.
TEST(ConnectionMoved, StaysQuietOnceTheClientHasOpenedTheNextOne) {
  const auto moved = [](uint32_t sequence) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2}).At(900ms, Ask(kSyn, 1, 1));
    s.At(1s, Send(kHost1, kSynAck, 1)).At(4s, Ask(kSyn, 2, sequence));
    s.At(5s, Send(kHost2, kPushAck, 3, "x"));
    return s.Findings("connection_moved");
  };
  EXPECT_EQ(moved(500), "");
  EXPECT_EQ(moved(1), "6 connection_moved\n");  // the same SYN again
}

// Behind a gap in which the port may have been used again; a reset is told all the same.
TEST(ConnectionMoved, StaysQuietForDataBehindAGap) {
  const auto moved = [](std::chrono::nanoseconds gap, uint8_t flags) {
    Scenario s;
    Accepted(s).At(1s + gap, Heartbeat{.host_id = 2});
    s.At(1s + gap, Send(kHost2, flags, 2, flags == kPushAck ? "x" : ""));
    s.At(2s + gap, Send(kHost2, flags, 3, flags == kPushAck ? "y" : ""));
    return s.Findings("connection_moved");
  };
  EXPECT_EQ(moved(60s, kPushAck), "");
  EXPECT_EQ(moved(60s, kFinAck), "");
  EXPECT_EQ(moved(60s, kReset), "5 connection_moved\n6 connection_moved\n");
  EXPECT_EQ(moved(60s - 1ns, kPushAck), "5 connection_moved\n");
}

TEST(ConnectionMoved, StaysQuietForAStrangerAndForAnAddressThatIsNoCluster) {
  Scenario stranger;
  Accepted(stranger).At(2s, Send("00:15:5d:01:02:03", kReset, 2));
  EXPECT_EQ(stranger.Findings("connection_moved"), "");
  const auto elsewhere = [](Tcp tcp) {
    tcp.source = "192.168.2.77";
    return tcp;
  };
  Scenario other;
  other.At(0s, Heartbeat{}).At(1ms, Heartbeat{.host_id = 2});
  other.At(1s, elsewhere(Send(kHost1, kSynAck, 1))).At(2s, elsewhere(Send(kHost2, kReset, 2)));
  EXPECT_EQ(other.Findings("connection_moved"), "");
}

TEST(ConnectionMoved, StaysQuietWhenOthersTookItsPlaceInTheTable) {
  Scenario s;
  Accepted(s);
  for (uint16_t i = 0; i < 50'000; ++i) {  // 4,096 places
    Tcp other = Send(kHost1, kSynAck, static_cast<uint16_t>(i + 10));
    other.destination_port = static_cast<uint16_t>(i + 2000);
    s.Unseen(2s, other);
  }
  s.At(3s, Send(kHost2, kReset, 2));
  EXPECT_EQ(s.Findings("connection_moved"), "");
}

// What came first may be the youngest: the clock goes back, and no gap was there.
TEST(ConnectionMoved, FiresWhereTheClockWentBackAfterTheFirstFrame) {
  Scenario s;
  s.At(1h, Udp{});
  Accepted(s).At(2s, Send(kHost2, kPushAck, 2, "data"));
  EXPECT_EQ(s.Findings("connection_moved"), "5 connection_moved\n");
}

TEST(ConnectionMoved, StaysQuietInsideOfATunnelPacketThatIsCapturedAgain) {
  const Udp tunnel{.id = 7, .destination_port = 4789};
  Scenario s;
  Accepted(s).At(2s, tunnel).Inside(Send(kHost2, kReset, 2));
  s.At(2001ms, tunnel).Inside(Send(kHost2, kReset, 2));
  EXPECT_EQ(s.Findings("connection_moved"), "4 connection_moved\n");
  EXPECT_EQ(s.Findings("capture_copy"), "5 capture_copy\n");
}

}  // namespace
}  // namespace nlb::test
