// SPDX-License-Identifier: GPL-2.0-or-later
// One packet seen twice: who did it, and was it right? The order of judgement is section 4 of the
// contract, measured on public captures: ordinary routing seen on both sides is common, a router
// that nobody addressed is rare and real.
#include "heuristics/copies.h"

#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/registry.h"

namespace nlb {
namespace {

enum class Verdict { kNone, kRoutingLoop, kCaptureCopy, kRelayedCopy, kRoutedCopy, kForeignRouter };

// The two sightings of one packet in the order of the path, not of the capture.
struct Pair {
  MacAddress from, to;              // original
  MacAddress again_from, again_to;  // copy
  int ttl_drop = 0;
  bool other_vlan = false;  // both are tagged, differently
  bool same_vlan = false;   // both are tagged, alike
};

Pair PairOf(const Sighting& s, const Hop& other) {
  const FrameFacts& frame = s.frame;
  const int drop = other.ttl - frame.ip.ttl;
  const bool tagged = frame.segment.vlan.count > 0 && other.vlan_count > 0;
  const bool other_vlan = wire::InDifferentVlans(frame.segment.vlan, other.vlan());
  const bool same_vlan = tagged && !other_vlan;
  if (drop < 0) {  // captured out of order
    return {frame.source, frame.destination, other.from, other.to, -drop, other_vlan, same_vlan};
  }
  return {other.from, other.to, frame.source, frame.destination, drop, other_vlan, same_vlan};
}

// A virtual router's MAC stands for it in each of its VLANs: the packet may have gone on in one and
// come back by another whose tag was lost. Where both tags are there and alike, it did not.
bool WentToVirtualRouter(const Pair& pair) {
  const bool delivered_twice = pair.to == pair.again_to && pair.same_vlan;
  return IsVirtualRouter(pair.to) && !delivered_twice;
}

bool WasMeantToBeRouted(const Sighting& s, const Pair& pair) {
  const auto& ip = s.frame.ip;
  return pair.to == pair.again_from || WentToVirtualRouter(pair) || !ip.destination.is_unicast() ||
         pair.to.is_broadcast() || ip.source == ip.destination ||
         s.known.routers.NameOf(pair.again_from);
}

bool NobodyAsked(const Sighting& s, const Pair& pair) {
  // Delivered twice, by one router: who takes more from the TTL stands behind others, and the
  // packet came a way of which the capture shows only the ends.
  if (pair.to == pair.again_to && pair.ttl_drop == 1) return true;
  const bool shared = pair.to.is_group() || RoleOf(pair.to) == MacRole::kCluster;
  return shared && Owns(s, pair.to, s.frame.ip.destination);
}

Verdict Judge(const Sighting& s, const Copy& copy) {
  if (copy.loops) return Verdict::kRoutingLoop;
  const Pair pair = PairOf(s, copy.other);
  if (pair.ttl_drop == 0) {
    if (pair.from != pair.again_from || pair.to != pair.again_to) return Verdict::kRelayedCopy;
    // Senders repeat themselves: duplicate ACKs, LLMNR and mDNS over IPv6 are equal in every byte.
    return copy.has_identification ? Verdict::kCaptureCopy : Verdict::kNone;
  }
  if (pair.other_vlan) return Verdict::kRoutedCopy;
  if (pair.from == pair.again_from) return Verdict::kCaptureCopy;
  if (WasMeantToBeRouted(s, pair)) return Verdict::kRoutedCopy;
  return NobodyAsked(s, pair) ? Verdict::kForeignRouter : Verdict::kRoutedCopy;
}

template <Verdict verdict>
bool Is(const Sighting& s, const Transition& t) {
  return Judge(s, *t.copy) == verdict;
}

// "00:15:5d:01:02:03", with the name or address if there is one.
std::string ForwarderText(const Sighting& s, const Note& note) {
  std::string text = Text(note.mac());
  if (const std::string* name = s.known.routers.NameOf(note.mac()); name && !name->empty()) {
    return text + " (" + *name + ")";
  }
  const auto ip = s.known.neighbours.AddressOf(s.frame.segment, note.mac(), s.at);
  return ip ? text + " (" + Text(*ip) + ")" : text;
}

std::string TtlText(const Sighting& s, const CopyDetail& detail) {
  const int here = s.frame.ip.ttl;
  const int other = detail.copy_came_first ? here - detail.ttl_drop : here + detail.ttl_drop;
  const int before = detail.copy_came_first ? here : other;
  const int after = detail.copy_came_first ? other : here;
  return "TTL " + std::to_string(before) + " to " + std::to_string(after);
}

std::string TellRouted(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return ForwarderText(s, note) + " routed " + FrameText(s, note.other) + " on, " +
         TtlText(s, detail);
}

std::string TellForeign(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  const std::string what = detail.copy_came_first ? " sent this packet in " : " repeats ";
  return ForwarderText(s, note) + what + FrameText(s, note.other) + ", TTL -" +
         std::to_string(detail.ttl_drop);
}

std::string TellLoop(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return ForwarderText(s, note) + " sends " + FrameText(s, note.other) + " in a circle, " +
         TtlText(s, detail);
}

std::string TellSame(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return "Same packet as " + FrameText(s, note.other) + ", captured again after " +
         Text(detail.delta);
}

std::string TellRelayed(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return "Same packet as " + FrameText(s, note.other) + " with other MACs, " + Text(detail.delta) +
         " later";
}

}  // namespace

CopyDetail CopyDetail::Of(const FrameFacts& frame, const Copy& copy) {
  const int drop = copy.other.ttl - frame.ip.ttl;
  return {copy.delta, static_cast<uint8_t>(drop < 0 ? -drop : drop), drop < 0};
}

constinit const Heuristic kRoutingLoop{
    .finding =
        {"nlb.analysis.routing_loop", NLB_ERROR, NLB_GROUP_SEQUENCE, "Routing loop",
         "Routers hand the packet round in a circle until its TTL runs out.",
         "Correct the route or default gateway of the forwarders named in these frames.",
         "No way between two stations is taken twice: a chain of routers on one mirror port.",
         "RFC 1812 5.3.1", NLB_SECTION_ANALYSIS},
    .event = Event::kCopy,
    .accept = &Is<Verdict::kRoutingLoop>,
    .tell = &TellLoop};

constinit const Heuristic kForeignRouter{
    .finding =
        {"nlb.analysis.foreign_router", NLB_WARN, NLB_GROUP_SEQUENCE,
         "Sent again by a foreign router",
         "A box that was not addressed took the flooded packet and routed it back: doubles and "
         "resets.",
         "On the forwarder, remove the rule or routing that does it, or move it out of this VLAN.",
         "The packet was addressed to a router, changed VLAN, is multicast, or the MAC is in "
         "nlb.routers.",
         "RFC 1812 5.3.4", NLB_SECTION_ANALYSIS},
    .event = Event::kCopy,
    .accept = &Is<Verdict::kForeignRouter>,
    .tell = &TellForeign};

constinit const Heuristic kRoutedCopy{
    .finding = {"nlb.analysis.routed_copy", NLB_CHAT, NLB_GROUP_SEQUENCE,
                "Routed, seen on both sides",
                "The capture shows the packet before and after an ordinary router.",
                "Nothing to do; capture on one side only if the doubles disturb.",
                "The two sightings are on different interfaces.", "RFC 1812 5.3.1",
                NLB_SECTION_ANALYSIS},
    .event = Event::kCopy,
    .accept = &Is<Verdict::kRoutedCopy>,
    .tell = &TellRouted};

constinit const Heuristic kRelayedCopy{
    .finding =
        {"nlb.analysis.relayed_copy", NLB_NOTE, NLB_GROUP_SEQUENCE,
         "Same packet, other MACs, same TTL",
         "A bridge or proxy rewrote the MACs, or the capture saw the packet inside and outside a "
         "host.",
         "Check whether a proxy or a bridge stands in the path; if not, it is the capture point.",
         "The TTL differs, or the two sightings are on different interfaces.", "inferred",
         NLB_SECTION_ANALYSIS},
    .event = Event::kCopy,
    .accept = &Is<Verdict::kRelayedCopy>,
    .tell = &TellRelayed};

constinit const Heuristic kCaptureCopy{
    .finding =
        {"nlb.analysis.capture_copy", NLB_CHAT, NLB_GROUP_SEQUENCE, "Captured twice",
         "The capture point delivered one packet twice: a mirror of both directions, bonding, "
         "flooding.",
         "Nothing to do on the network; mirror one direction, or remove doubles with editcap -d.",
         "IPv6 or IPv4 id 0: without identification a repetition by the sender looks the same.",
         "inferred", NLB_SECTION_ANALYSIS},
    .event = Event::kCopy,
    .accept = &Is<Verdict::kCaptureCopy>,
    .tell = &TellSame};

}  // namespace nlb
