// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/ethernet.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/scenario.h"

namespace nlb::wire {
namespace {

using test::Octets;

// "00:..:02 < 00:..:01 vlan 10 20 type 800, 3 bytes"
std::string Dump(const Octets& frame, size_t captured = SIZE_MAX) {
  Ethernet e;
  if (!ParseEthernet(Bytes(frame.data(), std::min(captured, frame.size())), e)) return "none";
  std::string text = Text(e.destination) + " < " + Text(e.source);
  for (int i = e.vlan.count - 1; i >= 0; --i) {
    text += " vlan " + std::to_string(e.vlan.ids >> (16 * i) & 0xFFFF);
  }
  char type[16];
  std::snprintf(type, sizeof type, " type %x", unsigned{e.type});
  return text + type + (e.type < kLowestType ? " llc" : "") + ", " +
         std::to_string(e.payload.size());
}

const Octets kMacs = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};

Octets Frame(std::initializer_list<uint8_t> rest) {
  Octets frame = kMacs;
  frame.insert(frame.end(), rest);
  return frame;
}

constexpr const char* kHeads = "02:03:04:05:06:07 < 08:09:0a:0b:0c:0d";

TEST(Ethernet, ReadsTypesAndTags) {
  struct Row {
    Octets frame;
    const char* expected;
  };
  const Row rows[] = {
      {Frame({8, 0, 1, 2, 3}), " type 800, 3"},
      {Frame({8, 0}), " type 800, 0"},
      {Frame({0x81, 0, 0xE0, 10, 8, 6}), " vlan 10 type 806, 0"},  // priority bits are no ID
      {Frame({0x81, 0, 0xFF, 0xFF, 8, 6}), " vlan 4095 type 806, 0"},
      {Frame({0x88, 0xA8, 0, 10, 0x81, 0, 0, 20, 8, 0, 9}), " vlan 10 vlan 20 type 800, 1"},
      {Frame({0x91, 0, 0, 1, 0x91, 0, 0, 2, 0x81, 0, 0, 3, 0x81, 0, 0, 4, 8, 0}),
       " vlan 1 vlan 2 vlan 3 vlan 4 type 800, 0"},
      {Frame({0x86, 0xDD, 0x60, 0, 0, 0}), " type 86dd, 4"},
      {Frame({0x88, 0x6F, 0xBF, 1, 0xDE, 0xC0}), " type 886f, 4"},
      {Frame({0, 38, 0xAA, 0xAA}), " type 26 llc, 2"},
      {Frame({5, 0xFF}), " type 5ff llc, 0"},
      {Frame({6, 0}), " type 600, 0"},
      {Frame({0x81, 0, 0, 7, 0, 38, 1}), " vlan 7 type 26 llc, 1"},
      {Frame({0x81, 0, 0xA0, 0, 8, 0, 1}), " type 800, 1"},  // a priority and no VLAN
      {Frame({0x88, 0xA8, 0, 10, 0x81, 0, 0xA0, 0, 8, 0}), " vlan 10 type 800, 0"},
  };
  for (const Row& row : rows) EXPECT_EQ(Dump(row.frame), std::string(kHeads) + row.expected);
}

TEST(Ethernet, IgnoresTagsBehindTheFourth) {
  Octets frame = kMacs;
  for (uint8_t id = 1; id <= 100; ++id) frame.insert(frame.end(), {0x81, 0, 0, id});
  frame.insert(frame.end(), {8, 0, 1});
  EXPECT_EQ(Dump(frame), std::string(kHeads) + " vlan 1 vlan 2 vlan 3 vlan 4 type 800, 1");
}

TEST(Ethernet, GivesNothingWhenTheCaptureEndsInTheHeader) {
  const std::pair<Octets, size_t> rows[] = {
      {Frame({8, 0, 1}), 14},
      {Frame({0x81, 0, 0, 1, 8, 0, 1}), 18},
      {Frame({0x88, 0xA8, 0, 1, 0x81, 0, 0, 2, 8, 0, 1}), 22},
  };
  for (const auto& [frame, header] : rows) {
    for (size_t kept = 0; kept <= frame.size(); ++kept) {
      EXPECT_EQ(Dump(frame, kept) == "none", kept < header) << kept << " of " << header;
    }
  }
}

TEST(Ethernet, TellsVlansApartByTheInnerTagsThatBothFramesHave) {
  const VlanStack none{}, inner{10, 1}, outer{100, 1}, both{100 << 16 | 10, 2};
  EXPECT_TRUE(InDifferentVlans(inner, outer));
  EXPECT_TRUE(InDifferentVlans(outer, both));
  EXPECT_TRUE(InDifferentVlans(both, {101 << 16 | 10, 2}));
  EXPECT_TRUE(InDifferentVlans({uint64_t{1} << 48, 4}, {uint64_t{2} << 48, 4}));
  EXPECT_FALSE(InDifferentVlans(inner, both));
  EXPECT_FALSE(InDifferentVlans(both, both));
  EXPECT_FALSE(InDifferentVlans(none, both));
  EXPECT_FALSE(InDifferentVlans(none, none));
}

TEST(Ethernet, TellsTagsFromNoTags) { EXPECT_NE((VlanStack{0, 0}), (VlanStack{0, 1})); }

}  // namespace
}  // namespace nlb::wire
