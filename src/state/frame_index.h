// SPDX-License-Identifier: GPL-2.0-or-later
//
// Frame numbers are not identities: with a read filter (tshark -2 -R) each hidden frame's number is
// given to the next one. A Position is the index of a record in the order of feeding, hidden or
// not, and never repeats; state refers to frames by it. Numbers and positions differ by the hidden
// records before, kept as runs: no run, no memory, for every capture that is read without such a
// filter.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace nlb {

using Position = uint32_t;  // 1 is the first; 0 means "no frame"

// Whether something that is known to have come first at `since` was known at a position.
constexpr bool Happened(Position since, Position at) { return since != 0 && since <= at; }

class FrameIndex {
 public:
  // The position of a record that is fed for the first time. A number that is not higher than the
  // last one says that the records from that number on were hidden.
  Position Add(uint32_t number) {
    if (runs_.empty() && number > last_) return last_ = number;  // no read filter
    return AddBehindHidden(number);
  }

  // The position of the frame the user sees under this number.
  Position PositionOf(uint32_t number) const {
    return runs_.empty() ? number : PositionBehindHidden(number);
  }
  bool hides_records() const { return !runs_.empty(); }
  // The number of a position; nothing when that record is hidden.
  std::optional<uint32_t> NumberOf(Position position) const;

 private:
  struct Run {
    Position first = 0;
    uint32_t length = 0;
    uint32_t hidden_before = 0;  // hidden records in all earlier runs
  };

  Position AddBehindHidden(uint32_t number);
  Position PositionBehindHidden(uint32_t number) const;
  void Hide(Position first, Position end);

  std::vector<Run> runs_;  // ascending, disjoint, not adjacent
  Position last_ = 0;
};

}  // namespace nlb
