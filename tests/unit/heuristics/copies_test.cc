// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kNode = "00:50:16:8b:00:25";
constexpr const char* kTmg = "00:15:5d:01:02:03";
constexpr const char* kCluster = "03:bf:0a:00:00:2f";

// The Russian report: a request to the cluster is flooded, and a TMG server routes it back.
const Udp kRequest{.link = {kClient, kCluster, {}},
                   .source = "10.0.0.151",
                   .destination = "10.0.0.47",
                   .ttl = 128};

Udp Again(Udp packet, Link link, int ttl_drop) {
  packet.link = link;
  packet.ttl = static_cast<uint8_t>(packet.ttl - ttl_drop);
  return packet;
}

std::string Copies(const Scenario& s) {
  std::string text;
  for (const char* name : {"foreign_router", "routed_copy", "unexplained_copy", "relayed_copy",
                           "capture_copy", "routing_loop"}) {
    text += s.Findings(name);
  }
  return text;
}

TEST(ForeignRouter, FiresWhenAnUnaddressedBoxSendsThePacketToTheSameMacAgain) {
  Scenario s;
  s.At(0ms, Arp{.link = {kTmg, kClient, {}}, .mac = kTmg, .ip = "10.0.0.5"})
      .At(1s, kRequest)
      .At(1000400us, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_EQ(Copies(s), "3 foreign_router\n");
  EXPECT_EQ(
      s.Fields(3),
      "cause A box that was not addressed took a packet that needed no router and routed it: "
      "doubles and resets.\n"
      "cure On the forwarder, remove the rule or routing that does it, or move it out of "
      "this VLAN.\n"
      "copy_of 2\ncopy_delta 0.0004 s\nttl_drop 1\nforwarder 00:15:5d:01:02:03\nforwarder_ip "
      "10.0.0.5\n"
      "destination all hosts of 10.0.0.47\n"
      "cluster_ip 10.0.0.47\nmode multicast\nevidence address\nevidence_frame 2\n"
      "[finding Sent again by a foreign router]\n"
      "[finding Group MAC of a mode that nothing proves]\n"
      "[message 00:15:5d:01:02:03 (10.0.0.5) repeats a packet not sent to it, TTL 128 to 127]\n"
      "[severity Warning]\n[severity_level 2]\n");
  EXPECT_NE(s.Sentences(3).find("00:15:5d:01:02:03 (10.0.0.5) repeats a packet not sent to it"),
            std::string::npos)
      << s.Sentences(3);
}

TEST(ForeignRouter, TellsTheFirstCopyWhereItIsSeenAgainOnceThatIsKnown) {
  Scenario s;
  s.At(1s, kRequest).At(1000400us, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_NE(s.Fields(1).find("copied_in 2"), std::string::npos) << s.Fields(1);
}

TEST(ForeignRouter, FiresForTheReplyToo) {
  const Udp reply{
      .link = {kNode, kClient, {}}, .source = "10.0.0.47", .destination = "10.0.0.151", .ttl = 128};
  Scenario s;
  s.At(1s, reply).At(1000300us, Again(reply, {kTmg, kClient, {}}, 1));
  EXPECT_EQ(Copies(s), "2 foreign_router\n");
}

TEST(ForeignRouter, FiresForAClusterMacEvenIfTheCopyGoesToAnotherMac) {
  Scenario s;
  s.At(1s, kRequest).At(1001ms, Again(kRequest, {kTmg, kNode, {}}, 1));
  EXPECT_EQ(Copies(s), "2 foreign_router\n");
}

TEST(ForeignRouter, NamesTheForwarderWhenItsCopyWasCapturedFirst) {
  Scenario s;
  s.At(1s, Again(kRequest, {kTmg, kCluster, {}}, 1)).At(1000010us, kRequest);
  EXPECT_EQ(Copies(s), "2 foreign_router\n");
  EXPECT_NE(s.Fields(2).find("copied_in 1\n"), std::string::npos) << s.Fields(2);
  EXPECT_NE(s.Fields(2).find("forwarder 00:15:5d:01:02:03\n"), std::string::npos);
  EXPECT_NE(s.Sentences(2).find(", TTL 128 to 127"), std::string::npos) << s.Sentences(2);
}

TEST(ForeignRouter, LinksNoFrameThatAReadFilterHid) {
  Scenario s;
  s.At(1s, kRequest).Instead(1001ms, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_EQ(Copies(s), "1 foreign_router\n");
  EXPECT_EQ(s.Fields(1).find("copy_of"), std::string::npos) << s.Fields(1);
}

// The capture shows both sides of the gateway, as the guide advises: the copy is compared with what
// the gateway sent, not with what it was sent.
TEST(ForeignRouter, FiresBehindAGatewayThatIsSeenOnBothSides) {
  const std::string gateway = "00:00:0c:00:00:01";
  const Udp outside{.link = {kClient, gateway, {50}},
                    .source = "10.9.9.5",
                    .destination = "10.0.0.47",
                    .ttl = 120};
  Scenario s;
  s.At(1s, outside)
      .At(1001ms, Again(outside, {gateway, kCluster, {112}}, 1))
      .At(1002ms, Again(outside, {kTmg, kCluster, {112}}, 2));
  EXPECT_EQ(Copies(s), "3 foreign_router\n2 routed_copy\n");
  EXPECT_EQ(s.Field(3, "copy_of"), "2");
  EXPECT_EQ(s.Field(3, "ttl_drop"), "1");
  EXPECT_EQ(s.Field(3, "forwarder"), kTmg);
}

TEST(ForeignRouter, StaysQuietWhenMoreThanOneRouterLiesBetween) {
  const std::string gateway = "00:00:0c:00:00:01";  // one MAC for all VLANs, and the tags are lost
  const Udp packet{.link = {kClient, gateway, {}}};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, gateway, {}}, 2));
  EXPECT_EQ(Copies(s), "2 unexplained_copy\n");
}

TEST(ForeignRouter, FiresForAVirtualRouterMacWithinOneTaggedVlan) {
  const Udp packet{.link = {kClient, "00:00:0c:07:ac:01", {112}}};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, "00:00:0c:07:ac:01", {112}}, 1));
  EXPECT_EQ(Copies(s), "2 foreign_router\n");
}

TEST(ForeignRouter, NamesEachOfTwoBoxesWhenTheirCopiesWereCapturedFirst) {
  const std::string other = "00:15:5d:01:02:04";
  Scenario s;
  s.At(1s, Again(kRequest, {kTmg, kCluster, {}}, 1))
      .At(1000010us, kRequest)
      .At(1000020us, Again(kRequest, {other, kCluster, {}}, 1));
  EXPECT_EQ(s.Field(2, "forwarder"), kTmg);
  EXPECT_EQ(s.Field(3, "forwarder"), other);
}

TEST(RoutedCopy, IsARouterThatSendsIntoTwoVlans) {
  const std::string gateway = "00:00:0c:00:00:01";
  const Udp packet{.link = {gateway, kTmg, {20}}};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {gateway, kNode, {40}}, 2));
  EXPECT_EQ(Copies(s), "2 routed_copy\n");
}

TEST(RoutedCopy, IsWhatARouterDoesThatWasAddressed) {
  const Udp packet{.link = {kClient, kTmg, {}}};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, kNode, {}}, 1));
  EXPECT_EQ(Copies(s), "2 routed_copy\n");
}

TEST(RoutedCopy, IsWhatHappensBehindAVirtualRouterMac) {
  for (const char* gateway : {"00:00:5e:00:01:0a", "00:00:5e:00:02:0a", "00:00:0c:07:ac:01",
                              "00:00:0c:9f:f0:01", "00:07:b4:00:01:02"}) {
    const Udp packet{.link = {kClient, gateway, {}}};
    Scenario s;
    s.At(1s, packet).At(1001ms, Again(packet, {kTmg, gateway, {}}, 1));
    EXPECT_EQ(Copies(s), "2 routed_copy\n") << gateway;
  }
}

TEST(RoutedCopy, IsAPacketThatChangedItsVlan) {
  const Udp packet{.link = {kClient, kNode, {300}}};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, kNode, {50}}, 1));
  EXPECT_EQ(Copies(s), "2 routed_copy\n");
}

TEST(ForeignRouter, IsNotExcusedByATagThatTheMirrorShowsOnOneSideOnly) {
  const Udp packet{.link = {kClient, kNode, {300}}};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, kNode, {}}, 1));
  EXPECT_EQ(Copies(s), "2 foreign_router\n");
}

TEST(ForeignRouter, IsNotExcusedByAnOuterOrPriorityTagOnOneSide) {
  using Tags = std::vector<uint16_t>;
  for (const auto& [first, again] :
       {std::pair(Tags{100, 10}, Tags{10}), {{10}, {100, 10}}, {{0}, {10}}, {{10}, {0}}}) {
    const Udp packet{.link = {kClient, kNode, first}};
    Scenario s;
    s.At(1s, packet).At(1001ms, Again(packet, {kTmg, kNode, again}, 1));
    EXPECT_EQ(Copies(s), "2 foreign_router\n");
  }
}

TEST(RoutedCopy, IsAnIpMulticastPacketFromAMulticastRouter) {
  const Udp packet{.link = {kClient, "01:00:5e:01:02:03", {}}, .destination = "239.1.2.3"};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, "01:00:5e:01:02:03", {}}, 1));
  EXPECT_EQ(Copies(s), "2 routed_copy\n");
}

TEST(RoutedCopy, IsABfdEchoThatComesBackToItsSender) {
  const Udp packet{.link = {kClient, kNode, {}}, .source = "10.0.0.1", .destination = "10.0.0.1"};
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {kTmg, kNode, {}}, 1));
  EXPECT_EQ(Copies(s), "2 routed_copy\n");
}

TEST(RoutedCopy, IsARouterWithAnotherMacOnEachSide) {
  const Udp packet{.link = {kClient, kTmg, {}}};
  Scenario s;
  s.At(0s, Arp{.link = {kTmg, kClient, {}}, .mac = kTmg, .ip = "10.0.0.254"});  // the gateway
  s.At(1s, packet).At(1001ms, Again(packet, {"00:15:5d:01:02:04", kNode, {}}, 1));
  EXPECT_EQ(Copies(s), "3 routed_copy\n");
}

TEST(RoutedCopy, IsWhatTheUsersRouterDoes) {
  const nlb_router_entry router{{0x00, 0x15, 0x5d, 0x01, 0x02, 0x03}, "edge"};
  nlb_config config = Scenario::Defaults();
  config.routers = &router;
  config.router_count = 1;
  Scenario s(config);
  s.At(1s, kRequest).At(1001ms, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_EQ(Copies(s), "2 routed_copy\n");
  EXPECT_NE(s.Sentences(2).find("(edge)"), std::string::npos) << s.Sentences(2);
}

TEST(RoutedCopy, NamesARouterOfTheUsersThatHasNoNameByItsMac) {
  const nlb_router_entry router{{0x00, 0x15, 0x5d, 0x01, 0x02, 0x03}, ""};
  nlb_config config = Scenario::Defaults();
  config.routers = &router;
  config.router_count = 1;
  Scenario s(config);
  s.At(1s, kRequest).At(1001ms, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_EQ(s.Sentence(2, "routed_copy"), "00:15:5d:01:02:03 routed the packet on, TTL 128 to 127");
}

TEST(CaptureCopy, IsTheSameFrameTwice) {
  Scenario s;
  s.At(1s, kRequest).At(1s, kRequest);
  EXPECT_EQ(Copies(s), "2 capture_copy\n");
}

TEST(CaptureCopy, IsAMirrorThatLowersTheTtlItself) {
  Scenario s;
  s.At(1s, kRequest).At(1s, Again(kRequest, kRequest.link, 1));
  EXPECT_EQ(Copies(s), "2 capture_copy\n");
}

// IPv6 duplicate ACKs are equal in every byte; so are LLMNR queries, as the public ERSPAN capture
// shows.
TEST(CaptureCopy, IsNotAPacketWithoutIdentificationThatItsSenderRepeated) {
  const Tcp ack{.source = "2001:db8::1", .destination = "2001:db8::2", .acknowledgment = 5};
  const Udp query{.source = "fe80::1", .destination = "ff02::1:3"};
  Udp atomic = kRequest;
  atomic.id = 0;
  Scenario s;
  s.At(1s, ack).At(1s, ack).At(2s, query).At(2s, query).At(3s, atomic).At(3s, atomic);
  EXPECT_EQ(Copies(s), "");
}

TEST(RelayedCopy, HasOtherMacsAndTheSameTtl) {
  Scenario s;
  s.At(1s, kRequest).At(1001ms, Again(kRequest, {kTmg, kCluster, {}}, 0));
  EXPECT_EQ(Copies(s), "2 relayed_copy\n");
}

TEST(Copies, AreLookedForUpToTheWindowAndNotBeyond) {
  const Udp again = Again(kRequest, {kTmg, kCluster, {}}, 1);
  Scenario edge;
  edge.At(1s, kRequest).At(1100ms, again);
  EXPECT_EQ(Copies(edge), "2 foreign_router\n");
  Scenario beyond;
  beyond.At(1s, kRequest).At(1100ms + 1ns, again);
  EXPECT_EQ(Copies(beyond), "");
}

TEST(Copies, AreFoundWhenTheClockRunsBackwards) {
  Scenario s;
  s.At(1s, kRequest).At(990ms, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_EQ(Copies(s), "2 foreign_router\n");
}

TEST(Copies, AreLookedForOnOneInterfaceOnly) {
  Scenario s;
  s.At(1s, kRequest, 0).At(1001ms, Again(kRequest, {kTmg, kCluster, {}}, 1), 1);
  EXPECT_EQ(Copies(s), "");
}

TEST(Copies, AreNotRetransmissionsWhichHaveANewIpId) {
  Udp again = Again(kRequest, {kTmg, kCluster, {}}, 1);
  again.id = 2;
  Scenario s;
  s.At(1s, kRequest).At(1001ms, again);
  EXPECT_EQ(Copies(s), "");
}

TEST(Copies, WithoutAnIpIdNeedTheWholePayloadToBeEqual) {
  Udp first = kRequest;
  first.id = 0;
  first.payload = std::string(100, 'x') + "a";
  Udp other = Again(first, {kTmg, kCluster, {}}, 1);
  Scenario equal;
  equal.At(1s, first).At(1001ms, other);
  EXPECT_EQ(Copies(equal), "2 foreign_router\n");
  other.payload.back() = 'b';
  Scenario differs;
  differs.At(1s, first).At(1001ms, other);
  EXPECT_EQ(Copies(differs), "");
}

TEST(Copies, AreNotLookedForWhenSwitchedOff) {
  nlb_config config = Scenario::Defaults();
  config.value[NLB_SETTING_COPY_DETECTION] = 0;
  Scenario s(config);
  s.At(1s, kRequest).At(1001ms, Again(kRequest, {kTmg, kCluster, {}}, 1));
  EXPECT_EQ(Copies(s), "");
}

}  // namespace
}  // namespace nlb::test
