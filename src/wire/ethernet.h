// SPDX-License-Identifier: GPL-2.0-or-later
//
// Ethernet II and IEEE 802.3 headers with IEEE 802.1Q/802.1ad tags.
//
//   0        6        12          14
//   | dest   | source | type/len  | payload ...        0x8100/0x88A8/0x9100: 2 bytes tag, then the
//   next type
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/mac.h"

namespace nlb::wire {

inline constexpr uint16_t kTypeIpv4 = 0x0800;
inline constexpr uint16_t kTypeArp = 0x0806;
inline constexpr uint16_t kTypeRarp = 0x8035;
inline constexpr uint16_t kTypeIpv6 = 0x86DD;

inline constexpr size_t kEthernetHeader = 14;
// IEEE 802.3 3.2.6: smaller values of the type field are a length, and LLC follows.
inline constexpr uint16_t kLowestType = 0x0600;

// The VLAN IDs of a frame, outermost first. More than four tags are legal nowhere; the rest is
// ignored. ID 0 tells a priority and no VLAN (IEEE 802.1Q 9.6), so it is not among them.
struct VlanStack {
  uint64_t ids = 0;  // 16 bits each, the outermost highest among those present
  int count = 0;
  constexpr bool operator==(const VlanStack&) const = default;
};

// Whether both frames tell a VLAN, and not the same: a mirror port may leave outer tags out, so
// only the inner ones count, as many as both have.
constexpr bool InDifferentVlans(const VlanStack& a, const VlanStack& b) {
  const int both = a.count < b.count ? a.count : b.count;
  return both > 0 && (a.ids ^ b.ids) << (64 - 16 * both) != 0;
}

struct Ethernet {
  MacAddress destination;
  MacAddress source;
  uint16_t type = 0;  // behind the tags; below kLowestType it is an LLC length
  VlanStack vlan;
  Bytes payload;  // the captured part
};

constexpr bool IsVlanTag(uint16_t type) {
  // IPv4's type is below all three: for most frames one comparison.
  return type >= 0x8100 && (type == 0x8100 || type == 0x88A8 || type == 0x9100);
}

// Takes the tags that follow seen.type, and the payload behind them. False when the capture ends
// inside a tag.
constexpr bool ParseTags(Bytes frame, size_t at, Ethernet& seen) {
  seen.vlan = {};
  while (IsVlanTag(seen.type)) {
    if (!frame.Has(at, 4)) return false;
    const uint64_t id = frame.Be16(at) & 0x0FFFu;
    if (id != 0 && seen.vlan.count < 4) {
      seen.vlan.ids = seen.vlan.ids << 16 | id;
      ++seen.vlan.count;
    }
    seen.type = frame.Be16(at + 2);
    at += 4;
  }
  seen.payload = frame.From(at);
  return true;
}

// False when the capture ends inside the header.
constexpr bool ParseEthernet(Bytes frame, Ethernet& seen) {
  if (!frame.Has(0, kEthernetHeader)) return false;
  // One load each: two bytes that are not the address's are shifted out.
  seen.destination = MacAddress(frame.Be64(0) >> 16);
  seen.source = MacAddress(frame.Be64(6) >> 16);
  seen.type = frame.Be16(12);
  return ParseTags(frame, kEthernetHeader, seen);
}

}  // namespace nlb::wire
