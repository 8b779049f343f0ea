// SPDX-License-Identifier: GPL-2.0-or-later
//
// What one heartbeat shows when it is compared with what its cluster was like before: hosts that
// come, go and contradict each other. Linear in the hosts of one cluster, of which there are at
// most ClusterTracker::kMaxHosts.
#pragma once

#include "base/mac.h"
#include "state/cluster.h"
#include "state/transition.h"

namespace nlb {

struct Hearing {
  Cluster& cluster;
  Host& speaker;
  const Rhythm rhythm;  // before this heartbeat
  Timestamp now;
  Position at;
  Duration deaf;  // the capture's clock of deafness
  Transitions& out;
  Position previous = 0;  // the speaker's heartbeat before; 0 when it was not alive until now
};

// Against the speaker as it was before the heartbeat.
void FindOwnChanges(const Hearing& hearing, const wire::Membership& heartbeat);

// The rest after it was taken in.
void FindLostHosts(const Hearing& hearing);
void FindSharedMac(const Hearing& hearing);
void FindOddMacs(const Hearing& hearing, MacAddress destination);
// A host of a unicast cluster that was heard from a MAC of its own.
void FindKeptMac(const Cluster& cluster, Host& host, Transitions& out);
void CompareHosts(const Hearing& hearing);
void CompareStates(const Hearing& hearing);
void CompareDefaultHosts(const Hearing& hearing);
void CompareWork(const Hearing& hearing);
// Of a heartbeat that names no cluster.
void NoteUnconfigured(const Hearing& hearing);

// Of packets_handled since the heartbeat before; nothing when the capture cut the counter off.
std::optional<uint32_t> GrowthOf(const Host& before, const wire::Membership& heartbeat);

}  // namespace nlb
