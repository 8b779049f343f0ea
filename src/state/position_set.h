// SPDX-License-Identifier: GPL-2.0-or-later
//
// One bit per record: 125 KB per million records of the capture.
#pragma once

#include <cstdint>
#include <vector>

#include "state/frame_index.h"

namespace nlb {

class PositionSet {
 public:
  void Add(Position position) {
    const size_t word = position / 64;
    if (word >= words_.size()) words_.resize(word + 1);
    words_[word] |= uint64_t{1} << (position % 64);
  }
  bool Has(Position position) const {
    const size_t word = position / 64;
    return word < words_.size() && (words_[word] >> (position % 64) & 1) != 0;
  }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace nlb
