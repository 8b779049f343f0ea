// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/igmp.h"

#include "base/text.h"
#include "state/cluster_notes.h"
#include "state/igmp_tracker.h"
#include "wire/transport.h"

namespace nlb::igmp {

bool MatchesReport(const Sighting& s) {
  // A group is joined by telling the group.
  if (!s.frame.destination.is_group()) return false;
  const auto igmp = s.frame.is_ip() ? wire::ParseIgmp(s.frame.ip) : std::nullopt;
  const IpAddress cluster = s.frame.ip.source;
  return igmp && IsReportOf(*igmp, cluster) && s.known.evidence.ClusterOfAddress(cluster, s.at);
}

std::string DescribeReport(const Sighting& s, const Note&) {
  const IpAddress cluster = s.frame.ip.source;
  return "Cluster " + Text(cluster) + " joins group " + TextV4(GroupOf(cluster));
}

std::string DescribeNoQuerier(const Sighting& s, const Note& note) {
  return "Nobody queries, and " + Text(s.frame.ip.source) + " has reported for " +
         Text(UnpackDuration(note.detail));
}

std::string DescribeSilent(const Sighting& s, const Note& note) {
  return "No report for " + Text(s.frame.destination) + " in " + Text(UnpackDuration(note.detail));
}

}  // namespace nlb::igmp
