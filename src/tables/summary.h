// SPDX-License-Identifier: GPL-2.0-or-later
//
// The one statistics table that a handle of the C face stands for.
#pragma once

#include <variant>

#include "tables/addresses_table.h"
#include "tables/capture_table.h"
#include "tables/clusters_table.h"
#include "tables/commands_table.h"
#include "tables/findings_table.h"
#include "tables/load_table.h"

struct nlb_summary {
 public:
  explicit nlb_summary(nlb_table table) : table_(table) { Clear(); }

  void Clear();
  void Add(const nlb::Capture& capture, const nlb_report& report);
  size_t row_count() const;
  uint64_t looked_at() const { return looked_at_; }  // records that were analysed
  std::pair<size_t, size_t> TakeChanges();
  nlb_cell At(size_t row, size_t column);

 private:
  size_t grid_size() const;

  nlb_table table_;
  bool follows_ = false;  // somebody takes every change, and new rows stand behind the others
  std::variant<std::monostate, nlb::ClustersTable, nlb::LoadTable, nlb::FindingsTable,
               nlb::AddressesTable, nlb::CaptureTable, nlb::CommandsTable>
      rows_;
  uint64_t looked_at_ = 0;
  // The last row says that the capture has more than the table: an empty one proves nothing.
  bool has_remark_ = false;
  bool remark_is_new_ = false;
};
