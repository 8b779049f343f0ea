// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which role a MAC address would play if it belonged to an NLB cluster. A pattern alone proves
// nothing: 02-04-96 is Extreme Networks, 02-42 is Docker. Whether a cluster stands behind it is a
// question for evidence (state/evidence.h). Source: docs/format.md, "MAC addresses".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ip.h"
#include "base/mac.h"
#include "nlb.h"

namespace nlb {

enum class MacRole : uint8_t {
  kNone,
  kCluster,     // 02-BF-w-x-y-z: the cluster in unicast mode
  kMaskedHost,  // 02-hh-w-x-y-z: host hh, 1 to 32, of the cluster in unicast mode
  kMulticast,   // 03-BF-w-x-y-z: the cluster in multicast mode; in unicast mode also host to host
  kIgmp,        // 01-00-5E-7F-y-z: the cluster in IGMP multicast mode
};

constexpr MacRole RoleOf(MacAddress mac) {
  // Most MACs are a vendor's.
  if (const uint8_t first = mac.octet(0); first == 0 || first > 3) return MacRole::kNone;
  const uint16_t prefix = mac.prefix();
  if (prefix == 0x02BF) return MacRole::kCluster;
  if (prefix >= 0x0201 && prefix <= 0x0220) return MacRole::kMaskedHost;
  if (prefix == 0x03BF) return MacRole::kMulticast;
  if (prefix == 0x0100 && (mac.tail() & 0xFFFF0000) == 0x5E7F0000) return MacRole::kIgmp;
  return MacRole::kNone;
}

// MACs that NLB might have to do with: those made as NLB makes them, and groups, behind which no
// unicast address belongs.
constexpr bool MayBeNlb(MacAddress mac) {
  return RoleOf(mac) != MacRole::kNone || (mac.is_group() && !mac.is_broadcast());
}

// The MAC of a unicast cluster, by the four bytes that its hosts' masked ones carry too.
constexpr MacAddress UnicastClusterMac(uint32_t mac_tail) {
  return MacAddress(uint64_t{0x02BF} << 32 | mac_tail);
}

// The host ID in a masked source MAC.
constexpr uint8_t MaskedHostId(MacAddress mac) { return mac.octet(1); }

// Whether a MAC of this role is one that NLB would derive from the address. In IGMP mode only two
// bytes survive.
constexpr bool Embeds(MacAddress mac, uint32_t mac_tail) {
  switch (RoleOf(mac)) {
    case MacRole::kNone:
      return false;
    case MacRole::kIgmp:
      return (mac.tail() & 0xFFFF) == (mac_tail & 0xFFFF);
    default:
      return mac.tail() == mac_tail;
  }
}

constexpr nlb_mode ModeOf(MacRole role) {
  switch (role) {
    case MacRole::kCluster:
    case MacRole::kMaskedHost:
      return NLB_MODE_UNICAST;
    case MacRole::kMulticast:
      return NLB_MODE_MULTICAST;
    case MacRole::kIgmp:
      return NLB_MODE_IGMP;
    case MacRole::kNone:
      break;
  }
  return NLB_MODE_UNKNOWN;
}

// Mode of a cluster by the destination of its heartbeats: broadcast in unicast mode, else the
// cluster MAC [KB232711].
constexpr nlb_mode ModeOfHeartbeat(MacAddress destination) {
  return destination.is_broadcast() ? NLB_MODE_UNICAST
         : destination.is_group()   ? ModeOf(RoleOf(destination))
                                    : NLB_MODE_UNKNOWN;
}

constexpr std::string_view ModeName(nlb_mode mode) {
  switch (mode) {
    case NLB_MODE_UNICAST:
      return "unicast";
    case NLB_MODE_MULTICAST:
      return "multicast";
    case NLB_MODE_IGMP:
      return "IGMP multicast";
    case NLB_MODE_UNKNOWN:
      break;
  }
  return "unknown";
}

// MACs that several routers share: VRRP (RFC 9568 7.3), HSRP 1 and 2, GLBP. Who sends to one
// expects routing.
constexpr bool IsVirtualRouter(MacAddress mac) {
  const uint64_t bits = mac.bits();
  const bool vrrp = bits >> 8 == 0x00005E0001 || bits >> 8 == 0x00005E0002;  // IPv4, IPv6
  const bool hsrp = bits >> 8 == 0x00000C07AC || bits >> 12 == 0x00000C9FF;  // version 1, 2
  const bool glbp = bits >> 24 == 0x0007B4;
  return vrrp || hsrp || glbp;
}

}  // namespace nlb
