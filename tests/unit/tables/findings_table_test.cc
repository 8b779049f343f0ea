// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// Severity, finding, count, first frame and what it shows, without the cure.
std::string Rows(const Scenario& s) {
  std::string text;
  const std::string rows = s.Rows(NLB_TABLE_FINDINGS);
  for (size_t at = 0; at < rows.size();) {
    const size_t end = rows.find('\n', at);
    text += rows.substr(at, rows.rfind(" | ", end) - at) + "\n";
    at = end + 1;
  }
  return text;
}

TEST(FindingsTable, CountsFindingsTheGravestFirst) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .rule_count = 3}).At(1s, Heartbeat{});
  EXPECT_EQ(Rows(s),
            "Error | nlb.analysis.rule_mismatch | 2 | 2 | Host 2 announces 3 rules, host 1 "
            "announces 2\n"
            "Chat | nlb.analysis.masked_mac | 3 | 1 | 02:01:c0:a8:02:0a is host 1 of "
            "192.168.2.10\n");
}

TEST(FindingsTable, ShowsTheCure) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .rule_count = 3});
  const std::string rows = s.Rows(NLB_TABLE_FINDINGS);
  EXPECT_NE(rows.find("Make number, ports, protocol and filtering of the rules identical"),
            std::string::npos)
      << rows;
}

TEST(FindingsTable, CountsMalformedHeartbeatsToo) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 33}).At(1s, Heartbeat{.host_id = 34});
  EXPECT_EQ(Rows(s), "Error | nlb.malformed | 2 | 1 | Host ID 33 is outside 1 to 32\n");
}

TEST(FindingsTable, CountsEveryLayerOfARecord) {
  Scenario s;
  s.At(0s, Heartbeat{}).Inside(Heartbeat{});
  EXPECT_EQ(Rows(s),
            "Chat | nlb.analysis.masked_mac | 2 | 1 | 02:01:c0:a8:02:0a is host 1 of "
            "192.168.2.10\n");
}

TEST(FindingsTable, IsEmptyForAnOrdinaryCapture) {
  Scenario s;
  s.At(0s, Udp{}).At(1s, Arp{});
  EXPECT_EQ(Rows(s), "");
}

}  // namespace
}  // namespace nlb::test
