// SPDX-License-Identifier: GPL-2.0-or-later
//
// One table, the first row that holds decides. A box is accused where the capture proves that the
// packet needed no router, or where it came to one MAC twice and nothing shows that MAC to be a
// router's; it is excused where the capture shows why it forwards; what no row explains is said to
// be unexplained. Ordinary routing seen on both sides is common in public captures, a router that
// nobody addressed is rare and real.
#include "heuristics/copy_verdict.h"

#include "facts/mac_class.h"
#include "wire/cooked.h"
#include "wire/transport.h"

namespace nlb {
namespace {

// The two sightings of one packet in the order of the path, not of the capture.
struct Pair {
  const Sighting& s;
  const Copy& copy;
  MacAddress from, to;              // original
  MacAddress again_from, again_to;  // copy
  Segment segment;                  // of the original
  int ttl_drop = 0;
  bool other_vlan = false;  // both are tagged, differently
  bool same_vlan = false;   // both are tagged, alike

  const EvidenceTable& evidence() const { return s.known.evidence; }
  const Neighbours& neighbours() const { return s.known.neighbours; }
  IpAddress destination() const { return s.frame.ip.destination; }
  // A cooked capture tells the sender alone, and shows one frame on each interface it passes.
  bool same_macs() const { return from == again_from && (!to.is_seen() || to == again_to); }
};

Pair PairOf(const Sighting& s, const Copy& copy) {
  const FrameFacts& frame = s.frame;
  const Hop& other = copy.other;
  Pair pair{s, copy, other.from, other.to, frame.source, frame.destination, frame.segment};
  pair.ttl_drop = other.ttl - frame.ip.ttl;
  const bool tagged = frame.segment.vlan.count > 0 && other.vlan_count > 0;
  pair.other_vlan = wire::InDifferentVlans(frame.segment.vlan, other.vlan());
  pair.same_vlan = tagged && !pair.other_vlan;
  if (pair.ttl_drop < 0) {  // captured out of order
    std::swap(pair.from, pair.again_from);
    std::swap(pair.to, pair.again_to);
    pair.ttl_drop = -pair.ttl_drop;
  } else {
    pair.segment.vlan = other.vlan();
  }
  return pair;
}

// ---- storms -------------------------------------------------------------------------------------

// Whether a sender may send this very packet many times within a window: acknowledgments of what
// arrives out of order, resets, a device that reports the same value over and over. What opens a
// connection or carries data is not repeated so fast (RFC 6298: 1 s at first), and what goes to a
// group or to a cluster is flooded, so a loop of switches takes it.
bool SenderMayRepeat(const FrameFacts& frame) {
  if (!frame.is_ip()) return false;
  const wire::IpPacket& ip = frame.ip;
  if (frame.payload.size() < ip.total_length) return true;  // cut: what differs may be missing
  if (ip.protocol == wire::kTcp && ip.has_transport_header()) {
    const auto tcp = wire::ParseTcp(ip.transport);
    if (!tcp || tcp->is_reset()) return true;
    const size_t header = ip.transport.U8(12) >> 4 << 2;
    return !tcp->is_syn() && !tcp->is_syn_ack() && ip.transport.size() <= header;
  }
  return !frame.destination.is_group() && frame.destination_role != MacRole::kCluster;
}

bool Storms(const Pair& p) {
  return p.copy.storms && (p.copy.has_identification || !SenderMayRepeat(p.s.frame));
}

bool Loops(const Pair& p) { return p.copy.loops; }

// ---- TTL one lower: accused ---------------------------------------------------------------------

// The box that sent the copy is a host of the cluster whose MAC the original went to.
bool IsMember(const Pair& p) {
  const auto cluster = p.evidence().ClusterOfMac(p.to, p.s.at);
  if (!cluster) return false;
  if (const auto host = p.evidence().HostByStationMac(p.again_from, p.s.at)) {
    return host->cluster == cluster->cluster;
  }
  const auto sender = p.evidence().ClusterOfMac(p.again_from, p.s.at);
  return sender && sender->cluster == cluster->cluster;
}

// Somebody else than who sent the packet and whom it was sent to, who is not expected to route it.
// A BFD echo has one address at both ends: the neighbour's job is to send it back.
bool IsStranger(const Pair& p) {
  const bool of_the_pair = p.again_from == p.from || p.again_from == p.to;
  const bool echo = p.s.frame.ip.source == p.destination();
  return !of_the_pair && !echo && !p.s.known.routers.NameOf(p.again_from) && !IsMember(p);
}

bool MayBeForeign(const Pair& p) {
  return p.ttl_drop == 1 && p.destination().is_unicast() && IsStranger(p);
}

// A virtual router's MAC, too, when it is the virtual router that was meant: it keeps the packet.
bool WentToItsOwnMac(const Pair& p) {
  return p.neighbours().IsOwnMac(p.segment, p.to, p.destination(), p.s.at);
}

bool WentToItsCluster(const Pair& p) {
  if (!p.to.is_group() && RoleOf(p.to) != MacRole::kCluster) return false;
  if (Owns(p.s, p.to, p.destination())) return true;
  // In unicast mode outsiders reach a host's own address by the cluster's MAC.
  return RoleOf(p.to) == MacRole::kCluster && p.evidence().ClusterOfMac(p.to, p.s.at) &&
         p.evidence().IsHostAddress(p.destination(), p.s.at);
}

bool NeededNoRouter(const Pair& p) {
  if (!MayBeForeign(p)) return false;
  const bool on_segment =
      p.to.is_group() && p.neighbours().IsOnSegment(p.segment, p.destination(), p.s.at);
  return on_segment || WentToItsOwnMac(p) || WentToItsCluster(p);
}

// One box with a MAC for each side, as 2c:6b:f5:..:cc and ..:c5. Neighbours among the MACs that
// hypervisors give (Hyper-V, VMware, KVM) are separate machines.
bool IsSideOfOneBox(const Pair& p) {
  const uint64_t maker = p.to.bits() >> 24;
  const bool virtual_machine =
      maker == 0x00155D || maker == 0x005056 || maker == 0x000C29 || maker == 0x525400;
  const bool neighbours = (p.to.bits() ^ p.again_from.bits()) >> 8 == 0;
  return neighbours && !virtual_machine;
}

// ARP gives the MAC to another address: a gateway's.
bool StandsForOther(const Pair& p) {
  return p.neighbours().StandsForOther(p.to, p.destination(), p.s.at);
}

// A virtual router's MAC stands for it in each of its VLANs: the packet may have gone on in one and
// come back by another whose tag was lost. Where both tags are there and alike, it did not.
bool WentToVirtualRouter(const Pair& p) {
  const bool delivered_twice = p.to == p.again_to && p.same_vlan;
  return IsVirtualRouter(p.to) && !delivered_twice;
}

// Nothing shows the MAC to be a router's: no claim gave it to whatever address (the destination's
// own would have been proof), and a cluster's MAC is its hosts'.
bool CameToOneMacTwice(const Pair& p) {
  if (!MayBeForeign(p) || p.to != p.again_to || p.to.is_broadcast()) return false;
  if (p.other_vlan || WentToVirtualRouter(p)) return false;
  if (p.evidence().ClusterOfMac(p.to, p.s.at)) return true;
  return !p.neighbours().KnowsMac(p.segment, p.to, p.s.at) && !StandsForOther(p) &&
         !IsSideOfOneBox(p);
}

// ---- TTL lower: excused -------------------------------------------------------------------------

// A mirror engine may lower the TTL of what it copies; it does so once.
bool MirrorLoweredTtl(const Pair& p) {
  return p.ttl_drop == 1 && p.same_macs() && !p.copy.fell_before;
}

// In cooked captures this machine's own routing: the packet came to it, and left it.
bool WentToItsForwarder(const Pair& p) {
  return p.to == p.again_from || (wire::IsToUs(p.to) && wire::IsFromUs(p.again_to));
}

bool IsExplained(const Pair& p) {
  if (p.ttl_drop == 0) return false;
  return WentToItsForwarder(p) || p.other_vlan || WentToVirtualRouter(p) ||
         p.destination().is_multicast() || p.s.frame.ip.source == p.destination() ||
         p.s.known.routers.NameOf(p.again_from) || IsMember(p) || StandsForOther(p);
}

bool TtlFell(const Pair& p) { return p.ttl_drop > 0; }

// ---- TTL equal ----------------------------------------------------------------------------------

// Senders repeat themselves: duplicate ACKs, LLMNR and mDNS over IPv6 are equal in every byte, and
// so are ARP and the heartbeats of a cluster at rest.
bool MayBeRepeated(const Pair& p) {
  return !p.s.frame.is_ip() || (p.same_macs() && !p.copy.has_identification);
}

bool SameMacs(const Pair& p) { return p.same_macs(); }
bool Always(const Pair&) { return true; }

struct Row {
  bool (*holds)(const Pair&);
  std::optional<FindingId> finding;
};

constexpr Row kRows[] = {
    {&Storms, Finding("nlb.analysis.bridging_loop")},
    {&Loops, Finding("nlb.analysis.routing_loop")},
    {&NeededNoRouter, Finding("nlb.analysis.foreign_router")},
    {&CameToOneMacTwice, Finding("nlb.analysis.foreign_router")},
    {&MirrorLoweredTtl, Finding("nlb.analysis.capture_copy")},
    {&IsExplained, Finding("nlb.analysis.routed_copy")},
    {&TtlFell, Finding("nlb.analysis.unexplained_copy")},
    {&MayBeRepeated, std::nullopt},
    {&SameMacs, Finding("nlb.analysis.capture_copy")},
    {&Always, Finding("nlb.analysis.relayed_copy")},
};

}  // namespace

std::optional<FindingId> VerdictOf(const Sighting& sighting, const Copy& copy) {
  const Pair pair = PairOf(sighting, copy);
  for (const Row& row : kRows) {
    if (row.holds(pair)) return row.finding;
  }
  return std::nullopt;
}

}  // namespace nlb
