// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/first_look.h"

#include "facts/mac_class.h"
#include "facts/packet_hash.h"
#include "wire/arp.h"
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

bool MayBeNlb(uint16_t type, Bytes payload) {
  switch (type) {
    case wire::kTypeIpv4:
      return payload.Has(0, 20) && payload.U8(9) == wire::kIgmp;
    case wire::kTypeIpv6: {  // neighbour discovery, maybe behind extension headers
      if (!payload.Has(0, 40)) return false;
      const uint8_t next = payload.U8(6);
      return next == wire::kIcmpv6 || wire::IsIpv6Extension(next);
    }
    case wire::kTypeArp:
      return payload.Has(0, 28) && MayBeNlb(MacAddress::Read(payload, wire::kArpSender));
    case NLB_ETHERTYPE:
    case NLB_ETHERTYPE_CONVOY:
      return true;
    default:
      return false;
  }
}

bool ParseIp(const wire::Ethernet& ethernet, wire::IpPacket& ip) {
  return ethernet.type == wire::kTypeIpv4   ? wire::ParseIpv4(ethernet.payload, ip)
         : ethernet.type == wire::kTypeIpv6 ? wire::ParseIpv6(ethernet.payload, ip)
                                            : false;
}

}  // namespace

bool MayHaveDatedFinding(Bytes frame) {
  wire::Ethernet ethernet;
  if (!wire::ParseEthernet(frame, ethernet)) return false;
  return MayBeNlb(ethernet.destination, ethernet.source) ||
         MayBeNlb(ethernet.type, ethernet.payload);
}

bool ReadEnds(Bytes frame, Ends& ends) {
  wire::Ethernet ethernet;
  wire::IpPacket ip;
  if (!wire::ParseEthernet(frame, ethernet) || !ParseIp(ethernet, ip)) return false;
  ends = EndsOf(ip);
  return true;
}

bool ReadPassage(const nlb_frame& frame, Passage& passage) {
  wire::Ethernet ethernet;
  if (frame.layer > 0 || !wire::ParseEthernet(Bytes(frame.bytes, frame.captured_len), ethernet) ||
      MayBeNlb(ethernet.destination, ethernet.source)) {
    return false;
  }
  wire::IpPacket ip;
  if (!ParseIp(ethernet, ip) || ip.protocol == wire::kIgmp || wire::IsRequestOrAnswer(ip))
    return false;
  passage.time = {frame.time_ns};
  passage.source = ethernet.source;
  passage.destination = ethernet.destination;
  passage.vlan = ethernet.vlan;
  passage.ttl = ip.ttl;
  passage.ends = EndsOf(ip);
  passage.digest = HashPacket(ip, frame.interface_id, frame.layer);
  return true;
}

}  // namespace nlb
