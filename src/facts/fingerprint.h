// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is kept of an IP packet: what its copies are recognised by.
#pragma once

#include <cstdint>

#include "base/mac.h"
#include "base/time.h"
#include "facts/packet_digest.h"
#include "wire/ethernet.h"
#include "wire/ip_packet.h"

namespace nlb {

// The last four bytes of the addresses of an IP packet.
struct Ends {
  uint32_t source = 0;
  uint32_t destination = 0;
};

constexpr Ends EndsOf(const wire::IpPacket& ip) {
  return {static_cast<uint32_t>(ip.source.low()), static_cast<uint32_t>(ip.destination.low())};
}

struct Fingerprint {
  Timestamp time;
  MacAddress source;
  MacAddress destination;
  wire::VlanStack vlan;
  uint8_t ttl = 0;
  PacketDigest digest;
  Ends ends;
};

}  // namespace nlb
