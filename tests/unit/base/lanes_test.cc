// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/lanes.h"

#include <gtest/gtest.h>

namespace nlb::test {
namespace {

TEST(Lanes, HoldANumberInWhicheverPlace) {
  for (const uint16_t number : {0x0000, 0x0001, 0x0100, 0x7FFF, 0x8000, 0xFFFF}) {
    for (size_t place = 0; place < Lanes().size(); ++place) {
      Lanes lanes;
      lanes.fill(static_cast<uint16_t>(number ^ 0x0101));
      EXPECT_FALSE(Holds(lanes, number));
      EXPECT_FALSE(HoldsOneByOne(lanes, number));
      lanes[place] = number;
      EXPECT_TRUE(Holds(lanes, number));
      EXPECT_TRUE(HoldsOneByOne(lanes, number));
    }
  }
}

// Two neighbours that have half of the number each do not have it.
TEST(Lanes, HoldNoNumberAcrossTwoPlaces) {
  const Lanes lanes = {0x1234, 0x5678, 0x1234, 0x5678, 0x1234, 0x5678, 0x1234, 0x5678};
  for (const uint16_t number : {0x3412, 0x3456, 0x7812, 0x5612}) {
    EXPECT_FALSE(Holds(lanes, number));
    EXPECT_FALSE(HoldsOneByOne(lanes, number));
  }
}

}  // namespace
}  // namespace nlb::test
