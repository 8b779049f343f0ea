// SPDX-License-Identifier: GPL-2.0-or-later
//
// The order of judgement is the contract's, measured on public captures: ordinary routing seen on
// both sides is common, a router that nobody addressed is rare and real.
#include "heuristics/copies.h"

#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/copy_detail.h"

namespace nlb {
namespace copies {
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

}  // namespace

bool AcceptsRoutingLoop(const Sighting& s, const Transition& t) {
  return Judge(s, *t.copy) == Verdict::kRoutingLoop;
}

bool AcceptsForeignRouter(const Sighting& s, const Transition& t) {
  return Judge(s, *t.copy) == Verdict::kForeignRouter;
}

bool AcceptsRoutedCopy(const Sighting& s, const Transition& t) {
  return Judge(s, *t.copy) == Verdict::kRoutedCopy;
}

bool AcceptsRelayedCopy(const Sighting& s, const Transition& t) {
  return Judge(s, *t.copy) == Verdict::kRelayedCopy;
}

bool AcceptsCaptureCopy(const Sighting& s, const Transition& t) {
  return Judge(s, *t.copy) == Verdict::kCaptureCopy;
}

std::string DescribeRouted(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return ForwarderText(s, note) + " routed the packet on, " + TtlText(s, detail);
}

std::string DescribeForeign(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return ForwarderText(s, note) + " was not addressed and repeats the packet, " +
         TtlText(s, detail);
}

std::string DescribeLoop(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return ForwarderText(s, note) + " sends the packet in a circle, " + TtlText(s, detail);
}

std::string DescribeSame(const Sighting& s, const Note&) {
  return "Captured again: a packet of " + Text(s.frame.source) + " to " + Text(s.frame.destination);
}

std::string DescribeRelayed(const Sighting& s, const Note&) {
  return "Seen before with other MACs: now from " + Text(s.frame.source) + " to " +
         Text(s.frame.destination);
}

FieldValue CopyOf(const Sighting&, const Note& note) {
  if (CopyDetail::Unpack(note.detail).copy_came_first) return {};
  return FrameLink{note.other};
}

FieldValue CopiedIn(const Sighting&, const Note& note) {
  if (!CopyDetail::Unpack(note.detail).copy_came_first) return {};
  return FrameLink{note.other};
}

FieldValue Delta(const Sighting&, const Note& note) {
  return CopyDetail::Unpack(note.detail).delta;
}

FieldValue TtlDrop(const Sighting&, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  if (detail.ttl_drop == 0) return {};
  return uint64_t{detail.ttl_drop};
}

FieldValue Forwarder(const Sighting&, const Note& note) {
  if (CopyDetail::Unpack(note.detail).ttl_drop == 0) return {};
  return note.mac();
}

FieldValue ForwarderIp(const Sighting& s, const Note& note) {
  if (CopyDetail::Unpack(note.detail).ttl_drop == 0) return {};
  const auto ip = s.known.neighbours.AddressOf(s.frame.segment, note.mac(), s.at);
  return ip ? FieldValue(*ip) : FieldValue();
}

}  // namespace copies

CopyDetail CopyDetail::Of(const FrameFacts& frame, const Copy& copy) {
  const int drop = copy.other.ttl - frame.ip.ttl;
  return {copy.delta, static_cast<uint8_t>(drop < 0 ? -drop : drop), drop < 0};
}

}  // namespace nlb
