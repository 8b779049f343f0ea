// SPDX-License-Identifier: GPL-2.0-or-later
// Copies beyond the second, and copies inside of tunnels.
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// Routers by number; router 0 is the client.
std::string Router(int number) { return "00:15:5d:00:00:0" + std::to_string(number); }

// One packet on its way along these stations, a millisecond and a TTL for each hop.
Scenario& Pass(Scenario& s, const std::vector<int>& path, int drop = 1) {
  Udp packet{.ttl = 64};
  for (size_t hop = 0; hop + 1 < path.size(); ++hop) {
    packet.link = {Router(path[hop]), Router(path[hop + 1]), {}};
    s.At(1s + static_cast<int>(hop) * 1ms, packet);
    packet.ttl = static_cast<uint8_t>(packet.ttl - drop);
  }
  return s;
}

TEST(RoutingLoop, FiresWhenThePacketTakesAWayAgain) {
  Scenario s;
  Pass(s, {0, 1, 2, 1, 2, 1});
  EXPECT_EQ(s.Findings(), "2 routed_copy\n3 routed_copy\n4 routing_loop\n5 routing_loop\n");
  EXPECT_EQ(s.Sentences(4), "00:15:5d:00:00:01 sends the packet in a circle, TTL 62 to 61\n");
}

TEST(RoutingLoop, FiresForLoopsOfAnyLengthBehindAnyWay) {
  Scenario three;
  Pass(three, {0, 1, 2, 3, 1, 2, 3, 1, 2, 3});
  EXPECT_EQ(three.Findings("routing_loop"), "8 routing_loop\n9 routing_loop\n");
  Scenario behind;  // 4 and 5 are not in the circle
  Pass(behind, {0, 4, 5, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3});
  EXPECT_NE(behind.Findings("routing_loop"), "");
}

// A one-armed firewall: the router sees the packet twice, and no way is taken twice.
TEST(RoutingLoop, StaysQuietForADetourThroughAFirewall) {
  Scenario s;
  Pass(s, {0, 1, 2, 1, 3});
  EXPECT_EQ(s.Findings(), "2 routed_copy\n3 routed_copy\n4 routed_copy\n");
}

// Cooked: that the router sent to two boxes is not told.
Scenario& PassCooked(Scenario& s, const std::vector<int>& path) {
  Udp packet{.ttl = 64};
  s.On(NLB_LINK_COOKED);
  for (size_t hop = 0; hop + 1 < path.size(); ++hop) {
    packet.link = {Router(path[hop]), Router(path[hop + 1]), {}};
    s.At(1s + static_cast<int>(hop) * 1ms, Cooked{Bytes(packet), 3});
    --packet.ttl;
  }
  return s;
}

TEST(RoutingLoop, NeedsTwoReturnsWhereTheReceiverIsNotTold) {
  Scenario firewall;
  EXPECT_EQ(PassCooked(firewall, {0, 1, 2, 1, 3}).Findings("routing_loop"), "");
  Scenario loop;
  EXPECT_EQ(PassCooked(loop, {0, 1, 2, 1, 2, 1, 2}).Findings("routing_loop"),
            "5 routing_loop\n6 routing_loop\n");
  Scenario one_router;
  EXPECT_EQ(PassCooked(one_router, {0, 1, 1, 1, 1, 1, 1}).Findings("routing_loop"),
            "5 routing_loop\n6 routing_loop\n");
}

TEST(RoutingLoop, StaysQuietForAChainOfRouters) {
  Scenario s;
  Pass(s, {0, 1, 2, 3, 4, 5, 6});
  EXPECT_EQ(s.Findings(),
            "2 routed_copy\n3 routed_copy\n4 routed_copy\n5 routed_copy\n6 routed_copy\n");
}

TEST(RoutingLoop, StaysQuietForTwoCopies) {
  Scenario s;
  Pass(s, {0, 1, 0});
  EXPECT_EQ(s.Findings("routing_loop"), "");
}

TEST(RoutingLoop, StaysQuietWhenTheTtlDoesNotFallEachTime) {
  Scenario s;
  Pass(s, {0, 1, 2, 1, 2}, 0);
  EXPECT_EQ(s.Findings("routing_loop"), "");
}

TEST(RoutingLoop, StaysQuietWhenTheCopiesAreFurtherApartThanTheWindow) {
  Scenario s;
  Udp packet{.link = {Router(0), Router(1), {}}};
  s.At(0s, packet);
  packet.link = {Router(1), Router(2), {}};
  --packet.ttl;
  s.At(60ms, packet);
  packet.link = {Router(2), Router(1), {}};
  --packet.ttl;
  s.At(120ms, packet);  // the window counts from the first copy
  EXPECT_EQ(s.Findings("routing_loop"), "");
}

TEST(RelayedCopy, StaysQuietOnAnotherInterface) {
  const Udp packet{.link = {Router(0), Router(1), {}}};
  Udp again = packet;
  again.link.from = Router(2);
  Scenario s;
  s.At(1s, packet, 0).At(1s, again, 1);
  EXPECT_EQ(s.Findings(), "");
}

TEST(CaptureCopy, StaysQuietOnAnotherInterface) {
  Scenario s;
  s.At(1s, Udp{}, 0).At(1s, Udp{}, 1);
  EXPECT_EQ(s.Findings(), "");
}

TEST(CaptureCopy, CountsFromTheFirstOfManyCopies) {
  Scenario s;
  s.At(1s, Udp{}).At(1s, Udp{}).At(1s, Udp{});
  EXPECT_EQ(s.Findings(), "2 capture_copy\n3 capture_copy\n");
  EXPECT_EQ(s.Field(1, "copied_in"), "2, 3");
  EXPECT_EQ(s.Field(3, "copy_of"), "1");
  EXPECT_EQ(s.Field(3, "copy_delta"), "0 s");
  EXPECT_EQ(s.Field(3, "ttl_drop"), "");
}

// ---- tunnels ------------------------------------------------------------------------------------

const Udp kInner{.source = "192.168.2.1", .destination = "192.168.2.2", .id = 77};
const Raw kMpls{Ethernet({}, 0x8847, Octets(60))};  // an outer frame without IP

Udp Tunnel(uint16_t id) {
  return {.source = "10.9.0.1", .destination = "10.9.0.2", .id = id, .destination_port = 4789};
}

TEST(Copies, AreFoundInsideOfTunnels) {
  Udp again = kInner;
  again.link.from = Router(3);
  --again.ttl;
  Scenario s;
  s.At(1s, Tunnel(1)).Inside(kInner).At(1001ms, Tunnel(2)).Inside(again);
  EXPECT_EQ(s.Findings(), "2 foreign_router\n");
}

TEST(Copies, OfATunnelPacketAreToldOnceAndNotForWhatIsInside) {
  Udp outer = Tunnel(1);
  Scenario s;
  s.At(1s, outer).Inside(kInner).At(1001ms, outer).Inside(kInner);
  EXPECT_EQ(s.Findings(), "2 capture_copy\n");
}

TEST(Copies, OfWhatIsTunnelledInATunnelAreToldOnceToo) {
  Scenario s;
  s.At(1s, Tunnel(1)).Inside(Tunnel(5)).Inside(kInner);
  s.At(1001ms, Tunnel(2)).Inside(Tunnel(5)).Inside(kInner);
  EXPECT_EQ(s.Findings(), "2 capture_copy\n");
}

TEST(Copies, InsideOfATunnelWithoutIpAreFoundWhateverCameBefore) {
  Udp again = kInner;
  again.link.from = Router(3);
  --again.ttl;
  Scenario s;
  s.At(0s, Udp{.id = 5}).At(0s, Udp{.id = 5});  // a copy
  s.At(1s, kMpls).Inside(kInner).At(1001ms, kMpls).Inside(again);
  EXPECT_EQ(s.Findings(), "2 capture_copy\n4 foreign_router\n");
}

TEST(Copies, AreNotLookedForBetweenInsideAndOutside) {
  Scenario s;  // a tunnel's end shows the packet with and without the tunnel
  s.At(1s, kInner).At(1001ms, Tunnel(1)).Inside(kInner);
  EXPECT_EQ(s.Findings(), "");
}

}  // namespace
}  // namespace nlb::test
