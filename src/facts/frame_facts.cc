// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/frame_facts.h"

#include "wire/heartbeat.h"

namespace nlb {
namespace {

bool ReadIp(std::optional<wire::IpPacket> ip, FrameFacts& facts) {
  if (!ip) return false;
  facts.content = Content::kIp;
  facts.ip = *ip;
  if (ip->protocol == wire::kIcmpv6 && ip->source.is_v6()) {
    facts.claim = wire::ParseNeighborDiscovery(*ip);
  }
  return true;
}

void ReadContent(FrameFacts& facts) {
  switch (facts.ether_type) {
    case wire::kTypeIpv4:
      ReadIp(wire::ParseIpv4(facts.payload), facts);
      break;
    case wire::kTypeIpv6:
      ReadIp(wire::ParseIpv6(facts.payload), facts);
      break;
    case wire::kTypeArp:
      facts.claim = wire::ParseArp(facts.payload);
      if (facts.claim) facts.content = Content::kArp;
      break;
    case NLB_ETHERTYPE:
    case NLB_ETHERTYPE_CONVOY:
      if (wire::ReadSignature(facts.payload)) facts.content = Content::kHeartbeat;
      break;
    default:
      break;
  }
}

}  // namespace

bool ReadFrame(const nlb_frame& frame, FrameFacts& facts) {
  const auto ethernet = wire::ParseEthernet(Bytes(frame.bytes, frame.captured_len));
  if (!ethernet) return false;
  facts.source = ethernet->source;
  facts.destination = ethernet->destination;
  facts.segment = {frame.interface_id, frame.layer, ethernet->vlan};
  facts.ether_type = ethernet->type;
  facts.payload = ethernet->payload;
  const size_t header = frame.captured_len - ethernet->payload.size();
  facts.payload_wire_length = static_cast<uint32_t>(frame.wire_len - header);
  facts.time = {frame.time_ns};
  ReadContent(facts);
  return true;
}

}  // namespace nlb
