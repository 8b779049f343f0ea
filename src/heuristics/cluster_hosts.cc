// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts that come, go and stumble: the events in the life of a cluster.
#include "base/text.h"
#include "heuristics/heartbeat_words.h"
#include "heuristics/registry.h"
#include "state/cluster_notes.h"

namespace nlb {
namespace {

std::string TellJoined(const Sighting& s, const Note& note) {
  return Speaker(s) + " joins; the cluster was heard for " + Text(UnpackDuration(note.detail));
}

std::string TellLate(const Sighting& s, const Note& note) {
  const Duration gap = UnpackDuration(note.detail);
  const int64_t missed =
      (gap + s.known.settings.heartbeat_period / 2) / s.known.settings.heartbeat_period - 1;
  return Speaker(s) + " was silent for " + Text(gap) + ", " +
         Count(static_cast<uint64_t>(std::max<int64_t>(missed, 1)), "heartbeat") + " missed";
}

std::string TellLost(const Sighting& s, const Note& note) {
  const OtherHost lost = OtherHost::Unpack(note.detail);
  return HostText(lost.host_id, lost.word) + " has been silent since " + FrameText(s, note.other);
}

std::string TellReturned(const Sighting& s, const Note& note) {
  return Speaker(s) + " is back " + Text(UnpackDuration(note.detail)) + " after " +
         FrameText(s, note.other);
}

std::string TellState(const Sighting& s, const Note& note) {
  return Speaker(s) + " went from state " + std::to_string(note.detail) + " to " +
         std::to_string(Membership(s).state);
}

std::string TellUnsettled(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  const std::string here = Speaker(s) + " is in state " + std::to_string(Membership(s).state);
  if (note.other == s.at) return here + " and keeps changing";  // it contradicts only itself
  return here + ", host " + std::to_string(other.host_id) + " in " + std::to_string(other.word);
}

std::string TellIdle(const Sighting& s, const Note& note) {
  const OtherHost busy = OtherHost::Unpack(note.detail);
  return Speaker(s) + " handled nothing for 60 s, host " + std::to_string(busy.host_id) + " did";
}

}  // namespace

constinit const Heuristic kHostJoined{
    .finding = {"nlb.analysis.host_joined", NLB_CHAT, NLB_GROUP_SEQUENCE, "Host joined",
                "A host was started or reached the cluster's network segment.",
                "Nothing to do if it was meant to; else look at the host's start-up.",
                "The cluster was heard for less than the tolerance: the capture began with it.",
                "KB232711", NLB_SECTION_ANALYSIS},
    .event = Event::kHostJoined,
    .tell = &TellJoined};

constinit const Heuristic kHeartbeatLate{
    .finding =
        {"nlb.analysis.heartbeat_late", NLB_NOTE, NLB_GROUP_SEQUENCE, "Heartbeat late",
         "Heartbeats were lost (storm control, mirror port), the host was busy, or its period is "
         "long.",
         "Look for a busy host or a switch that drops, or set nlb.heartbeat_period to the "
         "cluster's.",
         "The gap is at most two periods, or longer than the tolerance (the host is lost then).",
         "KB193601", NLB_SECTION_ANALYSIS},
    .event = Event::kHeartbeatLate,
    .tell = &TellLate};

constinit const Heuristic kHostLost{
    .finding =
        {"nlb.analysis.host_lost", NLB_WARN, NLB_GROUP_SEQUENCE, "Host lost",
         "The host is down, stopped or drained, its heartbeats do not get here, or its period is "
         "long.",
         "Check the host's link, VLAN and NIC, or set nlb.heartbeat_period to the cluster's.",
         "All hosts fell silent together: a gap of the capture; or it goes on under another ID.",
         "KB193601, MSFAQ2", NLB_SECTION_ANALYSIS},
    .event = Event::kHostLost,
    .tell = &TellLost};

constinit const Heuristic kHostReturned{
    .finding = {"nlb.analysis.host_returned", NLB_NOTE, NLB_GROUP_SEQUENCE, "Host returned",
                "A host that had fallen silent sends heartbeats again, or its period is long.",
                "Find out why it was away, or set nlb.heartbeat_period to the cluster's.",
                "The silence was no longer than the tolerance, or all hosts fell silent together.",
                "KB193601", NLB_SECTION_ANALYSIS},
    .event = Event::kHostReturned,
    .tell = &TellReturned};

constinit const Heuristic kStateChanged{
    .finding = {"nlb.analysis.state_changed", NLB_NOTE, NLB_GROUP_SEQUENCE,
                "Convergence state changed",
                "The host takes part in a convergence: members or rules of the cluster changed.",
                "If it repeats, look for hosts that come and go or rules that differ.",
                "The state is that of the host's previous heartbeat.", "KB193599",
                NLB_SECTION_ANALYSIS},
    .event = Event::kStateChanged,
    .tell = &TellState};

constinit const Heuristic kNotConverging{
    .finding = {"nlb.analysis.not_converging", NLB_WARN, NLB_GROUP_SEQUENCE,
                "Cluster does not converge",
                "For more than 10 s the hosts have not agreed on one state.",
                "Run nlb query on each host; make priorities unique and port rules identical.",
                "All live hosts report one state that stays.", "KB193599, KB812870",
                NLB_SECTION_ANALYSIS},
    .event = Event::kNotConverging,
    .tell = &TellUnsettled};

constinit const Heuristic kIdleHost{
    .finding =
        {"nlb.analysis.idle_host", NLB_NOTE, NLB_GROUP_SEQUENCE, "Host without work",
         "The host sends heartbeats but accepts no packets while another host does.",
         "Check that requests reach it (leaked cluster MAC, static entries) and its port rules.",
         "No other live host handles packets either.", "KB198552, KB198496", NLB_SECTION_ANALYSIS},
    .event = Event::kIdleHost,
    .tell = &TellIdle};

}  // namespace nlb
