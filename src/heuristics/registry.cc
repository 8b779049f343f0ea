// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/registry.h"

#include "heuristics/copy_verdict.h"

namespace nlb {

std::optional<FindingId> FindingOf(const Sighting& sighting, const Transition& transition) {
  if (transition.event == Event::kCopy) return VerdictOf(sighting, *transition.copy);
  if (transition.event == Event::kDeliveredTwice) return Finding("nlb.analysis.capture_copy");
  for (size_t id = 0; id < kHeuristics.size(); ++id) {
    const Heuristic& rule = kHeuristics[id];
    if (rule.event != transition.event) continue;
    if (!rule.accepts || rule.accepts(sighting, transition)) return static_cast<FindingId>(id);
  }
  return std::nullopt;
}

bool HasStatelessFinding(const Sighting& sighting) {
  return std::any_of(kStateless.begin(), kStateless.end(),
                     [&](uint8_t id) { return kHeuristics[id].matches(sighting); });
}

}  // namespace nlb
