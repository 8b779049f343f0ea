// SPDX-License-Identifier: GPL-2.0-or-later
//
// One Ethernet layer of one captured record, taken apart once: immutable facts, no history. Views
// borrow the frame's bytes, so facts live no longer than the frame they were read from.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bounded_map.h"
#include "base/bytes.h"
#include "base/time.h"
#include "facts/mac_class.h"
#include "nlb.h"
#include "wire/arp.h"
#include "wire/ethernet.h"
#include "wire/heartbeat.h"
#include "wire/ip_packet.h"

namespace nlb {

// One interface, one VLAN stack, one level of encapsulation: where stations hear each other.
struct Segment {
  uint32_t interface_id = 0;
  uint32_t layer = 0;
  wire::VlanStack vlan;
  constexpr bool operator==(const Segment&) const = default;
};

// For hash tables: goes on from the hash of what stands before the segment in a key.
constexpr uint64_t HashOf(const Segment& segment, uint64_t hash) {
  return Mix(Mix(hash ^ segment.vlan.ids) ^ static_cast<uint64_t>(segment.interface_id) << 32 ^
             static_cast<uint64_t>(segment.layer) << 8 ^ static_cast<uint64_t>(segment.vlan.count));
}

enum class Content : uint8_t { kOther, kIp, kArp, kHeartbeat };

// The frames that most trackers, and all stateless findings, have no use for: no MAC of NLB's
// pattern outside or inside, and no group but broadcast.
enum class Plain : uint8_t {
  kNot,
  kIp,   // an IP packet from station to station that claims nothing
  kArp,  // a station asks for a station, or tells a MAC of one
};

struct FrameFacts {
  // Written out: else compilers clear the room of what is absent, too, which is most of it.
  FrameFacts() noexcept {}

  MacAddress source;
  MacAddress destination;
  MacRole source_role = MacRole::kNone;
  MacRole destination_role = MacRole::kNone;
  Segment segment;
  uint16_t ether_type = 0;
  Content content = Content::kOther;
  wire::IpPacket ip;                           // kIp
  std::optional<wire::Claim> claim;            // kArp; kIp when it is a neighbour discovery
  std::optional<wire::Header> heartbeat;       // kHeartbeat, unless it is malformed or cut
  std::optional<wire::Membership> membership;  // the same, of a membership heartbeat
  Bytes payload;                               // behind the EtherType, captured part
  uint32_t payload_wire_length = 0;
  Timestamp time;
  bool is_analysed = true;   // false: a link type of which no more than the record is known
  bool has_nlb_mac = false;  // a MAC of NLB's pattern, outside or in a claim
  Plain plain = Plain::kNot;

  bool is_ip() const { return content == Content::kIp; }
};

// False when the capture ends inside the link's header; facts is then untouched.
bool ReadFrame(const nlb_frame& frame, FrameFacts& facts);

}  // namespace nlb
