// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/address_filter.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace nlb {
namespace {

std::unique_ptr<AddressFilter> Empty() { return std::make_unique<AddressFilter>(); }

TEST(AddressFilter, HoldsWhatWasAddedAndNothingElse) {
  const auto filter = Empty();
  filter->Add(IpAddress::V4(0xC0A8020A));
  EXPECT_TRUE(filter->MayHold(0xC0A8020A));
  int others = 0;
  for (uint32_t address = 0; address < 1'000'000; ++address) others += filter->MayHold(address);
  EXPECT_EQ(others, 0);
}

TEST(AddressFilter, LosesNothingWhenItIsFull) {
  const auto filter = Empty();
  for (uint32_t i = 0; i < 70'000; ++i) filter->Add(IpAddress::V4(0x0A000000 + i));
  for (uint32_t i = 0; i < 70'000; ++i) ASSERT_TRUE(filter->MayHold(0x0A000000 + i)) << i;
}

TEST(AddressFilter, TellsMostOthersApartByOneBitWhenItIsFull) {
  std::mt19937 random(7);
  const auto filter = Empty();
  for (int i = 0; i < 66'000; ++i) filter->Add(IpAddress::V4(static_cast<uint32_t>(random())));
  int others = 0;
  for (int i = 0; i < 10'000; ++i) others += filter->MayHold(static_cast<uint32_t>(random()));
  EXPECT_LT(others, 7'000);  // 1 - 1/e of all bits are set
}

}  // namespace
}  // namespace nlb
