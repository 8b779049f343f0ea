// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

std::string Rows(const Scenario& s) { return s.Rows(NLB_TABLE_CLUSTERS); }

// One column of every row, one a line.
std::string Column(const Scenario& s, std::string_view title) {
  size_t column = 0;
  while (nlb_table_column(NLB_TABLE_CLUSTERS, column)->title != title) ++column;
  std::string text;
  const std::string rows = Rows(s);
  for (size_t line = 0; line < rows.size(); line = rows.find('\n', line) + 1) {
    size_t at = line;
    for (size_t i = 0; i < column; ++i) at = rows.find(" | ", at) + 3;
    text += rows.substr(at, std::min(rows.find(" | ", at), rows.find('\n', at)) - at) + "\n";
  }
  return text;
}

TEST(ClustersTable, HasARowForEachHost) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .packets_handled = 77}).At(0s, Heartbeat{}).At(0s, Identity{});
  s.At(1s, Heartbeat{}).At(4s, Heartbeat{});
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 1 | live | 192.168.2.30 | unicast | WEB01 | 02:01:c0:a8:02:0a | 3 | 2 "
            "| 3 | 1 | 1 | 2 | 1000 | 2020-09-13 12:26:40 | 2020-09-13 12:26:44 | heartbeat\n"
            "192.168.2.10 | 2 | live | 192.168.2.31 | unicast |  | 02:02:c0:a8:02:0a | 1 | 0 | 0 "
            "| 1 | 1 | 2 | 77 | 2020-09-13 12:26:40 | 2020-09-13 12:26:40 | heartbeat\n");
}

// The line is pasted into terminals and tickets.
TEST(ClustersTable, AHostileNameIsNoCommand) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Identity{.name = "`$(reboot)`"});
  EXPECT_EQ(Column(s, "Name"), "\\x60\\x24\\x28reboot\\x29\\x60\n");
}

TEST(ClustersTable, SaysWhatIsWorstAboutAHost) {
  Scenario lost;
  lost.At(0s, Heartbeat{.host_id = 2}).At(0s, Heartbeat{}).At(1s, Heartbeat{}).At(6s, Heartbeat{});
  EXPECT_EQ(Column(lost, "Status"), "live\nsilent for 6 s\n");
  Scenario named;
  named.At(0s, Identity{.host_id = 2}).At(0s, Heartbeat{});
  EXPECT_EQ(Column(named, "Status"), "live\nonly named\n");
  Scenario split;
  for (auto now = 0s; now < 13s; now += 1s) {
    split.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .default_host_id = 1});
  }
  EXPECT_EQ(Column(split, "Status"), "live, split\nlive, split\n");
  Scenario unsettled;
  for (auto now = 0s; now < 13s; now += 1s) {
    unsettled.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .state = 2});
  }
  EXPECT_EQ(Column(unsettled, "Status"), "live, unsettled\nlive, unsettled\n");
}

TEST(ClustersTable, ShowsWhomEachHostTakesForTheDefaultHost) {
  Scenario s;  // too short for a finding
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .default_host_id = 1});
  EXPECT_EQ(Column(s, "Default host"), "1\n2\n");
}

TEST(ClustersTable, JudgesASilentHostByTheLastFrameOfAll) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.cluster_ip = "192.168.2.20"}).At(5s, Udp{});
  EXPECT_EQ(Column(s, "Status"), "live\nlive\n");
  s.At(270500ms, Heartbeat{.cluster_ip = "192.168.2.20"}).At(271900ms, Udp{});
  EXPECT_EQ(Column(s, "Status"), "silent for 271 s\nlive\n");
}

// As a dialog does: it takes what changed after every frame.
TEST(ClustersTable, TellsAReaderThatAHostFellSilent) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(5s, Udp{}).At(7s, Udp{}).At(7500ms, Udp{}).At(9s, Heartbeat{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  constexpr size_t status = 2;
  std::string told;
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    AddRecord(summary, s.capture(), s.Layers(number));
    size_t first = 0, end = 0;
    nlb_summary_changes(summary, &first, &end);
    if (first < end) {
      told += std::to_string(number) + " " + nlb_summary_cell(summary, 0, status).text + "\n";
    }
  }
  nlb_summary_free(summary);
  EXPECT_EQ(told, "1 live\n3 silent for 7 s\n5 live\n");
}

TEST(ClustersTable, HasOneRowForAHostThatWasNamedBeforeItWasHeard) {
  Scenario s;
  s.At(0s, Identity{}).At(1s, Heartbeat{});
  EXPECT_EQ(Column(s, "Name"), "WEB01\n");
  EXPECT_EQ(Column(s, "Status"), "live\n");
}

TEST(ClustersTable, HasOneRowForAHostWhoseCodeTheCaptureCutAtFirst) {
  Scenario s;
  s.Snaplen(14 + 28).At(0s, Heartbeat{}).Snaplen(SIZE_MAX).At(1s, Heartbeat{});
  EXPECT_EQ(Column(s, "Heartbeats"), "2\n");
}

TEST(ClustersTable, ShowsWhatTheCaptureCutAsUnknown) {
  Scenario s;
  s.Snaplen(14 + 24).At(0s, Heartbeat{});
  EXPECT_EQ(Column(s, "Default host"), "1\n");
  EXPECT_EQ(Column(s, "State"), "?\n");
  EXPECT_EQ(Column(s, "Rules"), "?\n");
  EXPECT_EQ(Column(s, "Packets handled"), "?\n");
}

TEST(ClustersTable, ShowsTimesThatNeedMoreThan32Bits) {
  Scenario s;  // begins 1,600,000,000 s after 1970
  s.At(-1600000000s - 1ms, Heartbeat{}).At(3000000000s, Heartbeat{});
  EXPECT_EQ(Column(s, "First seen (UTC)"), "1969-12-31 23:59:59\n");
  EXPECT_EQ(Column(s, "Last seen (UTC)"), "2115-10-08 17:46:40\n");
}

TEST(ClustersTable, NamesThePlaceWhereAClusterWasHeard) {
  Scenario s;  // four copies of one cluster
  s.At(0s, Heartbeat{.vlans = {30}}).At(0s, Heartbeat{.vlans = {10, 20}, .host_code = 2});
  s.At(0s, Heartbeat{.host_code = 3}, 3);
  s.At(0s, Udp{}).Inside(Heartbeat{.host_code = 4});
  EXPECT_EQ(Column(s, "Cluster"),
            "192.168.2.10 (VLAN 10, VLAN 20)\n192.168.2.10 (VLAN 30)\n192.168.2.10 (inner)\n"
            "192.168.2.10 (interface 3)\n");
}

TEST(ClustersTable, HasOneRowForAHostThatIsHeardInSeveralPlaces) {
  Scenario s;
  for (auto now = 0s; now < 3s; now += 1s) {
    const Heartbeat heartbeat{.packets_handled = static_cast<uint32_t>(now.count())};
    s.At(now, heartbeat).At(now + 20us, heartbeat, 1).At(now + 30us, heartbeat, 2);
  }
  EXPECT_EQ(Column(s, "Cluster"), "192.168.2.10\n");
  EXPECT_EQ(Column(s, "Heartbeats"), "3\n");
  EXPECT_EQ(Column(s, "Mean (s)"), "1\n");
}

TEST(ClustersTable, JoinsTheRowsOfPlacesThatTurnOutToBeOne) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(100ms, Heartbeat{.host_id = 2}, 1).At(200ms, Heartbeat{.host_id = 3}, 1);
  EXPECT_EQ(Column(s, "Cluster"),
            "192.168.2.10\n192.168.2.10 (interface 1)\n192.168.2.10 (interface 1)\n");
  s.At(1s, Heartbeat{}, 1);
  EXPECT_EQ(Column(s, "Cluster"), "192.168.2.10\n192.168.2.10\n192.168.2.10\n");
  EXPECT_EQ(Column(s, "Host"), "1\n2\n3\n");
}

TEST(ClustersTable, ShowsAHostOnWhichNlbIsNotSetUp) {
  Scenario s;
  s.At(0s, Heartbeat{.cluster_ip = "0.0.0.0", .from = "3c:97:0e:12:34:56"});
  EXPECT_EQ(Column(s, "Status"), "not set up\n");
}

TEST(ClustersTable, HasARowForAClusterWithoutHeartbeatsUntilOneIsHeard) {
  Scenario silent;
  silent.At(0s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"});
  EXPECT_EQ(
      Rows(silent),
      "192.168.2.10 | - | no heartbeat | - | unicast |  | - | 0 | 0 | 0 | - | - | - | - | - | "
      "- | arp\n");
  Scenario heard;
  heard.At(0s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"}).At(1s, Heartbeat{});
  heard.At(2s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"});
  EXPECT_EQ(Column(heard, "Status"), "live\n");
}

TEST(ClustersTable, KeepsTheRowOfAClusterWhoseHeartbeatsTellNoHost) {
  const Arp arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"};
  Octets reliable = Bytes(Heartbeat{});
  reliable[14] = 0xDE;
  Scenario s;
  s.At(0s, arp).At(1s, Raw{reliable}).At(2s, Identity{.name = ""});
  EXPECT_EQ(Column(s, "Status"), "no heartbeat\n");
}

TEST(ClustersTable, HasNoRowForWhatIsNoCluster) {
  Scenario s;
  s.At(0s, Udp{}).At(1s, Arp{}).At(2s, Heartbeat{.host_id = 33});
  EXPECT_EQ(Rows(s), "");
}

TEST(ClustersTable, SumsUpOnlyTheFramesThatWereAdded) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{}).At(2s, Heartbeat{.host_id = 2});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  AddRecord(summary, s.capture(), s.Layers(3));
  EXPECT_EQ(nlb_summary_row_count(summary), 1u);
  EXPECT_STREQ(nlb_summary_cell(summary, 0, 1).text, "2");
  nlb_summary_free(summary);
}

// As a dialog does, which looks after every frame; one line for each look at which the status of
// the first host is another.
std::string Told(Scenario& s) {
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  constexpr size_t status = 2;
  std::string told, last;
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    AddRecord(summary, s.capture(), s.Layers(number));
    size_t first = 0, end = 0;
    nlb_summary_changes(summary, &first, &end);
    const std::string now = nlb_summary_cell(summary, 0, status).text;
    if (now != last) told += std::to_string(number) + " " + now + "\n";
    last = now;
  }
  nlb_summary_free(summary);
  return told;
}

TEST(ClustersTable, LooksForSilentHostsOncePerPeriod) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(6500ms, Udp{}).At(7400ms, Udp{}).At(7500ms, Udp{});
  EXPECT_EQ(Told(s), "1 live\n2 silent for 6 s\n4 silent for 7 s\n");
  Scenario other;  // is heard, which says nothing about the silent one
  other.At(0s, Heartbeat{});
  for (auto now = 500ms; now < 7s; now += 1s) other.At(now, Heartbeat{.host_id = 2});
  other.At(7400ms, Heartbeat{.host_id = 2}).At(7500ms, Udp{});
  EXPECT_EQ(Told(other), "1 live\n7 silent for 5 s\n8 silent for 6 s\n10 silent for 7 s\n");
}

// With the slower rhythm that shows in the meantime: it went on being silent until it was heard.
TEST(ClustersTable, TakesBackASilenceThatWasNone) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}).At(6500ms, Udp{});
  s.At(7400ms, Heartbeat{.host_id = 2}).At(9500ms, Udp{});
  EXPECT_EQ(Told(s), "1 live\n3 silent for 6 s\n5 live\n");
}

TEST(ClustersTable, LooksAtSixteenHostsForEachFrame) {
  for (const uint32_t hosts : {16u, 17u}) {
    Scenario s;
    for (uint32_t id = 1; id <= hosts; ++id) s.At(0s, Heartbeat{.host_id = id});
    const uint32_t last = s.frames();
    s.At(10s, Udp{}).At(20s, Udp{}).At(30s, Udp{});
    const auto line = [&](uint32_t behind, const char* text) {
      return std::to_string(last + behind) + " silent for " + text + " s\n";
    };
    EXPECT_EQ(Told(s),
              "1 live\n" + line(1, "10") + (hosts == 16 ? line(2, "20") : "") + line(3, "30"));
  }
}

TEST(ClustersTable, JudgesAnewForAReaderWhoComesOnceMore) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(6200ms, Udp{}).At(7s, Udp{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  std::string told;
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    AddRecord(summary, s.capture(), s.Layers(number));
    told += std::string(nlb_summary_cell(summary, 0, 2).text) + "\n";
  }
  EXPECT_EQ(told, "live\nsilent for 6 s\nsilent for 7 s\n");
  nlb_summary_free(summary);
}

TEST(ClustersTable, SaysOfAllHostsAtOnceWhatIsWrongWithTheCluster) {
  for (const bool split : {true, false}) {
    Scenario s;
    for (auto now = 0s; now < 13s; now += 1s) {
      s.At(now, Heartbeat{});
      s.At(now + 500ms, split ? Heartbeat{.host_id = 2, .default_host_id = 1}
                              : Heartbeat{.host_id = 2, .state = 2});
    }
    nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
    std::string last;
    for (uint32_t number = 1; number <= s.frames(); ++number) {
      AddRecord(summary, s.capture(), s.Layers(number));
      if (number == 1) continue;
      last = nlb_summary_cell(summary, 0, 2).text;
      EXPECT_EQ(last, nlb_summary_cell(summary, 1, 2).text) << number;
    }
    EXPECT_EQ(last, split ? "live, split" : "live, unsettled");
    nlb_summary_free(summary);
  }
}

TEST(ClustersTable, AClusterThatWasHeardIsNotSilentWhateverFramesAreAdded) {
  Scenario s;
  const Arp arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"};
  s.At(0s, arp).At(1s, Heartbeat{}).At(2s, arp);
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  AddRecord(summary, s.capture(), s.Layers(3));  // its heartbeat was hidden from the table
  EXPECT_EQ(nlb_summary_row_count(summary), 0u);
  for (const uint32_t number : {2u, 1u}) AddRecord(summary, s.capture(), s.Layers(number));
  EXPECT_EQ(nlb_summary_row_count(summary), 1u);
  EXPECT_STREQ(nlb_summary_cell(summary, 0, 2).text, "live");
  nlb_summary_free(summary);
}

TEST(ClustersTable, KeepsTheModeThatArpTellsOfASilentCluster) {
  Scenario s;
  s.At(0s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"});
  s.At(1s, Udp{.destination = "192.168.2.10"});
  EXPECT_EQ(Column(s, "Mode"), "unicast\n");
}

}  // namespace
}  // namespace nlb::test
