// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/registry.h"

namespace nlb {

std::optional<FindingId> FindingOf(const Sighting& sighting, const Transition& transition) {
  for (size_t id = 0; id < kHeuristics.size(); ++id) {
    const Heuristic& rule = *kHeuristics[id];
    if (rule.event != transition.event) continue;
    if (!rule.accept || rule.accept(sighting, transition)) return static_cast<FindingId>(id);
  }
  return std::nullopt;
}

}  // namespace nlb
