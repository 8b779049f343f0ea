// SPDX-License-Identifier: GPL-2.0-or-later
//
// IGMP multicast mode.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace igmp {
std::string DescribeSilent(const Sighting& s, const Note& note);
std::string DescribeNoQuerier(const Sighting& s, const Note& note);
bool MatchesReport(const Sighting& s);
std::string DescribeReport(const Sighting& s, const Note& note);
}  // namespace igmp

inline constexpr auto kIgmpRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.igmp_silent", NLB_WARN, NLB_GROUP_PROTOCOL, "IGMP cluster without reports",
          "The cluster uses an IGMP group that nobody reports: switches flood or drop its traffic.",
          "Check IGMPSupport on the hosts, and whether reports reach this capture point.",
          "Anybody's report for the group was seen, or the cluster was heard for up to 130 s, or "
          "reports would not be seen here.",
          "KB838408", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kIgmpSilent,
     .describe = &igmp::DescribeSilent,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.igmp_no_querier", NLB_WARN, NLB_GROUP_PROTOCOL, "No IGMP querier",
          "Hosts report their group but no router or switch queries: snooping may forget them.",
          "Switch on an IGMP snooping querier in this VLAN, or PIM on its router interface.",
          "A query was seen, and not in another VLAN.", "KB838408", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kIgmpNoQuerier,
     .describe = &igmp::DescribeNoQuerier,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.igmp_report", NLB_CHAT, NLB_GROUP_PROTOCOL, "Cluster joins its IGMP group",
          "In IGMP mode hosts report their group every 60 s, so that switches limit the flood.",
          "Nothing to do.",
          "The group is not the cluster's, it was told to one station, or there is no evidence.",
          "KB283028, KB838408", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &igmp::MatchesReport,
     .describe = &igmp::DescribeReport},
});

}  // namespace nlb
