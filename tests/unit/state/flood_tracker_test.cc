// SPDX-License-Identifier: GPL-2.0-or-later
// What heuristics/flood_test.cc does not tell: which frames count, and who talks to whom.
#include "state/flood_tracker.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kOther = "02:bf:c0:a8:02:14";  // of 192.168.2.20
constexpr const char* kRouter = "00:1a:6c:7f:d8:40";

std::string ClientMac(int n) { return "00:16:35:c4:25:" + std::to_string(10 + n); }
std::string Station(int n) { return "00:15:5d:00:00:" + std::to_string(10 + n); }

Udp Request(int client, const char* to = kCluster, const char* address = "192.168.2.10") {
  return {.link = {ClientMac(client), to, {}},
          .source = "192.168.9." + std::to_string(client + 1),
          .destination = address};
}

Udp Answer(const char* address = "192.168.2.10") {
  return {.link = {"02:01:c0:a8:02:0a", ClientMac(0), {}},
          .source = address,
          .destination = "192.168.9.1"};
}

struct Port : Observed<FloodTracker> {
  template <typename Frame>
  Port& At(std::chrono::nanoseconds time, const Frame& frame, bool is_copy = false) {
    Take(time, frame, {}, is_copy);
    return *this;
  }
  // Twenty packets in a little more than five seconds, of three clients.
  template <typename Make>
  Port& Twenty(const Make& make, bool is_copy = false) {
    for (int n = 0; n < 20; ++n) At(n * 264ms, make(n % 3), is_copy);
    return *this;
  }
  Port& Flood(const char* to = kCluster, const char* address = "192.168.2.10") {
    return Twenty([&](int client) { return Request(client, to, address); });
  }
  // Frames between two stations that matter to nobody else.
  Port& Talk(const std::string& from, const std::string& to, int frames = 3) {
    for (int n = 0; n < frames; ++n) tracker.ObservePair(MacOf(from), MacOf(to));
    return *this;
  }
  bool told() const { return !out.empty(); }
  nlb::Flood Told() const { return nlb::Flood::Unpack(out.at(0).note); }
};

// A port where the first request was seen.
struct Asked : Port {
  Asked() { At(0s, Request(0)); }
};

// ---- what counts --------------------------------------------------------------------------------

TEST(FloodTracker, TellsAfterFiveSecondsOfTwoClients) {
  const auto told = [](int clients, std::chrono::nanoseconds lasts) {
    Port p;
    for (int n = 0; n < 19; ++n) p.At(0s, Request(n % clients));
    return p.At(lasts, Request(0)).told();
  };
  EXPECT_TRUE(told(2, 5s));
  EXPECT_FALSE(told(2, 5s - 1ns));
  EXPECT_FALSE(told(1, 5s));
}

TEST(FloodTracker, CountsNoMoreThanSixtyFourClients) {
  Port p;
  for (int n = 0; n < 70; ++n) p.At(0s, Request(n));
  ASSERT_TRUE(p.At(5s, Request(0)).told());
  EXPECT_EQ(p.Told().clients, 64);
  EXPECT_EQ(p.Told().packets, 71u);
}

TEST(FloodTracker, CountsTheBytesOfTags) {
  for (const uint32_t tags : {0u, 1u, 2u}) {
    Port p;
    p.Twenty([&](int client) {
      Udp request = Request(client);
      request.link.vlans.assign(tags, 7);
      return request;
    });
    ASSERT_TRUE(p.told());
    EXPECT_EQ(p.Told().bytes, 980 + 20 * 4 * tags);
  }
}

TEST(FloodTracker, KeepsAsManyPacketsAsANoteHasRoomFor) {
  const nlb::Flood flood{0x1000000, 7, 2, 5s};
  Note note;
  flood.Pack(note);
  EXPECT_EQ(nlb::Flood::Unpack(note).packets, 0xFFFFFFu);
  EXPECT_EQ(nlb::Flood::Unpack(note).bytes, 7u);
}

TEST(FloodTracker, CountsEachPacketOnce) {
  Port p;
  EXPECT_FALSE(p.Twenty([](int client) { return Request(client); }, true).told());
}

TEST(FloodTracker, CountsWhatIsSentToAClustersMac) {
  const auto told = [](const char* to, const char* address) {
    Port p;
    p.At(0s, Heartbeat{});
    return p.Flood(to, address).told();
  };
  EXPECT_TRUE(told(kCluster, "192.168.2.10"));
  EXPECT_FALSE(told("02:01:c0:a8:02:0a", "192.168.2.10")) << "one host's";
  EXPECT_FALSE(told(kRouter, "192.168.2.10"));
}

TEST(FloodTracker, CountsTheRequestsOfAnotherClustersHosts) {
  Port p;
  p.Twenty([](int client) {
    Udp request = Request(client);
    request.link.from = "02:01:c0:a8:02:14";
    return request;
  });
  EXPECT_TRUE(p.told());
}

TEST(FloodTracker, CountsNoMulticastPackets) {
  Port p;
  p.At(0s, Heartbeat{.mode = Mode::kIgmp});
  EXPECT_FALSE(p.Flood("01:00:5e:7f:02:0a", "239.255.2.10").told());
  EXPECT_TRUE(p.Flood("01:00:5e:7f:02:0a", "192.168.2.10").told());
}

// 03-BF is made of the host's own address there. Before its heartbeat it looked like a cluster's.
TEST(FloodTracker, CountsNothingThatIsSentFromHostToHost) {
  constexpr const char* kInterHost = "03:bf:c0:a8:02:1e";
  Port p;
  p.At(0s, Request(0, kInterHost, "192.168.2.30")).At(0s, Heartbeat{});
  EXPECT_FALSE(p.Flood(kInterHost, "192.168.2.30").told());
}

TEST(FloodTracker, WatchesNoMoreClustersThanItHasRoomFor) {
  const auto ask = [](Port& p, int cluster) {
    const std::string mac = Text(MacAddress(0x02BF0A000000 | static_cast<uint64_t>(cluster)));
    const std::string address =
        "10.0." + std::to_string(cluster >> 8) + "." + std::to_string(cluster & 0xFF);
    p.At(0s, Request(0, mac.c_str(), address.c_str()));
  };
  Port p;
  for (int cluster = 1; cluster <= 256; ++cluster) ask(p, cluster);
  EXPECT_FALSE(p.tracker.overflowed());
  ask(p, 257);
  EXPECT_TRUE(p.tracker.overflowed());
}

// ---- for how long -------------------------------------------------------------------------------

TEST(FloodTracker, WantsPairsAsLongAsAClusterHasNotAnswered) {
  Port p;
  EXPECT_FALSE(p.tracker.wants_pairs());
  p.At(0s, Request(0));
  EXPECT_TRUE(p.tracker.wants_pairs());
  p.At(0s, Answer());
  EXPECT_FALSE(p.tracker.wants_pairs());
  p.At(0s, Request(0, kOther, "192.168.2.20")).At(0s, Answer());
  EXPECT_TRUE(p.tracker.wants_pairs()) << "the other cluster";
}

TEST(FloodTracker, ForgetsPairsWithTheLastClusterThatWasAsked) {
  Asked all;
  all.Talk(Station(1), Station(2)).Talk(Station(3), Station(4)).At(0s, Answer());
  EXPECT_TRUE(all.Flood(kOther, "192.168.2.20").told());
  Asked one;
  one.At(0s, Request(0, kOther, "192.168.2.20"));
  one.Talk(Station(1), Station(2)).Talk(Station(3), Station(4)).At(0s, Answer());
  EXPECT_FALSE(one.Flood(kOther, "192.168.2.20").told());
}

// ---- who talks to whom --------------------------------------------------------------------------

// Packets that a tracker gets to see anyway.
Udp Between(int from, int to) { return {.link = {Station(from), Station(to), {}}}; }

TEST(FloodTracker, TakesPairsFromPacketsToo) {
  Asked mirror;
  for (int n = 0; n < 6; ++n) mirror.At(0s, Between(n % 2, 5 + n % 2));
  EXPECT_FALSE(mirror.Flood().told());
  Asked sends, receives;
  for (int n = 0; n < 9; ++n) sends.At(0s, Between(9, n % 3));
  EXPECT_TRUE(sends.Flood().told());
  for (int n = 0; n < 9; ++n) receives.At(0s, Between(n % 3, 9));
  EXPECT_TRUE(receives.Flood().told());
}

TEST(FloodTracker, TakesNoPairsBeforeTheFirstRequest) {
  Port p;
  p.At(0s, Heartbeat{});
  for (int n = 0; n < 6; ++n) p.At(0s, Between(n % 2, 5 + n % 2));
  EXPECT_TRUE(p.Flood().told());
}

TEST(FloodTracker, CountsBothDirectionsOfAPair) {
  Asked p;
  for (const int peer : {1, 2}) {
    p.Talk(Station(9), Station(peer), 2).Talk(Station(peer), Station(9), 1);
  }
  p.Talk(Station(3), Station(4), 1).Talk(Station(5), Station(6), 1);  // strays
  EXPECT_TRUE(p.Flood().told());
}

TEST(FloodTracker, StaysQuietAtARoutersPortWhoeverSpeaksFirst) {
  for (const bool one : {false, true}) {
    for (const bool two : {false, true}) {
      const auto routed = [](int client) {
        Udp request = Request(client);
        request.link.from = kRouter;
        return request;
      };
      Port p;
      p.At(0s, routed(0));
      p.Talk(one ? kRouter : Station(1), one ? Station(1) : kRouter);
      p.Talk(two ? kRouter : Station(2), two ? Station(2) : kRouter);
      EXPECT_FALSE(p.Twenty(routed).told()) << one << two;
    }
  }
}

TEST(FloodTracker, TakesOnlyStationsForPairs) {
  const auto told = [](const std::string& one, const std::string& two) {
    Asked to, from;
    to.Talk(Station(1), one).Talk(Station(2), two);
    from.Talk(one, Station(1)).Talk(two, Station(2));
    EXPECT_EQ(to.Flood().told(), from.Flood().told()) << one;
    return to.told();
  };
  EXPECT_FALSE(told(Station(3), Station(4)));
  EXPECT_TRUE(told("ff:ff:ff:ff:ff:ff", "01:00:5e:01:02:03"));
  EXPECT_TRUE(told("02:01:c0:a8:02:14", "02:02:c0:a8:02:14"));
}

TEST(FloodTracker, KeepsSixteenPairs) {
  Asked p;
  for (int peer = 1; peer <= 16; ++peer) p.Talk(Station(0), Station(peer));
  EXPECT_TRUE(p.Talk(Station(20), Station(21)).Flood().told());
}

TEST(FloodTracker, ExcusesOneStrayWhereNoTwoPairsTalk) {
  Asked one, three;
  EXPECT_TRUE(one.Talk(Station(1), Station(2), 1).Talk(Station(3), Station(4), 1).Flood().told());
  three.Talk(Station(1), Station(2), 1).Talk(Station(3), Station(4), 1);
  EXPECT_FALSE(three.Talk(Station(5), Station(6), 1).Flood().told());
}

// The station at this port may talk to a client of the cluster.
TEST(FloodTracker, TellsBesideAStationThatTalksToAClient) {
  Asked alone, others;
  EXPECT_TRUE(alone.Talk(Station(1), ClientMac(0)).Flood().told());
  others.Talk(Station(1), ClientMac(0)).Talk(Station(1), Station(2));
  EXPECT_TRUE(others.Flood().told());
  Asked nobody;
  EXPECT_TRUE(nobody.Talk(Station(1), Station(2)).Flood().told());
}

}  // namespace
}  // namespace nlb::test
