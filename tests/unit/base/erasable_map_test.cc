// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/erasable_map.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

TEST(ErasableMap, HasRoomAgainAfterAnErasure) {
  ErasableMap<uint64_t, int> map(1);
  map.FindOrAdd(1);
  map.Erase(1);
  map.Erase(7);
  EXPECT_EQ(map.Find(1), nullptr);
  EXPECT_NE(map.FindOrAdd(2), nullptr);
  EXPECT_EQ(map.FindOrAdd(1), nullptr) << "it is full";
}

}  // namespace
}  // namespace nlb
