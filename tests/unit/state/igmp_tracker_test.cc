// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/igmp_tracker.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

TEST(IgmpTracker, KnowsTheReportOfACluster) {
  const auto report = [](const char* ip) { return wire::Igmp{false, IpOf(ip).v4(), {}, 0}; };
  EXPECT_TRUE(IsReportOf(report("239.255.2.10"), IpOf("192.168.2.10")));
  EXPECT_FALSE(IsReportOf(report("239.255.2.11"), IpOf("192.168.2.10")));
  EXPECT_FALSE(IsReportOf(report("239.254.2.10"), IpOf("192.168.2.10")));
  EXPECT_FALSE(IsReportOf(report("224.0.2.10"), IpOf("192.168.2.10")));
  EXPECT_FALSE(IsReportOf(report("239.255.0.1"), IpOf("2001:db8::1")));
  EXPECT_FALSE(IsReportOf({true, IpOf("239.255.2.10").v4(), {}, 0}, IpOf("192.168.2.10")));
}

struct Watched : Observed<IgmpTracker> {
  Watched() {  // a report of somebody else: this point would see the cluster's
    At(0s, IgmpReport{.link = {"00:16:35:c4:25:77", "01:00:5e:01:02:03", {}},
                      .source = "192.168.2.77",
                      .group = "239.1.2.3"});
  }
  template <typename Frame>
  Watched& At(std::chrono::nanoseconds time, const Frame& frame, Where where = {}) {
    Take(time, frame, where);
    return *this;
  }
};

Heartbeat Beat(uint32_t cluster) {
  return {.mode = Mode::kIgmp, .cluster_ip = TextV4(0x0A000000u + cluster)};
}

TEST(IgmpTracker, WatchesNoMoreClustersThanItHasRoomFor) {
  Watched w;
  for (uint32_t i = 0; i < 4096; ++i) w.At(0s, Beat(i));
  EXPECT_FALSE(w.tracker.overflowed());
  w.At(0s, Beat(4096));
  EXPECT_TRUE(w.tracker.overflowed());
  w.At(200s, Beat(4096));  // not watched
  EXPECT_TRUE(w.out.empty());
  w.At(200s, Beat(0));
  EXPECT_EQ(w.out.size(), 1u);
}

TEST(IgmpTracker, KnowsNoMoreStationsThanItHasRoomFor) {
  const auto asks = [](uint32_t station) {
    char mac[18];
    std::snprintf(mac, sizeof mac, "00:16:35:00:%02x:%02x", station >> 8 & 0xFF, station & 0xFF);
    return Udp{.link = {mac, "01:00:5e:7f:02:0a", {}}, .destination = "192.168.2.10"};
  };
  Watched w;
  for (uint32_t i = 0; i < 4096; ++i) w.At(0s, asks(i));
  EXPECT_FALSE(w.tracker.overflowed());
  w.At(0s, asks(4096));
  EXPECT_TRUE(w.tracker.overflowed());
}

template <typename Frame>
Frame InVlan7(Frame frame) {
  if constexpr (requires { frame.vlans; })
    frame.vlans = {7};
  else
    frame.link.vlans = {7};
  return frame;
}

TEST(IgmpTracker, SaysNoSilenceOfAGroupWhoseReportFoundNoRoom) {
  Watched w;
  for (uint32_t i = 1; i <= 4097; ++i) {
    w.At(0s, InVlan7(IgmpReport{.source = "0.0.0.0", .group = TextV4(0xEFFF0000u + i)}));
  }
  EXPECT_TRUE(w.tracker.overflowed());
  w.At(0s, InVlan7(Beat(4097))).At(200s, InVlan7(Beat(4097)));
  EXPECT_TRUE(w.out.empty());
}

TEST(IgmpTracker, FindsTheReportInTheVlanOfTheCluster) {
  const Heartbeat beat{.mode = Mode::kIgmp};
  Watched w;
  w.At(0s, InVlan7(beat)).At(1s, InVlan7(IgmpReport{})).At(200s, InVlan7(beat));
  EXPECT_TRUE(w.out.empty());
}

TEST(IgmpTracker, KnowsTheGroupOfEveryCluster) {
  for (const char* end : {"2.10", "2.11", "255.255", "0.1"}) {
    const Heartbeat beat{.mode = Mode::kIgmp, .cluster_ip = std::string("192.168.") + end};
    Watched w;
    w.At(0s, beat);
    w.At(1s, IgmpReport{.source = "0.0.0.0", .group = std::string("239.255.") + end});
    w.At(200s, beat);
    EXPECT_TRUE(w.out.empty()) << end;
  }
}

Timestamp TimeAt(std::chrono::nanoseconds time) { return {time.count()}; }

TEST(IgmpTracker, KeepsWhatItHeardBeforeAGapOf70Seconds) {
  const Heartbeat beat{.mode = Mode::kIgmp};
  for (const std::chrono::nanoseconds gap : {70s, 71s}) {
    Watched w;
    w.At(0s, beat);
    w.tracker.NoteGap(TimeAt(100s), gap);
    w.At(200s, beat);
    EXPECT_EQ(w.out.size(), gap == 70s ? 1u : 0u);
  }
}

TEST(IgmpTracker, CountsFromTheFrameThatEndsAGap) {
  const Heartbeat beat{.mode = Mode::kIgmp};
  Watched silent;
  silent.At(0s, beat).tracker.NoteGap(TimeAt(200s), 200s);
  silent.At(200s, beat).At(260s, beat).At(330s, beat);
  EXPECT_TRUE(silent.out.empty());
  silent.At(331s, beat);
  EXPECT_EQ(silent.out.size(), 1u);
  Watched reports;
  reports.At(0s, beat).At(0s, IgmpReport{}).tracker.NoteGap(TimeAt(200s), 200s);
  for (const auto time : {200s, 260s, 330s}) reports.At(time, IgmpReport{});
  EXPECT_TRUE(reports.out.empty());
  reports.At(331s, IgmpReport{});
  EXPECT_EQ(reports.out.size(), 1u);
}

TEST(IgmpTracker, TakesAReportOfVersion3) {
  Octets report = Bytes(IgmpReport{});
  report.resize(14 + 20);
  report[17] = 52;                                                    // total length
  const Octets body = {0x22, 0, 0, 0, 0,   0,   0, 2,                 // two records
                       4,    1, 0, 1, 224, 0,   0, 252, 10, 0, 0, 1,  // one source,
                       0xAB, 0, 0, 0,                                 // and a word behind it
                       4,    0, 0, 0, 239, 255, 2, 10};
  report.insert(report.end(), body.begin(), body.end());
  const Heartbeat beat{.mode = Mode::kIgmp};
  Watched w;
  w.At(0s, beat).At(1s, Raw{report}).At(200s, beat);
  EXPECT_TRUE(w.out.empty());
  Watched cut;  // behind the first record
  cut.At(0s, beat).At(1s, Raw{report}, {.captured = 14 + 20 + 24 + 7}).At(200s, beat);
  EXPECT_EQ(cut.out.size(), 1u);
}

// Whether silence of the cluster is told when there is this frame, too.
template <typename Frame>
bool TellsSilence(const Frame& frame, Where where = {}) {
  const Heartbeat beat{.mode = Mode::kIgmp};
  Watched w;
  w.At(0s, beat).At(1s, frame, where).At(200s, beat);
  return !w.out.empty();
}

TEST(IgmpTracker, IgnoresLaterFragments) {
  Octets report = Bytes(IgmpReport{});
  report[14 + 7] = 1;  // 8 bytes into some message
  EXPECT_TRUE(TellsSilence(Raw{report}));
  EXPECT_TRUE(TellsSilence(Raw{report}, {.captured = 14 + 20 + 7}));
}

TEST(IgmpTracker, SaysNoSilenceWhereTheCaptureCutWhatMayBeTheReport) {
  for (const size_t captured : {14, 14 + 19, 14 + 20, 14 + 20 + 1, 14 + 20 + 7}) {
    EXPECT_FALSE(TellsSilence(IgmpReport{}, {.captured = captured})) << captured;
  }
  Octets report = Bytes(IgmpReport{});
  report.resize(14 + 20);
  report[17] = 36;                                      // total length
  const Octets body = {0x22, 0, 0, 0, 0,   0, 0, 1,     // one record,
                       4,    0, 0, 0, 224, 0, 0, 252};  // of another group
  report.insert(report.end(), body.begin(), body.end());
  EXPECT_TRUE(TellsSilence(Raw{report}));
  EXPECT_FALSE(TellsSilence(Raw{report}, {.captured = 14 + 20 + 15}));
}

TEST(IgmpTracker, SaysSilenceBesideFramesThatAreNoReport) {
  const Link to_group{.to = "01:00:5e:7f:02:0a"}, to_station{};
  Octets contradictory(20);
  contradictory[0] = 0x45;
  contradictory[3] = 10;  // total length
  EXPECT_TRUE(TellsSilence(Raw{Ethernet(to_group, 0x0800, contradictory)}));
  EXPECT_TRUE(TellsSilence(Raw{Ethernet(to_station, 0x0800, Octets(10))}));
  EXPECT_TRUE(TellsSilence(Raw{Ethernet(to_group, 0x88CC, Octets(10))}));
  EXPECT_TRUE(TellsSilence(Raw{Ethernet(to_station, 0x88CC, Octets(46))}));
}

}  // namespace
}  // namespace nlb::test
