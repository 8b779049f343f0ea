// SPDX-License-Identifier: GPL-2.0-or-later
//
// The one statistics table that a handle of the C face stands for.
#pragma once

#include <variant>

#include "tables/clusters_table.h"
#include "tables/findings_table.h"
#include "tables/load_table.h"

struct nlb_summary {
 public:
  explicit nlb_summary(nlb_table table) : table_(table) { Clear(); }

  void Clear();
  void Add(const nlb::Capture& capture, const nlb_report& report);
  size_t row_count() const;
  std::pair<size_t, size_t> TakeChanges();
  nlb_cell At(size_t row, size_t column);

 private:
  nlb_table table_;
  bool follows_ = false;  // somebody takes every change, and new rows stand behind the others
  std::variant<std::monostate, nlb::ClustersTable, nlb::LoadTable, nlb::FindingsTable> rows_;
};
