// SPDX-License-Identifier: GPL-2.0-or-later
//
// Who claims which IP address: ARP (RFC 826) for IPv4, Neighbour Advertisement and Solicitation
// (RFC 4861) for IPv6. Both say "this IP stands behind this hardware address", so both become one
// Claim.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/ip.h"
#include "base/mac.h"
#include "wire/ip_packet.h"

namespace nlb::wire {

struct Claim {
  IpAddress ip;    // sender protocol address, or ND target
  MacAddress mac;  // sender hardware address, or ND link-layer option
  bool reply = false;
  IpAddress target;  // of a question: whose MAC is wanted; of an ARP answer: who had asked
  // ND: the advertisement does not override what is known, so a proxy may have sent it, or one of
  // several owners of an anycast address (RFC 4861 7.2.7, 7.2.8).
  bool may_be_proxy = false;
};

inline constexpr size_t kArpSender = 8;  // offset of the sender hardware address
inline constexpr size_t kArpBody = 28;

// Writes where the caller wants it: moving what was just written in parts costs as much as all of
// the reading. Nothing is written unless the body is all there.
//  0 htype 2 ptype 4 hlen 5 plen 6 oper 8 sender MAC 14 sender IP 18 target MAC 24 target IP 28
constexpr void ParseArp(Bytes bytes, std::optional<Claim>& claim) {
  constexpr uint64_t kEthernetIpv4 = 0x000108000604;  // types and lengths
  if (!bytes.Has(0, kArpBody)) return;
  const uint64_t head = bytes.Be64(0);
  if (head >> 16 != kEthernetIpv4) return;
  claim.emplace();
  claim->ip = IpAddress::ReadV4(bytes, 14);
  claim->mac = MacAddress::Read(bytes, kArpSender);
  claim->reply = (head & 0xFFFF) == 2;
  claim->target = IpAddress::ReadV4(bytes, 24);
}

// RFC 4861 4.3, 4.4: solicitations carry the sender's address in option 1, advertisements the
// target's in option 2. A hop limit below 255 tells that a router sent the packet on; whoever gets
// it must discard it (7.1).
constexpr std::optional<Claim> ParseNeighborDiscovery(const IpPacket& ip) {
  constexpr uint8_t kSolicitation = 135, kAdvertisement = 136, kFromThisLink = 255;
  constexpr uint8_t kOverride = 0x20;
  const Bytes icmp = ip.transport;
  if (ip.ttl != kFromThisLink || !icmp.Has(0, 24)) return std::nullopt;
  const uint8_t type = icmp.U8(0);
  if (type != kSolicitation && type != kAdvertisement) return std::nullopt;
  const bool reply = type == kAdvertisement;
  const uint8_t wanted = reply ? 2 : 1;
  Bytes options = icmp.From(24);
  while (options.Has(0, 8)) {
    const size_t length = options.U8(1) * size_t{8};
    if (length == 0) return std::nullopt;  // RFC 4861 4.6: the packet is to be discarded
    if (options.U8(0) == wanted) {
      const IpAddress target = IpAddress::ReadV6(icmp, 8);
      return Claim{reply ? target : ip.source, MacAddress::Read(options, 2), reply,
                   reply ? IpAddress() : target, reply && (icmp.U8(4) & kOverride) == 0};
    }
    options = options.From(length);
  }
  return std::nullopt;
}

}  // namespace nlb::wire
