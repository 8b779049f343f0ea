// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/time.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

constexpr int64_t kLowest = INT64_MIN, kHighest = INT64_MAX;

TEST(Time, SubtractsAndSaturates) {
  EXPECT_EQ((Timestamp{5} - Timestamp{3}).count(), 2);
  EXPECT_EQ((Timestamp{3} - Timestamp{5}).count(), -2);
  EXPECT_EQ((Timestamp{kHighest} - Timestamp{-1}).count(), kHighest);
  EXPECT_EQ((Timestamp{kLowest} - Timestamp{1}).count(), kLowest);
  EXPECT_EQ((Timestamp{kLowest} - Timestamp{kHighest}).count(), kLowest);
  EXPECT_EQ((Timestamp{kHighest} - Timestamp{kHighest}).count(), 0);
}

TEST(Time, AddsAndSaturates) {
  EXPECT_EQ(Sum(Duration(2), Duration(-3)).count(), -1);
  EXPECT_EQ(Sum(Duration(kHighest), Duration(1)).count(), kHighest);
  EXPECT_EQ(Sum(Duration(kLowest), Duration(-1)).count(), kLowest);
}

TEST(Time, SubtractsDurationsAndSaturates) {
  EXPECT_EQ(Difference(Duration(2), Duration(3)).count(), -1);
  EXPECT_EQ(Difference(Duration(kHighest), Duration(-1)).count(), kHighest);
  EXPECT_EQ(Difference(Duration(-2), Duration(kHighest)).count(), kLowest);
}

TEST(Time, MeasuresDistancesThatAreNeverNegative) {
  EXPECT_EQ(AbsDiff({5}, {3}).count(), 2);
  EXPECT_EQ(AbsDiff({3}, {5}).count(), 2);
  EXPECT_EQ(AbsDiff({kLowest}, {kHighest}).count(), kHighest);
  EXPECT_EQ(AbsDiff({kHighest}, {kLowest}).count(), kHighest);
}

}  // namespace
}  // namespace nlb
