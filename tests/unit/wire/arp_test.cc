// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/arp.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/scenario.h"

namespace nlb::wire {
namespace {

using test::Octets;

std::string Dump(const std::optional<Claim>& claim) {
  if (!claim) return "none";
  return Text(claim->ip) + " at " + Text(claim->mac) + (claim->reply ? " (reply)" : "");
}

// The body behind the EtherType.
Octets Arp(bool reply) {
  const Octets frame =
      test::Bytes(test::Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10", .reply = reply});
  return Octets(frame.begin() + 14, frame.end());
}

std::string DumpArp(const Octets& body) {
  std::optional<Claim> claim;
  ParseArp(Bytes(body.data(), body.size()), claim);
  return Dump(claim);
}

TEST(Arp, TellsWhoClaimsWhat) {
  EXPECT_EQ(DumpArp(Arp(true)), "192.168.2.10 at 02:bf:c0:a8:02:0a (reply)");
  EXPECT_EQ(DumpArp(Arp(false)), "192.168.2.10 at 02:bf:c0:a8:02:0a");
}

TEST(Arp, IsTakenForEthernetAndIpv4Only) {
  for (size_t at = 0; at < 6; ++at) {
    Octets body = Arp(true);
    body[at] ^= 1;
    EXPECT_EQ(DumpArp(body), "none") << at;
  }
}

TEST(Arp, IsNotTakenWhenItWasCut) {
  const Octets body = Arp(true);
  for (size_t kept = 0; kept < 28; ++kept) {
    EXPECT_EQ(DumpArp(Octets(body.begin(), body.begin() + static_cast<ptrdiff_t>(kept))), "none");
  }
}

// ---- neighbour discovery ------------------------------------------------------------------------

const IpAddress kSource = IpAddress::V6(0xFE80000000000000, 7);
const IpAddress kTarget = IpAddress::V6(0x20010DB800000000, 1);

Octets Message(uint8_t type, std::initializer_list<Octets> options) {
  Octets icmp(24);
  icmp[0] = type;
  kTarget.Write(icmp.data() + 8);
  for (const Octets& option : options) icmp.insert(icmp.end(), option.begin(), option.end());
  return icmp;
}

IpPacket Packet(const Octets& icmp) {
  IpPacket ip;
  ip.source = kSource;
  ip.protocol = kIcmpv6;
  ip.ttl = 255;
  ip.transport = Bytes(icmp.data(), icmp.size());
  return ip;
}

std::string DumpNd(const Octets& icmp) { return Dump(ParseNeighborDiscovery(Packet(icmp))); }

const Octets kSourceOption = {1, 1, 2, 3, 4, 5, 6, 7};
const Octets kTargetOption = {2, 1, 12, 13, 14, 15, 16, 17};
const Octets kLongOption = {14, 2, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0};

TEST(NeighborDiscovery, TakesTheOptionThatBelongsToTheMessage) {
  EXPECT_EQ(DumpNd(Message(136, {kTargetOption})), "2001:db8::1 at 0c:0d:0e:0f:10:11 (reply)");
  EXPECT_EQ(DumpNd(Message(136, {kSourceOption, kTargetOption})),
            "2001:db8::1 at 0c:0d:0e:0f:10:11 (reply)");
  EXPECT_EQ(DumpNd(Message(135, {kSourceOption})), "fe80::7 at 02:03:04:05:06:07");
  EXPECT_EQ(DumpNd(Message(135, {kTargetOption})), "none");
  EXPECT_EQ(DumpNd(Message(136, {kSourceOption})), "none");
  EXPECT_EQ(DumpNd(Message(136, {})), "none");
}

TEST(NeighborDiscovery, StepsOverOptionsByTheirLength) {
  EXPECT_EQ(DumpNd(Message(136, {kLongOption, kTargetOption})),
            "2001:db8::1 at 0c:0d:0e:0f:10:11 (reply)");
}

TEST(NeighborDiscovery, IsDiscardedForAnOptionWithoutLength) {
  EXPECT_EQ(DumpNd(Message(136, {{14, 0, 0, 0, 0, 0, 0, 0}, kTargetOption})), "none");
}

TEST(NeighborDiscovery, EndsAtAnOptionThatLeavesThePacket) {
  EXPECT_EQ(DumpNd(Message(136, {{14, 255, 0, 0, 0, 0, 0, 0}, kTargetOption})), "none");
}

TEST(NeighborDiscovery, IsNothingElse) {
  for (const uint8_t type : {0, 133, 134, 137, 128}) {
    EXPECT_EQ(DumpNd(Message(type, {kSourceOption, kTargetOption})), "none") << int{type};
  }
}

TEST(NeighborDiscovery, TellsWhetherAProxyMaySpeak) {
  const auto claim = [](uint8_t type, uint8_t flags) {
    Octets icmp = Message(type, {kSourceOption, kTargetOption});
    icmp[4] = flags;
    icmp[5] = static_cast<uint8_t>(~flags);  // reserved
    return ParseNeighborDiscovery(Packet(icmp));
  };
  EXPECT_FALSE(claim(136, 0x20)->may_be_proxy);
  EXPECT_FALSE(claim(136, 0xE0)->may_be_proxy);
  EXPECT_TRUE(claim(136, 0x00)->may_be_proxy);
  EXPECT_TRUE(claim(136, 0xDF)->may_be_proxy);
  EXPECT_FALSE(claim(135, 0x00)->may_be_proxy) << "a question";
  EXPECT_EQ(claim(135, 0)->target, kTarget);
  EXPECT_EQ(claim(136, 0)->target, IpAddress());
}

TEST(NeighborDiscovery, IsDiscardedWhenARouterSentItOn) {
  const Octets icmp = Message(136, {kTargetOption});
  for (const uint8_t hop_limit : {0, 1, 254}) {
    IpPacket ip = Packet(icmp);
    ip.ttl = hop_limit;
    EXPECT_FALSE(ParseNeighborDiscovery(ip)) << int{hop_limit};
  }
}

TEST(NeighborDiscovery, IsNotTakenWhenItWasCut) {
  const Octets icmp = Message(136, {kTargetOption});
  for (size_t kept = 0; kept < icmp.size(); ++kept) {
    EXPECT_EQ(DumpNd(Octets(icmp.begin(), icmp.begin() + static_cast<ptrdiff_t>(kept))), "none");
  }
}

TEST(Arp, IsAReplyByItsOperationAlone) {
  Octets body = Arp(true);
  for (const int operation : {0, 1, 3, 4, 0x0102, 0x0200}) {
    body[6] = static_cast<uint8_t>(operation >> 8);
    body[7] = static_cast<uint8_t>(operation);
    EXPECT_EQ(DumpArp(body), "192.168.2.10 at 02:bf:c0:a8:02:0a") << operation;
  }
}

}  // namespace
}  // namespace nlb::wire
