// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/registry.h"

#include <vector>

#include "heuristics/copy_verdict.h"

namespace nlb {
namespace {

// Not known to the compiler: with sanitizers no address of a function is a constant.
const std::vector<StatelessRule> kStatelessRules = [] {
  std::vector<StatelessRule> rules;
  for (size_t id = 0; id < kHeuristics.size(); ++id) {
    if (kHeuristics[id].matches) rules.push_back({id, kHeuristics[id].matches});
  }
  return rules;
}();

}  // namespace

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

std::span<const StatelessRule> StatelessRules(const FrameFacts& frame) {
  if (frame.plain != Plain::kNot) return {};
  return kStatelessRules;
}

bool HasStatelessFinding(const Sighting& sighting) {
  const auto rules = StatelessRules(sighting.frame);
  return std::any_of(rules.begin(), rules.end(),
                     [&](const StatelessRule& rule) { return rule.matches(sighting); });
}

}  // namespace nlb
