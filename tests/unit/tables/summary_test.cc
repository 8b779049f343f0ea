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
