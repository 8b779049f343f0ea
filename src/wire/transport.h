// SPDX-License-Identifier: GPL-2.0-or-later
//
// TCP (RFC 9293), UDP (RFC 768), ICMP echo (RFC 792, RFC 4443) and IGMP (RFC 2236, RFC 3376)
// headers.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/ip.h"
#include "wire/ip_packet.h"

namespace nlb::wire {

struct Tcp {
  static constexpr uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kAck = 0x10;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint32_t sequence = 0;
  uint32_t acknowledgment = 0;
  uint8_t header_length = 0;  // in bytes
  uint8_t flags = 0;

  constexpr bool is_syn() const { return (flags & (kSyn | kAck | kRst)) == kSyn; }
  constexpr bool is_syn_ack() const { return (flags & (kSyn | kAck | kRst)) == (kSyn | kAck); }
  constexpr bool is_reset() const { return (flags & kRst) != 0; }
  constexpr bool is_fin() const { return (flags & kFin) != 0; }
};

constexpr std::optional<Tcp> ParseTcp(Bytes bytes) {
  if (!bytes.Has(0, 14)) return std::nullopt;
  const auto header_length = static_cast<uint8_t>((bytes.U8(12) >> 4) * 4);
  return Tcp{bytes.Be16(0), bytes.Be16(2), bytes.Be32(4),
             bytes.Be32(8), header_length, bytes.U8(13)};
}

// The TCP header of a packet; nothing for other protocols and later fragments.
constexpr std::optional<Tcp> TcpOf(const IpPacket& ip) {
  if (ip.protocol != kTcp || !ip.has_transport_header()) return std::nullopt;
  return ParseTcp(ip.transport);
}

// How many bytes the segment carries, also where the capture cut them off. Options of the IP header
// would count as data: they are not sent with TCP.
constexpr uint32_t DataLength(const IpPacket& ip, const Tcp& tcp) {
  const uint32_t headers = (ip.source.is_v4() ? 20u : 40u) + tcp.header_length;
  return ip.total_length > headers ? ip.total_length - headers : 0;
}

struct SackBlock {
  uint32_t left = 0;
  uint32_t right = 0;  // behind the last byte
};

// The first block of the option SACK (RFC 2018 3), as far as it was captured. Where it lies below
// the acknowledgment, it tells what came twice (RFC 2883 4).
constexpr std::optional<SackBlock> ParseSack(Bytes bytes, const Tcp& tcp) {
  constexpr uint8_t kEnd = 0, kNothing = 1, kSack = 5;
  Bytes options = bytes.First(tcp.header_length).From(20);
  while (options.Has(0, 2) && options.U8(0) != kEnd) {
    const size_t length = options.U8(0) == kNothing ? 1 : options.U8(1);
    if (length == 0) break;
    if (options.U8(0) == kSack && length >= 10 && options.Has(0, 10)) {
      return SackBlock{options.Be32(2), options.Be32(6)};
    }
    options = options.From(length);
  }
  return std::nullopt;
}

// Whether a TCP header is all there, but for its options.
constexpr bool HasTcpHeader(const IpPacket& ip) {
  return ip.protocol == kTcp && ip.has_transport_header() && ip.transport.Has(0, 20);
}

// Of a header that is there as far as its flags.
constexpr bool OpensOrResets(Bytes tcp) { return (tcp.U8(13) & (Tcp::kSyn | Tcp::kRst)) != 0; }

// Cheap, and true for few packets: one that opens or resets a connection, or may be an echo.
constexpr bool IsRequestOrAnswer(const IpPacket& ip) {
  if (ip.protocol == kTcp) return ip.transport.Has(0, 14) && OpensOrResets(ip.transport);
  return ip.protocol == kIcmp || ip.protocol == kIcmpv6;
}

struct Echo {
  uint16_t id = 0;
  uint16_t sequence = 0;
  bool reply = false;
};

// An ICMP or ICMPv6 echo request or reply.
constexpr std::optional<Echo> ParseEcho(uint8_t protocol, Bytes bytes) {
  if (!bytes.Has(0, 8)) return std::nullopt;
  const uint8_t request = protocol == kIcmp ? 8 : 128;
  const uint8_t reply = protocol == kIcmp ? 0 : 129;
  const uint8_t type = bytes.U8(0);
  if (type != request && type != reply) return std::nullopt;
  return Echo{bytes.Be16(4), bytes.Be16(6), type == reply};
}

struct Igmp {
  bool query = false;         // else a membership report
  uint32_t group = 0;         // of an IGMPv3 report the first record's
  Bytes records;              // of an IGMPv3 report, captured part
  uint16_t record_count = 0;  // as the report says
};

// Nothing for other packets, and where the capture cut the first group off.
constexpr std::optional<Igmp> ParseIgmp(const IpPacket& ip) {
  const Bytes bytes = ip.transport;
  if (ip.protocol != kIgmp || !ip.has_transport_header() || !bytes.Has(0, 8)) return std::nullopt;
  switch (bytes.U8(0)) {
    case 0x11:
      return Igmp{true, bytes.Be32(4), {}, 0};
    case 0x12:  // version 1 report
    case 0x16:  // version 2 report
      return Igmp{false, bytes.Be32(4), {}, 0};
    case 0x22:  // version 3 report: 8 bytes, then records
      if (!bytes.Has(8, 8)) return std::nullopt;
      return Igmp{false, bytes.Be32(12), bytes.From(8), bytes.Be16(6)};
    default:
      return std::nullopt;
  }
}

// Calls take(group) for each group that a report joins, as far as it was captured.
template <typename Take>
constexpr void ForEachGroup(const Igmp& report, Take take) {
  if (report.records.size() == 0) return take(report.group);
  Bytes rest = report.records;
  // type, length of auxiliary data in words, number of sources, group, sources, auxiliary data
  for (int i = 0; i < report.record_count && rest.Has(0, 8); ++i) {
    const bool includes = rest.U8(0) == 1 || rest.U8(0) == 3;
    const bool leaves = includes && rest.Be16(2) == 0;  // no source at all (RFC 3376 4.2.12)
    if (!leaves) take(rest.Be32(4));
    rest = rest.From(8 + size_t{4} * (rest.Be16(2) + rest.U8(1)));
  }
}

}  // namespace nlb::wire
