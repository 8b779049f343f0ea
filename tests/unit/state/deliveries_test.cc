// SPDX-License-Identifier: GPL-2.0-or-later
// What heuristics/copy_verdict_test.cc does not tell: which packets belong together.
#include "state/deliveries.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kServer = "00:50:16:8b:00:25";
constexpr const char* kStranger = "00:15:5d:01:02:03";

struct Watched {
  template <typename Frame>
  bool Again(const Frame& frame, std::chrono::nanoseconds time = 1s, bool has_id = true,
             Where where = {}) {
    const Seen seen(frame, time, where);
    return deliveries.ObserveAgain({*seen, ++at, world.known}, has_id);
  }
  // The position of the request that was delivered twice; 0: none was.
  template <typename Frame>
  Position First(const Frame& frame, std::chrono::nanoseconds time = 1s) {
    const Seen seen(frame, time);
    return deliveries.ObserveFirst({*seen, ++at, world.known}).value_or(0);
  }
  template <typename Frame>
  void Learn(const Frame& frame) {
    world.evidence.Learn(*Seen(frame), ++at);
  }
  World world;
  Deliveries deliveries;
  Position at = 0;
};

Ping Request(uint16_t sequence = 1) {
  return {.link = {kClient, kServer, {}}, .id = sequence, .sequence = sequence};
}
Ping Reply(uint16_t id, uint16_t sequence = 1) {
  return {.link = {kServer, kClient, {}},
          .source = "10.0.0.2",
          .destination = "10.0.0.1",
          .id = id,
          .sequence = sequence,
          .reply = true};
}

Tcp Syn(uint32_t sequence) {
  return {.link = {kClient, kServer, {}}, .sequence = sequence, .flags = 0x02};
}
Tcp Accepts(uint16_t id, uint32_t acknowledgment, uint32_t sequence) {
  return {.link = {kServer, kClient, {}},
          .source = "10.0.0.2",
          .destination = "10.0.0.1",
          .id = id,
          .source_port = 80,
          .destination_port = 1000,
          .sequence = sequence,
          .acknowledgment = acknowledgment,
          .flags = 0x12};
}

// Shows that the client's requests to the server are delivered twice.
void Deliver(Watched& w) {
  w.Again(Request());
  w.First(Reply(7));
  ASSERT_NE(w.First(Reply(8)), 0u);
}

TEST(Deliveries, NeedTwoAnswersThatAreTwoPackets) {
  struct Row {
    uint16_t first, second;
    bool told;
  };
  for (const Row& row : {Row{7, 8, true},
                         {1, 8, true},
                         {8, 1, true},
                         {7, 7, false},
                         {0, 8, false},
                         {8, 0, false},
                         {0, 0, false}}) {
    Watched w;
    w.Again(Request());
    EXPECT_EQ(w.First(Reply(row.first)), 0u);
    EXPECT_EQ(w.First(Reply(row.second)) != 0, row.told) << row.first << " " << row.second;
  }
}

TEST(Deliveries, TellASecondAcceptanceByItsSequenceNumberWhereItHasNoIdentification) {
  for (const uint32_t sequence : {900u, 901u}) {
    Watched w;
    w.Again(Syn(100));
    w.First(Accepts(0, 101, 900));
    EXPECT_EQ(w.First(Accepts(0, 101, sequence)) != 0, sequence == 901) << sequence;
  }
}

TEST(Deliveries, LinkTheFirstTimeThatTheRequestWasSeenAgain) {
  Watched w;
  w.Again(Request());
  w.Again(Request());
  w.First(Reply(7));
  EXPECT_EQ(w.First(Reply(8)), 1u);
}

TEST(Deliveries, TakeAnswersForUpToHalfASecond) {
  for (const auto& [late, told] : {std::pair(Duration(500ms), true), {500ms + 1ns, false}}) {
    Watched w;
    w.Again(Request());
    w.First(Reply(7));
    EXPECT_EQ(w.First(Reply(8), 1s + late) != 0, told);
  }
}

TEST(Deliveries, NeedTwoAnswersToTheSameRequest) {
  const auto told = [](const auto& request, const auto& first, const auto& second) {
    Watched w;
    w.Again(request);
    w.First(first);
    return w.First(second) != 0;
  };
  Ping other = Reply(8);
  EXPECT_TRUE(told(Request(), Reply(7), other));
  other.echo_id = 0x8007;
  EXPECT_FALSE(told(Request(), Reply(7), other));
  other = Reply(8);
  other.source = "10.0.0.3";
  EXPECT_FALSE(told(Request(), Reply(7), other));
  other = Reply(8);
  other.destination = "10.0.0.9";
  EXPECT_FALSE(told(Request(), Reply(7), other));
  for (uint16_t sequence = 2; sequence < 20; ++sequence) {
    EXPECT_FALSE(told(Request(), Reply(7), Reply(8, sequence))) << sequence;
  }
  EXPECT_TRUE(told(Syn(100), Accepts(7, 101, 900), Accepts(8, 101, 900)));
  EXPECT_FALSE(told(Syn(100), Accepts(7, 101, 900), Accepts(8, 201, 900)));
}

TEST(Deliveries, KeepRequestsApartThatNeedOnePlace) {
  Watched w;
  w.Again(Request());
  for (uint16_t sequence = 2; sequence < 5000; ++sequence) {  // 1,024 places
    w.First(Reply(7, sequence));
    EXPECT_EQ(w.First(Reply(8, sequence)), 0u) << sequence;
  }
}

TEST(Deliveries, SpreadRequestsOverAllPlaces) {
  Watched w;
  for (uint16_t sequence = 1; sequence <= 100; ++sequence) w.Again(Request(sequence));
  for (uint16_t sequence = 1; sequence <= 100; ++sequence) w.First(Reply(7, sequence));
  int told = 0;
  for (uint16_t sequence = 1; sequence <= 100; ++sequence) told += w.First(Reply(8, sequence)) != 0;
  EXPECT_GT(told, 80);
}

// ---- later requests -----------------------------------------------------------------------------

TEST(Deliveries, RememberBetweenWhomRequestsAreDeliveredTwice) {
  Watched w;
  EXPECT_FALSE(w.Again(Request()));
  w.First(Reply(7));
  EXPECT_FALSE(w.Again(Request())) << "answered once";
  w.First(Reply(8));
  EXPECT_TRUE(w.Again(Request(2)));
  EXPECT_TRUE(w.Again(Syn(1)));
  EXPECT_TRUE(w.Again(Udp{.link = {kClient, kServer, {}}}));
  EXPECT_FALSE(w.Again(Reply(9, 3)));
  for (int n = 10; n < 50; ++n) {
    const std::string other = "00:15:5d:00:00:" + std::to_string(n);
    EXPECT_FALSE(w.Again(Udp{.link = {other, kServer, {}}})) << n;
    EXPECT_FALSE(w.Again(Udp{.link = {kClient, other, {}}})) << n;
    EXPECT_FALSE(w.Again(Udp{.link = {other, other, {}}})) << n;
  }
  EXPECT_FALSE(w.Again(Arp{.link = {kClient, kServer, {}}})) << "no IP";
}

// A station may answer requests of the one that it asks.
TEST(Deliveries, TakeNoAnswerForARequest) {
  Watched w;
  Deliver(w);
  Ping reply = Reply(9, 3);
  reply.link = {kClient, kServer, {}};
  EXPECT_FALSE(w.Again(reply));
  Ping reply6 = reply;
  reply6.source = "2001:db8::1";
  reply6.destination = "2001:db8::2";
  EXPECT_FALSE(w.Again(reply6));
  Tcp accepts = Accepts(9, 1, 1);
  accepts.link = {kClient, kServer, {}};
  EXPECT_FALSE(w.Again(accepts));
  accepts.flags = 0x10;
  EXPECT_TRUE(w.Again(accepts)) << "data";
  Octets fragment = Bytes(reply);
  fragment[21] = 1;
  EXPECT_TRUE(w.Again(Raw{fragment})) << "the later part of something";
  EXPECT_TRUE(w.Again(Udp{.link = {kClient, kServer, {}}, .source_port = 0x8100}))
      << "begins like an ICMPv6 reply";
}

TEST(Deliveries, WatchNoServerForWhatItsSenderMayHaveRepeated) {
  const Udp asks{.link = {kClient, kServer, {}}};
  const Seen seen(asks);
  Watched w;
  w.Again(asks, 1s, false);
  EXPECT_FALSE(w.deliveries.MayWatch(EndsOf(seen->ip)));
  w.Again(asks, 1s, true);
  EXPECT_TRUE(w.deliveries.MayWatch(EndsOf(seen->ip)));
}

// ---- clusters -----------------------------------------------------------------------------------

// Whether two answers from this MAC, of an address, tell something.
bool IsOneServer(Mode mode, const std::string& mac, const std::string& address,
                 const std::string& to = kClient) {
  Ping request = Request(), reply = Reply(7);
  request.destination = reply.source = address;
  reply.link = {mac, to, {}};
  Watched w;
  w.Learn(Heartbeat{.mode = mode});
  w.Again(request);
  w.First(reply);
  reply.id = 8;
  return w.First(reply) != 0;
}

TEST(Deliveries, TellOneHostOfAClusterByItsOwnMac) {
  EXPECT_TRUE(IsOneServer(Mode::kUnicast, "02:01:c0:a8:02:0a", "192.168.2.10"));
  EXPECT_TRUE(IsOneServer(Mode::kMulticast, "00:15:5d:00:00:01", "192.168.2.10"));
  EXPECT_FALSE(IsOneServer(Mode::kMulticast, kStranger, "192.168.2.10"));
}

TEST(Deliveries, TakeAClustersMacForNoHosts) {
  EXPECT_FALSE(IsOneServer(Mode::kUnicast, "02:bf:c0:a8:02:0a", "192.168.2.10"));
  EXPECT_FALSE(IsOneServer(Mode::kUnicast, "02:bf:c0:a8:02:0a", "192.168.2.77"));
  EXPECT_TRUE(IsOneServer(Mode::kUnicast, kServer, "192.168.2.77"));
}

TEST(Deliveries, AskWhoSendsTheAnswerAndNotWhoGetsIt) {
  EXPECT_FALSE(IsOneServer(Mode::kUnicast, kStranger, "192.168.2.10", "02:01:c0:a8:02:0a"));
  EXPECT_FALSE(IsOneServer(Mode::kMulticast, kStranger, "192.168.2.10", "00:15:5d:00:00:01"));
  EXPECT_TRUE(IsOneServer(Mode::kUnicast, kServer, "192.168.2.77", "02:bf:c0:a8:02:0a"));
}

}  // namespace
}  // namespace nlb::test
