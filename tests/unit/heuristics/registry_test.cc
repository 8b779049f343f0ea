// SPDX-License-Identifier: GPL-2.0-or-later
// The registry is complete: every definition is in it, every finding is tested.
#include "heuristics/registry.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace nlb {
namespace {

const std::set<std::string> kNames = {
#define NLB_NAME(name) #name,
    NLB_HEURISTICS(NLB_NAME)
#undef NLB_NAME
};

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
  for (const std::string& name : kNames) EXPECT_GE(TestsIn(name), 2) << "TEST(" << name << ", ...)";
}

TEST(Registry, EveryFindingIsCalledLikeItsFilter) {
  std::set<std::string> from_filters;
  for (const Heuristic* rule : kHeuristics) from_filters.insert(SuiteOf(rule->finding.filter));
  EXPECT_EQ(from_filters, kNames);
}

TEST(Registry, HoldsEveryDefinitionInTheFolder) {
  const std::regex definition("constinit const Heuristic k([A-Za-z0-9]+)");
  std::set<std::string> defined;
  const std::filesystem::path folder = NLB_SOURCE_DIR "/src/heuristics";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cc") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string code = text.str();
    for (std::sregex_iterator it(code.begin(), code.end(), definition), end; it != end; ++it) {
      defined.insert((*it)[1]);
    }
  }
  EXPECT_EQ(defined, kNames);
}

// A dated finding has a check; a stored one an event and a sentence; malformed comes from the
// decoder.
TEST(Registry, EveryFindingIsEitherDatedOrStored) {
  for (const Heuristic* rule : kHeuristics) {
    const bool dated = rule->check != nullptr;
    const bool stored = rule->event != Event::kNone;
    EXPECT_EQ(stored, rule->tell != nullptr) << rule->finding.filter;
    if (rule == &kMalformed) {
      EXPECT_FALSE(dated || stored);
    } else {
      EXPECT_NE(dated, stored) << rule->finding.filter;
    }
  }
}

// Of several findings of one event, all but the last must be able to refuse.
TEST(Registry, EveryFindingCanBeReached) {
  std::set<Event> taken;
  for (const Heuristic* rule : kHeuristics) {
    if (rule->event == Event::kNone) continue;
    EXPECT_FALSE(taken.contains(rule->event)) << rule->finding.filter;
    if (!rule->accept) taken.insert(rule->event);
  }
}

}  // namespace
}  // namespace nlb
