// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/ip.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "support/scenario.h"

namespace nlb {
namespace {

IpAddress Address(std::string_view text) {
  const test::Octets octets = test::Ip(text);
  const Bytes bytes(octets.data(), octets.size());
  return octets.size() == 4 ? IpAddress::ReadV4(bytes, 0) : IpAddress::ReadV6(bytes, 0);
}

TEST(IpAddress, TellsUnicastFromTheRest) {
  struct Row {
    const char* text;
    const char* kind;
  };
  const Row rows[] = {
      {"192.168.2.10", "unicast"},
      {"0.0.0.0", "unspecified"},
      {"255.255.255.255", "broadcast"},
      {"223.255.255.255", "unicast"},
      {"224.0.0.1", "multicast"},
      {"239.255.2.10", "multicast"},
      {"240.0.0.1", "unicast"},
      {"2001:db8::1", "unicast"},
      {"::", "unspecified"},
      {"::1", "unicast"},
      {"ff02::1", "multicast"},
      {"fe80::1", "unicast"},
      {"2001:db8::", "unicast"},
      {"2001:db8::ffff:ffff", "unicast"},
  };
  for (const Row& row : rows) {
    const IpAddress ip = Address(row.text);
    const std::string kind =
        std::string(ip.is_unicast() ? "unicast" : "") + (ip.is_multicast() ? "multicast" : "") +
        (ip.is_broadcast() ? "broadcast" : "") + (ip.is_unspecified() ? "unspecified" : "");
    EXPECT_EQ(kind, row.kind) << row.text;
  }
}

TEST(IpAddress, IsNoneUntilItIsGiven) {
  EXPECT_EQ(IpAddress().version(), 0);
  EXPECT_FALSE(IpAddress().is_unicast());
  EXPECT_NE(IpAddress(), IpAddress::V4(0));
  EXPECT_NE(IpAddress::V4(1), IpAddress::V6(0, 1));
}

TEST(IpAddress, HashesToNumbersThatDiffer) {
  EXPECT_EQ(Address("192.168.2.10").Hash(7), Address("192.168.2.10").Hash(7));
  const IpAddress addresses[] = {IpAddress(),         IpAddress::V4(0),    IpAddress::V4(1),
                                 IpAddress::V6(0, 1), IpAddress::V6(1, 0), IpAddress::V6(0, 0)};
  for (const IpAddress& one : addresses) {
    for (const IpAddress& other : addresses) EXPECT_EQ(one == other, one.Hash(7) == other.Hash(7));
  }
}

// Who knows the hash, but not the salt, cannot choose addresses that collide: with the low half
// computed from the high one all of these had one hash when the salt went in behind the key.
TEST(IpAddress, KeepsApartWhatWouldCollideWithoutTheSalt) {
  std::set<uint64_t> unsalted, salted;
  for (uint64_t i = 0; i < 1000; ++i) {
    const uint64_t high = 0x20010DB800000000 + i;
    const IpAddress chosen = IpAddress::V6(high, Mix(high ^ 6));
    unsalted.insert(chosen.Hash(0));
    salted.insert(chosen.Hash(0x123456789ABCDEF));
  }
  EXPECT_EQ(unsalted.size(), 1u);
  EXPECT_EQ(salted.size(), 1000u);
}

TEST(IpAddress, IsWrittenInNetworkOrder) {
  for (const char* text : {"192.168.2.10", "2001:db8:1:2:3:4:5:6"}) {
    const test::Octets expected = test::Ip(text);
    test::Octets written(expected.size());
    written.push_back(0xAA);  // not its own
    Address(text).Write(written.data());
    EXPECT_EQ(written.back(), 0xAA);
    written.pop_back();
    EXPECT_EQ(written, expected);
  }
}

// PowerShell's Get-NlbClusterDriverInfo shows one IPv6 cluster with its MAC: the XOR of the
// address's words.
TEST(IpAddress, GivesTheFourBytesThatItsClusterMacsAreMadeOf) {
  EXPECT_EQ(Address("192.168.2.10").mac_tail(), 0xC0A8020Au);
  EXPECT_EQ(Address("2001:db8::1").mac_tail(), 0x20010DB8u ^ 1u);
  EXPECT_EQ(Address("1:2:3:4:5:6:7:8").mac_tail(),
            0x00010002u ^ 0x00030004u ^ 0x00050006u ^ 0x00070008u);
}

}  // namespace
}  // namespace nlb
