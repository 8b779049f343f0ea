// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/packet_digest.h"

#include "facts/packet_hash.h"

namespace nlb {

PacketDigest DigestOf(const FrameFacts& facts) {
  return HashPacket(facts.ip, facts.segment.interface_id, facts.segment.layer);
}

}  // namespace nlb
