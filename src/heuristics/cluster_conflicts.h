// SPDX-License-Identifier: GPL-2.0-or-later
//
// Hosts of one cluster that contradict each other: shown on every heartbeat that does.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace conflicts {
std::string DescribeDuplicate(const Sighting& s, const Note& note);
std::string DescribeRules(const Sighting& s, const Note& note);
std::string DescribeDefaultHost(const Sighting& s, const Note& note);
std::string DescribeMode(const Sighting& s, const Note& note);
std::string DescribeTeaming(const Sighting& s, const Note& note);
std::string DescribeVersion(const Sighting& s, const Note& note);
std::string DescribeFlapping(const Sighting& s, const Note& note);
std::string DescribeClusterMac(const Sighting& s, const Note& note);
bool IsNotTheClusters(const Sighting& s, const Transition& transition);
std::string DescribeKeepsMac(const Sighting& s, const Note& note);
std::string DescribeUnconfigured(const Sighting& s, const Note& note);
FieldValue TwinId(const Sighting& s, const Note& note);
FieldValue TwinIp(const Sighting& s, const Note& note);

inline constexpr FindingField kTwin[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.other_host_id"), &TwinId},
    {Field("nlb.analysis.other_host_ip"), &TwinIp},
};
}  // namespace conflicts

inline constexpr auto kConflictRules = std::to_array<Heuristic>({
    {.finding = {"nlb.analysis.duplicate_host_id", NLB_ERROR, NLB_GROUP_PROTOCOL,
                 "Two hosts with one ID",
                 "Two hosts of the cluster have the same priority: convergence never ends.",
                 "Give each host a priority of its own, 1 to 32 (NLB Manager, host properties).",
                 "One host, by its host code, changed its NIC or its dedicated address.",
                 "KB193599", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kDuplicateHostId,
     .describe = &conflicts::DescribeDuplicate,
     .fields = conflicts::kTwin},
    {.finding =
         {"nlb.analysis.rule_mismatch", NLB_ERROR, NLB_GROUP_PROTOCOL, "Port rules differ",
          "Hosts of the cluster announce different port rules: the newcomer is not accepted.",
          "Make number, ports, protocol and filtering of the rules identical on all hosts.",
          "The other host is not alive.", "KB198496, KB193599", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kRuleMismatch,
     .describe = &conflicts::DescribeRules,
     .fields = kOtherValue},
    {.finding = {"nlb.analysis.default_host_conflict", NLB_ERROR, NLB_GROUP_PROTOCOL,
                 "Split cluster",
                 "For more than 10 s hosts have named different default hosts: they do not hear "
                 "each other.",
                 "Check VLAN, trunk and broadcast filtering between the ports of these hosts.",
                 "A convergence of up to 10 s.", "KB197863, KB812870", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kDefaultHostConflict,
     .describe = &conflicts::DescribeDefaultHost,
     .fields = kOtherValue},
    {.finding = {"nlb.analysis.mode_mismatch", NLB_ERROR, NLB_GROUP_PROTOCOL,
                 "Cluster modes differ",
                 "Hosts of one cluster run in different modes, which is not supported.",
                 "Set one mode, unicast, multicast or IGMP multicast, on all hosts.",
                 "The other host is not alive, or a destination MAC tells no mode.",
                 "MSNLB16, KB556068", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kModeMismatch,
     .describe = &conflicts::DescribeMode,
     .fields = kOtherValue},
    {.finding = {"nlb.analysis.teaming_mismatch", NLB_ERROR, NLB_GROUP_PROTOCOL, "Teaming differs",
                 "Hosts disagree on bidirectional affinity: the cluster keeps converging.",
                 "Make the team settings (BDATeaming) of all hosts equal.",
                 "Both words are 0, or only reserved bits differ.", "MSHOST-BDA",
                 NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kTeamingMismatch,
     .describe = &conflicts::DescribeTeaming,
     .fields = kOtherValue},
    {.finding = {"nlb.analysis.version_mismatch", NLB_NOTE, NLB_GROUP_PROTOCOL,
                 "NLB versions differ", "Hosts of one cluster run different versions of Windows.",
                 "Accepted while upgrading host by host; finish the upgrade.",
                 "The other host is not alive.", "KB232711", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kVersionMismatch,
     .describe = &conflicts::DescribeVersion,
     .fields = kOtherValue},
    {.finding =
         {"nlb.analysis.mac_flapping", NLB_WARN, NLB_GROUP_PROTOCOL, "Two hosts behind one MAC",
          "Two hosts send heartbeats with one source MAC: the switch moves it from port to port.",
          "Set MaskSourceMAC=1 on all hosts, and make host priorities unique.",
          "One host was given another ID.", "KB193602", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kMacFlapping,
     .describe = &conflicts::DescribeFlapping,
     .fields = kOtherHost},
    {.finding =
         {"nlb.analysis.host_keeps_mac", NLB_WARN, NLB_GROUP_PROTOCOL, "Host keeps its own MAC",
          "The hypervisor does not let this host of a unicast cluster take the cluster's MAC.",
          "Allow it: Hyper-V MAC address spoofing; VMware forged transmits and MAC changes.",
          "The source is masked, or the cluster's MAC, also one that was set by hand.", "VMW1556",
          NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kHostKeepsMac,
     .accepts = &conflicts::IsNotTheClusters,
     .describe = &conflicts::DescribeKeepsMac},
    {.finding = {"nlb.analysis.cluster_mac_differs", NLB_NOTE, NLB_GROUP_PROTOCOL,
                 "Cluster MAC set by hand",
                 "The cluster MAC is not made of the cluster IP: it was set by hand.",
                 "Make sure that all hosts, static ARP and MAC entries use this MAC.",
                 "The MAC carries the bytes of the cluster IP; said once for each host.",
                 "KB232454", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kClusterMacDiffers,
     .describe = &conflicts::DescribeClusterMac},
    {.finding =
         {"nlb.analysis.unconfigured_host", NLB_NOTE, NLB_GROUP_SEQUENCE, "NLB is not set up",
          "NLB is bound to an adapter of this host, but no cluster was set up.",
          "Take the tick from Network Load Balancing in the adapter's properties, or set it up.",
          "The heartbeat names a cluster. Nothing else is concluded from one that names none.",
          "MSNLB16", NLB_SECTION_ANALYSIS},
     .part = Part::kHosts,
     .event = Event::kUnconfiguredHost,
     .describe = &conflicts::DescribeUnconfigured},
});

}  // namespace nlb
