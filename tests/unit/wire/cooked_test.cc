// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/cooked.h"

#include <gtest/gtest.h>

#include <vector>

namespace nlb::wire {
namespace {

using Frame = std::vector<uint8_t>;

constexpr uint16_t kEther = 1, kLoopback = 772;

Frame Cooked(uint16_t type, uint16_t protocol = 0x0800, uint16_t hardware = kEther,
             uint8_t length = 6) {
  return {0,
          static_cast<uint8_t>(type),
          static_cast<uint8_t>(hardware >> 8),
          static_cast<uint8_t>(hardware),
          0,
          length,
          0x00,
          0x15,
          0x5D,
          0x01,
          0x02,
          0x03,
          0,
          0,
          static_cast<uint8_t>(protocol >> 8),
          static_cast<uint8_t>(protocol),
          0xAB};
}

Frame Cooked2(uint8_t type, uint8_t interface_index) {
  return {0x08, 0,    0,    0,    0, 0, 0,   interface_index, 0, kEther, type, 6, 0x00, 0x15,
          0x5D, 0x01, 0x02, 0x03, 0, 0, 0xAB};
}

Ethernet Parsed(const Frame& frame, bool second_version = false) {
  Ethernet seen;
  EXPECT_TRUE(ParseCooked(Bytes(frame.data(), frame.size()), second_version, seen));
  return seen;
}

bool Parses(const Frame& frame, bool second_version = false) {
  Ethernet seen;
  return ParseCooked(Bytes(frame.data(), frame.size()), second_version, seen);
}

TEST(Cooked, KeepsTheSenderAndTheProtocol) {
  const auto first = Cooked(kToUs), second = Cooked2(kToUs, 2);  // the payload points into them
  for (const Ethernet& seen : {Parsed(first), Parsed(second, true)}) {
    EXPECT_EQ(seen.source, MacAddress(0x00155D010203));
    EXPECT_EQ(seen.type, kTypeIpv4);
    EXPECT_EQ(seen.vlan.count, 0);
    ASSERT_EQ(seen.payload.size(), 1u);
    EXPECT_EQ(seen.payload.U8(0), 0xAB);
  }
}

TEST(Cooked, TheDestinationIsNoAddress) {
  for (const uint16_t type : {kToUs, kToGroup, kToOther, kFromUs}) {
    const MacAddress to = Parsed(Cooked(type)).destination;
    EXPECT_FALSE(to.is_seen());
    EXPECT_FALSE(to.is_group());
    EXPECT_EQ(IsToUs(to), type == kToUs);
    EXPECT_EQ(IsFromUs(to), type == kFromUs);
  }
  EXPECT_FALSE(IsToUs(MacAddress(0)));
  EXPECT_FALSE(IsFromUs(MacAddress(uint64_t{kFromUs} << 32)));
}

TEST(Cooked, TheDestinationTellsTheInterfaceWhereTheHeaderDoes) {
  EXPECT_EQ(Parsed(Cooked(kToUs)).destination, MacAddress::Unseen(kToUs, 0));
  EXPECT_EQ(Parsed(Cooked2(kToGroup, 2), true).destination, MacAddress::Unseen(kToGroup, 2));
}

TEST(Cooked, BroadcastIsKnown) {
  EXPECT_TRUE(Parsed(Cooked(kToAll)).destination.is_broadcast());
  EXPECT_TRUE(Parsed(Cooked(kToAll)).destination.is_seen());
}

TEST(Cooked, ToUsIsOneStationForAllSenders) {
  Frame other = Cooked(kToUs);
  other[11] = 0x77;
  EXPECT_EQ(Parsed(Cooked(kToUs)).destination, Parsed(other).destination);
  EXPECT_NE(Parsed(Cooked2(kToUs, 2), true).destination,
            Parsed(Cooked2(kToUs, 3), true).destination);
  EXPECT_NE(Parsed(Cooked(kToUs)).destination, Parsed(Cooked(kToGroup)).destination);
}

TEST(Cooked, ToOthersMayBeToAnybody) {
  for (const uint16_t type : {kToOther, kFromUs}) {
    Frame other = Cooked(type);
    EXPECT_EQ(Parsed(Cooked(type)).destination, Parsed(other).destination);
    other[11] = 0x77;
    EXPECT_NE(Parsed(Cooked(type)).destination, Parsed(other).destination);
  }
}

TEST(Cooked, TagsStandBehindTheHeader) {
  Frame tagged = Cooked(kToUs, 0x8100);
  tagged.pop_back();
  tagged.insert(tagged.end(), {0x00, 0x70, 0x08, 0x06, 0xCD});
  const Ethernet seen = Parsed(tagged);
  EXPECT_EQ(seen.vlan.ids, 0x70u);
  EXPECT_EQ(seen.type, kTypeArp);
  EXPECT_EQ(seen.payload.U8(0), 0xCD);
  tagged.resize(19);
  EXPECT_FALSE(Parses(tagged));
}

TEST(Cooked, ATunnelHasNoSender) {
  const Ethernet seen = Parsed(Cooked(kFromUs, 0x0800, 65534, 0));
  EXPECT_FALSE(seen.source.is_seen());
}

TEST(Cooked, LoopbackAndRadioAreNotRead) {
  EXPECT_FALSE(Parses(Cooked(kToUs, 0x0800, kLoopback)));
  EXPECT_FALSE(Parses(Cooked(kToUs, 0x0800, 803)));
  EXPECT_FALSE(Parses(Cooked(kToUs, 0x0800, kEther, 8)));
}

TEST(Cooked, EndsInsideTheHeader) {
  Frame first = Cooked(kToUs), second = Cooked2(kToUs, 2);
  first.resize(16);
  second.resize(20);
  EXPECT_TRUE(Parses(first));
  EXPECT_TRUE(Parses(second, true));
  first.resize(15);
  second.resize(19);
  EXPECT_FALSE(Parses(first));
  EXPECT_FALSE(Parses(second, true));
}

}  // namespace
}  // namespace nlb::wire
