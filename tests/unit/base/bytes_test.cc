// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace nlb {
namespace {

constexpr std::array<uint8_t, 9> kData = {0x81, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88, 0x99};
constexpr Bytes kBytes(kData.data(), kData.size());

TEST(Bytes, ReadsBothByteOrders) {
  EXPECT_EQ(kBytes.U8(0), 0x81);
  EXPECT_EQ(kBytes.Be16(0), 0x8102);
  EXPECT_EQ(kBytes.Le16(0), 0x0281);
  EXPECT_EQ(kBytes.Be32(0), 0x81020304u);
  EXPECT_EQ(kBytes.Le32(0), 0x04030281u);
  EXPECT_EQ(kBytes.Be64(1), 0x0203040506078899u);
  EXPECT_EQ(kBytes.Le64(1), 0x9988070605040302u);
}

TEST(Bytes, HasWhatLiesWithinAndNothingElse) {
  EXPECT_TRUE(kBytes.Has(0, 9));
  EXPECT_TRUE(kBytes.Has(9, 0));
  EXPECT_FALSE(kBytes.Has(0, 10));
  EXPECT_FALSE(kBytes.Has(10, 0));
  EXPECT_FALSE(kBytes.Has(8, 2));
  EXPECT_FALSE(kBytes.Has(SIZE_MAX, 2));  // the sum would wrap
  EXPECT_FALSE(kBytes.Has(2, SIZE_MAX));
  EXPECT_FALSE(Bytes().Has(0, 1));
  EXPECT_TRUE(Bytes().Has(0, 0));
}

TEST(Bytes, CutsWithinItsEnds) {
  EXPECT_EQ(kBytes.From(7).size(), 2u);
  EXPECT_EQ(kBytes.From(7).U8(0), 0x88);
  EXPECT_TRUE(kBytes.From(9).empty());
  EXPECT_TRUE(kBytes.From(10).empty());
  EXPECT_TRUE(kBytes.From(SIZE_MAX).empty());
  EXPECT_EQ(kBytes.First(2).size(), 2u);
  EXPECT_EQ(kBytes.First(100).size(), 9u);
  EXPECT_TRUE(Bytes().First(3).empty());
}

}  // namespace
}  // namespace nlb
