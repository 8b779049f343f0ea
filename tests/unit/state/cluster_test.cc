// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

TEST(Rhythm, IsTheUsersUpToTwiceItsPeriodThenTheClustersUpToAnHour) {
  const Settings settings = ReadSettings(Scenario::Defaults());
  const auto period = [&](std::optional<Duration> shortest) {
    Cluster cluster;
    cluster.shortest_interval = shortest;
    return Rhythm::Of(cluster, settings).period;
  };
  EXPECT_EQ(period(std::nullopt), 1s);
  EXPECT_EQ(period(2s), 1s);
  EXPECT_EQ(period(2s + 1ns), 2s + 1ns);
  EXPECT_EQ(period(1h), 1h);
  EXPECT_EQ(period(2h), 1h);
}

TEST(IsLive, HoldsForAHostThatWasHeardAndNotToldAsLost) {
  const Rhythm rhythm{true, 1s, 5s};
  Host host;
  EXPECT_FALSE(IsLive(host, rhythm, {})) << "only named";
  host.heartbeats = 1;
  EXPECT_TRUE(IsLive(host, rhythm, {}));
  host.lost = true;
  EXPECT_FALSE(IsLive(host, rhythm, {}));
}

}  // namespace
}  // namespace nlb::test
