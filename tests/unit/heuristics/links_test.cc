// SPDX-License-Identifier: GPL-2.0-or-later
// Captures that are not Ethernet: Linux cooked ones, and those that are not analysed.
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr uint16_t kToUs = 0, kToAll = 1, kToGroup = 2, kToOther = 3, kFromUs = 4;
constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kNode = "00:50:16:8b:00:25";
constexpr const char* kStranger = "00:15:5d:01:02:03";
constexpr const char* kUs = "00:1a:6c:7f:d8:40";

Udp Packet(const char* from, uint8_t ttl = 64) { return {.link = {from, kUs, {}}, .ttl = ttl}; }

// A packet, and the same one hop older from somebody else.
std::string Copy(uint16_t first, uint16_t again, uint32_t first_index = 0,
                 uint32_t again_index = 0) {
  Scenario s;
  s.On(first_index == 0 ? NLB_LINK_COOKED : NLB_LINK_COOKED2);
  s.At(0s, Cooked{Bytes(Packet(kNode)), first, first_index});
  s.At(1ms, Cooked{Bytes(Packet(kStranger, 63)), again, again_index});
  return s.Findings();
}

TEST(CookedCapture, ShowsAStrangerWhoDeliversAgain) {
  EXPECT_EQ(Copy(kToUs, kToUs), "2 foreign_router\n");
  EXPECT_EQ(Copy(kToGroup, kToGroup), "2 foreign_router\n");
  EXPECT_EQ(Copy(kToUs, kToUs, 2, 2), "2 foreign_router\n");
}

TEST(CookedCapture, ShowsAStrangerOverIpv6) {
  Udp packet = Packet(kNode);
  packet.source = "2001:db8::10";
  packet.destination = "2001:db8::100";
  Scenario s;
  s.On(NLB_LINK_COOKED2).At(0s, Cooked{Bytes(packet), kToUs, 2});
  packet.link.from = kStranger;
  --packet.ttl;
  s.At(1ms, Cooked{Bytes(packet), kToUs, 2});
  EXPECT_EQ(s.Findings(), "2 foreign_router\n");
}

TEST(CookedCapture, TakesThisMachinesOwnRoutingForWhatItIs) {
  EXPECT_EQ(Copy(kToUs, kFromUs), "2 routed_copy\n");
  EXPECT_EQ(Copy(kToUs, kFromUs, 2, 3), "2 routed_copy\n");
}

TEST(CookedCapture, AccusesNobodyOfWhatWentToOthers) {
  for (const auto& [first, again] :
       {std::pair{kToOther, kToOther}, {kToOther, kFromUs}, {kFromUs, kFromUs}, {kFromUs, kToUs}}) {
    EXPECT_EQ(Copy(first, again).find("foreign_router"), std::string::npos) << first << again;
  }
  EXPECT_EQ(Copy(kToUs, kToUs, 2, 3).find("foreign_router"), std::string::npos);
}

TEST(CookedCapture, CountsAFrameOnTwoInterfacesAsCapturedTwice) {
  for (const uint16_t again : {kToUs, kFromUs}) {
    Scenario s;
    s.On(NLB_LINK_COOKED2).At(0s, Cooked{Bytes(Packet(kNode)), kToUs, 2});
    s.At(1ms, Cooked{Bytes(Packet(kNode)), again, 3});
    EXPECT_EQ(s.Findings(), "2 capture_copy\n");
  }
}

TEST(CookedCapture, KnowsAFirewallThatLeavesTheTtl) {
  Scenario s;
  s.On(NLB_LINK_COOKED).At(0s, Cooked{Bytes(Packet(kNode)), kToUs});
  s.At(1ms, Cooked{Bytes(Packet(kStranger)), kToUs});
  EXPECT_EQ(s.Findings(), "2 relayed_copy\n");
}

TEST(CookedCapture, ShowsTheLifeOfACluster) {
  Scenario s;
  s.On(NLB_LINK_COOKED);
  for (int second = 0; second < 12; ++second) {
    s.At(second * 1s, Cooked{Bytes(Heartbeat{}), kToAll});
    s.At(second * 1s + 500ms, Cooked{Bytes(Heartbeat{.host_id = 2, .default_host_id = 1}), kToAll});
  }
  EXPECT_EQ(s.Findings("default_host_conflict"),
            "23 default_host_conflict\n24 default_host_conflict\n");
  EXPECT_NE(s.Rows(NLB_TABLE_CLUSTERS).find("unicast"), std::string::npos)
      << s.Rows(NLB_TABLE_CLUSTERS);
}

TEST(CookedCapture, TellsNoModeWhereTheGroupIsNotKnown) {
  Scenario s;
  s.On(NLB_LINK_COOKED).At(0s, Cooked{Bytes(Heartbeat{.mode = Mode::kMulticast}), kToGroup});
  s.At(1s, Cooked{Bytes(Heartbeat{.mode = Mode::kMulticast}), kToGroup});
  EXPECT_EQ(s.Findings("mode_mismatch"), "");
  EXPECT_EQ(s.Findings("multicast_mac"), "");
  EXPECT_NE(s.Rows(NLB_TABLE_CLUSTERS).find("192.168.2.10"), std::string::npos);
}

TEST(CookedCapture, KeepsResetsToTheirCopies) {
  Tcp syn{.link = {kNode, kUs, {}}, .flags = 0x12};
  Scenario s;
  s.On(NLB_LINK_COOKED).At(0s, Cooked{Bytes(syn), kToUs});
  syn.link.from = kStranger;
  --syn.ttl;
  s.At(1ms, Cooked{Bytes(syn), kToUs});
  s.At(10ms, Cooked{Bytes(Tcp{.link = {kNode, kUs, {}}, .id = 2, .flags = 0x04}), kToUs});
  EXPECT_EQ(s.Findings("reset_after_copy"), "3 reset_after_copy\n");
}

// ---- not_analysed -------------------------------------------------------------------------------

TEST(NotAnalysed, FiresOnceOnTheFirstFrameOfAnotherLink) {
  Scenario s;
  s.At(0s, Packet(kClient));
  s.On(NLB_LINK_OTHER).At(1s, Raw{Octets(40)}).At(2s, Raw{Octets(40)});
  EXPECT_EQ(s.Findings(), "2 not_analysed\n");
}

TEST(NotAnalysed, StaysQuietForEthernetAndCookedCaptures) {
  Scenario s;
  s.At(0s, Packet(kClient)).At(1s, Raw{Octets(10)});
  s.On(NLB_LINK_COOKED).At(2s, Cooked{Bytes(Packet(kClient)), kToUs}).At(3s, Raw{Octets(10)});
  EXPECT_EQ(s.Findings(), "");
}

TEST(NotAnalysed, ConcludesNothingElse) {
  Scenario s;  // heartbeats that would be one if this were Ethernet
  s.On(NLB_LINK_OTHER).At(0s, Heartbeat{}).At(1s, Heartbeat{.host_ip = "192.168.2.77"});
  EXPECT_EQ(s.Findings(), "1 not_analysed\n");
}

TEST(NotAnalysed, IsSaidByTheTables) {
  for (const nlb_table table : {NLB_TABLE_CLUSTERS, NLB_TABLE_LOAD}) {
    Scenario s;
    s.At(0s, Packet(kClient));
    EXPECT_EQ(s.Rows(table).find("not analysed"), std::string::npos);
    s.On(NLB_LINK_OTHER).At(1s, Raw{Octets(40)});
    EXPECT_NE(s.Rows(table).find("(some frames not analysed)"), std::string::npos);
    Scenario nothing;
    nothing.On(NLB_LINK_OTHER).At(1s, Raw{Octets(40)});
    EXPECT_NE(nothing.Rows(table).find("(nothing was looked at: "), std::string::npos);
  }
  Scenario s;
  s.On(NLB_LINK_OTHER).At(1s, Raw{Octets(40)});
  EXPECT_NE(s.Rows(NLB_TABLE_FINDINGS).find("not_analysed"), std::string::npos);
}

}  // namespace
}  // namespace nlb::test
