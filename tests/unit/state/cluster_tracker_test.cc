// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_tracker.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

class Tracked {
 public:
  template <typename Frame>
  Tracked& At(std::chrono::nanoseconds time, const Frame& frame, Where where = {}) {
    now_ = {time.count()};
    tracker.Hear(*Seen(frame, time, where), ++at_, out_);
    return *this;
  }
  // "192.168.2.10: 1 live x3, 2 lost x1 WEB02", a line for each cluster, the one heard last behind.
  std::string Dump() const {
    std::string text;
    for (const Cluster& cluster : tracker.clusters()) {
      text += Text(cluster.ip) + ":";
      for (const Host& host : cluster.hosts) {
        text += (&host == cluster.hosts.data() ? " " : ", ") + std::to_string(host.id);
        text += !host.IsHeard()                       ? " named"
                : tracker.IsLive(cluster, host, now_) ? " live"
                                                      : " silent";
        text += host.IsHeard() ? " x" + std::to_string(host.heartbeats) : "";
        text += host.name.empty() ? "" : " " + host.name;
      }
      text += "\n";
    }
    return text;
  }
  const Cluster& cluster() const { return tracker.clusters().front(); }
  const Host& first() const { return cluster().hosts.front(); }

  Settings settings = ReadSettings(Scenario::Defaults());
  ClusterTracker tracker{settings};

 private:
  Transitions out_;
  Timestamp now_;
  Position at_ = 0;
};

TEST(ClusterTracker, ListsHostsInTheOrderOfTheirAppearance) {
  Tracked t;
  t.At(0s, Heartbeat{.host_id = 2}).At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 2 live x2, 1 live x1\n");
}

// The capture had cut it off in the later heartbeat, and with two places joined it was lost.
TEST(ClusterTracker, KeepsTheCodeOfAHostThatWasHeardInTwoPlaces) {
  Tracked t;
  t.At(0s, Heartbeat{.host_code = 7}).At(0s, Heartbeat{.host_id = 3}, {.interface_id = 1});
  t.At(1s, Heartbeat{.host_code = 7}, {.interface_id = 1, .captured = 14 + 28});
  t.At(2s, Heartbeat{.host_id = 3});  // the two places are one
  EXPECT_EQ(t.first().code, 7u);
}

TEST(ClusterTracker, PutsTheClusterHeardLastBehind) {
  Tracked t;
  t.At(0s, Heartbeat{.cluster_ip = "10.0.0.1"}).At(0s, Heartbeat{.cluster_ip = "10.0.0.2"});
  t.At(1s, Heartbeat{.cluster_ip = "10.0.0.1"});
  EXPECT_EQ(t.Dump(), "10.0.0.2: 1 live x1\n10.0.0.1: 1 live x2\n");
}

TEST(ClusterTracker, TellsHostsApartByIdAddressAndCode) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_ip = "10.0.0.9"}).At(0s, Heartbeat{.host_code = 7});
  t.At(1s, Heartbeat{}).At(2s, Heartbeat{.from = "00:00:00:00:00:09"});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x3, 1 live x1, 1 live x1\n");
}

TEST(ClusterTracker, TakesAHeartbeatWithoutACodeForTheHostItNames) {
  Tracked t;
  t.At(0s, Heartbeat{.host_code = 7}).At(1s, Heartbeat{.host_code = 7}, {.captured = 14 + 28});
  EXPECT_EQ(t.first().code, 7u);
  t.At(2s, Heartbeat{.host_code = 7});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x3\n");
  Tracked cut_first;
  cut_first.At(0s, Heartbeat{}, {.captured = 14 + 28}).At(1s, Heartbeat{.host_code = 7});
  EXPECT_EQ(cut_first.Dump(), "192.168.2.10: 1 live x2\n");
  EXPECT_EQ(cut_first.first().code, 7u);
}

// A broker's copy of a heartbeat is cut, its twin from another mirror is not: what both kept is
// one.
TEST(ClusterTracker, TakesAHeartbeatAndItsCutCopyForOne) {
  for (const size_t first : {size_t{14 + 28}, SIZE_MAX}) {
    Tracked t;
    const size_t second = first == SIZE_MAX ? 14 + 28 : SIZE_MAX;
    t.At(0s, Heartbeat{}, {.captured = first}).At(5us, Heartbeat{}, {.captured = second});
    EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1\n") << first;
  }
}

TEST(ClusterTracker, NamesHostsByTheirIdentity) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Identity{}).At(1s, Identity{.host_id = 2, .name = "WEB02"});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1 WEB01, 2 named WEB02\n");
  t.At(2s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1 WEB01, 2 live x1 WEB02\n");
}

TEST(ClusterTracker, NamesAllHostsWithTheIdAndTheAddress) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_ip = "10.0.0.9"}).At(0s, Heartbeat{.host_code = 7});
  t.At(0s, Heartbeat{.host_id = 2, .host_ip = "192.168.2.30"}).At(1s, Identity{});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1 WEB01, 1 live x1, 1 live x1 WEB01, 2 live x1\n");
}

TEST(ClusterTracker, TakesNoMacOfAHostThatWasHeardFromItsIdentity) {
  Tracked t;
  t.At(0s, Heartbeat{.from = "02:bf:c0:a8:02:0a"}).At(1s, Identity{});
  EXPECT_EQ(t.first().source, MacOf("02:bf:c0:a8:02:0a"));
}

TEST(ClusterTracker, CountsAHostFromItsFirstMembershipHeartbeat) {
  Tracked t;
  t.At(0s, Identity{}).At(7s, Heartbeat{}).At(8s, Heartbeat{});
  EXPECT_EQ(t.first().first_heard, Timestamp{Duration(7s).count()});
  EXPECT_EQ(t.first().longest_interval, 1s);
}

TEST(ClusterTracker, CutsNamesThatAreTooLong) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Identity{.name = std::string(500, 'x')});
  EXPECT_EQ(t.first().name.size(), ClusterTracker::kLongestName);
}

// A copy of the cluster in a laboratory: the same addresses, another machine.
Heartbeat Copy(std::vector<uint16_t> vlans = {}) { return {.vlans = vlans, .host_code = 7}; }

TEST(ClusterTracker, HearsCopiesOfAClusterInTwoPlacesAsTwo) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Copy(), {.interface_id = 1}).At(0s, Copy(), {.layer = 1});
  EXPECT_EQ(t.tracker.clusters().size(), 2u);  // the copy is one, wherever it is heard
  Tracked tagged;
  tagged.At(0s, Heartbeat{.vlans = {10}}).At(0s, Copy({20}));
  EXPECT_EQ(tagged.tracker.clusters().size(), 2u);
}

TEST(ClusterTracker, HearsOneClusterWhereverOneOfItsHostsIsHeard) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}, {.interface_id = 1});
  t.At(0s, Heartbeat{.host_id = 3, .vlans = {20}}, {.interface_id = 1, .layer = 1});
  EXPECT_EQ(t.tracker.clusters().size(), 3u);
  t.At(5s, Heartbeat{.host_id = 2});  // within the tolerance
  EXPECT_EQ(t.tracker.clusters().size(), 2u);
  EXPECT_EQ(t.tracker.clusters().back().hosts.size(), 2u);
  t.At(11s, Heartbeat{.host_id = 3});  // no longer: that host moved, the networks stay two
  EXPECT_EQ(t.tracker.clusters().size(), 2u);
}

TEST(ClusterTracker, KeepsTwoPlacesJoinedForTheLifeOfTheCluster) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Heartbeat{}, {.interface_id = 1});
  t.At(100s, Heartbeat{.host_id = 2}, {.interface_id = 1}).At(101s, Heartbeat{.host_id = 3});
  EXPECT_EQ(t.tracker.clusters().size(), 1u);
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 silent x2, 2 live x1, 3 live x1\n");
}

TEST(ClusterTracker, TakesAnAbsentTagForAnyTag) {
  for (const bool tagged_first : {false, true}) {
    Tracked t;
    const Heartbeat tagged{.host_id = 2, .vlans = {112}};
    if (tagged_first) t.At(0s, tagged);
    t.At(0s, Heartbeat{}).At(1s, tagged);
    EXPECT_EQ(t.tracker.clusters().size(), 1u);
  }
  Tracked outer;  // a mirror port leaves the outer tag out
  outer.At(0s, Heartbeat{.vlans = {20}}).At(0s, Heartbeat{.host_id = 2, .vlans = {10, 20}});
  EXPECT_EQ(outer.tracker.clusters().size(), 1u);
  Tracked elsewhere;  // on another interface it tells nothing
  elsewhere.At(0s, Heartbeat{});
  elsewhere.At(0s, Heartbeat{.host_id = 2, .vlans = {112}}, {.interface_id = 1});
  EXPECT_EQ(elsewhere.tracker.clusters().size(), 2u);
}

TEST(ClusterTracker, HearsOneClusterUnderTwoTagsThatOneOfItsHostsIsHeardUnder) {
  Tracked t;
  t.At(0s, Heartbeat{.vlans = {10}}).At(0s, Heartbeat{.host_id = 2, .vlans = {20}});
  EXPECT_EQ(t.tracker.clusters().size(), 2u);
  t.At(1s, Heartbeat{.vlans = {20}});
  EXPECT_EQ(t.tracker.clusters().size(), 1u);
}

TEST(ClusterTracker, TellsTwoNetworksApartThatAreHeardWithoutTagsToo) {
  Tracked t;
  for (auto now = 0s; now < 4s; now += 1s) {
    const auto packets = static_cast<uint32_t>(now.count());
    for (const std::vector<uint16_t>& vlans : {std::vector<uint16_t>{10}, {}}) {
      t.At(now, Heartbeat{.vlans = vlans, .packets_handled = packets});
    }
    for (const std::vector<uint16_t>& vlans : {std::vector<uint16_t>{20}, {}}) {
      t.At(now, Heartbeat{.vlans = vlans, .host_code = 7, .packets_handled = packets});
    }
  }
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x4\n192.168.2.10: 1 live x4\n");
}

TEST(ClusterTracker, AddsUpWhatItKnewOfAHostInTwoPlaces) {
  Tracked t;  // host 1 is heard here and, later, there; host 2 shows that both are one
  t.At(0s, Heartbeat{}).At(1s, Heartbeat{}).At(1s, Identity{});
  t.At(20s, Heartbeat{.host_id = 2}, {.interface_id = 1});
  t.At(20s, Heartbeat{}, {.interface_id = 1}).At(21s, Heartbeat{}, {.interface_id = 1});
  EXPECT_EQ(t.tracker.clusters().size(), 2u);
  t.At(22s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x4 WEB01, 2 live x2\n");
  EXPECT_EQ(t.first().first_heard, Timestamp{0});
  EXPECT_EQ(t.first().summed_intervals, 2s);
}

// Host 1 is heard on the first interface until 26 s, and was heard on the second at 20 s.
TEST(ClusterTracker, KeepsWhatWasHeardLastOfAHostInTwoPlaces) {
  constexpr Where kThere{.interface_id = 1};
  Tracked t;
  t.At(0s, Heartbeat{}).At(20s, Heartbeat{.host_id = 2}, kThere).At(20s, Heartbeat{}, kThere);
  for (const auto now : {21s, 25s}) t.At(now, Heartbeat{.host_id = 2}, kThere);
  t.At(26s, Heartbeat{}).At(26s, Identity{});
  EXPECT_EQ(t.tracker.clusters().size(), 2u);
  t.At(27s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x3 WEB01, 2 live x4\n");
  EXPECT_EQ(t.first().last_heard, Timestamp{Duration(26s).count()});
  EXPECT_EQ(t.first().longest_interval, 26s);
}

TEST(ClusterTracker, LearnsNoMoreThanTheNameOfAHostThatWasOnlyNamedElsewhere) {
  constexpr Where kThere{.interface_id = 1};
  Tracked t;
  t.At(0s, Heartbeat{}).At(20s, Heartbeat{.host_id = 2}, kThere).At(21s, Identity{}, kThere);
  t.At(22s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 silent x1 WEB01, 2 live x2\n");
}

TEST(ClusterTracker, TellsTheHostsOfTwoPlacesApartByIdAddressAndCode) {
  constexpr Where kThere{.interface_id = 1};
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 3}, kThere);
  t.At(0s, Heartbeat{.host_ip = "10.0.0.9"}, kThere).At(0s, Heartbeat{.host_code = 7}, kThere);
  t.At(0s, Heartbeat{.host_id = 2, .host_ip = "192.168.2.30", .host_code = 0x4f3be301}, kThere);
  t.At(1s, Heartbeat{.host_id = 3});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1, 3 live x2, 1 live x1, 1 live x1, 2 live x1\n");
}

TEST(ClusterTracker, KeepsThePeriodOfTwoPlacesThatTurnOutToBeOne) {
  constexpr Where kThere{.interface_id = 1};
  for (const bool known_here : {false, true}) {
    Tracked t;
    t.At(0s, Heartbeat{.host_id = 3});
    if (known_here) t.At(4s, Heartbeat{.host_id = 3});
    for (const auto now : {0s, 10s, 20s}) t.At(now, Heartbeat{.host_id = 2}, kThere);
    t.At(22s, Heartbeat{}).At(22s + 50ms, Heartbeat{}, kThere);
    EXPECT_EQ(t.tracker.clusters().size(), 1u);
    EXPECT_EQ(t.cluster().shortest_interval, known_here ? 4s : 10s);
  }
}

TEST(ClusterTracker, CountsAHeartbeatOnceHoweverOftenItIsCaptured) {
  Tracked t;
  for (int i = 0; i < 4; ++i) {
    const Heartbeat heartbeat{.packets_handled = 1000u + static_cast<uint32_t>(i % 2)};
    t.At(i * 1s, heartbeat).At(i * 1s + 20us, heartbeat);
    t.At(i * 1s + 100ms, heartbeat, {.interface_id = 1});
  }
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x4\n");
  EXPECT_EQ(t.first().summed_intervals, 3s);
  EXPECT_EQ(t.first().longest_interval, 1s);
}

TEST(ClusterTracker, CountsOneHeartbeatOfALoopOfSwitches) {
  Tracked t;  // the one before comes round again between the copies of the new one
  for (int i = 0; i < 900; ++i) {
    const auto now = i * 500us;
    if (i % 2 == 0) t.At(now, Heartbeat{.packets_handled = 1});
    t.At(now, Heartbeat{.packets_handled = 2});
  }
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x2\n");
}

TEST(ClusterTracker, CountsWhatDiffersOrComesLater) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(50ms, Heartbeat{.state = 2}).At(90ms, Heartbeat{.packets_handled = 7});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x3\n");
  Tracked window;  // 100 ms
  window.At(0s, Heartbeat{}).At(100ms, Heartbeat{}).At(200ms + 1ns, Heartbeat{});
  EXPECT_EQ(window.Dump(), "192.168.2.10: 1 live x2\n");
}

TEST(ClusterTracker, CountsWhatDiffersInAnyFieldThatWasKept) {
  for (const Heartbeat& other :
       {Heartbeat{.default_host_id = 1}, Heartbeat{.state = 2}, Heartbeat{.rule_count = 3},
        Heartbeat{.packets_handled = 7}, Heartbeat{.teaming = 1}}) {
    Tracked t;
    t.At(0s, Heartbeat{}).At(50ms, other);
    EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x2\n");
  }
  for (const size_t captured : {size_t{14 + 25}, size_t{14 + 26}}) {  // half of the state, all
    Tracked t;
    t.At(0s, Heartbeat{}, {.captured = captured}).At(50ms, Heartbeat{.state = 2});
    EXPECT_EQ(t.first().heartbeats, captured == 14 + 26 ? 2u : 1u);
  }
}

TEST(ClusterTracker, TakesACopyOfACopyForOneUntilAPeriodHasPassed) {
  Tracked t;
  for (int i = 0; i <= 10; ++i) t.At(i * 100ms, Heartbeat{});
  EXPECT_EQ(t.first().heartbeats, 1u);
  t.At(1001ms, Heartbeat{});
  EXPECT_EQ(t.first().heartbeats, 2u);
}

TEST(ClusterTracker, TakesNothingForACopyThatComesHalfAPeriodLater) {
  for (const Duration delta : {Duration(500ms), Duration(501ms)}) {
    Tracked t;
    t.settings.copy_window = 5s;
    t.At(0s, Heartbeat{}).At(delta, Heartbeat{});
    EXPECT_EQ(t.first().heartbeats, delta > 500ms ? 2u : 1u);
  }
}

TEST(ClusterTracker, DoesNotTakeAFastHostForAnEcho) {
  Tracked t;  // AliveMsgPeriod 100 ms, and no work: its heartbeats are equal
  for (int i = 0; i < 100; ++i) t.At(i * 99ms, Heartbeat{});
  EXPECT_GE(t.first().heartbeats, 9u);
  EXPECT_TRUE(t.tracker.IsLive(t.cluster(), t.first(), {Duration(12s).count()}));
}

TEST(ClusterTracker, CountsAHostAsAliveForTheTolerance) {
  Tracked t;
  t.At(0s, Heartbeat{});
  EXPECT_TRUE(t.tracker.IsLive(t.cluster(), t.first(), {Duration(5s).count()}));
  EXPECT_FALSE(t.tracker.IsLive(t.cluster(), t.first(), {Duration(5s).count() + 1}));
}

TEST(ClusterTracker, CountsAHostAsAliveByThePeriodOfItsCluster) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(10s, Heartbeat{}).At(20s, Heartbeat{});
  EXPECT_TRUE(t.tracker.IsLive(t.cluster(), t.first(), {Duration(70s).count()}));
  EXPECT_FALSE(t.tracker.IsLive(t.cluster(), t.first(), {Duration(70s).count() + 1}));
  t.At(21s, Heartbeat{});  // it was heartbeats that were missed
  EXPECT_FALSE(t.tracker.IsLive(t.cluster(), t.first(), {Duration(27s).count()}));
}

TEST(ClusterTracker, MeasuresIntervals) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Heartbeat{}).At(4s, Heartbeat{}).At(3s, Heartbeat{});
  EXPECT_EQ(t.first().heartbeats, 4u);
  EXPECT_EQ(t.first().longest_interval, 3s);
  EXPECT_EQ(t.first().summed_intervals, 4s);  // a step back counts for nothing
}

// Nothing shorter is a period: the host may have been started again, or changed its state.
TEST(ClusterTracker, TakesIntervalsOfMoreThanAQuarterOfThePeriodForThatOfTheCluster) {
  for (const Duration interval : {Duration(249ms), Duration(250ms), Duration(251ms)}) {
    Tracked t;
    t.At(0s, Heartbeat{}).At(interval, Heartbeat{});
    EXPECT_EQ(t.cluster().shortest_interval,
              interval > 250ms ? std::optional(interval) : std::nullopt);
  }
}

TEST(ClusterTracker, SumsUpTheTimesInWhichNobodyOfTheClusterWasHeard) {
  for (const Duration silence : {Duration(2s), Duration(2s + 1ns)}) {
    Tracked t;
    t.At(0s, Heartbeat{}).At(silence, Heartbeat{.host_id = 2});
    EXPECT_EQ(t.cluster().unheard, silence > 2s ? silence : 0s);
  }
}

TEST(ClusterTracker, ForgetsWhatWasUnderWayWhenNobodyWasHeardForLongerThanTheTolerance) {
  for (const Duration silence : {Duration(5s), Duration(5s + 1ns)}) {
    Tracked t;
    t.At(0s, Heartbeat{.mode = Mode::kMulticast});
    t.At(silence, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
    EXPECT_EQ(t.cluster().blind_until, Timestamp{silence > 5s ? silence.count() : 0});
  }
}

TEST(ClusterTracker, TakesAStepBackBeyondTheToleranceForAClockThatJumped) {
  for (const Duration step : {Duration(5s), Duration(5s + 1ns)}) {
    Tracked t;
    const Duration now = 100s - step;
    t.At(100s, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
    const Timestamp expected{step > 5s ? now.count() : Duration(100s).count()};
    EXPECT_EQ(t.cluster().first_heard, expected);
    EXPECT_EQ(t.first().last_heard, expected);
    EXPECT_EQ(t.first().last_growth, expected);
  }
}

TEST(ClusterTracker, KnowsNoWorkOfAHostWhoseCounterTheCaptureCut) {
  Tracked t;
  for (const auto now : {0s, 1s, 2s}) t.At(now, Heartbeat{}, {.captured = 14 + 32});
  EXPECT_FALSE(t.first().has_grown);
  EXPECT_EQ(t.cluster().handled, 0u);
}

TEST(ClusterTracker, SurvivesTheLongestIntervalsThereAre) {
  Tracked t;
  for (int i = 0; i < 4; ++i) {
    t.At(std::chrono::nanoseconds(INT64_MIN), Heartbeat{})
        .At(std::chrono::nanoseconds(INT64_MAX), Heartbeat{});
  }
  EXPECT_EQ(t.first().summed_intervals, Duration(INT64_MAX));
}

TEST(ClusterTracker, IgnoresWhatIsNoValidHeartbeat) {
  Tracked t;
  Octets reliable = Bytes(Heartbeat{});
  reliable[14] = 0xDE;
  t.At(0s, Heartbeat{.host_id = 0}).At(0s, Heartbeat{.host_id = 2}, {.captured = 14 + 19});
  EXPECT_EQ(t.Dump(), "");
  t.At(0s, Raw{reliable});
  EXPECT_EQ(t.Dump(), "192.168.2.10:\n");  // names the cluster, says nothing of the host
}

// ---- bounds -------------------------------------------------------------------------------------

std::string Ip(size_t i) {
  return "10.9." + std::to_string(i / 256) + "." + std::to_string(i % 256);
}

TEST(ClusterTracker, ForgetsTheClusterThatWasSilentLongest) {
  Tracked t;
  for (size_t i = 0; i < ClusterTracker::kMaxClusters; ++i)
    t.At(0s, Heartbeat{.cluster_ip = Ip(i)});
  t.At(1s, Heartbeat{.cluster_ip = Ip(0)});
  EXPECT_FALSE(t.tracker.overflowed());
  t.At(2s, Heartbeat{.cluster_ip = "192.0.2.1"});
  EXPECT_TRUE(t.tracker.overflowed());
  EXPECT_EQ(t.tracker.clusters().size(), ClusterTracker::kMaxClusters);
  EXPECT_EQ(Text(t.tracker.clusters().front().ip), Ip(2));  // 1 went, 0 had spoken again
  EXPECT_EQ(Text(t.tracker.clusters().back().ip), "192.0.2.1");
}

TEST(ClusterTracker, ForgetsTheHostThatWasSilentLongest) {
  Tracked t;
  for (size_t i = 0; i < ClusterTracker::kMaxHosts; ++i) {
    t.At(i == 3 ? 0s : 1s, Heartbeat{.host_ip = Ip(i)});
  }
  EXPECT_FALSE(t.tracker.overflowed());
  t.At(2s, Heartbeat{.host_ip = "192.0.2.1"});
  EXPECT_TRUE(t.tracker.overflowed());
  const auto& hosts = t.tracker.clusters().front().hosts;
  EXPECT_EQ(hosts.size(), ClusterTracker::kMaxHosts);
  for (const Host& host : hosts) EXPECT_NE(Text(host.ip), Ip(3));
}

TEST(ClusterTracker, ForgetsTheFirstOfHostsThatWereSilentForOneTime) {
  Tracked t;
  for (size_t i = 0; i <= ClusterTracker::kMaxHosts; ++i) t.At(0s, Heartbeat{.host_ip = Ip(i)});
  EXPECT_EQ(Text(t.first().ip), Ip(1));
}

TEST(ClusterTracker, KnowsAClusterOnMoreSegmentsThanItKeepsByItsHosts) {
  Tracked t;
  for (uint16_t i = 1; i <= 3 * ClusterIndex::kMaxSegments; ++i) {
    t.At(i * 1s, Heartbeat{.vlans = {i}});
  }
  EXPECT_EQ(t.tracker.clusters().size(), 1u);
  EXPECT_EQ(t.cluster().segments.size(), ClusterIndex::kMaxSegments);
  EXPECT_EQ(t.first().heartbeats, 3 * ClusterIndex::kMaxSegments);
}

TEST(ClusterTracker, ForgetsAHostWhenTwoFullPlacesTurnOutToBeOne) {
  Tracked t;
  for (size_t i = 0; i < ClusterTracker::kMaxHosts; ++i) {
    t.At(0s, Heartbeat{.host_ip = Ip(i)});
    t.At(1s, Heartbeat{.host_ip = Ip(1000 + i)}, {.interface_id = 1});
  }
  EXPECT_FALSE(t.tracker.overflowed());
  t.At(2s, Heartbeat{.host_ip = Ip(0)}, {.interface_id = 1});
  EXPECT_TRUE(t.tracker.overflowed());
  EXPECT_EQ(t.tracker.clusters().size(), 1u);
  EXPECT_EQ(t.cluster().hosts.size(), ClusterTracker::kMaxHosts);
}

// What was forgotten is not found again by its segments or its hosts.
TEST(ClusterTracker, ForgetsAClusterAltogether) {
  Tracked t;
  t.At(0s, Heartbeat{.cluster_ip = "192.0.2.1"});
  t.At(0s, Heartbeat{.cluster_ip = "192.0.2.1"}, {.interface_id = 1});
  for (size_t i = 0; i < ClusterTracker::kMaxClusters; ++i)
    t.At(1s, Heartbeat{.cluster_ip = Ip(i)});
  for (const uint32_t interface : {0u, 1u, 2u}) {
    t.At(2s, Heartbeat{.cluster_ip = "192.0.2.1"}, {.interface_id = interface});
  }
  EXPECT_EQ(t.tracker.clusters().size(), ClusterTracker::kMaxClusters);
  EXPECT_EQ(t.tracker.clusters().back().hosts.size(), 1u);
  EXPECT_EQ(t.tracker.clusters().back().hosts.front().heartbeats, 1u);
}

TEST(ClusterTracker, MakesRoomForOneClusterAgainAndAgain) {
  Tracked t;
  for (size_t i = 0; i < 3 * ClusterTracker::kMaxClusters; ++i) {
    t.At(0s, Heartbeat{.cluster_ip = Ip(i)});
  }
  EXPECT_EQ(t.tracker.clusters().size(), ClusterTracker::kMaxClusters);
  EXPECT_EQ(Text(t.tracker.clusters().back().ip), Ip(3 * ClusterTracker::kMaxClusters - 1));
}

}  // namespace
}  // namespace nlb::test
