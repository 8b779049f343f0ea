// SPDX-License-Identifier: GPL-2.0-or-later
// What the handle does beside findings. That it tells the same in any order, takes each frame once
// and is touched by no other handle is tried in tests/hostile/equality_test.cc, with any frame at
// any time by the fuzzer.
#include <gtest/gtest.h>

#include <algorithm>

#include "report/report.h"
#include "support/fed.h"
#include "support/scenario.h"

namespace nlb::test {
namespace {

// ---- links between heartbeats -------------------------------------------------------------------

TEST(Capture, LinksAHeartbeatToTheOneBefore) {
  Scenario s;
  s.At(0s, Heartbeat{.packets_handled = 100}).At(0s, Heartbeat{.host_id = 2});
  s.At(1s, Heartbeat{.packets_handled = 130});
  EXPECT_EQ(s.Previous(1), "");
  EXPECT_EQ(s.Previous(2), "");
  EXPECT_EQ(s.Previous(3), "previous_heartbeat 1\ninterval 1 s\ndelta 30\n");
}

TEST(Capture, CountsPacketsAcrossAWrap) {
  Scenario s;
  s.At(0s, Heartbeat{.packets_handled = 0xFFFFFFFF}).At(1s, Heartbeat{.packets_handled = 4});
  EXPECT_EQ(s.Previous(2), "previous_heartbeat 1\ninterval 1 s\ndelta 5\n");
}

TEST(Capture, LinksBackInTimeToo) {
  Scenario s;
  s.At(5s, Heartbeat{}).At(4s, Heartbeat{});
  EXPECT_EQ(s.Previous(2), "previous_heartbeat 1\ninterval -1 s\ndelta 0\n");
}

TEST(Capture, CountsNoPacketsThatTheCaptureCut) {
  Scenario now;
  now.At(0s, Heartbeat{}).Snaplen(14 + 32).At(1s, Heartbeat{});
  EXPECT_EQ(now.Previous(2), "previous_heartbeat 1\ninterval 1 s\n");
  Scenario before;
  before.Snaplen(14 + 32).At(0s, Heartbeat{}).Snaplen(SIZE_MAX).At(1s, Heartbeat{});
  EXPECT_EQ(before.Previous(2), "previous_heartbeat 1\ninterval 1 s\n");
}

TEST(Capture, LinksNoHeartbeatThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Heartbeat{}).Instead(1s, Heartbeat{});
  EXPECT_EQ(s.Previous(1), "interval 1 s\ndelta 0\n");
}

TEST(Capture, LinksHeartbeatsOfEachLayerByItself) {
  Scenario s;
  s.At(0s, Heartbeat{}).Inside(Heartbeat{.cluster_ip = "192.168.3.10", .packets_handled = 7});
  s.At(1s, Heartbeat{}).Inside(Heartbeat{.cluster_ip = "192.168.3.10", .packets_handled = 9});
  EXPECT_EQ(
      s.Previous(2),
      "previous_heartbeat 1\ninterval 1 s\ndelta 0\nprevious_heartbeat 1\ninterval 1 s\ndelta "
      "2\n");
}

// When Wireshark asks again, packets that were not copied pass by as they did the first time.
TEST(Capture, AsksAgainOnlyForWhatHasSomethingToTell) {
  Scenario s;
  s.At(0s, Udp{.id = 1}).At(0s, Udp{.id = 2}).At(1ms, Udp{.id = 2}).At(2ms, Udp{.id = 3});
  s.At(3ms, Udp{.id = 4}).At(4ms, Udp{.id = 4});
  std::string asked;
  for (uint32_t number = 1; number <= 6; ++number) {
    asked += nlb_capture_is_reportable(s.capture(), number) ? '1' : '0';
  }
  EXPECT_EQ(asked, "011011");
}

// The first pass of a reader wants to know no more than how grave it is.
TEST(Capture, SaysWhichFindingsWithoutASentence) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{.link = {.from = "02:01:c0:a8:02:0a"}});
  s.At(2s, Udp{.link = {.to = "02:bf:c0:a8:02:0a"}, .destination = "192.168.2.10"});
  nlb_report* report = nlb_report_new();
  for (const uint32_t number : {2, 3}) {
    const auto& layers = s.Layers(number);
    ASSERT_EQ(NLB_OK, nlb_capture_report(s.capture(), layers.data(), layers.size(),
                                         NLB_DETAIL_FINDINGS, report));
    const nlb_view view = nlb_report_view(report);
    EXPECT_EQ(view.item_count, 0u);
    ASSERT_EQ(view.hit_count, number == 2 ? 1u : 0u);
    if (view.hit_count == 0) continue;
    const nlb_finding_desc* finding = nlb_finding(view.hits[0].finding);
    EXPECT_STREQ(finding->filter, "nlb.analysis.masked_mac");
    EXPECT_STREQ(view.hits[0].text, finding->summary);
    EXPECT_EQ(view.hits[0].item, NLB_NO_ITEM);
    EXPECT_STREQ(view.summary, finding->summary);
  }
  EXPECT_TRUE(nlb_capture_is_reportable(s.capture(), 3));
  EXPECT_FALSE(nlb_capture_has_finding(s.capture(), 3)) << "it is a cluster's, no more";
  nlb_report_free(report);
}

TEST(Capture, TakesARecordThatStandsAtTheVeryStartOfTheFile) {
  const Octets bytes = Bytes(Heartbeat{});
  const auto size = static_cast<uint32_t>(bytes.size());
  const nlb_frame frame{0, 1, 0, 0, size, size, 0, bytes.data()};
  nlb_capture* capture = nlb_capture_new(nullptr);
  EXPECT_EQ(nlb_capture_feed(capture, &frame), NLB_REPORTABLE);
  EXPECT_TRUE(nlb_capture_is_reportable(capture, 1));
  nlb_capture_free(capture);
}

// ---- links from a packet to its copies ----------------------------------------------------------

TEST(Capture, LinksACopyThatIsSeenThoughAReadFilterHidOthers) {
  Scenario s;
  s.At(0s, Udp{.id = 1}).At(1ms, Udp{.id = 1}).At(2ms, Udp{.id = 2}).Instead(3ms, Udp{.id = 3});
  EXPECT_TRUE(nlb_capture_is_reportable(s.capture(), 1));
  EXPECT_EQ(s.Field(1, "copied_in"), "2");
}

TEST(Capture, TakesNoOtherPacketsCopyForTheOneThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Udp{.id = 1}).At(1ms, Udp{.id = 2}).At(2ms, Udp{.id = 2}).At(3ms, Udp{.id = 1});
  EXPECT_EQ(s.Field(1, "copied_in"), "4");
  s.Instead(4ms, Udp{.id = 3});
  EXPECT_FALSE(nlb_capture_is_reportable(s.capture(), 1));
  EXPECT_EQ(s.Field(1, "copied_in"), "");
}

// A reset that speaks of the packet is visible, the packet's copy is not.
TEST(Capture, TakesNoOtherFindingForTheCopyThatAReadFilterHid) {
  const Tcp accept{.link = {.from = "00:15:5d:00:00:01"}, .source = "192.168.2.10", .flags = 0x12};
  Tcp reset = accept;
  reset.link.from = "00:15:5d:00:00:02";
  reset.id = 2;
  reset.flags = 0x04;
  Scenario s;
  s.At(0s, accept).At(1ms, Heartbeat{.mode = Mode::kIgmp});
  s.At(2ms, Heartbeat{.host_id = 2, .mode = Mode::kIgmp}).At(3ms, reset).At(4ms, accept);
  EXPECT_EQ(s.Field(1, "copied_in"), "5");
  EXPECT_EQ(s.Field(4, "accepted_in"), "1");
  s.Instead(5ms, Udp{});
  EXPECT_FALSE(nlb_capture_is_reportable(s.capture(), 1));
}

TEST(Capture, LinksACopyBehindNoMoreThan255OtherCopies) {
  for (const int others : {255, 256}) {
    const auto request = [](uint16_t id) {
      return Udp{.link = {.to = "02:bf:c0:a8:02:0a"}, .destination = "192.168.2.10", .id = id};
    };
    Scenario s;
    s.At(0s, request(1));
    for (int i = 0; i < others; ++i) {
      const auto id = static_cast<uint16_t>(i + 2);
      s.Unseen(1ms, request(id)).Unseen(1ms, request(id));
    }
    s.At(2ms, request(1));
    const std::string copy = std::to_string(s.frames());
    EXPECT_EQ(s.Field(s.frames(), "copy_of"), "1");
    EXPECT_EQ(s.Field(1, "copied_in"), others == 255 ? copy : "") << others;
  }
}

TEST(Capture, LinksNoCopiesWhereNoItemsAreWanted) {
  Scenario s;
  s.At(0s, Udp{}).At(1ms, Udp{});
  const auto& layers = s.Layers(1);
  nlb_report report;
  for (const nlb_detail detail : {NLB_DETAIL_SUMMARY, NLB_DETAIL_FINDINGS, NLB_DETAIL_FULL}) {
    ASSERT_EQ(NLB_OK, nlb_capture_report(s.capture(), layers.data(), 1, detail, &report));
    EXPECT_EQ(report.View().item_count, detail == NLB_DETAIL_FULL ? 1u : 0u) << detail;
  }
}

// ---- any length ---------------------------------------------------------------------------------

// A story with something for every tracker.
std::vector<Octets> Story() {
  const Udp request{.link = {.to = "02:bf:c0:a8:02:0a"}, .destination = "192.168.2.10"};
  Udp again = request;
  again.link.from = "00:15:5d:01:02:03";
  --again.ttl;
  const Ping reply{.link = {.from = "00:00:00:00:00:0a"}, .reply = true};
  Ping second = reply;
  second.link.from = "00:00:00:00:00:0b";
  second.id = 2;
  Tcp reset{.link = request.link, .destination = "192.168.2.10", .id = 7, .flags = 0x04};
  return {Bytes(Heartbeat{}),
          Bytes(Heartbeat{.host_id = 2, .rule_count = 3}),
          Bytes(Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"}),
          Bytes(Arp{.mac = "03:bf:c0:a8:02:0a", .ip = "192.168.2.10"}),
          Bytes(request),
          Bytes(again),
          Bytes(reply),
          Bytes(second),
          Bytes(reset),
          Bytes(IgmpReport{}),
          Bytes(Identity{}),
          Bytes(Heartbeat{.state = 2})};
}

TEST(Capture, SurvivesEveryFrameCutAtEveryByte) {
  nlb_capture* capture = nlb_capture_new(nullptr);
  nlb_report* report = nlb_report_new();
  uint32_t number = 0;
  for (const Octets& bytes : Story()) {
    for (size_t kept = 0; kept <= std::min<size_t>(bytes.size(), 200); ++kept) {
      const Octets exact(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(kept));
      ++number;
      const nlb_frame frame{number,
                            number,
                            0,
                            0,
                            static_cast<uint32_t>(kept),
                            static_cast<uint32_t>(bytes.size()),
                            number * 1'000'000,
                            exact.data()};
      ASSERT_TRUE(IsTaken(nlb_capture_feed(capture, &frame)));
      ASSERT_EQ(NLB_OK, nlb_capture_report(capture, &frame, 1, NLB_DETAIL_FULL, report));
    }
  }
  nlb_report_free(report);
  nlb_capture_free(capture);
}

// Expert infos need the sentence, and not whose frame it is: that costs as much again.
TEST(Capture, SaysSentencesWithoutWhatTheTablesNeed) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{.link = {.from = "02:01:c0:a8:02:0a"}});
  const auto& layers = s.Layers(2);
  nlb_report report;
  for (const nlb_detail detail : {NLB_DETAIL_SUMMARY, NLB_DETAIL_SENTENCES}) {
    ASSERT_EQ(NLB_OK,
              nlb_capture_report(s.capture(), layers.data(), layers.size(), detail, &report));
    const nlb_view view = nlb_report_view(&report);
    EXPECT_EQ(view.item_count, 0u);
    ASSERT_EQ(view.hit_count, 1u);
    EXPECT_STREQ(view.hits[0].text, "02:01:c0:a8:02:0a is host 1 of 192.168.2.10");
    ASSERT_EQ(report.layers().size(), 1u);
    EXPECT_EQ(report.layers()[0].attribution.has_value(), detail == NLB_DETAIL_SUMMARY);
  }
}

}  // namespace
}  // namespace nlb::test
