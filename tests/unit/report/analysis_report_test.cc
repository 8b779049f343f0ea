// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";

std::string From(const Scenario& s, uint32_t number) {
  return s.Field(number, "source") + " > " + s.Field(number, "destination");
}

// ---- names of MACs ------------------------------------------------------------------------------

TEST(Names, SayHostAndCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2})
      .At(1s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip})
      .At(2s, Udp{.link = {"02:02:c0:a8:02:0a", kClient, {}}, .source = kVip});
  EXPECT_EQ(From(s, 1), "host 2 of 192.168.2.10 > ");
  EXPECT_EQ(From(s, 2), " > all hosts of 192.168.2.10");
  EXPECT_EQ(From(s, 3), "host 2 of 192.168.2.10 > ");
}

TEST(Names, AreThereWithoutAFindingButHidden) {
  Scenario s;
  s.At(0s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip});
  EXPECT_EQ(s.Findings(), "");
  EXPECT_NE(s.Fields(1).find("[destination all hosts of 192.168.2.10]"), std::string::npos)
      << s.Fields(1);
}

TEST(Names, DoNotSayWhichHostHidesBehindTheClustersMac) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{.link = {kCluster, kClient, {}}, .source = kVip});
  EXPECT_EQ(From(s, 2), "a host of 192.168.2.10 > ");
}

TEST(Names, TrustAHeartbeatOverItsMac) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .from = kCluster})
      .At(1s, Heartbeat{.host_id = 3, .mode = Mode::kMulticast});
  EXPECT_EQ(From(s, 1), "host 2 of 192.168.2.10 > ");
  EXPECT_EQ(From(s, 2), "host 3 of 192.168.2.10 > all hosts of 192.168.2.10");
}

TEST(Names, TellHostsOfAUnicastClusterApartBetweenThemselves) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  s.At(1s, Udp{.link = {"02:01:c0:a8:02:0a", "03:bf:c0:a8:02:1f", {}},
               .source = "192.168.2.30",
               .destination = "192.168.2.31"});
  EXPECT_EQ(From(s, 3), "host 1 of 192.168.2.10 > host 2 of 192.168.2.10");
}

TEST(Names, AreNotGivenToLookAlikes) {
  Scenario s;
  s.At(0s, Udp{.link = {"02:04:96:01:02:03", "02:42:c0:a8:02:0a", {}}});
  EXPECT_EQ(From(s, 1), " > ");
}

// ---- the line and the order ---------------------------------------------------------------------

TEST(AnalysisReport, PutsTheGravestFindingFirst) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2, .version = 0x204, .rule_count = 3});
  EXPECT_EQ(s.Field(2, "severity"), "Error");
  EXPECT_EQ(s.Summary(2), "Port rules differ");
  EXPECT_EQ(s.Field(2, "finding"), "Port rules differ, NLB versions differ, Masked source MAC");
}

TEST(AnalysisReport, HasNoCureForWhatIsNotWrong) {
  Scenario s;
  s.At(0s, Heartbeat{});
  EXPECT_EQ(s.Field(1, "severity"), "Chat");
  EXPECT_EQ(s.Field(1, "cure"), "");
}

}  // namespace
}  // namespace nlb::test
