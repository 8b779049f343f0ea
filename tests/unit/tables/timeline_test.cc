// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/scenario.h"

namespace nlb::test {
namespace {

TEST(Timeline, CountsHeartbeatsOfEachHost) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}).At(1s, Heartbeat{});
  const std::string text = s.Timeline();
  EXPECT_NE(text.find("2 | 192.168.2.10 | Heartbeats | Host 1 (192.168.2."), std::string::npos)
      << text;
  EXPECT_NE(text.find("1 | 192.168.2.10 | Heartbeats | Host 2 (192.168.2."), std::string::npos)
      << text;
}

TEST(Timeline, SaysWhenAHostWentAndCameBack) {
  Scenario s;
  for (int second = 0; second < 12; ++second) {
    s.At(second * 1s, Heartbeat{});
    if (second == 0 || second > 9) s.At(second * 1s + 250ms, Heartbeat{.host_id = 2});
  }
  const std::string text = s.Timeline();
  EXPECT_NE(text.find("1 | 192.168.2.10 | Hosts up and down |      6.000 s: Host 2 ("),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("1 | 192.168.2.10 | Hosts up and down |     10.250 s: Host 2 ("),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(" has been silent for 5.75 s (frame 8)\n"), std::string::npos) << text;
}

TEST(Timeline, TellsStatesAsEvents) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.state = 2});
  EXPECT_NE(s.Timeline().find("| Convergence |      1.000 s: Host 1 ("), std::string::npos)
      << s.Timeline();
}

// A datagram to the cluster, and its copy by a station that nobody addressed.
void Doubled(Scenario& s, Duration when, uint16_t id) {
  const Link to_cluster{.from = "00:00:00:00:00:07", .to = "02:bf:c0:a8:02:0a"};
  Udp datagram{.link = to_cluster, .destination = "192.168.2.10", .id = id};
  s.At(when, datagram);
  datagram.link.from = "00:15:5d:01:02:03";
  datagram.ttl -= 1;
  s.At(when + 1ms, datagram);
}

TEST(Timeline, CountsCopiesBySecond) {
  Scenario s;
  s.At(0s, Heartbeat{});
  Doubled(s, 100ms, 1);
  Doubled(s, 900ms, 2);
  Doubled(s, 2s, 3);
  const std::string text = s.Timeline();
  const std::string part = " | 192.168.2.10 | Copies by a foreign router, per second | ";
  EXPECT_NE(text.find("2" + part + "     0 s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("1" + part + "     2 s\n"), std::string::npos) << text;
}

TEST(Timeline, PutsAnswersUnderTheClusterOfTheirAddress) {
  Scenario s;
  const char* station = "00:00:00:00:00:11";
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .from = station});
  Udp answer{.link = {.from = station, .to = "00:00:00:00:00:07"}, .source = "192.168.2.10"};
  s.At(1s, answer);
  answer.link.from = "00:15:5d:01:02:03";
  answer.ttl -= 1;
  s.At(1s + 1ms, answer);
  EXPECT_NE(s.Timeline().find("1 | 192.168.2.10 | Copies by a foreign router"), std::string::npos)
      << s.Timeline();
}

TEST(Timeline, IsEmptyForAnOrdinaryCapture) {
  Scenario s;
  s.At(0s, Udp{}).At(1s, Arp{});
  EXPECT_EQ(s.Timeline(), "");
}

TEST(Timeline, CountsNoOtherFramesThanHeartbeats) {
  const Udp request{.link = {"00:00:00:00:00:07", "02:bf:c0:a8:02:0a", {}},
                    .destination = "192.168.2.10"};
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, request).At(2s, Identity{});
  EXPECT_EQ(s.Timeline(), "1 | 192.168.2.10 | Heartbeats | Host 1 (192.168.2.30)\n");
}

TEST(Timeline, PutsARecordUnderTheInnermostClusterThatItHas) {
  Scenario s;
  s.At(0s, Heartbeat{}).Inside(Udp{});
  s.At(1s, Udp{.id = 2}).Inside(Heartbeat{.state = 2});
  s.At(2s, Heartbeat{}).Inside(Heartbeat{.cluster_ip = "192.168.2.20"});
  EXPECT_EQ(s.Timeline(),
            "1 | 192.168.2.10 | Convergence |      1.000 s: Host 1 (192.168.2.30) went from state "
            "1 to 2 (frame 2)\n"
            "3 | 192.168.2.10 | Heartbeats | Host 1 (192.168.2.30)\n"
            "1 | 192.168.2.20 | Convergence |      2.000 s: Host 1 (192.168.2.30) went from state "
            "2 to 1 (frame 3)\n"
            "1 | 192.168.2.20 | Heartbeats | Host 1 (192.168.2.30)\n");
}

TEST(Timeline, HasAPlaceForWhatBelongsToNoKnownCluster) {
  const Udp packet{};
  Scenario s;
  for (int i = 0; i < 8; ++i) s.At(i * 3ms, packet);
  EXPECT_EQ(s.Timeline(), "7 | No known cluster | Copies of other origin, per second |      0 s\n");
}

TEST(Timeline, ShowsTimesThatAreLongerThanTheirColumn) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{}).At(1234567s, Heartbeat{.state = 2});
  Doubled(s, 1234568s, 1);
  const std::string text = s.Timeline();
  EXPECT_NE(text.find(" | 1234567.000 s: "), std::string::npos) << text;
  EXPECT_NE(text.find(" | 1234568 s\n"), std::string::npos) << text;
}

TEST(Timeline, HasNothingForAReportOfNothing) {
  Scenario s;
  nlb_report* report = nlb_report_new();
  nlb_timeline* timeline = nlb_timeline_new();
  EXPECT_EQ(nlb_timeline_add(timeline, s.capture(), report, 0), NLB_OK);
  EXPECT_EQ(nlb_timeline_count(timeline), 0u);
  for (const size_t index : {size_t{0}, SIZE_MAX}) {
    const nlb_moment moment = nlb_timeline_moment(timeline, index);
    EXPECT_STREQ(moment.cluster, "");
    EXPECT_STREQ(moment.part, "");
    EXPECT_STREQ(moment.line, "");
  }
  nlb_timeline_free(timeline);
  nlb_report_free(report);
}

TEST(Timeline, GathersWhatGoesBeyondItsCap) {
  Scenario s;
  for (int i = 0; i < static_cast<int>(nlb_timeline::kMaxLines) + 10; ++i) {
    s.At(i * 1s, Heartbeat{.state = static_cast<uint16_t>(1 + i % 2)});
  }
  const std::string text = s.Timeline();
  EXPECT_NE(text.find(" | Later | Not listed"), std::string::npos) << text.substr(0, 400);
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  EXPECT_EQ(lines, nlb_timeline::kMaxLines + 1);
  EXPECT_NE(text.find(std::to_string(nlb_timeline::kMaxLines + 10) + " | 192.168.2.10 | Heartb"),
            std::string::npos)
      << "a line that is there counts on";
}

}  // namespace
}  // namespace nlb::test
