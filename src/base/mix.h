// SPDX-License-Identifier: GPL-2.0-or-later
//
// How keys are hashed, word by word: the hash so far, a secret salt at first, goes into each step.
#pragma once

#include <cstdint>

namespace nlb {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
  x = (x ^ x >> 27) * 0x94D049BB133111EB;
  return x ^ x >> 31;
}

}  // namespace nlb
