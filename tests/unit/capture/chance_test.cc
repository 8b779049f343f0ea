// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is said of stories that chance tells is what was said before: chance.txt has a line for
// each, with a sum over every word of sentences, fields, tables, timeline, flow and report, and
// with its findings counted. No story is meant to show anything; this notices changes that none of
// the told stories asks about.
//
// NLB_CHANCE=write writes the file anew (./dev golden). NLB_CHANCE=17 prints all that is said of
// story 17: with the program before and after a change, that shows what the change does.
#include "support/chance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace nlb::test {
namespace {

constexpr uint64_t kStories = 120;
constexpr size_t kFrames = 150;
constexpr const char* kFile = NLB_SOURCE_DIR "/tests/unit/capture/chance.txt";

// FNV-1a (RFC 9923).
uint32_t SumOf(const std::string& text) {
  uint32_t sum = 0x811C9DC5;
  for (const char c : text) sum = (sum ^ static_cast<uint8_t>(c)) * 0x01000193;
  return sum;
}

// Everything that a record is given to once it was asked for.
class Listeners {
 public:
  Listeners() {
    for (int i = 0; i < NLB_TABLE_COUNT; ++i)
      tables_.push_back(nlb_summary_new(static_cast<nlb_table>(i)));
  }
  ~Listeners() {
    for (nlb_summary* table : tables_) nlb_summary_free(table);
    nlb_timeline_free(timeline_);
    nlb_flow_free(flow_);
    nlb_diagnosis_free(diagnosis_);
    nlb_report_free(report_);
  }
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  void Add(Scenario& story, uint32_t number) {
    const nlb_capture* capture = story.capture();
    const auto& layers = story.Layers(number);
    nlb_capture_report(capture, layers.data(), layers.size(), NLB_DETAIL_FULL, report_);
    const nlb_view view = nlb_report_view(report_);
    for (size_t i = 0; i < view.hit_count; ++i) Say(view.hits[i].text);
    for (size_t i = 0; i < view.item_count; ++i)
      Say(std::to_string(view.items[i].field) + " " + ValueText(view.items[i]));
    for (nlb_summary* table : tables_) nlb_summary_add(table, capture, report_);
    nlb_timeline_add(timeline_, capture, report_, layers[0].time_ns);
    for (size_t i = 0; i < nlb_timeline_count(timeline_); ++i) {
      const nlb_moment moment = nlb_timeline_moment(timeline_, i);
      Say(std::string(moment.cluster) + " | " + moment.part + " | " + moment.line);
    }
    nlb_flow_add(flow_, capture, report_);
    for (size_t i = 0; i < nlb_flow_count(flow_); ++i) {
      const nlb_arrow arrow = nlb_flow_arrow(flow_, i);
      Say(std::string(arrow.from) + " > " + arrow.to + ": " + arrow.label + " | " + arrow.comment);
    }
    nlb_diagnosis_add(diagnosis_, capture, report_);
    const nlb_belonging belonging = nlb_capture_belonging(capture, report_);
    for (const auto which : {NLB_CONVERSATION_CLUSTER, NLB_CONVERSATION_HOST}) {
      char filter[NLB_CONVERSATION_SIZE];
      if (nlb_conversation_filter(&belonging, which, filter, sizeof filter) > 0) Say(filter);
    }
    Say(story.Previous(number));
  }

  std::string Said() {
    for (nlb_summary* table : tables_) {
      for (size_t row = 0; row < nlb_summary_row_count(table); ++row) Say(RowOf(table, row));
    }
    return said_ + nlb_diagnosis_text(diagnosis_, NLB_PLAIN);
  }

 private:
  void Say(const std::string& line) { said_ += line.empty() ? "" : line + '\n'; }
  static std::string RowOf(nlb_summary* table, size_t row) {
    std::string text;
    for (size_t column = 0; column < kColumns; ++column) {
      const nlb_cell cell = nlb_summary_cell(table, row, column);
      text += std::string(cell.text ? cell.text : "") + " | " + std::to_string(cell.number) +
              " | " + std::to_string(std::lround(10 * cell.real)) + " | ";
    }
    return text;
  }

  static constexpr size_t kColumns = 16;  // more than any table has

  std::vector<nlb_summary*> tables_;
  nlb_timeline* timeline_ = nlb_timeline_new();
  nlb_flow* flow_ = nlb_flow_new();
  nlb_diagnosis* diagnosis_ = nlb_diagnosis_new();
  nlb_report* report_ = nlb_report_new();
  std::string said_;
};

std::string AllThatIsSaid(Scenario& story) {
  Listeners listeners;
  for (uint32_t number = 1; number <= story.frames(); ++number) listeners.Add(story, number);
  return listeners.Said();
}

std::string Counted(const std::string& findings) {
  std::map<std::string, int> counts;
  std::istringstream lines(findings);
  for (std::string number, name; lines >> number >> name;) ++counts[name];
  std::string text;
  for (const auto& [name, count] : counts) text += ' ' + std::to_string(count) + ' ' + name;
  return text;
}

std::string LineOf(uint64_t seed, bool print) {
  Scenario story;
  TellByChance(seed, kFrames, story);
  const std::string said = AllThatIsSaid(story);
  if (print) std::cout << said;
  std::ostringstream line;
  line << seed << std::hex << ' ' << SumOf(said) << Counted(story.Findings());
  return line.str();
}

TEST(Chance, SaysWhatItSaidBefore) {
  const char* wanted = std::getenv("NLB_CHANCE");
  if (wanted && std::string_view(wanted) == "write") {
    std::ofstream file(kFile);
    for (uint64_t seed = 1; seed <= kStories; ++seed) file << LineOf(seed, false) << "\n";
  }
  std::ifstream file(kFile);
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    std::string before;
    std::getline(file, before);
    EXPECT_EQ(LineOf(seed, wanted && std::to_string(seed) == wanted), before);
  }
}

}  // namespace
}  // namespace nlb::test
