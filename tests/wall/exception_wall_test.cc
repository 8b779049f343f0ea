// SPDX-License-Identifier: GPL-2.0-or-later
//
// No exception crosses the C face. A story that touches every tracker is told again and again, and
// each time the next allocation fails, until none is left that could: the handle stops, says so on
// that frame, keeps what it said before, and leaks nothing (LeakSanitizer watches).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "hostile/allocation.h"
#include "support/fed.h"
#include "support/scenario.h"

namespace nlb::test {
namespace {

// Memory that runs out after so many allocations, until the end of the scope.
class Shortage {
 public:
  explicit Shortage(uint64_t allocation) { FailAllocation(allocation); }
  ~Shortage() { FailAllocation(0); }
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;
};

struct Record {
  std::vector<Octets> bytes;
  std::vector<nlb_frame> layers;
};

class Story {
 public:
  Story() {
    const std::string cluster = "02:bf:c0:a8:02:0a", vip = "192.168.2.10";
    const Udp request{.link = {.to = cluster}, .destination = vip};
    Udp again = request;
    again.link.from = "00:15:5d:01:02:03";
    --again.ttl;
    const Tcp syn{.link = {.to = cluster}, .destination = vip, .id = 5, .flags = 0x02};
    Tcp accept{.link = {.from = "02:01:c0:a8:02:0a"},
               .source = vip,
               .id = 6,
               .source_port = 80,
               .destination_port = 1000,
               .acknowledgment = 2,
               .flags = 0x12};
    Tcp second = accept;
    second.link.from = "02:02:c0:a8:02:0a";
    second.sequence = 99;
    second.id = 7;
    Tcp doubled = syn, reset = syn;
    doubled.link.from = "00:15:5d:01:02:03";
    --doubled.ttl;
    reset.flags = 0x04;
    reset.id = 8;
    Tell({Bytes(Heartbeat{})});
    Tell({Bytes(Heartbeat{.host_id = 2, .rule_count = 3})});
    Tell({Bytes(Identity{}), Bytes(Identity{.host_id = 3, .name = std::string(90, 'x')})});
    Tell({Bytes(Heartbeat{.host_id = 2, .from = "02:01:c0:a8:02:0a"})});
    Tell({Bytes(Arp{.mac = cluster, .ip = vip})});
    Tell({Bytes(Arp{.mac = "03:bf:c0:a8:02:0a", .ip = vip})});
    Tell({Bytes(Advertisement{.mac = "03:bf:20:01:0d:b9"})});
    Tell({Bytes(request)});
    Tell({Bytes(again)});
    Tell({Bytes(syn)});
    Tell({Bytes(doubled)});
    Tell({Bytes(accept)});
    Tell({Bytes(second)});
    Tell({Bytes(reset)});
    Tell({Bytes(Ping{.link = {.from = "00:00:00:00:00:0a"}, .id = 11, .reply = true})});
    Tell({Bytes(Ping{.link = {.from = "00:00:00:00:00:0b"}, .id = 12, .reply = true})});
    Tell({Bytes(Heartbeat{.mode = Mode::kIgmp, .cluster_ip = "10.1.2.10"})});
    Tell({Bytes(IgmpReport{.link = {.to = "01:00:5e:7f:02:0a"}, .source = "10.1.2.10"})});
    Tell({Bytes(IgmpQuery{})});
    for (const char* ip : {"10.1.3.10", "10.1.4.10", "10.1.5.10"})
      Tell({Bytes(Heartbeat{.cluster_ip = ip})});
    Tell({Bytes(Heartbeat{.vlans = {1, 2}, .state = 2})});
    Tell({Bytes(request), Bytes(Heartbeat{.host_id = 4})});
    Hide();  // a read filter hides the last record: its number is given again
    Tell({Bytes(Heartbeat{.state = 2})});
  }

  const std::vector<Record>& records() const { return records_; }

 private:
  void Tell(std::vector<Octets> layers) {
    Record& record = records_.emplace_back();
    record.bytes = std::move(layers);
    ++number_;
    for (const Octets& bytes : record.bytes) {
      const auto size = static_cast<uint32_t>(bytes.size());
      record.layers.push_back({records_.size() * 100, number_,
                               static_cast<uint32_t>(record.layers.size()), 0, size, size,
                               static_cast<int64_t>(records_.size()) * 1'000'000, bytes.data()});
    }
  }
  void Hide() { --number_; }

  std::vector<Record> records_;
  uint32_t number_ = 0;
};

std::string HitsOf(const nlb_view& view) {
  std::string text;
  for (size_t i = 0; i < view.hit_count; ++i) {
    text += std::string(NameOf(view.hits[i].finding)) + ": " + view.hits[i].text + "\n";
  }
  return text;
}

nlb_config Config() {
  static const nlb_cluster_entry kClusters[] = {{{10, 0, 0, 1}, NLB_MODE_IGMP, {}}};
  static const nlb_router_entry kRouters[] = {{{0, 1, 2, 3, 4, 5}, "a router with a longer name"}};
  nlb_config config = Scenario::Defaults();
  config.clusters = kClusters;
  config.cluster_count = 1;
  config.routers = kRouters;
  config.router_count = 1;
  return config;
}

class Wall : public testing::Test {
 protected:
  // What each record says when it has just been fed and memory is plenty.
  void SetUp() override {
    nlb_capture* capture = nlb_capture_new(&config_);
    for (const Record& record : story_.records()) {
      for (const nlb_frame& layer : record.layers)
        ASSERT_TRUE(IsTaken(nlb_capture_feed(capture, &layer)));
      told_.push_back(Ask(capture, record));
    }
    nlb_capture_free(capture);
  }
  void TearDown() override { nlb_report_free(report_); }

  std::string Ask(const nlb_capture* capture, const Record& record) {
    EXPECT_EQ(NLB_OK, nlb_capture_report(capture, record.layers.data(), record.layers.size(),
                                         NLB_DETAIL_FULL, report_));
    return HitsOf(nlb_report_view(report_));
  }

  // Feeds until an allocation fails. The record that failed, or the number of records.
  size_t FeedAll(nlb_capture* capture) {
    const auto& records = story_.records();
    for (size_t i = 0; i < records.size(); ++i) {
      for (const nlb_frame& layer : records[i].layers) {
        const nlb_status status = nlb_capture_feed(capture, &layer);
        if (IsTaken(status)) continue;
        EXPECT_EQ(status, NLB_ERR_STOPPED);
        return i;
      }
    }
    return records.size();
  }

  const Story story_;
  const nlb_config config_ = Config();
  nlb_report* report_ = nlb_report_new();
  std::vector<std::string> told_;
};

TEST_F(Wall, TheStoryTouchesEveryTracker) {
  std::string all;
  for (const std::string& told : told_) all += told;
  for (const char* name :
       {"rule_mismatch", "mac_flapping", "vip_mac_conflict", "foreign_router", "reset_after_copy",
        "two_hosts_answer", "duplicate_reply", "igmp_report", "state_changed"}) {
    EXPECT_NE(all.find(name), std::string::npos) << name << "\n" << all;
  }
}

TEST_F(Wall, AHandleStopsWhereverMemoryRunsOutAndKeepsWhatItSaid) {
  const auto& records = story_.records();
  bool succeeded = false;
  uint64_t failures = 0;
  for (uint64_t n = 1; !succeeded; ++n) {
    ASSERT_LT(n, 10'000u) << "there is no end of allocations";
    nlb_capture* capture = nullptr;
    size_t stopped = records.size();
    {
      const Shortage shortage(n);
      capture = nlb_capture_new(&config_);
      if (capture) stopped = FeedAll(capture);
    }
    if (!capture) continue;
    succeeded = stopped == records.size();
    failures += !succeeded;
    for (size_t i = 0; i < stopped; ++i) {
      // The last number was given twice; who asks for the first record that has it gets the
      // second's answer.
      if (i + 2 == records.size()) continue;
      ASSERT_EQ(Ask(capture, records[i]), told_[i]) << "allocation " << n << ", record " << i;
    }
    if (!succeeded) {
      const std::string said = Ask(capture, records[stopped]);
      ASSERT_NE(said.find("stopped: The analysis stopped here: out of memory\n"), std::string::npos)
          << "allocation " << n << ", record " << stopped << ": " << said;
      for (const Record& record : records) {
        ASSERT_EQ(NLB_ERR_STOPPED, nlb_capture_feed(capture, &record.layers[0]));
      }
    }
    nlb_capture_free(capture);
  }
  EXPECT_GT(failures, 50u);
}

// Calls a function with one allocation failing after another, until it succeeds.
template <typename Function>
uint64_t UntilItSucceeds(Function function) {
  for (uint64_t n = 1; n < 10'000; ++n) {
    const Shortage shortage(n);
    if (function()) return n;
  }
  ADD_FAILURE() << "there is no end of allocations";
  return 0;
}

TEST_F(Wall, AReportIsWholeOrEmptyAndMayBeAskedAgain) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  for (const Record& record : story_.records()) {
    const std::string expected = Ask(capture, record);
    UntilItSucceeds([&] {
      const nlb_status status = nlb_capture_report(capture, record.layers.data(),
                                                   record.layers.size(), NLB_DETAIL_FULL, report_);
      const nlb_view view = nlb_report_view(report_);
      if (status == NLB_OK) return true;
      EXPECT_EQ(status, NLB_ERR_STOPPED);
      EXPECT_EQ(view.hit_count + view.item_count, 0u);
      EXPECT_STREQ(view.summary, "");
      return false;
    });
    EXPECT_EQ(HitsOf(nlb_report_view(report_)), expected);
  }
  // The handle itself has not stopped.
  nlb_frame next = story_.records()[0].layers[0];
  next.record = 1'000'000;
  next.number = 1000;
  EXPECT_TRUE(IsTaken(nlb_capture_feed(capture, &next)));
  nlb_capture_free(capture);
}

TEST_F(Wall, ADecodeIsWholeOrEmpty) {
  for (const Octets& frame :
       {Bytes(Heartbeat{.host_id = 33, .rule_count = 33}), Bytes(Identity{})}) {
    for (const nlb_detail detail : {NLB_DETAIL_SUMMARY, NLB_DETAIL_FULL}) {
      UntilItSucceeds([&] {
        const nlb_status status = nlb_decode(frame.data() + 14, frame.size() - 14,
                                             frame.size() - 14, frame.data(), detail, report_);
        const nlb_view view = nlb_report_view(report_);
        if (status == NLB_OK) return true;
        EXPECT_EQ(view.hit_count + view.item_count, 0u);
        EXPECT_STREQ(view.summary, "");
        return false;
      });
      EXPECT_STRNE(nlb_report_view(report_).summary, "");
    }
  }
}

TEST_F(Wall, AHeartbeatsLinkMayBeAskedAgain) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  for (const Record& record : story_.records()) {
    UntilItSucceeds([&] {
      nlb_report* report = nlb_report_new();
      const bool done =
          report && nlb_capture_link_heartbeat(capture, &record.layers[0], report) == NLB_OK;
      nlb_report_free(report);
      return done;
    });
  }
  nlb_capture_free(capture);
}

TEST_F(Wall, NothingIsMadeOrSomethingWhole) {
  UntilItSucceeds([&] {
    nlb_capture* capture = nlb_capture_new(&config_);
    nlb_capture_free(capture);
    return capture != nullptr;
  });
  UntilItSucceeds([&] {
    nlb_report* report = nlb_report_new();
    nlb_report_free(report);
    return report != nullptr;
  });
  for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
    UntilItSucceeds([&] {
      nlb_summary* summary = nlb_summary_new(static_cast<nlb_table>(i));
      nlb_summary_free(summary);
      return summary != nullptr;
    });
  }
  UntilItSucceeds([&] {
    nlb_diagnosis* diagnosis = nlb_diagnosis_new();
    nlb_diagnosis_free(diagnosis);
    return diagnosis != nullptr;
  });
  UntilItSucceeds([&] {
    nlb_timeline* timeline = nlb_timeline_new();
    nlb_timeline_free(timeline);
    return timeline != nullptr;
  });
  UntilItSucceeds([&] {
    nlb_flow* flow = nlb_flow_new();
    nlb_flow_free(flow);
    return flow != nullptr;
  });
}

TEST_F(Wall, ATableSurvivesEveryFailureAndGoesOn) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  nlb_report* report = nlb_report_new();
  for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
    const auto table = static_cast<nlb_table>(i);
    nlb_summary* summary = nlb_summary_new(table);
    for (const Record& record : story_.records()) {
      nlb_capture_report(capture, record.layers.data(), record.layers.size(), NLB_DETAIL_FULL,
                         report);
      UntilItSucceeds([&] {
        const nlb_status status = nlb_summary_add(summary, capture, report);
        for (size_t row = 0; row < nlb_summary_row_count(summary); ++row) {
          for (size_t column = 0; column < nlb_table_column_count(table); ++column) {
            EXPECT_NE(nlb_summary_cell(summary, row, column).text, nullptr);
          }
        }
        size_t first = 0, end = 0;
        nlb_summary_changes(summary, &first, &end);
        return status == NLB_OK;
      });
    }
    EXPECT_GT(nlb_summary_row_count(summary), 0u) << i;
    nlb_summary_free(summary);
  }
  nlb_report_free(report);
  nlb_capture_free(capture);
}

TEST_F(Wall, TheTimelineSurvivesEveryFailureAndGoesOn) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  nlb_timeline* timeline = nlb_timeline_new();
  nlb_report* report = nlb_report_new();
  size_t lines = 0;
  for (const Record& record : story_.records()) {
    nlb_capture_report(capture, record.layers.data(), record.layers.size(), NLB_DETAIL_FULL,
                       report);
    UntilItSucceeds([&] {
      const nlb_status status =
          nlb_timeline_add(timeline, capture, report, record.layers[0].time_ns);
      for (size_t i = 0; i < nlb_timeline_count(timeline); ++i) {
        EXPECT_STRNE(nlb_timeline_moment(timeline, i).line, "");
      }
      return status == NLB_OK;
    });
    lines += nlb_timeline_count(timeline);
  }
  EXPECT_GT(lines, story_.records().size() / 2);
  nlb_report_free(report);
  nlb_timeline_free(timeline);
  nlb_capture_free(capture);
}

TEST_F(Wall, TheFlowGraphSurvivesEveryFailureAndGoesOn) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  nlb_flow* flow = nlb_flow_new();
  nlb_report* report = nlb_report_new();
  size_t arrows = 0;
  for (const Record& record : story_.records()) {
    nlb_capture_report(capture, record.layers.data(), record.layers.size(), NLB_DETAIL_FULL,
                       report);
    UntilItSucceeds([&] {
      const nlb_status status = nlb_flow_add(flow, capture, report);
      for (size_t i = 0; i < nlb_flow_count(flow); ++i) {
        const nlb_arrow arrow = nlb_flow_arrow(flow, i);
        EXPECT_STRNE(arrow.from, arrow.to);
      }
      return status == NLB_OK;
    });
    arrows += nlb_flow_count(flow);
    const auto length = [&] {
      char filter[NLB_CONVERSATION_SIZE];
      const nlb_belonging belonging = nlb_capture_belonging(capture, report);
      return nlb_conversation_filter(&belonging, NLB_CONVERSATION_CLUSTER, filter, sizeof filter);
    };
    const size_t whole = length();
    UntilItSucceeds([&] { return length() == whole; });
  }
  EXPECT_GT(arrows, 0u);
  nlb_report_free(report);
  nlb_flow_free(flow);
  nlb_capture_free(capture);
}

TEST_F(Wall, TheDiagnosisSurvivesEveryFailureAndGoesOn) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  nlb_report* report = nlb_report_new();
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  for (const Record& record : story_.records()) {
    ASSERT_EQ(NLB_OK, nlb_capture_report(capture, record.layers.data(), record.layers.size(),
                                         NLB_DETAIL_FULL, report));
    UntilItSucceeds([&] { return nlb_diagnosis_add(diagnosis, capture, report) == NLB_OK; });
  }
  const char* made = "";
  UntilItSucceeds([&] {
    made = nlb_diagnosis_text(diagnosis, NLB_MARKDOWN);
    return *made != '\0';
  });
  const std::string text = made;
  EXPECT_NE(text.find("# NLB report"), std::string::npos);
  EXPECT_NE(text.find("192.168."), std::string::npos);
  nlb_diagnosis_free(diagnosis);
  nlb_report_free(report);
  nlb_capture_free(capture);
}

TEST_F(Wall, ATableThatCouldNotBeClearedIsEmptyAndFillsAgain) {
  nlb_capture* capture = nlb_capture_new(&config_);
  FeedAll(capture);
  const Record& first = story_.records()[0];
  nlb_report* report = nlb_report_new();
  nlb_capture_report(capture, first.layers.data(), first.layers.size(), NLB_DETAIL_FULL, report);
  for (const nlb_table table : {NLB_TABLE_CLUSTERS, NLB_TABLE_FINDINGS}) {
    nlb_summary* summary = nlb_summary_new(table);
    const auto add = [&] { return nlb_summary_add(summary, capture, report); };
    ASSERT_EQ(NLB_OK, add());
    const size_t rows = nlb_summary_row_count(summary);
    ASSERT_GT(rows, 0u);
    for (uint64_t n = 1; n <= 5; ++n) {
      {
        const Shortage shortage(n);
        nlb_summary_clear(summary);
      }
      EXPECT_EQ(nlb_summary_row_count(summary), 0u);
      EXPECT_STREQ(nlb_summary_cell(summary, 0, 0).text, "");
      size_t begin = 1, end = 1;
      nlb_summary_changes(summary, &begin, &end);
      ASSERT_EQ(NLB_OK, add());
      EXPECT_EQ(nlb_summary_row_count(summary), rows);
    }
    nlb_summary_free(summary);
  }
  nlb_report_free(report);
  nlb_capture_free(capture);
}

}  // namespace
}  // namespace nlb::test
