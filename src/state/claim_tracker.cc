// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/claim_tracker.h"

#include <algorithm>

#include "state/cluster_address.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"

namespace nlb {
namespace {

bool IsOneSegment(const Segment& a, const Segment& b) {
  return a.interface_id == b.interface_id && a.layer == b.layer &&
         !wire::InDifferentVlans(a.vlan, b.vlan);
}

// By more than what others send to: a stale ARP entry makes somebody send there, too.
bool IsSure(const Evidence& evidence) { return evidence.proof != Proof::kAddress; }

// Two clusters may have one MAC: IGMP mode takes the last two bytes of the address only.
bool IsOfCluster(MacAddress mac, IpAddress cluster, const EvidenceTable& evidence, Position at) {
  if (RoleOf(mac) == MacRole::kIgmp && Embeds(mac, cluster.mac_tail())) return true;
  const auto its = evidence.ClusterOfMac(mac, at);
  return its && its->cluster == cluster;
}

}  // namespace

bool ClaimTracker::IsHome(const Segment& segment, IpAddress cluster) const {
  const Homes* homes = homes_.Find(cluster);
  if (!homes) return true;
  return std::any_of(homes->segments.begin(), homes->segments.begin() + homes->count,
                     [&](const Segment& home) { return IsOneSegment(home, segment); });
}

bool ClaimTracker::BeatsFrom(MacAddress mac, IpAddress cluster) const {
  const Homes* homes = homes_.Find(cluster);
  return homes && homes->beats_from == mac;
}

void ClaimTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  const EvidenceTable& evidence = s.known.evidence;
  if (frame.heartbeat) {
    const IpAddress cluster = frame.heartbeat->cluster_ip;
    return ObserveOwn(frame, cluster, cluster, out);
  }
  if (frame.is_ip() && !frame.claim) return ObserveTraffic(s, out);
  if (!frame.claim || !frame.claim->ip.is_unicast() || frame.claim->mac.is_broadcast()) return;
  const wire::Claim& claim = *frame.claim;
  const auto cluster = ClusterOfAddress(claim.ip, evidence, s.known.neighbours, s.at);
  if (cluster && IsOfCluster(claim.mac, cluster->cluster, evidence, s.at)) {
    return ObserveOwn(frame, claim.ip, cluster->cluster, out);
  }
  if (evidence.HostByInterHostMac(claim.mac, s.at) || claim.mac == MacAddress()) return;
  if (cluster && IsSure(*cluster)) {
    if (BeatsFrom(claim.mac, cluster->cluster)) return;
    // Two MACs of NLB's making were compared with each other.
    const bool told = std::any_of(out.begin(), out.end(), [](const Transition& t) {
      return t.event == Event::kVipMacConflict;
    });
    if (!told && !s.is_copy && IsHome(frame.segment, cluster->cluster)) {
      ObserveStranger(s, out);
    }
  } else if (RoleOf(claim.mac) == MacRole::kNone && !claim.mac.is_group()) {
    if (early_.empty()) early_.resize(kSlots);
    PlaceOf(claim.ip) = {claim.ip, claim.mac, frame.segment, s.at};
  }
}

void ClaimTracker::ObserveOwn(const FrameFacts& frame, IpAddress ip, IpAddress cluster,
                              Transitions& out) {
  if (Homes* homes = homes_.FindOrAdd(cluster)) {
    const auto end = homes->segments.begin() + homes->count;
    const auto found = std::find(homes->segments.begin(), end, frame.segment);
    if (found == end && homes->count < homes->segments.size()) {
      homes->segments[homes->count++] = frame.segment;
    }
    const bool to_all = frame.heartbeat && frame.destination.is_broadcast();
    if (to_all && frame.source_role == MacRole::kNone) homes->beats_from = frame.source;
  }
  TellEarly(frame, ip, cluster, out);
}

// A further address is proven by requests to it and by who answers them.
void ClaimTracker::ObserveTraffic(const Sighting& s, Transitions& out) {
  if (early_.empty()) return;
  const IpAddress ip = s.frame.ip.destination;
  const auto further = s.known.evidence.ClusterByTraffic(ip, s.at);
  if (further) TellEarly(s.frame, ip, further->cluster, out);
}

void ClaimTracker::TellEarly(const FrameFacts& frame, IpAddress ip, IpAddress cluster,
                             Transitions& out) {
  if (early_.empty()) return;
  Early& early = PlaceOf(ip);
  if (early.at == 0 || early.ip != ip || !IsOneSegment(early.segment, frame.segment)) return;
  if (BeatsFrom(early.mac, cluster)) {
    early = {};
    return;
  }
  Transition seen{Event::kVipMacConflict, {}};
  seen.note.other = early.at;
  seen.note.detail = MacConflict{{}, true, true}.Pack();
  seen.note.set_mac(early.mac);
  out.push_back(seen);
  early = {};
}

void ClaimTracker::ObserveStranger(const Sighting& s, Transitions& out) {
  const auto* answer = s.known.neighbours.AnsweredWith(s.frame.claim->ip, s.at);
  Transition seen{Event::kVipMacConflict, {}};
  seen.note.other = answer ? answer->at : 0;
  seen.note.detail = MacConflict{{}, true, false}.Pack();
  if (answer) seen.note.set_mac(answer->mac);
  out.push_back(seen);
}

}  // namespace nlb
