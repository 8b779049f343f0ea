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
  bool other_vlan = false;
};

Pair PairOf(const Sighting& s, const Copy& copy) {
  const bool other_vlan = wire::InDifferentVlans(s.frame.segment.vlan, copy.first_vlan);
  if (s.frame.ip.ttl > copy.first_ttl) {  // captured out of order
    return {s.frame.source, s.frame.destination, copy.first_source, copy.first_destination,
            other_vlan};
  }
  return {copy.first_source, copy.first_destination, s.frame.source, s.frame.destination,
          other_vlan};
}

bool WasMeantToBeRouted(const Sighting& s, const Pair& pair) {
  const auto& ip = s.frame.ip;
  return pair.to == pair.again_from || IsVirtualRouter(pair.to) || pair.other_vlan ||
         !ip.destination.is_unicast() || pair.to.is_broadcast() || ip.source == ip.destination ||
         s.known.routers.NameOf(pair.again_from);
}

bool NobodyAsked(const Sighting& s, const Pair& pair) {
  if (pair.to == pair.again_to) return true;  // delivered twice
  const bool shared = pair.to.is_group() || RoleOf(pair.to) == MacRole::kCluster;
  return shared && Owns(s, pair.to, s.frame.ip.destination);
}

Verdict Judge(const Sighting& s, const Copy& copy) {
  // Three routers in a row on one mirror port are no loop: in a loop the packet comes back to a
  // station.
  if (copy.number >= 3 && copy.falls_each_time && copy.returned) return Verdict::kRoutingLoop;
  const Pair pair = PairOf(s, copy);
  const bool same_macs = pair.from == pair.again_from && pair.to == pair.again_to;
  if (s.frame.ip.ttl == copy.first_ttl) {
    if (!same_macs) return Verdict::kRelayedCopy;
    // Senders repeat themselves: duplicate ACKs, LLMNR and mDNS over IPv6 are equal in every byte.
    return copy.has_identification ? Verdict::kCaptureCopy : Verdict::kNone;
  }
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
  return ForwarderText(s, note) + " sends " + FrameText(s, note.other) + " round, " +
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
  const int drop = copy.first_ttl - frame.ip.ttl;
  return {copy.delta, static_cast<uint8_t>(drop < 0 ? -drop : drop), drop < 0};
}

constinit const Heuristic kRoutingLoop{
    .finding = {"nlb.analysis.routing_loop", NLB_ERROR, NLB_GROUP_SEQUENCE, "Routing loop",
                "Routers hand the packet round in a circle until its TTL runs out.",
                "Correct the route or default gateway of the forwarders named in these frames.",
                "Every copy goes to another station: a chain of routers seen on one mirror port.",
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
         "The TTL differs, or the two sightings are on different interfaces.", "docs/reference.md",
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
         "docs/reference.md", NLB_SECTION_ANALYSIS},
    .event = Event::kCopy,
    .accept = &Is<Verdict::kCaptureCopy>,
    .tell = &TellSame};

}  // namespace nlb
