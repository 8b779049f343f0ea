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
    {"Cluster", NLB_CELL_TEXT},
    {"Host", NLB_CELL_TEXT},
    {"Status", NLB_CELL_TEXT},
    {"Host IP", NLB_CELL_TEXT},
    {"Mode", NLB_CELL_TEXT},
    {"Name", NLB_CELL_TEXT},
    {"Source MAC", NLB_CELL_TEXT},
    {"Heartbeats", NLB_CELL_UINT},
    {"Mean (s)", NLB_CELL_FLOAT},
    {"Longest (s)", NLB_CELL_FLOAT},
    {"State", NLB_CELL_TEXT},
    {"Default host", NLB_CELL_TEXT},
    {"Rules", NLB_CELL_TEXT},
    {"Packets handled", NLB_CELL_TEXT},
    {"First seen (UTC)", NLB_CELL_TEXT},
    {"Last seen (UTC)", NLB_CELL_TEXT},
    {"Evidence", NLB_CELL_TEXT},
});
inline constexpr size_t kClusterStatus = 2;
inline constexpr auto kLoadColumns = std::to_array<nlb_column_desc>({
    {"Cluster", NLB_CELL_TEXT},
    {"Port", NLB_CELL_UINT},
    {"Host", NLB_CELL_TEXT},
    {"Connections", NLB_CELL_UINT},
    {"Clients", NLB_CELL_UINT},
    {"Share (%)", NLB_CELL_UINT},
    {"Bytes out", NLB_CELL_UINT64},
    {"Bytes in", NLB_CELL_UINT64},
});
inline constexpr auto kFindingColumns = std::to_array<nlb_column_desc>({
    {"Severity", NLB_CELL_TEXT},
    {"Finding", NLB_CELL_TEXT},
    {"Count", NLB_CELL_UINT},
    {"First frame", NLB_CELL_UINT},
    {"What that frame shows", NLB_CELL_TEXT},
    {"Cure", NLB_CELL_TEXT},
});
inline constexpr auto kAddressColumns = std::to_array<nlb_column_desc>({
    {"Cluster", NLB_CELL_TEXT},
    {"Address", NLB_CELL_TEXT},
    {"Of", NLB_CELL_TEXT},
    {"Asker", NLB_CELL_TEXT},
    {"Asker MAC", NLB_CELL_TEXT},
    {"ARP or ND tells it", NLB_CELL_TEXT},
    {"Frames come from", NLB_CELL_TEXT},
    {"Its requests go to", NLB_CELL_TEXT},
    {"First frame", NLB_CELL_UINT},
});
inline constexpr auto kCaptureColumns = std::to_array<nlb_column_desc>({
    {"What", NLB_CELL_TEXT},
    {"Seen", NLB_CELL_TEXT},
    {"So what cannot be judged", NLB_CELL_TEXT},
});
inline constexpr auto kCommandColumns = std::to_array<nlb_column_desc>({
    {"Cluster", NLB_CELL_TEXT},
    {"For", NLB_CELL_TEXT},
    {"System", NLB_CELL_TEXT},
    {"Command", NLB_CELL_TEXT},
    {"Remark", NLB_CELL_TEXT},
    {"Source", NLB_CELL_TEXT},
});
// clang-format on

// In the order of nlb_table.
inline constexpr auto kTables = std::to_array<TableDesc>({
    {"clusters", "Clusters", kClusterColumns},
    {"load", "Load", kLoadColumns},
    {"findings", "Findings", kFindingColumns},
    {"addresses", "Addresses", kAddressColumns},
    {"capture", "Capture", kCaptureColumns},
    {"commands", "Commands", kCommandColumns},
});
static_assert(kTables.size() == NLB_TABLE_COUNT);

}  // namespace nlb
