// SPDX-License-Identifier: GPL-2.0-or-later
//
// The short way for most frames of most captures: stations that NLB has nothing to do with. It runs
// once per captured packet, and is all inline: the parts of a packet then stay in registers, which
// saves a third of it. For the one file that needs it.
#pragma once

#include "facts/fingerprint.h"
#include "facts/link.h"
#include "facts/mac_class.h"
#include "facts/packet_hash.h"
#include "nlb.h"
#include "wire/ip_packet.h"
#include "wire/transport.h"

namespace nlb {

constexpr bool MayBeNlb(MacAddress destination, MacAddress source) {
  // Groups have bit 0 of the first octet; all that NLB makes begin with 1, 2 or 3.
  const uint64_t first = (destination.bits() | source.bits()) >> 40;
  return (first & 3) != 0 && (MayBeNlb(destination) || MayBeNlb(source));
}

// Of one version of IP. False as below.
template <bool (*kParse)(Bytes, wire::IpPacket&)>
[[gnu::always_inline]] inline bool ReadIpFingerprint(const nlb_frame& frame, Bytes packet,
                                                     Fingerprint& fingerprint) {
  wire::IpPacket ip;
  if (!kParse(packet, ip)) return false;
  fingerprint.ttl = ip.ttl;
  fingerprint.ends = EndsOf(ip);
  if (wire::HasTcpHeader(ip)) [[likely]] {
    fingerprint.digest = HashTcp(ip, frame.interface_id, frame.layer);
    return !wire::OpensOrResets(ip.transport);
  }
  if (ip.protocol == wire::kIgmp || wire::IsRequestOrAnswer(ip)) return false;
  fingerprint.digest = HashPacket(ip, frame.interface_id, frame.layer);
  return true;
}

// Reads a frame that the trackers have no use for: an IP packet in the outermost layer, between
// stations that NLB has nothing to do with, which opens or resets no connection and is no echo.
// False, with fingerprint undefined, for all others.
[[gnu::always_inline]] inline bool ReadFingerprint(const nlb_frame& frame,
                                                   Fingerprint& fingerprint) {
  wire::Ethernet ethernet;
  if (frame.layer > 0 || !ParseLink(frame, ethernet) ||
      MayBeNlb(ethernet.destination, ethernet.source)) {
    return false;
  }
  fingerprint.time = {frame.time_ns};
  fingerprint.source = ethernet.source;
  fingerprint.destination = ethernet.destination;
  fingerprint.vlan = ethernet.vlan;
  if (ethernet.type == wire::kTypeIpv4)
    return ReadIpFingerprint<wire::ParseIpv4>(frame, ethernet.payload, fingerprint);
  if (ethernet.type == wire::kTypeIpv6)
    return ReadIpFingerprint<wire::ParseIpv6>(frame, ethernet.payload, fingerprint);
  return false;
}

}  // namespace nlb
