// SPDX-License-Identifier: GPL-2.0-or-later
//
// All findings. Their order is the order of display and, among the findings of one event, of
// decision. A finding is one row in the header of its family, and nothing else lists it by hand.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "heuristics/answers.h"
#include "heuristics/arp.h"
#include "heuristics/cluster_conflicts.h"
#include "heuristics/cluster_hosts.h"
#include "heuristics/copies.h"
#include "heuristics/copy_detail.h"
#include "heuristics/heuristic.h"
#include "heuristics/igmp.h"
#include "heuristics/links.h"
#include "heuristics/masking.h"
#include "heuristics/multicast.h"
#include "heuristics/self.h"

namespace nlb {

template <size_t... kSizes>
consteval auto Join(const std::array<Heuristic, kSizes>&... families) {
  std::array<Heuristic, (kSizes + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(families.begin(), families.end(), end)), ...);
  return all;
}

inline constexpr auto kHeuristics =
    Join(kSelfRules, kLinkRules, kCopyRules, kAnswerRules, kConflictRules, kHostRules,
         kMaskingRules, kArpRules, kMulticastRules, kIgmpRules);
static_assert(kHeuristics.size() < 128, "a Note keeps the finding in seven bits");

enum class FindingId : uint8_t {};

// Row number of a finding's filter; a name that is not in the table does not compile.
consteval FindingId Finding(std::string_view filter) {
  for (size_t id = 0; id < kHeuristics.size(); ++id) {
    if (filter == kHeuristics[id].finding.filter) return static_cast<FindingId>(id);
  }
  throw "no such finding in heuristics/";
}

constexpr const Heuristic& RuleOf(FindingId id) { return kHeuristics[static_cast<size_t>(id)]; }
inline const Heuristic& RuleOf(const Note& note) { return kHeuristics[note.finding]; }

// A row that looks at one frame alone.
struct StatelessRule {
  size_t id;
  bool (*matches)(const Sighting&);
};

// Those that are asked of a frame that is analysed: none of a plain one.
std::span<const StatelessRule> StatelessRules(const FrameFacts& frame);

// Whether the note says that its frame carries a copy of an earlier packet.
inline bool IsCopy(const Note& note) {
  return RuleOf(note).event == Event::kCopy && !CopyDetail::Unpack(note.detail).is_answer;
}

// The finding a transition is, if any rule accepts it.
std::optional<FindingId> FindingOf(const Sighting& sighting, const Transition& transition);

// Whether a stateless finding is on the frame.
bool HasStatelessFinding(const Sighting& sighting);

}  // namespace nlb
