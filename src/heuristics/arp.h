// SPDX-License-Identifier: GPL-2.0-or-later
//
// What NLB does to ARP and neighbour discovery.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace arp {
std::string DescribeConflict(const Sighting& s, const Note& note);
bool AcceptsConflict(const Sighting& s, const Transition& t);
std::string DescribeSecondary(const Sighting& s, const Note& note);
bool MatchesInterHost(const Sighting& s);
std::string DescribeInterHost(const Sighting& s, const Note& note);
bool MatchesGroupMac(const Sighting& s);
std::string DescribeGroupMac(const Sighting& s, const Note& note);
bool MatchesSenderDiffers(const Sighting& s);
std::string DescribeSenderDiffers(const Sighting& s, const Note& note);
}  // namespace arp

inline constexpr auto kArpRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.vip_mac_conflict", NLB_ERROR, NLB_GROUP_PROTOCOL,
          "Two cluster MACs claim one address",
          "Two clusters, or hosts of one with different settings, claim the same virtual address.",
          "Enter the same cluster IP, mode and MAC on all hosts; give each cluster its own "
          "address.",
          "The claims are 60 s or more apart, or the address is a host's own.", "KB193598",
          NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kVipMacConflict,
     .accepts = &arp::AcceptsConflict,
     .describe = &arp::DescribeConflict,
     .fields = kRelated},
    {.finding = {"nlb.analysis.secondary_vip_mac", NLB_WARN, NLB_GROUP_PROTOCOL,
                 "MAC of another address or mode",
                 "NLB has one MAC for all addresses, made of the primary one and of its mode; the "
                 "sender has a wrong ARP entry.",
                 "On the gateway, map every address of the cluster to the MAC that ARP answers.",
                 "ARP answered the address with this MAC, or nobody asked.", "MSBLOG-PRI",
                 NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kSecondaryVipMac,
     .describe = &arp::DescribeSecondary,
     .fields = kRelated},
    {.finding = {"nlb.analysis.inter_host_mac", NLB_CHAT, NLB_GROUP_PROTOCOL, "Host to host MAC",
                 "In unicast mode hosts reach each other by a MAC of their own, 03-BF and the "
                 "dedicated IP.",
                 "Nothing to do.",
                 "Neither heartbeats nor the host's own ARP prove the address in the MAC a host's.",
                 "SAMURAJ-CZ", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .routine = true,
     .matches = &arp::MatchesInterHost,
     .describe = &arp::DescribeInterHost},
    {.finding = {"nlb.analysis.arp_multicast_mac", NLB_WARN, NLB_GROUP_PROTOCOL,
                 "ARP maps a unicast IP to a group MAC",
                 "Hosts accept this, routers must refuse it, asked or asking: the address is dead "
                 "from other subnets.",
                 "Add a static ARP entry for the address on the gateway, and a static MAC entry on "
                 "switches.",
                 "nlb.analysis.inter_host_mac fires.", "RFC 1812 3.3.2", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &arp::MatchesGroupMac,
     .describe = &arp::DescribeGroupMac},
    {.finding = {"nlb.analysis.arp_sender_differs", NLB_CHAT, NLB_GROUP_PROTOCOL,
                 "ARP sender differs from the frame's source",
                 "NLB answers ARP with the cluster MAC but sends the frame from another; this is "
                 "not spoofing.",
                 "Nothing to do; where ARP inspection drops it, exempt the cluster's ports.",
                 "NLB does not explain the two MACs.", "KB193602", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &arp::MatchesSenderDiffers,
     .describe = &arp::DescribeSenderDiffers},
});

}  // namespace nlb
