// SPDX-License-Identifier: GPL-2.0-or-later
//
// One bit per record: 125 KB per million records of the capture, in blocks that are made when the
// first of their bits is set. A capture may begin at any number.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "state/frame_index.h"

namespace nlb {

class PositionSet {
 public:
  void Add(Position position) {
    const size_t at = position / kPerBlock;
    if (at >= blocks_.size()) blocks_.resize(at + 1);
    if (!blocks_[at]) blocks_[at] = std::make_unique<Block>();
    (*blocks_[at])[position % kPerBlock / 64] |= uint64_t{1} << (position % 64);
    end_ = std::max(end_, uint64_t{position} + 1);
  }
  bool Has(Position position) const {
    if (position >= end_) return false;
    const size_t at = position / kPerBlock;
    if (!blocks_[at]) return false;
    return ((*blocks_[at])[position % kPerBlock / 64] >> (position % 64) & 1) != 0;
  }

 private:
  static constexpr size_t kPerBlock = 65536;
  using Block = std::array<uint64_t, kPerBlock / 64>;

  std::vector<std::unique_ptr<Block>> blocks_;
  uint64_t end_ = 0;  // behind the last one: a capture that is read asks for later ones only
};

}  // namespace nlb
