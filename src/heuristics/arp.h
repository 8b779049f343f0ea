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
bool AcceptsRefusedAnswer(const Sighting& s, const Transition& t);
std::string DescribeRefusedAnswer(const Sighting& s, const Note& note);
std::string DescribeRefusedQuestion(const Sighting& s, const Note& note);
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
          "Two MACs claim a cluster's address",
          "Two clusters or settings claim the address; or it is bound without NLB, on a team that "
          "balances ARP or on another machine; or somebody lies.",
          "Same cluster IP, mode and MAC on all hosts; take the address off whoever is named here.",
          "Two MACs of the cluster, 60 s or more apart; a host's own address; a MAC that no NLB "
          "makes, where the address is not proven or the cluster not heard on this segment.",
          "KB193598", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kVipMacConflict,
     .accepts = &arp::AcceptsConflict,
     .describe = &arp::DescribeConflict,
     .fields = kRelated},
    {.finding = {"nlb.analysis.router_refuses", NLB_WARN, NLB_GROUP_PROTOCOL,
                 "A router refuses the group MAC",
                 "It asks again although it was answered: routers must not believe a group MAC for "
                 "a unicast address.",
                 "Add a static ARP entry for the address on the gateway, or use unicast mode.",
                 "It also sends IP to the group MAC, asks only twice in 60 s, or is answered with "
                 "another MAC too.",
                 "RFC 1812 3.3.2", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kRouterRefuses,
     .accepts = &arp::AcceptsRefusedAnswer,
     .describe = &arp::DescribeRefusedAnswer,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.router_refuses", NLB_WARN, NLB_GROUP_PROTOCOL,
          "A router does not answer the hosts",
          "The hosts' own questions name the group MAC as the sender's, and routers must not "
          "believe that either.",
          "Add a static ARP entry for the gateway on each host (netsh add neighbors).",
          "It was answered, asked only twice in 60 s, or answers others just as little.",
          "RFC 1812 3.3.2", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kRouterRefuses,
     .describe = &arp::DescribeRefusedQuestion,
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
    {.finding = {"nlb.analysis.arp_multicast_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
                 "ARP maps a unicast IP to a group MAC",
                 "Normal in multicast mode. Hosts accept it; routers must refuse it, and then need "
                 "a static entry.",
                 "Check that the gateway has a static ARP entry for the address.",
                 "nlb.analysis.inter_host_mac fires, or the frame comes from that very group MAC: "
                 "nothing sends from one.",
                 "RFC 1812 3.3.2", NLB_SECTION_ANALYSIS},
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
