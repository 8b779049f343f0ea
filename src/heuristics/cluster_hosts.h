// SPDX-License-Identifier: GPL-2.0-or-later
//
// Hosts that come, go and stumble: the events in the life of a cluster.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace hosts {
std::string DescribeUnsettled(const Sighting& s, const Note& note);
std::string DescribeLost(const Sighting& s, const Note& note);
std::string DescribeReturned(const Sighting& s, const Note& note);
std::string DescribeJoined(const Sighting& s, const Note& note);
std::string DescribeLate(const Sighting& s, const Note& note);
std::string DescribeState(const Sighting& s, const Note& note);
std::string DescribeReconverging(const Sighting& s, const Note& note);
std::string DescribeIdle(const Sighting& s, const Note& note);
FieldValue LostFor(const Sighting& s, const Note& note);

inline constexpr FindingField kLost[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.other_host_id"), &OtherHostId},
    {Field("nlb.analysis.other_host_ip"), &OtherHostIp},
    {Field("nlb.analysis.silent_for"), &LostFor},
};
}  // namespace hosts

inline constexpr auto kHostRules = std::to_array<Heuristic>({
    {.finding = {"nlb.analysis.not_converging", NLB_WARN, NLB_GROUP_SEQUENCE,
                 "Cluster does not converge",
                 "For more than 10 s the hosts have not agreed on one state.",
                 "Run nlb query on each host; make priorities unique and port rules identical.",
                 "All live hosts report one state that stays: the one in which they were before.",
                 "KB193599, KB812870", NLB_SECTION_ANALYSIS},
     .part = Part::kConvergence,
     .event = Event::kNotConverging,
     .describe = &hosts::DescribeUnsettled,
     .fields = kOtherValue},
    {.finding =
         {"nlb.analysis.reconverging", NLB_WARN, NLB_GROUP_SEQUENCE,
          "Cluster converges again and again",
          "The cluster left its settled state three times within five minutes.",
          "Find the host that comes and goes: lost heartbeats, a busy host, a flapping link.",
          "It happens less often, or the cluster is never settled: not_converging then.",
          "KB193599, KB193601", NLB_SECTION_ANALYSIS},
     .part = Part::kConvergence,
     .event = Event::kReconverging,
     .describe = &hosts::DescribeReconverging},
    {.finding =
         {"nlb.analysis.host_lost", NLB_WARN, NLB_GROUP_SEQUENCE, "Host lost",
          "The host is down, stopped or drained, its heartbeats do not get here, or its period is "
          "long.",
          "Check the host's link, VLAN and NIC, or set nlb.heartbeat_period to the cluster's.",
          "All hosts fell silent together; it goes on elsewhere or under another ID.",
          "KB193601, MSFAQ2", NLB_SECTION_ANALYSIS},
     .part = Part::kHosts,
     .event = Event::kHostLost,
     .describe = &hosts::DescribeLost,
     .fields = hosts::kLost},
    {.finding = {"nlb.analysis.host_returned", NLB_NOTE, NLB_GROUP_SEQUENCE, "Host returned",
                 "A host that had fallen silent sends heartbeats again, or its period is long.",
                 "Find out why it was away, or set nlb.heartbeat_period to the cluster's.",
                 "The silence was short, the cluster has no other host, or nobody was heard here.",
                 "KB193601", NLB_SECTION_ANALYSIS},
     .part = Part::kHosts,
     .event = Event::kHostReturned,
     .describe = &hosts::DescribeReturned,
     .fields = kSilence},
    {.finding = {"nlb.analysis.host_joined", NLB_CHAT, NLB_GROUP_SEQUENCE, "Host joined",
                 "A host was started or reached the cluster's network segment.",
                 "Nothing to do if it was meant to; else look at the host's start-up.",
                 "The cluster was heard for less than the tolerance: the capture began with it.",
                 "KB232711", NLB_SECTION_ANALYSIS},
     .part = Part::kHosts,
     .event = Event::kHostJoined,
     .describe = &hosts::DescribeJoined,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.heartbeat_late", NLB_NOTE, NLB_GROUP_SEQUENCE, "Heartbeat late",
          "Heartbeats were lost (storm control, mirror port), the host was busy, or its period is "
          "long.",
          "Look for a busy host or a switch that drops, or set nlb.heartbeat_period to the "
          "cluster's.",
          "The gap is at most two periods, by the cluster's own; or the capture had a gap, too.",
          "KB193601", NLB_SECTION_ANALYSIS},
     .part = Part::kHosts,
     .event = Event::kHeartbeatLate,
     .describe = &hosts::DescribeLate,
     .fields = kSilence},
    {.finding = {"nlb.analysis.state_changed", NLB_NOTE, NLB_GROUP_SEQUENCE,
                 "Convergence state changed",
                 "The host takes part in a convergence: members or rules of the cluster changed.",
                 "If it repeats, look for hosts that come and go or rules that differ.",
                 "The state is that of the host's previous heartbeat.", "KB193599",
                 NLB_SECTION_ANALYSIS},
     .part = Part::kConvergence,
     .event = Event::kStateChanged,
     .describe = &hosts::DescribeState,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.idle_host", NLB_WARN, NLB_GROUP_SEQUENCE, "Host without work",
          "The host sends heartbeats but accepts no packets while another host does.",
          "Check that requests reach it (leaked cluster MAC, static entries) and its port rules.",
          "The others handled less than 60 packets, or the host has no share by its maps.",
          "KB198552, KB198496", NLB_SECTION_ANALYSIS},
     .part = Part::kHosts,
     .event = Event::kIdleHost,
     .describe = &hosts::DescribeIdle,
     .fields = kOtherHost},
});

}  // namespace nlb
