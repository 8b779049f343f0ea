// SPDX-License-Identifier: GPL-2.0-or-later
//
// Rows of a statistics table with a key, and the range that changed since somebody last looked.
// Knows no meaning: cells are text or numbers. Bounded: a full grid takes no new row.
//
// A new row stands behind the others until Sort(), which happens by itself after as many changes as
// there are rows: whoever draws what changed after every packet draws each row a few times, and not
// all of them for every row that is new. A small grid is sorted at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
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
  static constexpr size_t kMaxRows = 4096;
  static constexpr size_t kSmall = 64;

  // Inserts or replaces a row.
  void Put(const Key& key, Cells cells) {
    const auto found = places_.find(key);
    if (found != places_.end()) {
      rows_[found->second].second = std::move(cells);
      Touch(found->second);
    } else if (rows_.size() < kMaxRows) {
      if (!rows_.empty() && key < rows_.back().first) sorted_ = false;
      // What may run out of memory comes first: a place without its row would be read.
      Row row{key, std::move(cells)};
      if (rows_.size() == rows_.capacity()) rows_.reserve(std::max<size_t>(8, 2 * rows_.size()));
      places_.emplace(key, rows_.size());
      rows_.push_back(std::move(row));
      Touch(rows_.size() - 1);
    }
    if (!sorted_ && (rows_.size() <= kSmall || ++changes_unsorted_ >= rows_.size())) Sort();
  }
  // Whether Put() would take the row: for cells that are dear to make.
  bool Takes(const Key& key) const { return rows_.size() < kMaxRows || places_.contains(key); }
  // Replaces one cell of a row that is there.
  void PutCell(const Key& key, size_t column, Cell cell) {
    const auto found = places_.find(key);
    if (found == places_.end() || rows_[found->second].second[column] == cell) return;
    rows_[found->second].second[column] = std::move(cell);
    Touch(found->second);
  }
  // The last row takes its place.
  void Erase(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    const size_t place = found->second;
    const size_t last = rows_.size() - 1;
    places_.erase(found);
    if (place != last) {
      rows_[place] = std::move(rows_[last]);
      places_[rows_[place].first] = place;
      sorted_ = false;
    }
    rows_.pop_back();
    Touch(place);
    Touch(last);
    if (rows_.size() <= kSmall) Sort();
  }
  // By the key.
  void Sort() {
    changes_unsorted_ = 0;
    if (std::exchange(sorted_, true)) return;
    const auto by_key = [](const Row& a, const Row& b) { return a.first < b.first; };
    const auto tail = std::is_sorted_until(rows_.begin(), rows_.end(), by_key);
    if (tail == rows_.end()) return;
    const Row& lowest = *std::min_element(tail, rows_.end(), by_key);
    const auto moved = std::lower_bound(rows_.begin(), tail, lowest, by_key) - rows_.begin();
    std::sort(rows_.begin() + moved, rows_.end(), by_key);
    for (size_t i = static_cast<size_t>(moved); i < rows_.size(); ++i) places_[rows_[i].first] = i;
    Touch(static_cast<size_t>(moved));
    Touch(rows_.size() - 1);
  }
  template <typename Predicate>
  void EraseIf(Predicate is_gone) {
    std::vector<Key> gone;
    for (const Row& row : rows_) {
      if (is_gone(row.first)) gone.push_back(row.first);
    }
    for (const Key& key : gone) Erase(key);
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
  void Touch(size_t row) {
    const bool none = first_changed_ == end_changed_;
    first_changed_ = none ? row : std::min(first_changed_, row);
    end_changed_ = none ? row + 1 : std::max(end_changed_, row + 1);
  }

  std::vector<Row> rows_;
  std::map<Key, size_t> places_;
  bool sorted_ = true;
  size_t changes_unsorted_ = 0;
  size_t first_changed_ = 0;
  size_t end_changed_ = 0;
};

}  // namespace nlb
