// SPDX-License-Identifier: GPL-2.0-or-later
//
// What makes two captured frames the same IP packet: version, addresses, protocol, total length, IP
// identification and fragment offset, transport header without its checksum, and unless it is TCP
// the first 64 payload bytes. Left out is what routers rewrite (TTL, header checksum, DSCP/ECN,
// MACs, VLAN) and what offloading makes untrue (the checksums). Of TCP the sequence number tells
// the payload. IPv4 id 0 (RFC 6864: atomic datagrams) and IPv6 have no identification: all captured
// payload counts instead, again but for TCP.
//
// ARP and heartbeats are told by all their bytes, without Ethernet's padding behind ARP.
//
// A capture cut inside those bytes at another place for each copy (a VLAN tag more or less) gives
// two digests: such a copy is missed, never invented.
#pragma once

#include <cstdint>

#include "facts/frame_facts.h"

namespace nlb {

struct PacketDigest {
  uint64_t value = 0;  // never 0 for a packet
  // Without an identification a sender's own repetition (duplicate ACK, retransmission) looks like
  // a copy.
  bool has_identification = false;

  explicit operator bool() const { return value != 0; }
};

// False for frames of another kind, and when there is not enough to tell the packet from others:
// nothing behind the IP header was captured, or without an identification less than nine bytes.
// Copies are looked for on one interface and one level of encapsulation only.
PacketDigest DigestOf(const FrameFacts& facts);
// The same for a packet that may be seen on several interfaces.
PacketDigest DigestOnAnyInterface(const FrameFacts& facts);

}  // namespace nlb
