// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

TEST(Summary, StartsAgainWhenItIsCleared) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{});
  for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
    const auto table = static_cast<nlb_table>(i);
    nlb_summary* summary = nlb_summary_new(table);
    for (int round = 0; round < 2; ++round) {
      const size_t empty = nlb_summary_row_count(summary);
      EXPECT_EQ(empty == 0, table != NLB_TABLE_CAPTURE) << i;
      EXPECT_EQ(nlb_summary_looked_at(summary), 0u) << i;
      AddRecord(summary, s.capture(), s.Layers(1));
      const bool stays = table == NLB_TABLE_LOAD || table == NLB_TABLE_ADDRESSES;
      EXPECT_EQ(nlb_summary_row_count(summary) > empty, !stays) << i;
      EXPECT_EQ(nlb_summary_looked_at(summary), 1u) << i;
      nlb_summary_clear(summary);
    }
    nlb_summary_free(summary);
  }
}

TEST(Summary, TakesAReportOfNothing) {
  Scenario s;
  nlb_report* report = nlb_report_new();
  for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
    nlb_summary* summary = nlb_summary_new(static_cast<nlb_table>(i));
    const size_t empty = nlb_summary_row_count(summary);
    EXPECT_EQ(nlb_summary_add(summary, s.capture(), report), NLB_OK) << i;
    EXPECT_EQ(nlb_summary_row_count(summary), empty) << i;
    nlb_summary_free(summary);
  }
  nlb_report_free(report);
}

TEST(Summary, GivesAnEmptyCellPastTheEnd) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  AddRecord(summary, s.capture(), s.Layers(1));
  const size_t columns = nlb_table_column_count(NLB_TABLE_CLUSTERS);
  EXPECT_STREQ(nlb_summary_cell(summary, 0, columns - 1).text, "heartbeat");
  for (const auto& [row, column] : {std::pair<size_t, size_t>{0, columns}, {1, 0}, {SIZE_MAX, 0}}) {
    const nlb_cell cell = nlb_summary_cell(summary, row, column);
    EXPECT_STREQ(cell.text, "");
    EXPECT_EQ(cell.number, 0u);
    EXPECT_EQ(cell.real, 0.0);
  }
  nlb_summary_free(summary);
}

TEST(Summary, TellsWhichRowsChanged) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2}).At(0s, Heartbeat{}).At(1s, Udp{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  size_t first = 9, end = 9;
  const auto changes = [&](uint32_t frame) {
    AddRecord(summary, s.capture(), s.Layers(frame));
    nlb_summary_changes(summary, &first, &end);
    return std::to_string(first) + ".." + std::to_string(end);
  };
  EXPECT_EQ(changes(1), "0..1");
  EXPECT_EQ(changes(2), "0..2");  // a new row above
  EXPECT_EQ(changes(3), "0..0");
  nlb_summary_free(summary);
}

TEST(Summary, TellsNobodyWhichRowsChanged) {
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  size_t row = 9;
  nlb_summary_changes(summary, nullptr, &row);
  nlb_summary_changes(summary, &row, nullptr);
  EXPECT_EQ(row, 9u);
  nlb_summary_free(summary);
}

// Frames that are not analysed have a remark of their own behind all rows.
TEST(Summary, TellsWhereTheRemarkCameAndMoved) {
  for (const bool at_once : {false, true}) {
    Scenario s;
    nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
    const auto add_last = [&] { AddRecord(summary, s.capture(), s.Layers(s.frames())); };
    const auto changes = [&] {
      size_t first = 9, end = 9;
      nlb_summary_changes(summary, &first, &end);
      return std::to_string(first) + ".." + std::to_string(end);
    };
    s.At(0s, Heartbeat{});
    add_last();
    EXPECT_EQ(changes(), "0..1");
    s.On(NLB_LINK_OTHER).At(1s, Udp{}).On(NLB_LINK_ETHERNET);
    add_last();
    if (!at_once) {
      EXPECT_EQ(changes(), "1..2");
    }
    s.At(2s, Heartbeat{.host_id = 2});
    add_last();
    EXPECT_EQ(changes(), "1..3");
    EXPECT_EQ(changes(), "0..0");
    EXPECT_STREQ(nlb_summary_cell(summary, 2, 0).text, "(some frames not analysed)");
    nlb_summary_free(summary);
  }
}

std::string CellText(const nlb_cell& cell) {
  return std::string(cell.text) + " " + std::to_string(cell.number) + " " +
         std::to_string(cell.real);
}

TEST(Summary, SaysWhetherAnythingWasLookedAt) {
  Scenario nothing, little;
  nothing.On(NLB_LINK_OTHER).At(0s, Udp{});
  little.At(0s, Udp{}).On(NLB_LINK_OTHER).At(1s, Udp{});
  for (Scenario* s : {&nothing, &little}) {
    nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
    for (uint32_t number = 1; number <= s->frames(); ++number) {
      AddRecord(summary, s->capture(), s->Layers(number));
    }
    const bool any = s == &little;
    EXPECT_EQ(nlb_summary_looked_at(summary), any ? 1u : 0u);
    ASSERT_EQ(nlb_summary_row_count(summary), 1u);
    const char* text =
        any ? "(some frames not analysed)" : "(nothing was looked at: no frame is analysed)";
    EXPECT_EQ(CellText(nlb_summary_cell(summary, 0, 0)), std::string(text) + " 0 0.000000");
    for (const size_t column : {size_t{1}, size_t{2}, SIZE_MAX}) {
      EXPECT_EQ(CellText(nlb_summary_cell(summary, 0, column)), " 0 0.000000") << column;
    }
    EXPECT_EQ(CellText(nlb_summary_cell(summary, 1, 0)), " 0 0.000000");
    nlb_summary_free(summary);
  }
}

TEST(Summary, HasTheRowsBeforeTheRemark) {
  Scenario s;
  s.At(0s, Heartbeat{}).On(NLB_LINK_OTHER).At(1s, Udp{});
  EXPECT_EQ(s.Rows(NLB_TABLE_CLUSTERS).substr(0, 16), "192.168.2.10 | 1");
  EXPECT_EQ(s.Rows(NLB_TABLE_FINDINGS).find("(some frames"), std::string::npos)
      << "it has the finding";
}

TEST(Summary, HasNothingBesideTheTextOfACell) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
  AddRecord(summary, s.capture(), s.Layers(1));
  EXPECT_EQ(CellText(nlb_summary_cell(summary, 0, 0)), "192.168.2.10 0 0.000000");
  EXPECT_EQ(CellText(nlb_summary_cell(summary, 0, 7)), " 1 0.000000") << "heartbeats";
  nlb_summary_free(summary);
}

// Without the remark the end is that of what changed; with it only what is new moved it.
TEST(Summary, TellsOnlyWhatChangedOfALongTable) {
  for (const bool with_remark : {false, true}) {
    Scenario s;
    nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
    const auto changes = [&] {
      AddRecord(summary, s.capture(), s.Layers(s.frames()));
      size_t first = 9, end = 9;
      nlb_summary_changes(summary, &first, &end);
      return std::to_string(first) + ".." + std::to_string(end);
    };
    for (uint32_t id = 1; id <= 3; ++id) {
      s.At(0s, Heartbeat{.host_id = id});
      changes();
    }
    if (with_remark) {
      s.On(NLB_LINK_OTHER).At(1s, Udp{}).On(NLB_LINK_ETHERNET);
      EXPECT_EQ(changes(), "3..4");
      s.On(NLB_LINK_OTHER).At(1s, Udp{}).On(NLB_LINK_ETHERNET);
      EXPECT_EQ(changes(), "0..0") << "the remark is there";
    }
    s.At(1s, Heartbeat{.host_id = 2});
    EXPECT_EQ(changes(), with_remark ? "1..4" : "1..2");
    nlb_summary_free(summary);
  }
}

// A large table is sorted for who comes once, and left as it is for who follows it.
TEST(Summary, SortsALargeTableForWhoReadsItOnce) {
  Scenario s;
  for (int i = 0; i < 80; ++i)
    s.At(0s, Heartbeat{.cluster_ip = "10.0.0." + std::to_string(200 - i)});
  const auto first_ip = [&](bool follows, bool again) {
    nlb_summary* summary = nlb_summary_new(NLB_TABLE_CLUSTERS);
    const auto add_all = [&] {
      for (uint32_t number = 1; number <= s.frames(); ++number) {
        AddRecord(summary, s.capture(), s.Layers(number));
      }
    };
    size_t first, end;
    if (follows) nlb_summary_changes(summary, &first, &end);
    if (again) nlb_summary_clear(summary);
    add_all();
    std::string ip = nlb_summary_cell(summary, 0, 0).text;
    nlb_summary_free(summary);
    return ip;
  };
  EXPECT_EQ(first_ip(false, false), "10.0.0.121");
  EXPECT_EQ(first_ip(true, true), "10.0.0.121") << "cleared, nobody follows";
  EXPECT_NE(first_ip(true, false), "10.0.0.121");
}

TEST(Summary, OfATableThatDoesNotExistStaysEmpty) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_COUNT);
  ASSERT_NE(summary, nullptr);
  EXPECT_EQ(NLB_OK, AddRecord(summary, s.capture(), s.Layers(1)));
  EXPECT_EQ(nlb_summary_row_count(summary), 0u);
  EXPECT_STREQ(nlb_summary_cell(summary, 0, 0).text, "");
  nlb_summary_clear(summary);
  nlb_summary_free(summary);
}

}  // namespace
}  // namespace nlb::test
