// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/settings.h"

#include <gtest/gtest.h>

#include "state/routers.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

nlb_config With(size_t setting, uint32_t value) {
  nlb_config config = Scenario::Defaults();
  config.value[setting] = value;
  return config;
}

TEST(Settings, AreReadInTheUnitsOfTheCore) {
  const Settings settings = ReadSettings(Scenario::Defaults());
  EXPECT_EQ(settings.heartbeat_period, 1s);
  EXPECT_EQ(settings.pause, 1500ms);
  EXPECT_EQ(settings.tolerance, 5s);
  EXPECT_EQ(settings.copy_window, 100ms);
  EXPECT_TRUE(settings.copy_detection);
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_HEARTBEAT_PERIOD, 2000)).tolerance, 10s);
}

TEST(Settings, MoveToTheNearestLimit) {
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_HEARTBEAT_PERIOD, 0)).heartbeat_period, 100ms);
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_HEARTBEAT_PERIOD, UINT32_MAX)).heartbeat_period, 10s);
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_HEARTBEAT_TOLERANCE, 0)).tolerance, 5s);
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_HEARTBEAT_TOLERANCE, 5000)).tolerance, 100s);
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_COPY_WINDOW, 0)).copy_window, 1ms);
  EXPECT_EQ(ReadSettings(With(NLB_SETTING_COPY_WINDOW, 99999)).copy_window, 5s);
  EXPECT_TRUE(ReadSettings(With(NLB_SETTING_COPY_DETECTION, 7)).copy_detection);
  EXPECT_FALSE(ReadSettings(With(NLB_SETTING_COPY_DETECTION, 0)).copy_detection);
}

TEST(Routers, AreFoundByTheirMac) {
  Routers routers;
  routers.Add({{0, 1, 2, 3, 4, 5}, "edge"});
  routers.Add({{0, 1, 2, 3, 4, 6}, ""});
  routers.Add({{0, 1, 2, 3, 4, 7}, nullptr});
  EXPECT_EQ(*routers.NameOf(MacOf("00:01:02:03:04:05")), "edge");
  EXPECT_EQ(*routers.NameOf(MacOf("00:01:02:03:04:06")), "");
  EXPECT_EQ(*routers.NameOf(MacOf("00:01:02:03:04:07")), "");
  EXPECT_EQ(routers.NameOf(MacOf("00:01:02:03:04:08")), nullptr);
}

}  // namespace
}  // namespace nlb::test
