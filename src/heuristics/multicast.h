// SPDX-License-Identifier: GPL-2.0-or-later
//
// Unicast IP addresses behind group MACs, and the flood of requests.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace multicast {
bool MatchesMulticast(const Sighting& s);
bool MatchesStale(const Sighting& s);
std::string DescribeStale(const Sighting& s, const Note& note);
std::string DescribeFlood(const Sighting& s, const Note& note);
FieldValue FloodPackets(const Sighting& s, const Note& note);
FieldValue FloodBytes(const Sighting& s, const Note& note);
FieldValue FloodClients(const Sighting& s, const Note& note);
bool MatchesOtherGroup(const Sighting& s);
std::string DescribeOtherGroup(const Sighting& s, const Note& note);
}  // namespace multicast

inline constexpr FindingField kFlood[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.flood_packets"), &multicast::FloodPackets},
    {Field("nlb.analysis.flood_bytes"), &multicast::FloodBytes},
    {Field("nlb.analysis.flood_clients"), &multicast::FloodClients},
};

inline constexpr auto kMulticastRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.cluster_flood", NLB_NOTE, NLB_GROUP_SEQUENCE,
          "This port gets a cluster's flood",
          "Switches send what is for the cluster to every port of the VLAN: all its requests "
          "arrive here, and none of its answers.",
          "Give the cluster its own VLAN; in IGMP mode switch on snooping and a querier.",
          "An answer is seen, or others talk to each other here: a mirror of one direction shows "
          "requests only, and floods nobody.",
          "KB193602, KB232711", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kClusterFlood,
     .describe = &multicast::DescribeFlood,
     .fields = kFlood},
    {.finding = {"nlb.analysis.multicast_mac", NLB_CHAT, NLB_GROUP_PROTOCOL,
                 "Unicast IP to the cluster's group MAC",
                 "Switches flood this frame to every port of the VLAN, as multicast mode needs.",
                 "Nothing to do; its own VLAN, static MAC entries or IGMP mode limit the flood.",
                 "The group is a real IP multicast group, or two hosts of a unicast cluster talk.",
                 "KB232711, KB283028", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &multicast::MatchesMulticast,
     .describe = &multicast::DescribeOtherGroup},
    {.finding =
         {"nlb.analysis.multicast_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
          "Group MAC of a mode that nothing proves",
          "The cluster is known, but not in the mode of this MAC: the sender's ARP entry may be of "
          "an earlier mode.",
          "Compare the sender's ARP entry with the cluster's mode (nlb params on a host).",
          "Heartbeats, ARP or the table of clusters tell that the cluster is in this mode.",
          "KB232711, KB283028", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &multicast::MatchesStale,
     .describe = &multicast::DescribeStale},
    {.finding =
         {"nlb.analysis.unicast_ip_group_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
          "Unicast IP to a group MAC",
          "A cluster other than a known NLB one, or a static ARP entry, sends one address to many "
          "ports.",
          "Find who answers ARP with the group MAC; for an address off-link, the sender's gateway "
          "entry.",
          "nlb.analysis.multicast_mac fires, a broadcast, a loopback address, or BFD on a link "
          "bundle.",
          "RFC 1812 3.3.2, RFC 7130", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &multicast::MatchesOtherGroup,
     .describe = &multicast::DescribeOtherGroup},
});

}  // namespace nlb
