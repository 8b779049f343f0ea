// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/summary.h"

#include "tables/layers.h"

namespace {

constexpr const char* kNotAnalysed = "(some frames not analysed)";
constexpr const char* kNothing = "(nothing was looked at: no frame is analysed)";

// Calls a function with the table; nothing happens without one, or when making one failed halfway.
template <typename Rows, typename Function>
auto With(Rows& rows, Function&& function) {
  using Result = decltype(function(std::get<1>(rows)));
  if (rows.valueless_by_exception()) return Result();
  return std::visit(
      [&](auto& table) -> Result {
        if constexpr (std::is_same_v<std::decay_t<decltype(table)>, std::monostate>) {
          return Result();
        } else {
          return function(table);
        }
      },
      rows);
}

// For a reader who comes once.
template <typename Table>
void Settle(Table& table) {
  if constexpr (requires { table.Settle(); }) {
    table.Settle();
  } else {
    table.grid().Sort();
  }
}

nlb_cell CellOf(const nlb::Cell& cell) {
  nlb_cell out{"", 0, 0.0};
  if (const auto* text = std::get_if<std::string>(&cell)) out.text = text->c_str();
  if (const auto* number = std::get_if<uint64_t>(&cell)) out.number = *number;
  if (const auto* real = std::get_if<double>(&cell)) out.real = *real;
  return out;
}

}  // namespace

void nlb_summary::Clear() {
  follows_ = false;
  looked_at_ = 0;
  has_remark_ = remark_is_new_ = false;
  switch (table_) {
    case NLB_TABLE_CLUSTERS:
      rows_.emplace<nlb::ClustersTable>();
      break;
    case NLB_TABLE_LOAD:
      rows_.emplace<nlb::LoadTable>();
      break;
    case NLB_TABLE_FINDINGS:
      rows_.emplace<nlb::FindingsTable>();
      break;
    case NLB_TABLE_ADDRESSES:
      rows_.emplace<nlb::AddressesTable>();
      break;
    case NLB_TABLE_CAPTURE:
      rows_.emplace<nlb::CaptureTable>();
      break;
    case NLB_TABLE_COMMANDS:
      rows_.emplace<nlb::CommandsTable>();
      break;
    case NLB_TABLE_COUNT:
      break;
  }
}

void nlb_summary::Add(const nlb::Capture& capture, const nlb_report& report) {
  if (rows_.valueless_by_exception()) Clear();
  if (nlb::IsLookedAt(report)) ++looked_at_;
  With(rows_, [&](auto& table) { table.Add(capture, report); });
  // The table of findings has the finding.
  if (table_ == NLB_TABLE_FINDINGS || has_remark_ || !capture.saw_other_links()) return;
  has_remark_ = remark_is_new_ = true;
}

size_t nlb_summary::grid_size() const {
  return With(rows_, [](const auto& table) { return table.grid().size(); });
}

size_t nlb_summary::row_count() const { return grid_size() + (has_remark_ ? 1 : 0); }

std::pair<size_t, size_t> nlb_summary::TakeChanges() {
  follows_ = true;
  auto changes = With(rows_, [](auto& table) { return table.grid().TakeChanges(); });
  const bool any = changes.first != changes.second;
  if (remark_is_new_ && !any) changes.first = grid_size();
  // A row that came before the last one moved that.
  if (remark_is_new_ || (has_remark_ && any)) changes.second = row_count();
  remark_is_new_ = false;
  return changes;
}

nlb_cell nlb_summary::At(size_t row, size_t column) {
  if (has_remark_ && row == grid_size()) {
    if (column > 0) return {"", 0, 0.0};
    return {looked_at_ > 0 ? kNotAnalysed : kNothing, 0, 0.0};
  }
  nlb_cell cell = With(rows_, [&](auto& table) {
    if (!follows_) Settle(table);
    const auto& grid = table.grid();
    const bool inside = row < grid.size() && column < grid.row(row).size();
    return inside ? CellOf(grid.row(row)[column]) : nlb_cell{};
  });
  if (!cell.text) cell.text = "";
  return cell;
}
