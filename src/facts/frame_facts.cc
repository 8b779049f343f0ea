// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/frame_facts.h"

#include "facts/link.h"

namespace nlb {
namespace {

void ReadContent(FrameFacts& facts) {
  switch (facts.ether_type) {
    case wire::kTypeIpv4:
      if (wire::ParseIpv4(facts.payload, facts.ip)) facts.content = Content::kIp;
      break;
    case wire::kTypeIpv6:
      if (!wire::ParseIpv6(facts.payload, facts.ip)) break;
      facts.content = Content::kIp;
      if (facts.ip.protocol == wire::kIcmpv6 && facts.ip.has_transport_header()) {
        facts.claim = wire::ParseNeighborDiscovery(facts.ip);
      }
      break;
    case wire::kTypeArp:
      wire::ParseArp(facts.payload, facts.claim);
      if (facts.claim) facts.content = Content::kArp;
      break;
    case NLB_ETHERTYPE:
    case NLB_ETHERTYPE_CONVOY:
      if (!wire::ReadSignature(facts.payload)) break;
      facts.content = Content::kHeartbeat;
      facts.heartbeat = wire::ReadHeader(facts.payload, facts.payload_wire_length);
      facts.membership = wire::ReadMembership(facts.payload, facts.payload_wire_length);
      break;
    default:
      break;
  }
}

bool HasNlbMac(const FrameFacts& facts) {
  return facts.source_role != MacRole::kNone || facts.destination_role != MacRole::kNone ||
         (facts.claim && RoleOf(facts.claim->mac) != MacRole::kNone);
}

Plain PlainOf(const FrameFacts& facts) {
  if (facts.has_nlb_mac || facts.source.is_group()) return Plain::kNot;
  if (facts.content == Content::kArp) {
    const bool to_one_or_all = !facts.destination.is_group() || facts.destination.is_broadcast();
    return to_one_or_all && !facts.claim->mac.is_group() ? Plain::kArp : Plain::kNot;
  }
  const bool is_plain = facts.is_ip() && !facts.claim && !facts.destination.is_group();
  return is_plain ? Plain::kIp : Plain::kNot;
}

}  // namespace

bool ReadFrame(const nlb_frame& frame, FrameFacts& facts) {
  wire::Ethernet ethernet;
  const bool is_analysed = frame.link != NLB_LINK_OTHER;
  if (is_analysed && !ParseLink(frame, ethernet)) return false;
  facts.is_analysed = is_analysed;
  facts.source = ethernet.source;
  facts.destination = ethernet.destination;
  facts.source_role = RoleOf(facts.source);
  facts.destination_role = RoleOf(facts.destination);
  facts.segment = {frame.interface_id, frame.layer, ethernet.vlan};
  facts.ether_type = ethernet.type;
  facts.payload = ethernet.payload;
  const size_t header = frame.captured_len - ethernet.payload.size();
  facts.payload_wire_length = static_cast<uint32_t>(frame.wire_len - header);
  facts.time = {frame.time_ns};
  ReadContent(facts);
  facts.has_nlb_mac = HasNlbMac(facts);
  facts.plain = PlainOf(facts);
  return true;
}

}  // namespace nlb
