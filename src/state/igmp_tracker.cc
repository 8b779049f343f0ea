// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/igmp_tracker.h"

#include "facts/mac_class.h"
#include "state/cluster_notes.h"
#include "wire/transport.h"

namespace nlb {

bool IsReportOf(uint32_t group, IpAddress cluster) {
  return cluster.is_v4() && group >> 16 == 0xEFFF && (group & 0xFFFF) == (cluster.v4() & 0xFFFF);
}

IgmpTracker::Watch* IgmpTracker::WatchOf(const Segment& segment, uint32_t mac_tail) {
  return clusters_.FindOrAdd(Mix(FoldOf(segment)) ^ (mac_tail & 0xFFFF));
}

void IgmpTracker::Observe(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                          Transitions& out) {
  if (frame.is_ip() && frame.ip.protocol == wire::kIgmp) {
    const auto igmp = wire::ParseIgmp(frame.ip.transport);
    if (!igmp) return;
    if (igmp->query) {
      queried_.FindOrAdd(FoldOf(frame.segment));
    } else if (IsReportOf(igmp->group, frame.ip.source) &&
               evidence.OfAddress(frame.ip.source, at)) {
      if (Watch* watch = WatchOf(frame.segment, igmp->group)) ObserveReport(frame, at, *watch, out);
    }
    return;
  }
  if (frame.destination_role != MacRole::kIgmp) return;
  // A report of 239.127.y.z or 239.255.y.z is sent to this MAC too; only what is for the cluster
  // counts.
  const bool for_cluster =
      frame.content == Content::kHeartbeat || (frame.is_ip() && frame.ip.destination.is_unicast());
  if (!for_cluster || !evidence.Of(frame.destination, at)) return;
  Watch* watch = WatchOf(frame.segment, frame.destination.tail());
  if (watch) ObserveTraffic(frame, at, *watch, out);
}

void IgmpTracker::ObserveReport(const FrameFacts& frame, Position at, Watch& watch,
                                Transitions& out) {
  if (!watch.reported) {
    watch.reported = true;
    watch.first_report = frame.time;
    watch.report = at;
    return;
  }
  const Duration since = frame.time - watch.first_report;
  if (watch.no_querier_said || since <= kMembership || queried_.Find(FoldOf(frame.segment))) return;
  watch.no_querier_said = true;
  Transition seen{Event::kIgmpNoQuerier, {}};
  seen.note.other = watch.report;
  seen.note.detail = PackDuration(since);
  out.push_back(seen);
}

void IgmpTracker::ObserveTraffic(const FrameFacts& frame, Position at, Watch& watch,
                                 Transitions& out) {
  if (!watch.heard) {
    watch.heard = true;
    watch.first_heard = frame.time;
    watch.first = at;
    return;
  }
  const Duration since = frame.time - watch.first_heard;
  if (watch.silent_said || watch.reported || since <= kMembership) return;
  watch.silent_said = true;
  Transition seen{Event::kIgmpSilent, {}};
  seen.note.other = watch.first;
  seen.note.detail = PackDuration(since);
  out.push_back(seen);
}

}  // namespace nlb
