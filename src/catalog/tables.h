// SPDX-License-Identifier: GPL-2.0-or-later
//
// The columns of the statistics tables, one row each.
#pragma once

#include <array>
#include <span>

#include "nlb.h"

namespace nlb {

struct TableDesc {
  const char* name;  // the word behind "-z nlb,"
  const char* title;
  std::span<const nlb_column_desc> columns;
};

// clang-format off
inline constexpr auto kClusterColumns = std::to_array<nlb_column_desc>({
    {"Cluster", NLB_CELL_TEXT, 15},
    {"Mode", NLB_CELL_TEXT, 9},
    {"Evidence", NLB_CELL_TEXT, 9},
    {"Host", NLB_CELL_TEXT, 4},
    {"Host IP", NLB_CELL_TEXT, 15},
    {"Name", NLB_CELL_TEXT, 8},
    {"Source MAC", NLB_CELL_TEXT, 17},
    {"Heartbeats", NLB_CELL_UINT, 10},
    {"Mean (s)", NLB_CELL_FLOAT, 8},
    {"Longest (s)", NLB_CELL_FLOAT, 11},
    {"State", NLB_CELL_TEXT, 5},
    {"Default host", NLB_CELL_TEXT, 12},
    {"Rules", NLB_CELL_TEXT, 5},
    {"Packets handled", NLB_CELL_TEXT, 15},
    {"First seen (UTC)", NLB_CELL_TEXT, 19},
    {"Last seen (UTC)", NLB_CELL_TEXT, 19},
    {"Status", NLB_CELL_TEXT, 15},
});
inline constexpr auto kLoadColumns = std::to_array<nlb_column_desc>({
    {"Cluster", NLB_CELL_TEXT, 15},
    {"Port", NLB_CELL_UINT, 5},
    {"Host", NLB_CELL_TEXT, 8},
    {"Connections", NLB_CELL_UINT, 11},
    {"Clients", NLB_CELL_UINT, 7},
    {"Bytes out", NLB_CELL_UINT64, 12},
    {"Share (%)", NLB_CELL_FLOAT, 9},
});
inline constexpr auto kFindingColumns = std::to_array<nlb_column_desc>({
    {"Severity", NLB_CELL_TEXT, 8},
    {"Finding", NLB_CELL_TEXT, 34},
    {"Count", NLB_CELL_UINT, 7},
    {"First frame", NLB_CELL_UINT, 11},
    {"What that frame shows", NLB_CELL_TEXT, 66},
    {"Cure", NLB_CELL_TEXT, 90},
});
// clang-format on

// In the order of nlb_table.
inline constexpr auto kTables = std::to_array<TableDesc>({
    {"clusters", "Clusters", kClusterColumns},
    {"load", "Load", kLoadColumns},
    {"findings", "Findings", kFindingColumns},
});
static_assert(kTables.size() == NLB_TABLE_COUNT);

}  // namespace nlb
