// SPDX-License-Identifier: GPL-2.0-or-later
//
// Rows of a statistics table, kept sorted by a key, with the range that changed since somebody last
// looked. Knows no meaning: cells are text or numbers. Bounded: a full grid takes no new row.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nlb {

using Cell = std::variant<std::string, uint64_t, double>;
using Cells = std::vector<Cell>;

// Moved into their places: a vector of an initializer list copies its cells, and where a copy runs
// out of memory libstdc++ 12 destroys a cell that was never made.
template <typename... Values>
Cells CellsOf(Values&&... values) {
  Cells cells;
  cells.reserve(sizeof...(values));
  (cells.emplace_back(std::forward<Values>(values)), ...);
  return cells;
}

template <typename Key>
class Grid {
 public:
  static constexpr size_t kMostRows = 4096;

  // Inserts or replaces a row.
  void Put(const Key& key, Cells cells) {
    const auto at = std::lower_bound(rows_.begin(), rows_.end(), key, ByKey{});
    const size_t index = static_cast<size_t>(at - rows_.begin());
    if (at != rows_.end() && at->first == key) {
      at->second = std::move(cells);
      Touch(index, index + 1);
    } else if (rows_.size() < kMostRows) {
      rows_.insert(at, {key, std::move(cells)});
      Touch(index, rows_.size());  // the rows behind moved down
    }
  }
  // Whether Put() would take the row: for cells that are dear to make.
  bool Takes(const Key& key) const {
    return rows_.size() < kMostRows || std::binary_search(rows_.begin(), rows_.end(), key, ByKey{});
  }
  // Replaces one cell of a row that is there.
  void PutCell(const Key& key, size_t column, Cell cell) {
    const auto at = std::lower_bound(rows_.begin(), rows_.end(), key, ByKey{});
    if (at == rows_.end() || at->first != key || at->second[column] == cell) return;
    at->second[column] = std::move(cell);
    const size_t index = static_cast<size_t>(at - rows_.begin());
    Touch(index, index + 1);
  }
  void Erase(const Key& key) {
    const size_t before = rows_.size();
    const auto gone = std::erase_if(rows_, [&](const Row& row) { return row.first == key; });
    if (gone > 0) Touch(0, before);
  }

  size_t size() const { return rows_.size(); }
  const Cells& row(size_t index) const { return rows_[index].second; }

  // [first, end) changed since the last call.
  std::pair<size_t, size_t> TakeChanges() {
    const std::pair<size_t, size_t> changes{first_changed_, end_changed_};
    first_changed_ = end_changed_ = 0;
    return changes;
  }

 private:
  using Row = std::pair<Key, Cells>;
  struct ByKey {
    bool operator()(const Row& row, const Key& key) const { return row.first < key; }
    bool operator()(const Key& key, const Row& row) const { return key < row.first; }
  };

  void Touch(size_t first, size_t end) {
    const bool none = first_changed_ == end_changed_;
    first_changed_ = none ? first : std::min(first_changed_, first);
    end_changed_ = none ? end : std::max(end_changed_, end);
  }

  std::vector<Row> rows_;
  size_t first_changed_ = 0;
  size_t end_changed_ = 0;
};

}  // namespace nlb
