// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/fast_path.h"

#include "facts/link.h"
#include "facts/mac_class.h"
#include "facts/packet_hash.h"
#include "wire/ip_packet.h"
#include "wire/transport.h"

namespace nlb {
namespace {

// MACs that NLB might have to do with: those made as NLB makes them, and groups, behind which no
// unicast address belongs.
bool MayBeNlb(MacAddress mac) {
  return RoleOf(mac) != MacRole::kNone || (mac.is_group() && !mac.is_broadcast());
}

bool MayBeNlb(MacAddress destination, MacAddress source) {
  // Groups have bit 0 of the first octet; all that NLB makes begin with 1, 2 or 3.
  const uint64_t first = (destination.bits() | source.bits()) >> 40;
  return (first & 3) != 0 && (MayBeNlb(destination) || MayBeNlb(source));
}

bool ParseIp(const wire::Ethernet& ethernet, wire::IpPacket& ip) {
  return ethernet.type == wire::kTypeIpv4   ? wire::ParseIpv4(ethernet.payload, ip)
         : ethernet.type == wire::kTypeIpv6 ? wire::ParseIpv6(ethernet.payload, ip)
                                            : false;
}

}  // namespace

bool ReadFingerprint(const nlb_frame& frame, Fingerprint& fingerprint) {
  wire::Ethernet ethernet;
  if (frame.layer > 0 || !ParseLink(frame, ethernet) ||
      MayBeNlb(ethernet.destination, ethernet.source)) {
    return false;
  }
  wire::IpPacket ip;
  if (!ParseIp(ethernet, ip) || ip.protocol == wire::kIgmp || wire::IsRequestOrAnswer(ip))
    return false;
  fingerprint.time = {frame.time_ns};
  fingerprint.source = ethernet.source;
  fingerprint.destination = ethernet.destination;
  fingerprint.vlan = ethernet.vlan;
  fingerprint.ttl = ip.ttl;
  fingerprint.ends = EndsOf(ip);
  fingerprint.digest = HashPacket(ip, frame.interface_id, frame.layer);
  return true;
}

}  // namespace nlb
