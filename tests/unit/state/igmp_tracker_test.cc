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

struct Watched {
  Watched() {  // a report of somebody else: this point would see the cluster's
    At(0s, IgmpReport{.link = {"00:16:35:c4:25:77", "01:00:5e:01:02:03", {}},
                      .source = "192.168.2.77",
                      .group = "239.1.2.3"});
  }
  template <typename Frame>
  Watched& At(std::chrono::nanoseconds time, const Frame& frame, Where where = {}) {
    const Seen seen(frame, time, where);
    ++at;
    world.evidence.Learn(*seen, at);
    tracker.Observe({*seen, at, world.known}, out);
    return *this;
  }
  IgmpTracker tracker;
  World world;
  Transitions out;
  Position at = 0;
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

TEST(IgmpTracker, SaysNoSilenceOfAGroupWhoseReportFoundNoRoom) {
  const auto in_vlan_7 = [](auto frame) {
    if constexpr (requires { frame.vlans; })
      frame.vlans = {7};
    else
      frame.link.vlans = {7};
    return frame;
  };
  Watched w;
  for (uint32_t i = 1; i <= 4097; ++i) {
    w.At(0s, in_vlan_7(IgmpReport{.source = "0.0.0.0", .group = TextV4(0xEFFF0000u + i)}));
  }
  EXPECT_TRUE(w.tracker.overflowed());
  w.At(0s, in_vlan_7(Beat(4097))).At(200s, in_vlan_7(Beat(4097)));
  EXPECT_TRUE(w.out.empty());
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

TEST(IgmpTracker, IgnoresLaterFragments) {
  Octets report = Bytes(IgmpReport{});
  report[14 + 7] = 1;  // 8 bytes into some message
  const Heartbeat beat{.mode = Mode::kIgmp};
  Watched w;
  w.At(0s, beat).At(1s, Raw{report}).At(200s, beat);
  EXPECT_EQ(w.out.size(), 1u);
}

TEST(IgmpTracker, IgnoresIgmpThatTheCaptureCut) {
  const Heartbeat beat{.mode = Mode::kIgmp};
  Watched w;
  w.At(0s, beat).At(1s, IgmpReport{}, {.captured = 14 + 20 + 7}).At(200s, beat);
  EXPECT_EQ(w.out.size(), 0u) << "it may have been the report";
}

}  // namespace
}  // namespace nlb::test
