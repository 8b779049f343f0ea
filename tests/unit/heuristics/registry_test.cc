// SPDX-License-Identifier: GPL-2.0-or-later
// The registry is complete: every finding says what it must and is tested.
#include "heuristics/registry.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace nlb {
namespace {

// "ForeignRouter" for "nlb.analysis.foreign_router".
std::string SuiteOf(std::string_view filter) {
  std::string name;
  bool upper = true;
  for (const char c : filter.substr(filter.rfind('.') + 1)) {
    if (c != '_') name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = c == '_';
  }
  return name;
}

int TestsIn(const std::string& suite) {
  const auto& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    if (all.GetTestSuite(i)->name() == suite) return all.GetTestSuite(i)->total_test_count();
  }
  return 0;
}

TEST(Registry, EveryFindingHasAStoryAndANearMiss) {
  for (const Heuristic& rule : kHeuristics) {
    const std::string suite = SuiteOf(rule.finding.filter);
    EXPECT_GE(TestsIn(suite), 2) << "TEST(" << suite << ", ...)";
  }
}

TEST(Registry, EveryFindingSaysWhereTheTimelineShowsIt) {
  for (const Heuristic& rule : kHeuristics) {
    EXPECT_NE(rule.part, Part::kUnset) << rule.finding.filter;
  }
}

// A stateless finding matches; a recorded one has an event; one that a later frame may prove has
// both.
TEST(Registry, EveryFindingIsStatelessOrRecorded) {
  for (const Heuristic& rule : kHeuristics) {
    const bool stateless = rule.matches != nullptr;
    const bool recorded = rule.event != Event::kNone;
    EXPECT_TRUE(stateless || recorded) << rule.finding.filter;
    EXPECT_NE(rule.describe, nullptr) << rule.finding.filter;
  }
}

// Of several findings of one event, all but the last must be able to refuse. Copies are judged by a
// table of their own (copy_verdict.cc).
TEST(Registry, EveryFindingCanBeReached) {
  std::set<Event> taken;
  for (const Heuristic& rule : kHeuristics) {
    if (rule.event == Event::kNone || rule.event == Event::kCopy) continue;
    EXPECT_FALSE(taken.contains(rule.event)) << rule.finding.filter;
    if (!rule.accepts) taken.insert(rule.event);
  }
}

// Fields of the analysis only: those of a heartbeat are its bytes.
TEST(Registry, FindingsFillFieldsOfTheAnalysis) {
  for (const Heuristic& rule : kHeuristics) {
    for (const FindingField& field : rule.fields) {
      EXPECT_EQ(kFields[field.field].section, NLB_SECTION_ANALYSIS) << rule.finding.filter;
      EXPECT_NE(field.value, nullptr) << rule.finding.filter;
    }
  }
}

}  // namespace
}  // namespace nlb
