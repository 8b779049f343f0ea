// SPDX-License-Identifier: GPL-2.0-or-later
//
// A capture through the C face as Wireshark does it: each record is fed layer by layer, then asked
// for, decoded, linked and summed up; at the end every record is asked again. Broken promises of
// nlb.h abort.
#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fuzz/checks.h"
#include "fuzz/said.h"
#include "fuzz/story.h"
#include "hostile/allocation.h"
#include "nlb.h"
#include "unit/support/fed.h"

namespace nlb::fuzz {
namespace {

template <auto free>
struct Freed {
  template <typename T>
  void operator()(T* handle) const {
    free(handle);
  }
};
using Capture = std::unique_ptr<nlb_capture, Freed<nlb_capture_free>>;
using Report = std::unique_ptr<nlb_report, Freed<nlb_report_free>>;
using Summary = std::unique_ptr<nlb_summary, Freed<nlb_summary_free>>;
using Diagnosis = std::unique_ptr<nlb_diagnosis, Freed<nlb_diagnosis_free>>;
using Flow = std::unique_ptr<nlb_flow, Freed<nlb_flow_free>>;
using Timeline = std::unique_ptr<nlb_timeline, Freed<nlb_timeline_free>>;

// One record as the user sees it: its Ethernet layers, and what was said when it was new.
struct Record {
  std::vector<nlb_frame> layers;
  std::string said;
};

class Player {
 public:
  explicit Player(const Story& story)
      : story_(story), flags_(story.settings[0]), report_(nlb_report_new()) {
    capture_.reset(New());
    if (flags_ & kTwin) twin_.reset(New());
    if (flags_ & kTables) MakeTables();
    if (flags_ & kLastNumbers) number_ = 0xFFFFFFF0;
  }

  void Play() {
    for (const Frame& frame : story_.frames) Take(frame);
    Finish();
    for (const auto& [number, record] : records_) AskAgain(record);
    NLB_CHECK(times_full_ <= 7);  // once for each table
    if (flags_ & kWrongBytes) AskWithWrongBytes();
    if (diagnosis_) NLB_CHECK(*nlb_diagnosis_text(diagnosis_.get(), NLB_MARKDOWN) != '\0');
  }

 private:
  nlb_capture* New() const {
    static const nlb_cluster_entry kClusters[] = {
        {{192, 168, 2, 10}, NLB_MODE_UNICAST, {0}},
        {{192, 168, 2, 20}, NLB_MODE_IGMP, {0}},
        {{10, 0, 0, 1}, NLB_MODE_MULTICAST, {3, 0xBF, 1, 2, 3, 4}}};
    static const nlb_router_entry kRouters[] = {{{0, 0x15, 0x5D, 1, 2, 3}, "router"},
                                                {{0, 0x15, 0x5D, 1, 2, 4}, nullptr}};
    nlb_config config;
    nlb_config_defaults(&config);
    config.value[NLB_SETTING_COPY_DETECTION] = (flags_ & kNoCopyDetection) ? 0 : 1;
    if (story_.settings[1] != 0) {
      config.value[NLB_SETTING_COPY_WINDOW] = story_.settings[1] * 20u;
    }
    if (story_.settings[2] != 0) {
      config.value[NLB_SETTING_HEARTBEAT_TOLERANCE] = story_.settings[2] & 0x0F;
      config.value[NLB_SETTING_HEARTBEAT_PERIOD] = (story_.settings[2] >> 4) * 700u;
    }
    if (flags_ & kTablesOfTheUser) {
      config.clusters = kClusters;
      config.cluster_count = std::size(kClusters);
      config.routers = kRouters;
      config.router_count = std::size(kRouters);
    }
    return nlb_capture_new(&config);
  }

  void MakeTables() {
    for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
      tables_.emplace_back(nlb_summary_new(static_cast<nlb_table>(i)));
    }
    timeline_.reset(nlb_timeline_new());
    diagnosis_.reset(nlb_diagnosis_new());
    flow_.reset(nlb_flow_new());
  }

  void Take(const Frame& frame) {
    const Relation relation = frame.relation();
    now_ = NextTime(frame, now_);
    if (relation == Relation::kAgain && last_) {
      Feed(last_->layers.back());
      return;
    }
    if (relation != Relation::kLayer || !last_ || last_->layers.size() >= 6) {
      Finish();
      last_ = &Begin(relation, frame);
    }
    nlb_frame layer{};
    layer.record = record_;
    layer.number = number_;
    layer.layer = static_cast<uint32_t>(last_->layers.size());
    layer.interface_id = frame.interface_id();
    layer.captured_len = static_cast<uint32_t>(frame.bytes.size());
    layer.wire_len = WireLength(frame);
    layer.time_ns = now_;
    layer.bytes = frame.bytes.empty() ? nullptr : frame.bytes.data();
    last_->layers.push_back(layer);
    Feed(layer);
    if (twin_) NLB_CHECK(test::IsTaken(nlb_capture_feed(twin_.get(), &layer)));
  }

  // A number that is used again hides the records from that number on.
  Record& Begin(Relation relation, const Frame& frame) {
    record_ += 100;
    const uint32_t before = number_;
    if (relation == Relation::kNumberAhead) {
      number_ += 1 + frame.wire;
    } else if (relation == Relation::kNumberBack && number_ > 0) {
      number_ -= std::min(number_ - 1, frame.wire % 8u);
    } else if (relation != Relation::kSameNumber || number_ == 0) {
      ++number_;
    }
    if (number_ == 0) number_ = UINT32_MAX;  // the last number stays the last
    if (number_ <= before) hidden_ = true;
    records_.erase(records_.lower_bound(number_), records_.end());
    return records_[number_];
  }

  void Feed(const nlb_frame& layer) {
    test::FailAllocation(allocation_left_);
    const nlb_status status = nlb_capture_feed(capture_.get(), &layer);
    const uint64_t seen = test::AllocationsSeen();
    test::FailAllocation(0);
    NLB_CHECK(test::IsTaken(status) || (status == NLB_ERR_STOPPED && story_.settings[3] != 0));
    fed_reportable_ |= status != NLB_OK;
    NLB_CHECK(!stopped_ || status == NLB_ERR_STOPPED);
    stopped_ = status == NLB_ERR_STOPPED;
    if (allocation_left_ > 0) allocation_left_ -= std::min(seen, allocation_left_ - 1);
  }

  // The end of a record's dissection.
  void Finish() {
    if (!last_) return;
    Record& record = *last_;
    last_ = nullptr;
    // Nobody who was told NLB_OK need ask; the last number is shared by many records.
    const bool reportable = nlb_capture_is_reportable(capture_.get(), number_) != 0;
    NLB_CHECK(fed_reportable_ == reportable || stopped_ || (flags_ & kLastNumbers));
    fed_reportable_ = false;
    for (const nlb_frame& layer : record.layers) Decode(layer);
    record.said = Ask(capture_.get(), record.layers);
    for (size_t i = 0; i < tables_.size(); ++i) {
      NLB_CHECK(nlb_summary_add(tables_[i].get(), capture_.get(), report_.get()) == NLB_OK);
      CheckTable(static_cast<nlb_table>(i), tables_[i].get());
    }
    if (timeline_) AddToTimeline();
    if (diagnosis_) AddToDiagnosis();
    if (flow_) AddToFlow();
  }

  void AddToFlow() {
    NLB_CHECK(nlb_flow_add(flow_.get(), capture_.get(), report_.get()) == NLB_OK);
    CheckFlow(flow_.get(), columns_);
    CheckConversations(capture_.get(), report_.get());
  }

  // Read at the end only, as a program does it.
  void AddToDiagnosis() {
    NLB_CHECK(nlb_diagnosis_add(diagnosis_.get(), capture_.get(), report_.get()) == NLB_OK);
  }

  // The time is any: a clock that is set makes it so.
  void AddToTimeline() {
    NLB_CHECK(nlb_timeline_add(timeline_.get(), capture_.get(), report_.get(), now_) == NLB_OK);
    CheckTimeline(timeline_.get());
  }

  std::string Ask(const nlb_capture* capture, const std::vector<nlb_frame>& layers) {
    NLB_CHECK(nlb_capture_report(capture, layers.data(), layers.size(), NLB_DETAIL_FULL,
                                 report_.get()) == NLB_OK);
    const nlb_view view = nlb_report_view(report_.get());
    const bool blank = view.item_count == 0 && view.hit_count == 0;
    const bool reportable = nlb_capture_is_reportable(capture, layers[0].number) != 0;
    NLB_CHECK(blank || reportable);
    // A number that is used again speaks of the later record.
    const bool steady = !hidden_ && !(flags_ & kLastNumbers);
    NLB_CHECK(!steady || reportable != blank);
    CheckView(view, 0);
    CheckLinks(view);
    return SaidIn(view);
  }

  // A link goes to a frame that the user sees.
  void CheckLinks(const nlb_view& view) {
    // Records share the last position; a stopped handle does not hear of reused numbers.
    if ((flags_ & kLastNumbers) || stopped_) return;
    for (size_t i = 0; i < view.item_count; ++i) {
      const nlb_item& item = view.items[i];
      if (nlb_field(item.field)->kind != NLB_KIND_FRAME) continue;
      NLB_CHECK(records_.contains(static_cast<uint32_t>(item.value)));
    }
  }

  // Wherever the heartbeat stands: behind the Ethernet header or a tag.
  void Decode(const nlb_frame& layer) {
    for (size_t at = 14; at <= 22 && at < layer.captured_len; at += 4) {
      const uint8_t* payload = layer.bytes + at;
      const size_t captured = layer.captured_len - at;
      if (!nlb_is_heartbeat(payload, captured)) continue;
      for (const nlb_detail detail : {NLB_DETAIL_SUMMARY, NLB_DETAIL_FULL}) {
        NLB_CHECK(nlb_decode(payload, captured, layer.wire_len - at, layer.bytes, detail,
                             report_.get()) == NLB_OK);
        NLB_CHECK(nlb_capture_link_heartbeat(capture_.get(), &layer, report_.get()) == NLB_OK);
        CheckView(nlb_report_view(report_.get()), captured);
        CheckLinks(nlb_report_view(report_.get()));
      }
    }
  }

  void AskAgain(const Record& record) {
    const std::string again = Ask(capture_.get(), record.layers);
    CountFull();
    // Sentences name frames, and a read filter takes the names away.
    const bool steady = !hidden_ && !(flags_ & kLastNumbers);
    if (steady) CheckSame(record.said, again);
    if (twin_ && !stopped_) CheckSame(Ask(twin_.get(), record.layers), again);
  }

  static void CheckSame(const std::string& before, const std::string& now) {
    if (before != now) std::fprintf(stderr, "before:\n%s\nnow:\n%s\n", before.c_str(), now.c_str());
    NLB_CHECK(before == now);
  }

  void CountFull() {
    const nlb_view view = nlb_report_view(report_.get());
    for (size_t i = 0; i < view.hit_count; ++i) {
      const char* name = nlb_finding(view.hits[i].finding)->filter;
      if (std::strcmp(name, "nlb.table_full") == 0) ++times_full_;
    }
  }

  // Another pass may unwrap a record in another way than the first one did.
  void AskWithWrongBytes() {
    const std::vector<nlb_frame>* before = nullptr;
    for (const auto& [number, record] : records_) {
      if (before) {
        std::vector<nlb_frame> layers = *before;
        for (nlb_frame& layer : layers) layer.number = number;
        nlb_capture_report(capture_.get(), layers.data(), layers.size(), NLB_DETAIL_FULL,
                           report_.get());
        CheckView(nlb_report_view(report_.get()), 0);
        for (const Summary& table : tables_) {
          nlb_summary_add(table.get(), capture_.get(), report_.get());
        }
        if (timeline_) AddToTimeline();
        for (const nlb_frame& layer : layers) Decode(layer);
      }
      before = &record.layers;
    }
  }

  const Story& story_;
  uint8_t flags_;
  Capture capture_;
  Capture twin_;
  Report report_;
  std::deque<Summary> tables_;
  Timeline timeline_;
  Diagnosis diagnosis_;
  Flow flow_;
  std::set<std::string> columns_;       // of the flow graph
  std::map<uint32_t, Record> records_;  // by number: those that the user sees
  Record* last_ = nullptr;
  uint64_t record_ = 24;
  uint32_t number_ = 0;
  int64_t now_ = 1'705'309'200'000'000'000;
  uint64_t allocation_left_ = story_.settings[3];
  bool hidden_ = false;
  bool fed_reportable_ = false;  // the record that is being fed
  bool stopped_ = false;
  int times_full_ = 0;
};

}  // namespace
}  // namespace nlb::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const nlb::fuzz::Story story = nlb::fuzz::ReadStory({data, size});
  nlb::fuzz::Player(story).Play();
  return 0;
}
