// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/packet_digest.h"

#include "facts/packet_hash.h"

namespace nlb {

namespace {

PacketDigest Digest(const FrameFacts& facts, uint32_t interface_id) {
  const uint32_t layer = facts.segment.layer;
  switch (facts.content) {
    case Content::kIp:
      return HashPacket(facts.ip, interface_id, layer);
    case Content::kArp:
      return HashBody(facts.payload.First(wire::kArpBody), facts.ether_type, interface_id, layer);
    case Content::kHeartbeat:
      return HashBody(facts.payload, facts.ether_type, interface_id, layer);
    case Content::kOther:
      break;
  }
  return {};
}

}  // namespace

PacketDigest DigestOf(const FrameFacts& facts) { return Digest(facts, facts.segment.interface_id); }

PacketDigest DigestOnAnyInterface(const FrameFacts& facts) { return Digest(facts, 0); }

}  // namespace nlb
