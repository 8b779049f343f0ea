// SPDX-License-Identifier: GPL-2.0-or-later
//
// The list of findings. Its order is the order of display and, among the findings of one event, of
// decision. A row without its definition does not link; a definition without a row is caught by
// registry_test.
#pragma once

#include <array>
#include <cstdint>

#include "heuristics/heuristic.h"

// clang-format off
#define NLB_HEURISTICS(X) \
  X(Malformed)            \
  X(Stopped)              \
  X(TableFull)            \
  X(RoutingLoop)          \
  X(ForeignRouter)        \
  X(RoutedCopy)           \
  X(RelayedCopy)          \
  X(CaptureCopy)          \
  X(ResetAfterCopy)       \
  X(TwoHostsAnswer)       \
  X(UnansweredSyn)        \
  X(DuplicateReply)       \
  X(DuplicateHostId)      \
  X(RuleMismatch)         \
  X(DefaultHostConflict)  \
  X(ModeMismatch)         \
  X(TeamingMismatch)      \
  X(VersionMismatch)      \
  X(NotConverging)        \
  X(HostLost)             \
  X(HostReturned)         \
  X(HostJoined)           \
  X(HeartbeatLate)        \
  X(StateChanged)         \
  X(IdleHost)             \
  X(MacFlapping)          \
  X(ClusterMacDiffers)    \
  X(UnmaskedMac)          \
  X(ClusterMacLeak)       \
  X(MaskedMac)            \
  X(VipMacConflict)       \
  X(SecondaryVipMac)      \
  X(InterHostMac)         \
  X(ArpMulticastMac)      \
  X(ArpSenderDiffers)     \
  X(MulticastMac)         \
  X(UnicastIpGroupMac)    \
  X(IgmpSilent)           \
  X(IgmpNoQuerier)        \
  X(IgmpReport)
// clang-format on

namespace nlb {

#define NLB_DECLARE(name) extern const Heuristic k##name;
NLB_HEURISTICS(NLB_DECLARE)
#undef NLB_DECLARE

enum class FindingId : uint8_t {
#define NLB_ENUMERATE(name) name,
  NLB_HEURISTICS(NLB_ENUMERATE)
#undef NLB_ENUMERATE
};

inline constexpr std::array kHeuristics = {
#define NLB_LIST(name) &k##name,
    NLB_HEURISTICS(NLB_LIST)
#undef NLB_LIST
};
// Whether the note says that its frame carries a copy of an earlier packet.
inline bool IsCopy(const Note& note) { return kHeuristics[note.finding]->event == Event::kCopy; }

// The finding a transition is, if any rule accepts it.
std::optional<FindingId> FindingOf(const Sighting& sighting, const Transition& transition);

static_assert(kHeuristics.size() < 256, "a Note keeps the finding in one byte");

}  // namespace nlb
