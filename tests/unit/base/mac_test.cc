// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mac.h"

#include <gtest/gtest.h>

#include <array>

#include "base/text.h"

namespace nlb {
namespace {

constexpr MacAddress kMac(0x02BFC0A8020A);

TEST(MacAddress, GivesItsParts) {
  EXPECT_EQ(kMac.octet(0), 0x02);
  EXPECT_EQ(kMac.octet(5), 0x0A);
  EXPECT_EQ(kMac.prefix(), 0x02BF);
  EXPECT_EQ(kMac.tail(), 0xC0A8020Au);
}

TEST(MacAddress, IsWrittenAndReadInNetworkOrder) {
  std::array<uint8_t, 8> bytes{};
  kMac.Write(bytes.data() + 1);
  EXPECT_EQ(bytes, (std::array<uint8_t, 8>{0, 0x02, 0xBF, 0xC0, 0xA8, 0x02, 0x0A, 0}));
  EXPECT_EQ(MacAddress::Read(Bytes(bytes.data(), bytes.size()), 1), kMac);
}

TEST(MacAddress, KeepsSixOctetsOnly) { EXPECT_EQ(MacAddress(0xFFFF02BFC0A8020A), kMac); }

TEST(MacAddress, KnowsGroupsByTheirBit) {
  EXPECT_FALSE(kMac.is_group());
  EXPECT_TRUE(MacAddress(0x03BFC0A8020A).is_group());
  EXPECT_TRUE(MacAddress(0x01005E7F020A).is_group());
  EXPECT_TRUE(MacAddress(0xFFFFFFFFFFFF).is_broadcast());
  EXPECT_FALSE(MacAddress(0xFFFFFFFFFFFE).is_broadcast());
}

}  // namespace
}  // namespace nlb
