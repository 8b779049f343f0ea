// SPDX-License-Identifier: GPL-2.0-or-later
//
// Requests that several hosts answer, or none, and connections that are reset.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace answers {
std::string DescribeReset(const Sighting& s, const Note& note);
FieldValue ResetForwarder(const Sighting& s, const Note& note);
std::string DescribeTwoHosts(const Sighting& s, const Note& note);
std::string DescribeUnanswered(const Sighting& s, const Note& note);
std::string DescribeReply(const Sighting& s, const Note& note);
std::string DescribeMoved(const Sighting& s, const Note& note);
FieldValue AcceptedIn(const Sighting& s, const Note& note);
FieldValue MeddledIn(const Sighting& s, const Note& note);
}  // namespace answers

inline constexpr FindingField kReset[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.forwarder"), &answers::ResetForwarder},
};

inline constexpr FindingField kMoved[] = {
    {Field("nlb.analysis.accepted_in"), &answers::AcceptedIn},
    {Field("nlb.analysis.related_frame"), &answers::MeddledIn},
    {Field("nlb.analysis.other_host_id"), &OtherHostId},
};

inline constexpr auto kAnswerRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.reset_after_copy", NLB_WARN, NLB_GROUP_SEQUENCE,
          "Reset after a foreign copy",
          "A doubled packet confused the two ends, and the connection was torn down.",
          "Cure the foreign router whose MAC is named here: see its copy in the related frame.",
          "No foreign copy in this connection within 3 s before.", "RFC 9293 3.5.2",
          NLB_SECTION_ANALYSIS},
     .part = Part::kResets,
     .event = Event::kResetAfterCopy,
     .describe = &answers::DescribeReset,
     .fields = kReset},
    {.finding =
         {"nlb.analysis.two_hosts_answer", NLB_ERROR, NLB_GROUP_SEQUENCE,
          "Two hosts accept one connection",
          "Two hosts believe that they own this client: the cluster is split or its rules differ.",
          "Restore the path between the hosts (VLAN, broadcast) and compare their port rules.",
          "The sequence number is the same (a copy), or the answers go to different stations.",
          "KB232997", NLB_SECTION_ANALYSIS},
     .part = Part::kConflicts,
     .event = Event::kTwoHostsAnswer,
     .describe = &answers::DescribeTwoHosts,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.connection_moved", NLB_WARN, NLB_GROUP_SEQUENCE,
          "Another host meddles with a connection",
          "The client was moved to a host that knows nothing of its connection: a change of the "
          "cluster, no affinity, or rules that differ.",
          "Look for convergence or hosts that come and go; set affinity Single; compare port "
          "rules.",
          "It is a copy, two hosts had accepted, nobody saw which host did, or data follows a gap "
          "of a minute, in which the port may have been used again.",
          "KB232997", NLB_SECTION_ANALYSIS},
     .part = Part::kResets,
     .event = Event::kConnectionMoved,
     .describe = &answers::DescribeMoved,
     .fields = kMoved},
    {.finding =
         {"nlb.analysis.unanswered_syn", NLB_WARN, NLB_GROUP_SEQUENCE,
          "No host accepts this client",
          "The cluster answers others but not this connection: no host owns the client, or it is "
          "lost.",
          "Run nlb query on each host; look for a host that is draining, stopped or not reached.",
          "No answer from this port within 60 s: closed. This point does not show what this "
          "station gets, or what all hosts send. Three SYNs within 1.5 s: refused.",
          "KB232997", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kUnansweredSyn,
     .describe = &answers::DescribeUnanswered,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.duplicate_reply", NLB_NOTE, NLB_GROUP_SEQUENCE, "Second answer to one ping",
          "NLB does not balance ICMP unless told to: every host answers.",
          "Harmless; FilterICMP=1 on all hosts makes one host answer.",
          "It is a copy, comes from the same MAC or goes to another, or the source is no cluster.",
          "UNA-ICMP", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kDuplicateReply,
     .describe = &answers::DescribeReply,
     .fields = kRelated},
});

}  // namespace nlb
