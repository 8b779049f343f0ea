// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bounded_map.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

TEST(BoundedMap, KeepsWhatWasLearntFirstWhenItIsFull) {
  BoundedMap<uint64_t, int> map(2);
  *map.FindOrAdd(1) = 10;
  *map.FindOrAdd(2) = 20;
  EXPECT_FALSE(map.overflowed());
  EXPECT_EQ(*map.FindOrAdd(1), 10);
  EXPECT_FALSE(map.overflowed()) << "nothing was refused";
  EXPECT_EQ(map.FindOrAdd(3), nullptr);
  EXPECT_TRUE(map.overflowed());
  EXPECT_EQ(*map.FindOrAdd(1), 10);
  EXPECT_TRUE(map.overflowed());
  EXPECT_EQ(*map.Find(2), 20);
  EXPECT_EQ(map.Find(3), nullptr);
  EXPECT_EQ(map.size(), 2u);
}

TEST(BoundedMap, StartsValuesAtTheirDefault) {
  BoundedMap<uint64_t, int> map(1);
  EXPECT_EQ(*map.FindOrAdd(1), 0);
}

TEST(BoundedMap, KeepsTheAddressOfAValueWhileItGrows) {
  BoundedMap<uint64_t, int> map(10'000);
  int* first = map.FindOrAdd(0);
  for (uint64_t key = 1; key < 10'000; ++key) map.FindOrAdd(key);
  EXPECT_EQ(map.Find(0), first);
}

// A key whose hash is a bad one: all keys fall into one place.
struct Colliding {
  int number = 0;
  uint64_t Hash(uint64_t /*salt*/) const { return 7; }
  bool operator==(const Colliding&) const = default;
};

TEST(BoundedMap, KeepsKeysOfOneHashApart) {
  BoundedMap<Colliding, int> map(3);
  *map.FindOrAdd({1}) = 10;
  EXPECT_EQ(map.Find({2}), nullptr);
  *map.FindOrAdd({2}) = 20;
  EXPECT_EQ(*map.Find({1}), 10);
  EXPECT_EQ(*map.Find({2}), 20);
}

}  // namespace
}  // namespace nlb
