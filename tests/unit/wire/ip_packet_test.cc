// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/ip_packet.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/text.h"
#include "support/scenario.h"

namespace nlb::wire {
namespace {

using test::Octets;

// "10.0.0.1 > 10.0.0.2 proto 17 ttl 64 id 1 fragment 0 of 28, carries 8"
std::string Dump(const std::optional<IpPacket>& ip) {
  if (!ip) return "none";
  char text[128];
  std::snprintf(text, sizeof text, " proto %u ttl %u id %u fragment %x of %u, carries %zu",
                unsigned{ip->protocol}, unsigned{ip->ttl}, unsigned{ip->id}, unsigned{ip->fragment},
                ip->total_length, ip->transport.size());
  return Text(ip->source) + " > " + Text(ip->destination) + text;
}

template <bool (*Parse)(Bytes, IpPacket&)>
std::optional<IpPacket> Parsed(const Octets& octets) {
  IpPacket ip;
  return Parse(Bytes(octets.data(), octets.size()), ip) ? std::optional(ip) : std::nullopt;
}

std::string V4(const Octets& octets) { return Dump(Parsed<ParseIpv4>(octets)); }
std::string V6(const Octets& octets) { return Dump(Parsed<ParseIpv6>(octets)); }

// 28 bytes: a header and 8 bytes of UDP.
Octets Ipv4() {
  return {0x45, 0, 0,  28, 0x12, 0x34, 0, 0, 64, 17, 0, 0, 10, 0,
          0,    1, 10, 0,  0,    2,    1, 2, 3,  4,  5, 6, 7,  8};
}

// ---- IPv4 ---------------------------------------------------------------------------------------

TEST(Ipv4, IsReadFromItsHeader) {
  EXPECT_EQ(V4(Ipv4()), "10.0.0.1 > 10.0.0.2 proto 17 ttl 64 id 4660 fragment 0 of 28, carries 8");
}

TEST(Ipv4, LeavesOptionsAndPaddingOut) {
  Octets options = Ipv4();
  options[0] = 0x46;
  EXPECT_EQ(V4(options), "10.0.0.1 > 10.0.0.2 proto 17 ttl 64 id 4660 fragment 0 of 28, carries 4");
  Octets padded = Ipv4();
  padded.resize(46);
  EXPECT_EQ(V4(padded), V4(Ipv4()));
}

TEST(Ipv4, KeepsOffsetAndMoreFragmentsAndNotDontFragment) {
  struct Row {
    uint8_t high, low;
    const char* expected;
    bool has_transport_header;
  };
  const Row rows[] = {
      {0x00, 0x00, "fragment 0 ", true},     {0x40, 0x00, "fragment 0 ", true},
      {0x20, 0x00, "fragment 2000 ", true},  {0x20, 0x05, "fragment 2005 ", false},
      {0x1F, 0xFF, "fragment 1fff ", false}, {0x80, 0x00, "fragment 0 ", true},
  };
  for (const Row& row : rows) {
    Octets packet = Ipv4();
    packet[6] = row.high;
    packet[7] = row.low;
    EXPECT_NE(V4(packet).find(row.expected), std::string::npos) << V4(packet);
    EXPECT_EQ(Parsed<ParseIpv4>(packet)->has_transport_header(), row.has_transport_header);
  }
}

TEST(Ipv4, TakesALengthOfZeroForSegmentationOffload) {
  Octets packet = Ipv4();
  packet[3] = 0;
  EXPECT_EQ(V4(packet), V4(Ipv4()));
}

TEST(Ipv4, GoesByItsOwnLengthWhenTheCaptureCutIt) {
  const Octets whole = Ipv4();
  for (size_t kept = 0; kept <= whole.size(); ++kept) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(kept));
    const std::string dump = V4(cut);
    if (kept < 20) {
      EXPECT_EQ(dump, "none") << kept;
    } else {
      EXPECT_NE(dump.find(" of 28, carries " + std::to_string(kept - 20)), std::string::npos);
    }
  }
}

TEST(Ipv4, IsRefusedWhenItsHeaderCannotBeRight) {
  const std::pair<size_t, uint8_t> rows[] = {
      {0, 0x65},  // version
      {0, 0x44},  // header of 16 bytes
      {0, 0x48},  // header longer than the packet
      {3, 19},    // total length below the header
  };
  for (const auto& [at, value] : rows) {
    Octets packet = Ipv4();
    packet[at] = value;
    EXPECT_EQ(V4(packet), "none") << at << " " << int{value};
  }
}

TEST(Ipv4, IsRefusedWhenTheCaptureEndsInItsOptions) {
  Octets packet = Ipv4();
  packet[0] = 0x46;
  packet.resize(24);
  EXPECT_EQ(V4(packet), "10.0.0.1 > 10.0.0.2 proto 17 ttl 64 id 4660 fragment 0 of 28, carries 0");
  packet.resize(23);
  EXPECT_EQ(V4(packet), "none");
}

// ---- IPv6 ---------------------------------------------------------------------------------------

Octets Ipv6(uint8_t next, std::initializer_list<Octets> parts) {
  Octets packet(40);
  packet[0] = 0x60;
  packet[6] = next;
  packet[7] = 64;
  packet[8] = packet[24] = 0x20;
  packet[23] = 1;
  packet[39] = 2;
  for (const Octets& part : parts) packet.insert(packet.end(), part.begin(), part.end());
  packet[5] = static_cast<uint8_t>(packet.size() - 40);
  return packet;
}

const Octets kPayload(8, 0x55);
const Octets kHopByHop = {60, 0, 0, 0, 0, 0, 0, 0};  // destination options follow
const Octets kDestination = {43, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};  // routing follows
const Octets kRouting = {17, 0, 0, 0, 0, 0, 0, 0};                              // UDP follows
constexpr const char* kEnds = "2000::1 > 2000::2";

TEST(Ipv6, IsReadFromItsHeader) {
  EXPECT_EQ(V6(Ipv6(17, {kPayload})),
            std::string(kEnds) + " proto 17 ttl 64 id 0 fragment 0 of 48, carries 8");
  Octets padded = Ipv6(17, {kPayload});
  padded.resize(60);
  EXPECT_EQ(V6(padded), V6(Ipv6(17, {kPayload})));
}

TEST(Ipv6, TakesALengthOfZeroForSegmentationOffload) {
  Octets packet = Ipv6(17, {kPayload});
  packet[5] = 0;
  EXPECT_EQ(V6(packet), V6(Ipv6(17, {kPayload})));
  packet[6] = 0;  // hop-by-hop options: a jumbogram
  EXPECT_EQ(Parsed<ParseIpv6>(packet)->transport.size(), 0u);
}

TEST(Ipv6, StepsOverExtensionHeaders) {
  EXPECT_EQ(V6(Ipv6(0, {kHopByHop, kDestination, kRouting, kPayload})),
            std::string(kEnds) + " proto 17 ttl 64 id 0 fragment 0 of 80, carries 8");
}

TEST(Ipv6, TakesNoFragmentFromOptions) {
  const Octets router_alert = {17, 0, 5, 2, 0, 0, 1, 0};  // RFC 2711
  EXPECT_EQ(V6(Ipv6(0, {router_alert, kPayload})),
            std::string(kEnds) + " proto 17 ttl 64 id 0 fragment 0 of 56, carries 8");
}

TEST(Ipv6, KeepsTheFragmentsPlace) {
  const Octets first = {17, 0, 0, 1, 0, 0, 0, 9}, last = {17, 0, 0x05, 0xA8, 0, 0, 0, 9};
  EXPECT_EQ(V6(Ipv6(44, {first, kPayload})),
            std::string(kEnds) + " proto 17 ttl 64 id 0 fragment 2000 of 56, carries 8");
  EXPECT_EQ(V6(Ipv6(44, {last, kPayload})),
            std::string(kEnds) + " proto 17 ttl 64 id 0 fragment b5 of 56, carries 8");
  const Octets packet = Ipv6(44, {last, kPayload});
  EXPECT_FALSE(Parsed<ParseIpv6>(packet)->has_transport_header());
}

TEST(Ipv6, EndsBeforeWhatIsEncryptedOrUnknown) {
  for (const uint8_t next : {50, 51, 59, 135, 200}) {
    EXPECT_EQ(V6(Ipv6(next, {kPayload})), std::string(kEnds) + " proto " + std::to_string(next) +
                                              " ttl 64 id 0 fragment 0 of 48, carries 8");
  }
}

TEST(Ipv6, EndsAtAnExtensionHeaderThatLeavesThePacket) {
  const Octets lies = {17, 255, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(V6(Ipv6(0, {lies})),
            std::string(kEnds) + " proto 17 ttl 64 id 0 fragment 0 of 48, carries 0");
  EXPECT_EQ(V6(Ipv6(0, {Octets(4)})),
            std::string(kEnds) + " proto 0 ttl 64 id 0 fragment 0 of 44, carries 4");
}

TEST(Ipv6, EndsForAChainOfExtensionHeaders) {
  Octets chain;
  for (int i = 0; i < 31; ++i) chain.insert(chain.end(), {0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_NE(V6(Ipv6(0, {chain})).find("proto 0 "), std::string::npos);
}

TEST(Ipv6, IsCutAtAnyByte) {
  const Octets whole = Ipv6(0, {kHopByHop, kDestination, kRouting, kPayload});
  for (size_t kept = 0; kept <= whole.size(); ++kept) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(kept));
    EXPECT_EQ(V6(cut) == "none", kept < 40) << kept;
    if (kept >= 40) {
      EXPECT_NE(V6(cut).find(" of 80, "), std::string::npos) << kept;
    }
  }
}

TEST(Ipv6, IsRefusedForAnotherVersion) {
  Octets packet = Ipv6(17, {kPayload});
  packet[0] = 0x40;
  EXPECT_EQ(V6(packet), "none");
}

TEST(Ipv4, MayCarryNothing) {
  Octets packet = Ipv4();
  packet[3] = 20;
  EXPECT_EQ(V4(packet), "10.0.0.1 > 10.0.0.2 proto 17 ttl 64 id 4660 fragment 0 of 20, carries 0");
  packet.resize(20);
  EXPECT_EQ(V4(packet), "10.0.0.1 > 10.0.0.2 proto 17 ttl 64 id 4660 fragment 0 of 20, carries 0");
}

TEST(Ipv6, MayCarryNothing) {
  EXPECT_EQ(V6(Ipv6(59, {})),
            std::string(kEnds) + " proto 59 ttl 64 id 0 fragment 0 of 40, carries 0");
}

TEST(Ipv6, KnowsNoLengthOfAJumbogram) {
  Octets packet = Ipv6(0, {kHopByHop, kPayload});
  packet[5] = 0;
  EXPECT_EQ(V6(packet), std::string(kEnds) + " proto 0 ttl 64 id 0 fragment 0 of 40, carries 0");
}

}  // namespace
}  // namespace nlb::wire
