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
        text += !host.IsHeard() ? " named" : tracker.IsLive(host, now_) ? " live" : " silent";
        text += host.IsHeard() ? " x" + std::to_string(host.heartbeats) : "";
        text += host.name.empty() ? "" : " " + host.name;
      }
      text += "\n";
    }
    return text;
  }
  const Host& first() const { return tracker.clusters().front().hosts.front(); }

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

TEST(ClusterTracker, PutsTheClusterHeardLastBehind) {
  Tracked t;
  t.At(0s, Heartbeat{.cluster_ip = "10.0.0.1"}).At(0s, Heartbeat{.cluster_ip = "10.0.0.2"});
  t.At(1s, Heartbeat{.cluster_ip = "10.0.0.1"});
  EXPECT_EQ(t.Dump(), "10.0.0.2: 1 live x1\n10.0.0.1: 1 live x2\n");
}

TEST(ClusterTracker, TellsHostsApartByIdAddressAndCode) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_ip = "10.0.0.9"}).At(0s, Heartbeat{.host_code = 7});
  t.At(1s, Heartbeat{}).At(1s, Heartbeat{.from = "00:00:00:00:00:09"});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x3, 1 live x1, 1 live x1\n");
}

TEST(ClusterTracker, TakesAHeartbeatWithoutACodeForTheHostItNames) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Heartbeat{}, {.captured = 14 + 28}).At(2s, Heartbeat{});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x3\n");
  Tracked cut_first;
  cut_first.At(0s, Heartbeat{}, {.captured = 14 + 28}).At(1s, Heartbeat{});
  EXPECT_EQ(cut_first.Dump(), "192.168.2.10: 1 live x2\n");
}

TEST(ClusterTracker, NamesHostsByTheirIdentity) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Identity{}).At(1s, Identity{.host_id = 2, .name = "WEB02"});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1 WEB01, 2 named WEB02\n");
  t.At(2s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Dump(), "192.168.2.10: 1 live x1 WEB01, 2 live x1 WEB02\n");
}

TEST(ClusterTracker, CutsNamesThatAreTooLong) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Identity{.name = std::string(500, 'x')});
  EXPECT_EQ(t.first().name.size(), ClusterTracker::kLongestName);
}

TEST(ClusterTracker, HearsOneClusterOnTwoSegmentsAsTwo) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(0s, Heartbeat{.vlans = {7}}).At(0s, Heartbeat{}, {.interface_id = 1});
  t.At(0s, Heartbeat{}, {.layer = 1});
  EXPECT_EQ(t.tracker.clusters().size(), 4u);
}

TEST(ClusterTracker, CountsAHostAsAliveForTheTolerance) {
  Tracked t;
  t.At(0s, Heartbeat{});
  EXPECT_TRUE(t.tracker.IsLive(t.first(), {Duration(5s).count()}));
  EXPECT_FALSE(t.tracker.IsLive(t.first(), {Duration(5s).count() + 1}));
}

TEST(ClusterTracker, MeasuresIntervals) {
  Tracked t;
  t.At(0s, Heartbeat{}).At(1s, Heartbeat{}).At(4s, Heartbeat{}).At(3s, Heartbeat{});
  EXPECT_EQ(t.first().heartbeats, 4u);
  EXPECT_EQ(t.first().longest_interval, 3s);
  EXPECT_EQ(t.first().summed_intervals, 4s);  // a step back counts for nothing
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
  t.At(0s, Heartbeat{.host_id = 0}).At(0s, Heartbeat{.rule_count = 34}, {.captured = 14 + 19});
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
  for (size_t i = 0; i < ClusterTracker::kMostClusters; ++i)
    t.At(0s, Heartbeat{.cluster_ip = Ip(i)});
  t.At(1s, Heartbeat{.cluster_ip = Ip(0)});
  EXPECT_FALSE(t.tracker.overflowed());
  t.At(2s, Heartbeat{.cluster_ip = "192.0.2.1"});
  EXPECT_TRUE(t.tracker.overflowed());
  EXPECT_EQ(t.tracker.clusters().size(), ClusterTracker::kMostClusters);
  EXPECT_EQ(Text(t.tracker.clusters().front().ip), Ip(2));  // 1 went, 0 had spoken again
  EXPECT_EQ(Text(t.tracker.clusters().back().ip), "192.0.2.1");
}

TEST(ClusterTracker, ForgetsTheHostThatWasSilentLongest) {
  Tracked t;
  for (size_t i = 0; i < ClusterTracker::kMostHosts; ++i) {
    t.At(i == 3 ? 0s : 1s, Heartbeat{.host_ip = Ip(i)});
  }
  EXPECT_FALSE(t.tracker.overflowed());
  t.At(2s, Heartbeat{.host_ip = "192.0.2.1"});
  EXPECT_TRUE(t.tracker.overflowed());
  const auto& hosts = t.tracker.clusters().front().hosts;
  EXPECT_EQ(hosts.size(), ClusterTracker::kMostHosts);
  for (const Host& host : hosts) EXPECT_NE(Text(host.ip), Ip(3));
}

TEST(ClusterTracker, MakesRoomForOneClusterAgainAndAgain) {
  Tracked t;
  for (size_t i = 0; i < 3 * ClusterTracker::kMostClusters; ++i) {
    t.At(0s, Heartbeat{.cluster_ip = Ip(i)});
  }
  EXPECT_EQ(t.tracker.clusters().size(), ClusterTracker::kMostClusters);
  EXPECT_EQ(Text(t.tracker.clusters().back().ip), Ip(3 * ClusterTracker::kMostClusters - 1));
}

}  // namespace
}  // namespace nlb::test
