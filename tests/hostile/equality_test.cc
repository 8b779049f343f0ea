// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is said about a frame depends on the frames up to it and on nothing else: not on when it is
// asked, how often, or what another handle does. Tried with the stories of the fuzz corpus, which
// come from the captures.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/said.h"
#include "fuzz/story.h"
#include "hostile/allocation.h"
#include "nlb.h"
#include "unit/support/fed.h"

namespace nlb::test {
namespace {

using fuzz::Frame;
using fuzz::Relation;
using fuzz::Story;
using Layers = std::vector<nlb_frame>;

// A story without tricks: each record has the number behind the last one's.
class Capture {
 public:
  explicit Capture(const std::filesystem::path& path) : name_(path.filename()) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    const std::vector<uint8_t> input(bytes.begin(), bytes.end());
    story_ = fuzz::ReadStory(input);
    for (const Frame& frame : story_.frames) Add(frame);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  const std::string& name() const { return name_; }
  const std::vector<Layers>& records() const { return records_; }

 private:
  void Add(const Frame& frame) {
    now_ = fuzz::NextTime(frame, now_);
    if (frame.relation() != Relation::kLayer || records_.empty()) records_.emplace_back();
    Layers& layers = records_.back();
    nlb_frame layer{};
    layer.record = records_.size() * 100;
    layer.number = static_cast<uint32_t>(records_.size());
    layer.layer = static_cast<uint32_t>(layers.size());
    layer.interface_id = frame.interface_id();
    layer.captured_len = static_cast<uint32_t>(frame.bytes.size());
    layer.wire_len = fuzz::WireLength(frame);
    layer.time_ns = now_;
    layer.bytes = frame.bytes.empty() ? nullptr : frame.bytes.data();
    layers.push_back(layer);
  }

  std::string name_;
  Story story_;
  std::vector<Layers> records_;
  int64_t now_ = 1'705'309'200'000'000'000;
};

const std::deque<Capture>& Captures() {
  static const std::deque<Capture>* const kAll = [] {
    auto* all = new std::deque<Capture>;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(NLB_FUZZ_CORPUS "/feed")) {
      paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) all->emplace_back(path);
    return all;
  }();
  return *kAll;
}

class Handle {
 public:
  ~Handle() {
    nlb_report_free(report_);
    nlb_capture_free(capture_);
  }
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  nlb_status Feed(const Layers& layers) {
    nlb_status all = NLB_OK;
    for (const nlb_frame& layer : layers) {
      const nlb_status status = nlb_capture_feed(capture_, &layer);
      if (!IsTaken(status)) return status;
      if (status != NLB_OK) all = status;
    }
    return all;
  }
  std::string Ask(const Layers& layers) const {
    EXPECT_EQ(nlb_capture_report(capture_, layers.data(), layers.size(), NLB_DETAIL_FULL, report_),
              NLB_OK);
    return fuzz::SaidIn(nlb_report_view(report_));
  }
  const nlb_capture* capture() const { return capture_; }
  nlb_report* report() const { return report_; }

 private:
  nlb_capture* capture_ = nlb_capture_new(nullptr);
  nlb_report* report_ = nlb_report_new();
};

// Each record is asked as soon as it was fed.
std::vector<std::string> OnePass(const Capture& capture) {
  Handle handle;
  std::vector<std::string> said;
  for (const Layers& layers : capture.records()) {
    handle.Feed(layers);
    said.push_back(handle.Ask(layers));
  }
  return said;
}

TEST(Equality, OnePassSaysWhatTwoPassesSay) {
  ASSERT_FALSE(Captures().empty());
  std::minstd_rand random(1);
  for (const Capture& capture : Captures()) {
    const std::vector<std::string> first = OnePass(capture);
    Handle handle;
    std::vector<size_t> order;
    for (const Layers& layers : capture.records()) {
      handle.Feed(layers);
      order.push_back(order.size());
    }
    std::shuffle(order.begin(), order.end(), random);
    for (int times = 0; times < 2; ++times) {
      for (const size_t i : order) {
        EXPECT_EQ(handle.Ask(capture.records()[i]), first[i]) << capture.name() << " record " << i;
      }
    }
  }
}

TEST(Equality, FeedingARecordAgainChangesNothing) {
  for (const Capture& capture : Captures()) {
    const std::vector<std::string> once = OnePass(capture);
    Handle handle;
    for (size_t i = 0; i < once.size(); ++i) {
      const Layers& layers = capture.records()[i];
      handle.Feed(layers);
      handle.Feed(layers);
      EXPECT_EQ(handle.Ask(layers), once[i]) << capture.name() << " record " << i;
    }
  }
}

TEST(Equality, TwoHandlesNeverTouchEachOther) {
  for (size_t c = 0; c + 1 < Captures().size(); ++c) {
    const Capture* const captures[] = {&Captures()[c], &Captures()[c + 1]};
    const std::vector<std::string> alone[] = {OnePass(*captures[0]), OnePass(*captures[1])};
    Handle handles[2];
    for (size_t i = 0; i < std::max(alone[0].size(), alone[1].size()); ++i) {
      for (int side = 0; side < 2; ++side) {
        if (i >= alone[side].size()) continue;
        const Layers& layers = captures[side]->records()[i];
        handles[side].Feed(layers);
        EXPECT_EQ(handles[side].Ask(layers), alone[side][i])
            << captures[side]->name() << " beside " << captures[1 - side]->name();
      }
    }
  }
}

TEST(Equality, ARecordIsReportableExactlyWhenItsReportIsNotEmpty) {
  for (const Capture& capture : Captures()) {
    Handle handle;
    for (const Layers& layers : capture.records()) {
      const nlb_status fed = handle.Feed(layers);
      EXPECT_EQ(fed != NLB_OK, nlb_capture_is_reportable(handle.capture(), layers[0].number) != 0)
          << capture.name() << " record " << layers[0].number;
    }
    for (const Layers& layers : capture.records()) {
      handle.Ask(layers);
      const nlb_view view = nlb_report_view(handle.report());
      const bool blank = view.item_count == 0 && view.hit_count == 0;
      EXPECT_EQ(!blank, nlb_capture_is_reportable(handle.capture(), layers[0].number) != 0)
          << capture.name() << " record " << layers[0].number;
      EXPECT_EQ(view.hit_count > 0,
                nlb_capture_has_finding(handle.capture(), layers[0].number) != 0)
          << capture.name() << " record " << layers[0].number;
    }
  }
}

// Everything the face offers, once.
void OpenReadAndClose(const Capture& capture) {
  const Handle handle;
  nlb_summary* tables[NLB_TABLE_COUNT];
  for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
    tables[i] = nlb_summary_new(static_cast<nlb_table>(i));
  }
  nlb_timeline* timeline = nlb_timeline_new();
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  nlb_flow* flow = nlb_flow_new();
  for (const Layers& layers : capture.records()) {
    const_cast<Handle&>(handle).Feed(layers);
    handle.Ask(layers);
    for (nlb_summary* table : tables) {
      nlb_summary_add(table, handle.capture(), handle.report());
      nlb_summary_cell(table, 0, 0);
    }
    nlb_timeline_add(timeline, handle.capture(), handle.report(), layers[0].time_ns);
    nlb_timeline_moment(timeline, 0);
    nlb_diagnosis_add(diagnosis, handle.capture(), handle.report());
    nlb_flow_add(flow, handle.capture(), handle.report());
    char filter[NLB_CONVERSATION_SIZE];
    const nlb_belonging belonging = nlb_capture_belonging(handle.capture(), handle.report());
    nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, filter, sizeof filter);
  }
  nlb_diagnosis_text(diagnosis, NLB_PLAIN);
  nlb_diagnosis_free(diagnosis);
  nlb_timeline_free(timeline);
  nlb_flow_free(flow);
  for (nlb_summary* table : tables) nlb_summary_free(table);
}

TEST(Equality, AFileOpenedAThousandTimesLeavesNothingBehind) {
  constexpr size_t kTimes = 1000;
  OpenReadAndClose(Captures()[0]);
  const int64_t before = LiveBytes();
  for (size_t i = 0; i < kTimes; ++i) OpenReadAndClose(Captures()[i % Captures().size()]);
  EXPECT_EQ(LiveBytes(), before);
}

}  // namespace
}  // namespace nlb::test
