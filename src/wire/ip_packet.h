// SPDX-License-Identifier: GPL-2.0-or-later
//
// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, as far as telling packets apart needs them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"
#include "base/ip.h"

namespace nlb::wire {

inline constexpr uint8_t kIcmp = 1;
inline constexpr uint8_t kIgmp = 2;
inline constexpr uint8_t kTcp = 6;
inline constexpr uint8_t kUdp = 17;
inline constexpr uint8_t kIcmpv6 = 58;

struct IpPacket {
  IpAddress source;
  IpAddress destination;
  uint32_t total_length = 0;  // header included, on the wire
  uint16_t id = 0;            // IPv4 identification; 0 for IPv6
  uint16_t fragment = 0;  // IPv4: fragment offset in units of 8 bytes, and MF as bit 13; 0 for IPv6
  uint8_t ttl = 0;        // TTL or hop limit
  uint8_t protocol = 0;   // IPv4 protocol, IPv6 next header behind the extension headers
  Bytes transport;        // what the header carries, captured part, without Ethernet padding

  // The transport header stands in the first fragment only.
  constexpr bool has_transport_header() const { return (fragment & 0x1FFF) == 0; }
};

// Both parsers write where the caller wants it, because they run once per captured packet. False,
// with ip untouched, when the header is not all there or contradicts itself.
constexpr bool ParseIpv4(Bytes bytes, IpPacket& ip) {
  if (!bytes.Has(0, 20)) return false;
  const uint64_t head = bytes.Be64(0);  // version, header length, TOS, total length, id, fragment
  const size_t header = (head >> 56 & 0xF) * 4;
  const size_t total = head >> 32 & 0xFFFF;
  // Total length 0 is what TCP segmentation offload leaves in captures on the sending host.
  const size_t end = total == 0 ? bytes.size() : total;
  if (head >> 60 != 4 || header < 20 || end < header || !bytes.Has(0, header)) return false;
  const uint64_t addresses = bytes.Be64(12);
  ip.source = IpAddress::V4(static_cast<uint32_t>(addresses >> 32));
  ip.destination = IpAddress::V4(static_cast<uint32_t>(addresses));
  ip.total_length = static_cast<uint32_t>(end);
  ip.id = static_cast<uint16_t>(head >> 16);
  ip.fragment = static_cast<uint16_t>(head & 0x3FFF);
  ip.ttl = bytes.U8(8);
  ip.protocol = bytes.U8(9);
  ip.transport = bytes.First(end).From(header);
  return true;
}

// Extension headers that stand between IPv6 and the transport header (RFC 8200 4). ESP hides what
// follows.
constexpr bool IsIpv6Extension(uint8_t next_header) {
  return next_header == 0 || next_header == 43 || next_header == 44 || next_header == 60;
}

constexpr bool ParseIpv6(Bytes bytes, IpPacket& ip) {
  if (!bytes.Has(0, 40) || bytes.U8(0) >> 4 != 6) return false;
  ip.source = IpAddress::ReadV6(bytes, 8);
  ip.destination = IpAddress::ReadV6(bytes, 24);
  ip.protocol = bytes.U8(6);
  // Payload length 0 is left by segmentation offload, as in IPv4; before a hop-by-hop header it is
  // a jumbogram's (RFC 2675), which Ethernet does not carry.
  const bool offloaded = bytes.Be16(4) == 0 && ip.protocol != 0;
  ip.total_length = offloaded ? static_cast<uint32_t>(bytes.size()) : 40u + bytes.Be16(4);
  ip.id = 0;
  ip.fragment = 0;
  ip.ttl = bytes.U8(7);
  Bytes rest = bytes.First(ip.total_length).From(40);
  // Each round takes at least eight bytes, so the loop ends with the bytes.
  while (IsIpv6Extension(ip.protocol) && rest.Has(0, 8)) {
    const bool fragment = ip.protocol == 44;
    if (fragment) ip.fragment = static_cast<uint16_t>(rest.Be16(2) >> 3 | (rest.Be16(2) & 1) << 13);
    ip.protocol = rest.U8(0);
    rest = rest.From(fragment ? 8 : (rest.U8(1) + size_t{1}) * 8);
  }
  ip.transport = rest;
  return true;
}

}  // namespace nlb::wire
