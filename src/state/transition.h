// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a tracker noticed on one frame by comparing it with earlier ones. Trackers say what
// happened; which finding that is, and in which words, is decided in heuristics/.
#pragma once

#include <cstdint>
#include <vector>

#include "state/note_store.h"

namespace nlb {

struct Copy;

enum class Event : uint8_t {
  kNone,
  kStopped,         // the core stopped on this frame
  kTableFull,       // a table refused or forgot something for the first time; detail: which Table
  kNotAnalysed,     // the first frame of a link type that is not analysed
  kCopy,            // copy says what of
  kDeliveredTwice,  // other: the request that was seen again; mac: who answers it again

  // Heartbeats. detail packs what tells both sides, see state/cluster_notes.h.
  kHeartbeatLink,  // no finding: this host's previous heartbeat
  kHostJoined,
  kHeartbeatLate,  // mac: the period, see PackSilence()
  kHostLost,
  kHostReturned,
  kStateChanged,
  kNotConverging,
  kDuplicateHostId,
  kRuleMismatch,
  kDefaultHostConflict,
  kModeMismatch,
  kTeamingMismatch,
  kVersionMismatch,
  kMacFlapping,
  kIdleHost,
  kReconverging,       // detail: since the first of three times
  kHostKeepsMac,       // mac: it; detail: 1 when other hosts show that it is not the cluster's
  kClusterMacDiffers,  // mac: it
  kUnconfiguredHost,   // mac: the sender's

  // ARP and addresses.
  kVipMacConflict,   // mac: the MAC before; detail: how long ago
  kSecondaryVipMac,  // mac: the MAC that ARP gave
  kNotMasked,  // other: a frame from the cluster MAC, which is mac, that no masked one follows

  // Answers and resets. mac: the station that answered first.
  kTwoHostsAnswer,
  kDuplicateReply,
  kUnansweredSyn,
  kResetAfterCopy,
  kConnectionMoved,  // mac: of the host that accepted; detail: OtherHost, word: the cluster opened
                     // it
  kClusterFlood,     // detail and mac: Flood
  kRouterRefuses,    // mac: the group MAC; detail: 1 when a host asks in vain
  kEarlyLeak,        // mac: the cluster's; detail: 1 when it was no IP and no ARP

  // IGMP. detail: for how long.
  kIgmpNoQuerier,
  kIgmpSilent,
};

// Whose tables may be full; heuristics/self.cc says what each loses.
enum class Table : uint8_t {
  kOther,
  kEvidence,
  kCopies,
  kNeighbours,
  kClusters,
  kIgmp,
  kAnswers,
  kCount
};

struct Transition {
  Event event = Event::kNone;
  Note note;  // other, detail and mac filled in; at, layer and finding by the capture
  const Copy* copy = nullptr;  // kCopy
};

using Transitions = std::vector<Transition>;

}  // namespace nlb
