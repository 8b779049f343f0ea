// SPDX-License-Identifier: GPL-2.0-or-later
// What the core says about itself and about frames that lie.
#include <gtest/gtest.h>

#include "capture_feed.h"
#include "report/report.h"
#include "support/scenario.h"

namespace nlb::test {
namespace {

// ---- malformed ----------------------------------------------------------------------------------

// The sentences of the decoder.
std::string Decode(const Octets& payload, size_t wire_len) {
  nlb_report* report = nlb_report_new();
  EXPECT_EQ(NLB_OK, nlb_decode(payload.data(), payload.size(), wire_len, nullptr,
                               NLB_DETAIL_SUMMARY, report));
  const nlb_view view = nlb_report_view(report);
  std::string text;
  for (size_t i = 0; i < view.hit_count; ++i) {
    text += std::string(NameOf(view.hits[i].finding)) + ": " + view.hits[i].text + "\n";
  }
  nlb_report_free(report);
  return text;
}

TEST(Malformed, StaysQuietForTheSameBytesBehindAnotherType) {
  const Octets bytes = Encode(MembershipFields{.host_id = 33});
  const Link link{"00:15:5d:00:00:01", "03:bf:c0:a8:02:0a", {}};
  Scenario s;
  s.At(0s, Raw{Ethernet(link, 0x1234, bytes)}).At(1s, Raw{Ethernet(link, NLB_ETHERTYPE, bytes)});
  EXPECT_EQ(s.Findings(), "2 malformed\n");
}

TEST(Malformed, FiresForWhatCannotBeRight) {
  const Octets none = Encode(MembershipFields{.host_id = 33});
  EXPECT_EQ(Decode(none, none.size()), "malformed: Host ID 33 is outside 1 to 32\n");
  const Octets rules = Encode(MembershipFields{.rule_count = 34});
  EXPECT_EQ(Decode(rules, rules.size()),
            "malformed: 34 port rules are claimed, the heartbeat has room for 33\n");
  const Octets whole = Encode(MembershipFields{});
  EXPECT_EQ(Decode(whole, whole.size()), "");
}

TEST(Malformed, StaysQuietForAFrameThatIsShortOnTheWireOrInTheCapture) {
  Octets payload = Encode(MembershipFields{});
  payload.resize(100);
  // A packet broker cuts frames on the wire: no contradiction.
  EXPECT_EQ(Decode(payload, 100), "");
  EXPECT_EQ(Decode(payload, 1496), "");
}

TEST(Malformed, IsNoEvidenceForACluster) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 33, .from = "02:01:c0:a8:02:0a"});
  s.At(1s, Udp{.link = {"02:01:c0:a8:02:0a", "00:00:00:00:00:02", {}}});
  EXPECT_EQ(s.Findings(), "1 malformed\n");
}

// ---- table_full ---------------------------------------------------------------------------------

std::string ClusterIp(int i) {
  return "10.9." + std::to_string(i / 256) + "." + std::to_string(i % 256);
}

TEST(TableFull, IsSaidOnceWhenAFurtherClusterPushesOneOut) {
  Scenario s;
  for (int i = 0; i < 4095; ++i) s.Unseen(0s, Heartbeat{.cluster_ip = ClusterIp(i)});
  s.At(0s, Heartbeat{.cluster_ip = ClusterIp(4095)});
  EXPECT_EQ(s.Findings("table_full"), "");
  s.At(0s, Heartbeat{.cluster_ip = ClusterIp(4096)})
      .At(0s, Heartbeat{.cluster_ip = ClusterIp(4097)});
  EXPECT_EQ(s.Findings("table_full"), "4097 table_full\n");
  EXPECT_EQ(s.Sentence(4097, "table_full"),
            "Clusters and hosts: the one silent longest is forgotten");
}

TEST(TableFull, StaysQuietInAnOrdinaryCapture) {
  Scenario s;
  for (uint16_t i = 1; i < 2000; ++i) s.At(i * 1ms, Udp{.id = i});
  EXPECT_EQ(s.Findings(), "");
}

TEST(TableFull, FiresWhenTheCopyTableForgetsAPacketWithinTheWindow) {
  Scenario s;
  for (uint32_t i = 1; i < 60'000; ++i) {
    s.Unseen(0s, Udp{.id = static_cast<uint16_t>(i)});
  }
  EXPECT_TRUE(s.SaysAnywhere("table_full"));
}

TEST(TableFull, StaysQuietWhereCopiesAreNotLookedFor) {
  nlb_config config = Scenario::Defaults();
  config.value[NLB_SETTING_COPY_DETECTION] = 0;
  Scenario s(config);
  for (uint32_t i = 1; i <= 12'000; ++i) {
    s.Unseen(0s, Udp{.id = static_cast<uint16_t>(i)});
    EXPECT_FALSE(nlb_capture_has_finding(s.capture(), i)) << i;
  }
}

TEST(TableFull, FiresWhenTheUserNamesMoreClustersThanThereIsRoomFor) {
  std::vector<nlb_cluster_entry> rows(16'385);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {
        {10, 1, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)}, NLB_MODE_UNICAST, {}};
  }
  nlb_config config = Scenario::Defaults();
  config.clusters = rows.data();
  config.cluster_count = rows.size() - 1;
  Scenario room(config);
  room.At(0s, Arp{});
  EXPECT_EQ(room.Findings(), "");
  config.cluster_count = rows.size();
  Scenario s(config);
  s.At(0s, Arp{}).At(1s, Arp{.ip = "10.0.0.3"});
  EXPECT_EQ(s.Findings(), "1 table_full\n");
}

TEST(TableFull, FiresForMoreThan32HostsOfOneCluster) {
  Scenario s;
  for (int i = 0; i < 32; ++i) s.Unseen(0s, Heartbeat{.host_ip = ClusterIp(i)});
  s.At(0s, Heartbeat{.host_ip = ClusterIp(32)});
  EXPECT_EQ(s.Findings("table_full"), "33 table_full\n");
}

// ---- stopped ------------------------------------------------------------------------------------
// How a handle stops for want of memory is told in tests/alloc.

struct Told {
  Capture core{Scenario::Defaults()};
  nlb_report report;

  void Feed(uint32_t number, const Octets& bytes) { core.Feed(Frame(number, bytes)); }
  std::string Report(uint32_t number, const Octets& bytes) {
    const nlb_frame frame = Frame(number, bytes);
    report.Clear();
    core.Report({&frame, 1}, NLB_DETAIL_FULL, report);
    const nlb_view view = report.View();
    std::string text;
    for (size_t i = 0; i < view.hit_count; ++i) {
      text += std::string(NameOf(view.hits[i].finding)) + ": " + view.hits[i].text + "\n";
    }
    return text + view.summary;
  }
  static nlb_frame Frame(uint32_t number, const Octets& bytes) {
    const auto size = static_cast<uint32_t>(bytes.size());
    return {number * 100, number, 0, 0, size, size, 0, bytes.data()};
  }
};

TEST(Stopped, IsShownOnTheFrameWhereTheCoreStopped) {
  const Octets udp = Bytes(Udp{});
  Told told;
  told.Feed(1, udp);
  told.Feed(2, udp);
  told.core.NoteStopped(Told::Frame(2, udp));
  const std::string report = told.Report(2, udp);
  EXPECT_NE(report.find("capture_copy: Captured again"), std::string::npos) << report;
  EXPECT_NE(report.find("stopped: The analysis stopped here: out of memory\n"), std::string::npos);
  EXPECT_TRUE(report.ends_with("\nNLB analysis stopped")) << report;
}

TEST(Stopped, IsNotShownOnOtherFrames) {
  const Octets udp = Bytes(Udp{});
  Told told;
  told.Feed(1, udp);
  told.Feed(2, udp);
  EXPECT_EQ(told.Report(2, udp),
            "capture_copy: Captured again: a packet of 00:00:00:00:00:01 to "
            "00:00:00:00:00:02\nCaptured twice");
  told.core.NoteStopped(Told::Frame(2, udp));
  EXPECT_EQ(told.Report(1, udp), "");
  EXPECT_EQ(told.Report(3, udp), "");
}

TEST(Stopped, IsShownOnAFrameThatIsNoEthernetFrame) {
  const Octets nothing;
  Told told;
  EXPECT_FALSE(told.core.HasFinding(1));
  EXPECT_FALSE(told.core.IsReportable(1));
  told.core.NoteStopped(Told::Frame(1, nothing));
  EXPECT_TRUE(told.core.HasFinding(1));
  EXPECT_TRUE(told.core.IsReportable(1));
  EXPECT_FALSE(told.core.HasFinding(2));
  EXPECT_FALSE(told.core.IsReportable(2));
  EXPECT_EQ(told.Report(1, nothing),
            "stopped: The analysis stopped here: out of memory\nNLB analysis stopped");
}

}  // namespace
}  // namespace nlb::test
