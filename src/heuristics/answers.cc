// SPDX-License-Identifier: GPL-2.0-or-later
// Requests that several hosts answer, or none.
#include "base/text.h"
#include "heuristics/registry.h"
#include "wire/transport.h"

namespace nlb {
namespace {

std::string TellReply(const Sighting& s, const Note& note) {
  return Text(s.frame.source) + " answers too, " + Text(note.mac()) + " did in " +
         FrameText(s, note.other);
}

std::string TellTwoHosts(const Sighting& s, const Note& note) {
  return Text(s.frame.source) + " accepts too, " + Text(note.mac()) + " did in " +
         FrameText(s, note.other);
}

std::string TellUnanswered(const Sighting& s, const Note& note) {
  return "Third SYN from " + Text(s.frame.ip.source) + " to " + Text(s.frame.ip.destination) +
         " since " + FrameText(s, note.other);
}

std::string TellReset(const Sighting& s, const Note& note) {
  return Text(s.frame.ip.source) + " resets after " + Text(note.mac()) + " sent " +
         FrameText(s, note.other);
}

}  // namespace

constinit const Heuristic kTwoHostsAnswer{
    .finding =
        {"nlb.analysis.two_hosts_answer", NLB_ERROR, NLB_GROUP_SEQUENCE,
         "Two hosts accept one connection",
         "Two hosts believe that they own this client: the cluster is split or its rules differ.",
         "Restore the path between the hosts (VLAN, broadcast) and compare their port rules.",
         "The sequence number is the same (a copy), or the answers go to different stations.",
         "KB232997", NLB_SECTION_ANALYSIS},
    .event = Event::kTwoHostsAnswer,
    .tell = &TellTwoHosts};

constinit const Heuristic kDuplicateReply{
    .finding =
        {"nlb.analysis.duplicate_reply", NLB_NOTE, NLB_GROUP_SEQUENCE, "Second answer to one ping",
         "NLB does not balance ICMP unless told to: every host answers.",
         "Harmless; FilterICMP=1 on all hosts makes one host answer.",
         "It is a copy, comes from the same MAC or goes to another, or the source is no cluster.",
         "UNA-ICMP", NLB_SECTION_ANALYSIS},
    .event = Event::kDuplicateReply,
    .tell = &TellReply};

constinit const Heuristic kUnansweredSyn{
    .finding =
        {"nlb.analysis.unanswered_syn", NLB_NOTE, NLB_GROUP_SEQUENCE, "No host accepts this client",
         "The cluster answers others but not this connection: no host owns the client, or it is "
         "lost.",
         "Run nlb query on each host; look for a host that is draining, stopped or not reached.",
         "No answer of the cluster from this port within 60 s: closed, or one direction only.",
         "KB232997", NLB_SECTION_ANALYSIS},
    .event = Event::kUnansweredSyn,
    .tell = &TellUnanswered};

constinit const Heuristic kResetAfterCopy{
    .finding =
        {"nlb.analysis.reset_after_copy", NLB_WARN, NLB_GROUP_SEQUENCE,
         "Reset after a foreign copy",
         "A doubled packet confused the two ends, and the connection was torn down.",
         "Cure the foreign router whose MAC is named here: see its copy in the related frame.",
         "No foreign copy in this connection within 3 s before.", "RFC 9293 3.5.2",
         NLB_SECTION_ANALYSIS},
    .event = Event::kResetAfterCopy,
    .tell = &TellReset};

}  // namespace nlb
