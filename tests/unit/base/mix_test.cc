// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mix.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

// A multiplication or a shift that loses bits would let keys fall together.
TEST(Mix, MixesEveryBitOfAKey) {
  EXPECT_NE(Mix(1), Mix(2));
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t changed = Mix(0x123456789ABCDEF) ^ Mix(0x123456789ABCDEF ^ uint64_t{1} << bit);
    EXPECT_GE(__builtin_popcountll(changed), 16) << bit;
    EXPECT_NE(changed & 0xFFFF, 0u) << bit;
  }
}

}  // namespace
}  // namespace nlb
