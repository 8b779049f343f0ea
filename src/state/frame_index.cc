// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/frame_index.h"

#include <algorithm>
#include <cstdint>

namespace nlb {

Position FrameIndex::AddBehindHidden(uint32_t number) {
  if (last_ == UINT32_MAX)
    return last_;  // four billion records: from here on they share one position
  const Position usual = PositionOf(number);
  if (usual <= last_) {
    Hide(usual, last_ + 1);
    return ++last_;
  }
  return last_ = usual;
}

Position FrameIndex::PositionBehindHidden(uint32_t number) const {
  // The last run that starts at or before the number, both counted without hidden records.
  const auto after = std::upper_bound(
      runs_.begin(), runs_.end(), number,
      [](uint32_t n, const Run& run) { return n < run.first - run.hidden_before; });
  if (after == runs_.begin()) return number;
  const Run& run = *(after - 1);
  return number + run.hidden_before + run.length;
}

std::optional<uint32_t> FrameIndex::NumberOf(Position position) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), position,
                                      [](Position p, const Run& run) { return p < run.first; });
  if (after == runs_.begin()) return position;
  const Run& run = *(after - 1);
  if (position - run.first < run.length) return std::nullopt;
  return position - run.hidden_before - run.length;
}

void FrameIndex::Hide(Position first, Position end) {
  while (!runs_.empty() && runs_.back().first >= first) runs_.pop_back();
  if (!runs_.empty() && runs_.back().first + runs_.back().length >= first) {
    runs_.back().length = end - runs_.back().first;
    return;
  }
  const uint32_t before = runs_.empty() ? 0 : runs_.back().hidden_before + runs_.back().length;
  runs_.push_back({first, end - first, before});
}

}  // namespace nlb
