// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/position_set.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

TEST(PositionSet, HasWhatWasAdded) {
  PositionSet set;
  EXPECT_FALSE(set.Has(0));
  for (const Position position : {3u, 63u, 64u, 65'535u}) {
    set.Add(position);
    EXPECT_TRUE(set.Has(position));
    EXPECT_FALSE(set.Has(position - 1) && position != 64);
    EXPECT_FALSE(set.Has(position + 1));
  }
  EXPECT_FALSE(set.Has(UINT32_MAX));
}

TEST(PositionSet, MayBeginAnywhere) {
  PositionSet set;
  set.Add(200'000);
  EXPECT_TRUE(set.Has(200'000));
  EXPECT_FALSE(set.Has(5));
  EXPECT_FALSE(set.Has(199'999));
}

TEST(PositionSet, KeepsLaterOnesWhenAnEarlierOneIsAdded) {
  PositionSet set;
  set.Add(200'000);
  set.Add(5);
  EXPECT_TRUE(set.Has(5));
  EXPECT_TRUE(set.Has(200'000));
  EXPECT_FALSE(set.Has(70'000));
}

}  // namespace
}  // namespace nlb
