// SPDX-License-Identifier: GPL-2.0-or-later
// IGMP multicast mode.
#include "base/text.h"
#include "heuristics/registry.h"
#include "state/cluster_notes.h"
#include "state/igmp_tracker.h"
#include "wire/transport.h"

namespace nlb {
namespace {

std::optional<std::string> CheckReport(const Sighting& s) {
  // A group is joined by telling the group.
  if (!s.frame.destination.is_group()) return std::nullopt;
  const auto igmp = s.frame.is_ip() ? wire::ParseIgmp(s.frame.ip) : std::nullopt;
  const IpAddress cluster = s.frame.ip.source;
  if (!igmp || !IsReportOf(*igmp, cluster) || !s.known.evidence.OfAddress(cluster, s.at)) {
    return std::nullopt;
  }
  return "Cluster " + Text(cluster) + " joins group " + TextV4(GroupOf(cluster));
}

std::string TellNoQuerier(const Sighting& s, const Note& note) {
  return Text(s.frame.ip.source) + " has reported for " + Text(UnpackDuration(note.detail)) +
         ", and nobody queries";
}

std::string TellSilent(const Sighting& s, const Note& note) {
  return "No report for " + Text(s.frame.destination) + " in " + Text(UnpackDuration(note.detail)) +
         " since " + FrameText(s, note.other);
}

}  // namespace

constinit const Heuristic kIgmpReport{
    .finding =
        {"nlb.analysis.igmp_report", NLB_CHAT, NLB_GROUP_PROTOCOL, "Cluster joins its IGMP group",
         "In IGMP mode hosts report their group every 60 s, so that switches limit the flood.",
         "Nothing to do.",
         "The group is not the cluster's, it was told to one station, or there is no evidence.",
         "KB283028, KB838408", NLB_SECTION_ANALYSIS},
    .check = &CheckReport};

constinit const Heuristic kIgmpNoQuerier{
    .finding =
        {"nlb.analysis.igmp_no_querier", NLB_NOTE, NLB_GROUP_PROTOCOL, "No IGMP querier",
         "Hosts report their group but no router or switch queries: snooping may forget them.",
         "Switch on an IGMP snooping querier in this VLAN, or PIM on its router interface.",
         "A query was seen, and not in another VLAN.", "KB838408", NLB_SECTION_ANALYSIS},
    .event = Event::kIgmpNoQuerier,
    .tell = &TellNoQuerier};

constinit const Heuristic kIgmpSilent{
    .finding =
        {"nlb.analysis.igmp_silent", NLB_WARN, NLB_GROUP_PROTOCOL, "IGMP cluster without reports",
         "The cluster uses an IGMP group that nobody reports: switches flood or drop its traffic.",
         "Check IGMPSupport on the hosts, and whether reports reach this capture point.",
         "Anybody's report for the group was seen, or the cluster was heard for up to 130 s.",
         "KB838408", NLB_SECTION_ANALYSIS},
    .event = Event::kIgmpSilent,
    .tell = &TellSilent};

}  // namespace nlb
