// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/igmp_tracker.h"

#include "facts/mac_class.h"
#include "state/cluster_address.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"
#include "wire/transport.h"

namespace nlb {
namespace {

// The VLAN that the frame's own network is in, the innermost; 0 where it tells none.
uint16_t VlanOf(const FrameFacts& frame) {
  return static_cast<uint16_t>(frame.segment.vlan.ids & 0x0FFF);
}

// The other groups with the MAC 01-00-5E-7F-y-z (RFC 1112 6.4) bring the frames to somebody else.
constexpr bool IsClusterGroup(uint32_t group) { return (group & 0xFFFF0000) == kClusterGroups; }

constexpr uint64_t KeyOf(uint16_t vlan, uint32_t last_bytes) {
  return uint64_t{vlan} << 16 | (last_bytes & 0xFFFF);
}

// Whether the first group of a report, or all of the message, was cut off by the capture.
bool IsCut(const wire::IpPacket& ip) {
  constexpr uint8_t kVersion3Report = 0x22;
  if (!ip.has_transport_header()) return false;
  const bool version3 = ip.transport.Has(0, 1) && ip.transport.U8(0) == kVersion3Report;
  return !ip.transport.Has(0, version3 ? 16 : 8);
}

// Whether the IPv4 header, with its options, was cut off.
bool HeaderIsCut(Bytes packet) {
  return !packet.Has(0, 20) || !packet.Has(0, static_cast<size_t>(packet.U8(0) & 15) * 4);
}

// A VLAN that is not told may be any.
bool IsIn(const std::bitset<4096>& vlans, uint16_t vlan) {
  return vlan == 0 ? vlans.any() : vlans[0] || vlans[vlan];
}

}  // namespace

bool IsReportOf(const wire::Igmp& igmp, IpAddress cluster) {
  if (igmp.query || !cluster.is_v4()) return false;
  bool found = false;
  wire::ForEachGroup(igmp, [&](uint32_t group) { found |= group == GroupOf(cluster); });
  return found;
}

IgmpTracker::Watch* IgmpTracker::WatchOf(uint16_t vlan, uint32_t last_bytes) {
  return clusters_.FindOrAdd(KeyOf(vlan, last_bytes));
}

void IgmpTracker::NoteGap(Timestamp end, Duration gap) {
  if (gap > kGap) gap_end_ = end;
}

void IgmpTracker::LearnReport(uint16_t vlan, uint32_t last_bytes) {
  reported_anywhere_.set(last_bytes & 0xFFFF);
  reported_.FindOrAdd(KeyOf(vlan, last_bytes));
}

bool IgmpTracker::IsReported(uint16_t vlan, uint32_t last_bytes) const {
  if (vlan == 0 || reported_.overflowed()) return reported_anywhere_[last_bytes & 0xFFFF];
  return reported_.Find(KeyOf(0, last_bytes)) || reported_.Find(KeyOf(vlan, last_bytes));
}

bool IgmpTracker::MayBeQueried(uint16_t vlan) const { return IsIn(queried_, vlan); }

bool IgmpTracker::WouldSee(uint16_t vlan, uint32_t last_bytes) const {
  if (cut_) return false;
  if (IsIn(others_report_, vlan)) return true;
  const View* view = views_.Find(last_bytes & 0xFFFF);
  return view && view->clients.both && view->served.both;
}

void IgmpTracker::ObserveView(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                              const Neighbours& neighbours) {
  const IpAddress from = frame.ip.source, to = frame.ip.destination;
  if (!to.is_unicast() || !from.is_unicast()) return;
  if (frame.destination_role == MacRole::kIgmp) {
    if (View* view = views_.FindOrAdd(frame.destination.tail() & 0xFFFF)) view->clients.Add(from);
    LearnStation(frame.source, kSpoke);
  } else if (const auto cluster = ClusterOfAddress(from, evidence, neighbours, at)) {
    View* view = views_.Find(cluster->cluster.v4() & 0xFFFF);
    if (view) view->served.Add(to);
    LearnStation(frame.destination, kAnswered);
  }
}

void IgmpTracker::LearnStation(MacAddress mac, uint8_t what) {
  uint8_t* known = stations_.FindOrAdd(mac.bits());
  if (!known) return;
  *known |= what;
  answered_ |= what == kAnswered;
  both_ways_ |= *known == (kSpoke | kAnswered);
}

// A query comes from a router: where those that the hosts answer are never heard, a mirror shows
// one direction.
bool IgmpTracker::WouldSeeQuery(uint16_t vlan, uint32_t last_bytes) const {
  return WouldSee(vlan, last_bytes) && (both_ways_ || !answered_);
}

void IgmpTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  const Position at = s.at;
  const Knowledge& known = s.known;
  const EvidenceTable& evidence = known.evidence;
  is_used_ |= frame.destination_role == MacRole::kIgmp;
  if (frame.is_ip() && frame.ip.protocol == wire::kIgmp) {
    is_used_ = true;
    if (const auto igmp = wire::ParseIgmp(frame.ip)) ObserveIgmp(frame, at, *igmp, evidence, out);
    cut_ |= IsCut(frame.ip);
    return;
  }
  cut_ |= frame.content == Content::kOther && frame.ether_type == wire::kTypeIpv4 &&
          frame.destination.is_group() && HeaderIsCut(frame.payload);
  if (frame.is_ip() && is_used_) ObserveView(frame, at, evidence, known.neighbours);
  // A virtual router sends on from another MAC than it is answered at.
  if (frame.claim && IsVirtualRouter(frame.claim->mac)) LearnStation(frame.claim->mac, kSpoke);
  if (frame.destination_role != MacRole::kIgmp) return;
  // A report of 239.127.y.z or 239.255.y.z is sent to this MAC too; only what is for the cluster
  // counts.
  const bool for_cluster =
      frame.content == Content::kHeartbeat || (frame.is_ip() && frame.ip.destination.is_unicast());
  if (for_cluster && evidence.ClusterOfMac(frame.destination, at)) ObserveTraffic(frame, at, out);
}

void IgmpTracker::ObserveIgmp(const FrameFacts& frame, Position at, const wire::Igmp& igmp,
                              const EvidenceTable& evidence, Transitions& out) {
  if (igmp.query) {
    queried_.set(VlanOf(frame));
    return;
  }
  // Whoever reports: a snooping switch that does it for the hosts has no address (RFC 4541 2.1.1).
  wire::ForEachGroup(igmp, [&](uint32_t group) {
    if (IsClusterGroup(group)) LearnReport(VlanOf(frame), group);
  });
  const IpAddress cluster = frame.ip.source;
  const bool of_cluster = evidence.ClusterOfAddress(cluster, at).has_value();
  if (!of_cluster && !evidence.HostByMac(frame.source, at)) {
    others_report_.set(VlanOf(frame));
    if (reporter_ == MacAddress()) reporter_ = frame.source;
    several_report_ |= reporter_ != frame.source;
  }
  if (!IsReportOf(igmp, cluster) || !of_cluster) return;
  if (Watch* watch = WatchOf(VlanOf(frame), cluster.v4())) ObserveReport(frame, at, *watch, out);
}

void IgmpTracker::ObserveReport(const FrameFacts& frame, Position at, Watch& watch,
                                Transitions& out) {
  if (!watch.reported || watch.first_report < gap_end_) {
    watch.reported = true;
    watch.first_report = frame.time;
    watch.report = at;
    return;
  }
  const Duration since = frame.time - watch.first_report;
  if (watch.no_querier_said || since <= kMembership || MayBeQueried(VlanOf(frame))) return;
  if (!WouldSeeQuery(VlanOf(frame), frame.ip.source.v4())) return;
  watch.no_querier_said = true;
  Transition seen{Event::kIgmpNoQuerier, {}};
  seen.note.other = watch.report;
  seen.note.detail = PackDuration(since);
  out.push_back(seen);
}

// Of a station that alone sends to the group here, and alone reports.
bool IgmpTracker::IsOwnPort(const Watch& watch) const {
  return !watch.several_senders && !several_report_ && watch.sender == reporter_;
}

void IgmpTracker::ObserveTraffic(const FrameFacts& frame, Position at, Transitions& out) {
  const uint32_t group = frame.destination.tail() & 0xFFFF;
  Watch* found = WatchOf(VlanOf(frame), group);
  if (!found) return;
  Watch& watch = *found;
  if (watch.sender == MacAddress()) watch.sender = frame.source;
  watch.several_senders |= watch.sender != frame.source;
  if (!watch.heard || watch.first_heard < gap_end_) {
    watch.heard = true;
    watch.first_heard = frame.time;
    watch.first = at;
    return;
  }
  const Duration since = frame.time - watch.first_heard;
  if (watch.silent_said || since <= kMembership || IsReported(VlanOf(frame), group)) return;
  if (!WouldSee(VlanOf(frame), group) || IsOwnPort(watch)) return;
  watch.silent_said = true;
  Transition seen{Event::kIgmpSilent, {}};
  seen.note.other = watch.first;
  seen.note.detail = PackDuration(since);
  out.push_back(seen);
}

}  // namespace nlb
