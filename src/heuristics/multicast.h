// SPDX-License-Identifier: GPL-2.0-or-later
//
// Unicast IP addresses behind group MACs.
#pragma once

#include <array>
#include <string>

#include "heuristics/heuristic.h"

namespace nlb {
namespace multicast {
bool MatchesMulticast(const Sighting& s);
std::string DescribeMulticast(const Sighting& s, const Note& note);
bool MatchesOtherGroup(const Sighting& s);
std::string DescribeOtherGroup(const Sighting& s, const Note& note);
}  // namespace multicast

inline constexpr auto kMulticastRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.multicast_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
          "Unicast IP to the cluster's group MAC",
          "Switches flood this frame to every port of the VLAN, as multicast mode needs; in "
          "another "
          "mode the sender's ARP entry is wrong.",
          "Give the cluster its own VLAN, static MAC entries or IGMP mode; mend stale ARP entries.",
          "The group is a real IP multicast group, or two hosts of a unicast cluster talk.",
          "KB232711, KB283028", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &multicast::MatchesMulticast,
     .describe = &multicast::DescribeMulticast},
    {.finding =
         {"nlb.analysis.unicast_ip_group_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
          "Unicast IP to a group MAC",
          "A cluster other than a known NLB one, or a static ARP entry, sends one address to many "
          "ports.",
          "Find who answers ARP for the address with a group MAC; contain the flood in a VLAN.",
          "nlb.analysis.multicast_mac fires, or the frame is a broadcast.", "RFC 1812 3.3.2",
          NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &multicast::MatchesOtherGroup,
     .describe = &multicast::DescribeOtherGroup},
});

}  // namespace nlb
