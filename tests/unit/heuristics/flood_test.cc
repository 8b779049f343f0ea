// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";

std::string ClientMac(int n) { return "00:16:35:c4:25:" + std::to_string(10 + n); }

// A request of one of three clients, by the number of the packet.
Udp Request(int n, int clients = 3, const char* to = kCluster) {
  const int client = n % clients;
  return {.link = {ClientMac(client), to, {}},
          .source = "192.168.9." + std::to_string(client + 1),
          .destination = kVip,
          .id = static_cast<uint16_t>(n + 1)};
}

Udp Answer() {
  return {.link = {"02:01:c0:a8:02:0a", ClientMac(0), {}},
          .source = kVip,
          .destination = "192.168.9.1",
          .ttl = 128,
          .id = 500};
}

// A packet of one pair of stations.
Udp Between(const std::string& from, const std::string& to, int n) {
  return {.link = {from, to, {}}, .source = "10.0.0.1", .id = static_cast<uint16_t>(1000 + n)};
}

// Twenty requests in five seconds and a little.
Scenario& Flood(Scenario& s, int clients = 3, const char* to = kCluster) {
  for (int n = 0; n < 20; ++n) s.At(n * 264ms, Request(n, clients, to));
  return s;
}

TEST(ClusterFlood, FiresOnceWhereOnlyRequestsAreSeen) {
  Scenario s;
  Flood(s);
  for (int n = 20; n < 60; ++n) s.At(n * 264ms, Request(n));
  EXPECT_EQ(s.Findings("cluster_flood"), "20 cluster_flood\n");
  EXPECT_EQ(s.Sentence(20, "cluster_flood"),
            "This port gets 20 packets, 980 bytes in 5.02 s, from 3 clients to 192.168.2.10");
  EXPECT_EQ(s.Field(20, "related_frame"), "1");
  EXPECT_EQ(s.Field(20, "flood_packets"), "20");
  EXPECT_EQ(s.Field(20, "flood_bytes"), "980");
  EXPECT_EQ(s.Field(20, "flood_clients"), "3");
}

TEST(ClusterFlood, FiresInAllModesAndForIpv6) {
  for (const char* to : {"03:bf:c0:a8:02:0a", "01:00:5e:7f:02:0a"}) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = to[1] == '3' ? Mode::kMulticast : Mode::kIgmp});
    Flood(s, 3, to);
    EXPECT_EQ(s.Findings("cluster_flood"), "21 cluster_flood\n") << to;
  }
  Scenario six;
  six.At(0s, Heartbeat{});
  for (int n = 0; n < 20; ++n) {
    Udp request = Request(n);
    request.source = "fd00::" + std::to_string(n % 3 + 1);
    request.destination = "fd00::10";
    request.payload = std::to_string(n);
    six.At(n * 264ms, request);
  }
  EXPECT_EQ(six.Findings("cluster_flood"), "21 cluster_flood\n");
}

TEST(ClusterFlood, FiresBesideTheStationsOwnTraffic) {
  Scenario s;
  for (int n = 0; n < 8; ++n) {
    s.At(n * 1ms, Between("00:15:5d:00:00:99", "00:15:5d:00:00:0" + std::to_string(n % 3), n));
  }
  Flood(s);
  for (int n = 0; n < 8; ++n) {
    s.At(5s, Between("00:15:5d:00:00:0" + std::to_string(n % 3), "00:15:5d:00:00:99", 50 + n));
  }
  s.At(6s, Request(20));
  EXPECT_EQ(s.Findings("cluster_flood"), "28 cluster_flood\n");
}

TEST(ClusterFlood, StaysQuietForFewPacketsAShortTimeOrOneClient) {
  Scenario few, brief, one;
  for (int n = 0; n < 19; ++n) few.At(n * 300ms, Request(n));
  EXPECT_EQ(few.Findings("cluster_flood"), "");
  for (int n = 0; n < 100; ++n) brief.At(n * 50ms, Request(n));  // the last at 4.95 s
  EXPECT_EQ(brief.Findings("cluster_flood"), "");
  Flood(one, 1);
  EXPECT_EQ(one.Findings("cluster_flood"), "");
}

TEST(ClusterFlood, StaysQuietWhereTheClusterIsSeenToAnswer) {
  Scenario early, late, routed;
  early.At(0s, Request(0)).At(1ms, Answer());
  Flood(early);
  EXPECT_EQ(early.Findings("cluster_flood"), "");
  for (int n = 0; n < 20; ++n) late.At(n * 250ms, Request(n));
  late.At(4990ms, Answer()).At(5s, Request(20)).At(6s, Request(21));
  EXPECT_EQ(late.Findings("cluster_flood"), "");
  Udp answer = Answer();  // behind a router, in multicast mode without heartbeats
  answer.link.from = "00:15:5d:00:00:01";
  routed.At(0s, Request(0, 3, "03:bf:c0:a8:02:0a")).At(1ms, answer);
  Flood(routed, 3, "03:bf:c0:a8:02:0a");
  EXPECT_EQ(routed.Findings("cluster_flood"), "");
}

// A mirror of one direction shows requests only, and floods nobody: pairs that share no station
// talk, be it two of them with three frames each.
TEST(ClusterFlood, StaysQuietAtAMirror) {
  for (const auto& [pairs, frames] : {std::pair{3, 12}, {2, 6}}) {
    Scenario s;
    s.At(0s, Request(0));
    for (int n = 1; n <= frames; ++n) {
      const std::string pair = std::to_string(n % pairs);
      s.At(n * 1ms, Between("00:15:5d:00:00:0" + pair, "00:15:5d:00:01:0" + pair, n));
    }
    Flood(s);
    EXPECT_EQ(s.Findings("cluster_flood"), "") << pairs;
  }
}

// The switch has forgotten a station, and floods two frames for it.
TEST(ClusterFlood, FiresBesideTwoConversationsOfTheStationAndAStray) {
  Scenario s;
  s.At(0s, Request(0));
  for (int n = 1; n <= 6; ++n) {
    s.At(n * 1ms, Between("00:15:5d:00:00:99", "00:15:5d:00:00:0" + std::to_string(n % 2), n));
  }
  for (int n = 7; n <= 8; ++n) s.At(n * 1ms, Between("00:15:5d:00:02:01", "00:15:5d:00:02:02", n));
  Flood(s);
  EXPECT_EQ(s.Findings("cluster_flood"), "29 cluster_flood\n");
}

TEST(ClusterFlood, StaysQuietAtThePortOfTheRouterThatBringsTheRequests) {
  const auto routed = [](int n) {
    Udp request = Request(n);
    request.link.from = "00:1a:6c:7f:d8:40";
    return request;
  };
  Scenario s;
  s.At(0s, routed(0));
  for (int n = 1; n <= 8; ++n) {
    s.At(n * 1ms, Between("00:1a:6c:7f:d8:40", "00:15:5d:00:01:0" + std::to_string(n % 2), n));
  }
  for (int n = 1; n <= 20; ++n) s.At(n * 264ms, routed(n));
  EXPECT_EQ(s.Findings("cluster_flood"), "");
}

TEST(ClusterFlood, StaysQuietAtTheMirroredPortOfAHost) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1ms, Request(0, 3, "03:bf:c0:a8:02:0a"));
  for (int n = 1; n <= 4; ++n) s.At(n * 2ms, Between("00:16:35:00:00:07", "00:15:5d:00:00:01", n));
  Flood(s, 3, "03:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Findings("cluster_flood"), "");
}

TEST(ClusterFlood, StaysQuietWithoutEvidence) {
  Scenario s;
  for (int n = 0; n < 20; ++n) {
    Udp request = Request(n);
    request.destination = "192.168.2.77";
    s.At(n * 264ms, request);
  }
  EXPECT_EQ(s.Findings("cluster_flood"), "");
}

TEST(ClusterFlood, StaysQuietWhenTheClockRunsBackwards) {
  Scenario s;
  for (int n = 0; n < 40; ++n) s.At(100s - n * 264ms, Request(n));
  EXPECT_EQ(s.Findings("cluster_flood"), "");
}

TEST(ClusterFlood, FiresWhoeverTalkedBeforeItBegan) {
  Scenario s;
  for (int n = 0; n < 8; ++n) {
    s.At(n * 1ms, Between("00:15:5d:00:00:01", "00:15:5d:00:00:02", n));
    s.At(n * 1ms, Between("00:15:5d:00:00:03", "00:15:5d:00:00:04", 50 + n));
  }
  Flood(s);
  EXPECT_EQ(s.Findings("cluster_flood"), "36 cluster_flood\n");
}

}  // namespace
}  // namespace nlb::test
