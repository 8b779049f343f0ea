// SPDX-License-Identifier: GPL-2.0-or-later
//
// The short way for most frames of most captures: stations that NLB has nothing to do with.
#pragma once

#include "base/mac.h"
#include "base/time.h"
#include "facts/packet_digest.h"
#include "nlb.h"
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

// What is kept of an IP packet on the fast path: what its copies are recognised by.
struct Fingerprint {
  Timestamp time;
  MacAddress source;
  MacAddress destination;
  wire::VlanStack vlan;
  uint8_t ttl = 0;
  PacketDigest digest;
  Ends ends;
};

// Reads a frame that the trackers have no use for: an IP packet in the outermost layer, between
// stations that NLB has nothing to do with, which opens or resets no connection and is no echo.
// False, with fingerprint undefined, for all others.
bool ReadFingerprint(const nlb_frame& frame, Fingerprint& fingerprint);

}  // namespace nlb
