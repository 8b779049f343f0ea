// SPDX-License-Identifier: GPL-2.0-or-later
// The table of verdicts, row by row: what each needs, and what takes it away.
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kServer = "00:50:16:8b:00:25";
constexpr const char* kStranger = "00:15:5d:01:02:03";
constexpr const char* kElsewhere = "00:1c:73:00:09:09";
constexpr const char* kVirtual = "00:00:5e:00:01:0a";
constexpr const char* kCluster = "03:bf:c0:a8:02:0a";

const Udp kPacket{
    .link = {kClient, kServer, {}}, .source = "10.0.0.151", .destination = "10.0.0.47", .ttl = 128};
const Udp kPacket6{.link = {kClient, kServer, {}},
                   .source = "2001:db8:1::151",
                   .destination = "2001:db8:1::47",
                   .ttl = 64};

Udp Again(Udp packet, Link link, int ttl_drop = 1) {
  packet.link = std::move(link);
  packet.ttl = static_cast<uint8_t>(packet.ttl - ttl_drop);
  return packet;
}

// The packet, and what a stranger made of it, sent to the same MAC or to another.
Scenario& SendTwice(Scenario& s, const Udp& packet, const std::string& again_to = "") {
  const std::string to = again_to.empty() ? packet.link.to : again_to;
  return s.At(1s, packet).At(1001ms, Again(packet, {kStranger, to, packet.link.vlans}));
}

std::string Verdict(const Scenario& s) {
  std::string text;
  for (const char* name : {"bridging_loop", "routing_loop", "foreign_router", "routed_copy",
                           "unexplained_copy", "relayed_copy", "capture_copy"}) {
    text += s.Findings(name);
  }
  return text;
}

Arp Asks(const std::string& mac, const std::string& ip) {
  return {.link = {mac, "ff:ff:ff:ff:ff:ff", {}}, .mac = mac, .ip = ip, .reply = false};
}
Arp Answers(const std::string& mac, const std::string& ip) {
  return {.link = {mac, kClient, {}}, .mac = mac, .ip = ip};
}
Advertisement Advertises(const std::string& mac, const std::string& ip) {
  return {.link = {mac, kClient, {}}, .mac = mac, .ip = ip};
}

// ---- the MAC was the destination's own ----------------------------------------------------------

TEST(ForeignRouter, FiresWhereTheDestinationAskedWithTheMac) {
  Scenario s;
  s.At(0s, Asks(kServer, "10.0.0.47")).At(0s, Asks(kServer, "10.0.0.48"));  // with two addresses
  SendTwice(s, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(s), "4 foreign_router\n");
}

TEST(ForeignRouter, FiresWhereTheDestinationAloneAnsweredWithTheMac) {
  Scenario s;
  s.At(0s, Answers(kServer, "10.0.0.47"));
  SendTwice(s, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

TEST(ForeignRouter, FiresWhereTheDestinationAdvertisedTheMac) {
  Scenario s;
  s.At(0s, Advertises(kServer, "fe80::47")).At(0s, Advertises(kServer, "2001:db8:1::47"));
  SendTwice(s, kPacket6, kElsewhere);
  EXPECT_EQ(Verdict(s), "4 foreign_router\n");
}

TEST(ForeignRouter, FiresForAVirtualRouterThatIsTheDestinationItself) {
  Udp packet = kPacket;
  packet.link.to = kVirtual;
  Scenario s;
  s.At(0s, Answers(kVirtual, "10.0.0.47"));
  SendTwice(s, packet);
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

// A backup that listens to all frames sends what it saw to the master's own MAC.
TEST(ForeignRouter, FiresForAVirtualRouterThatIsTheDestinationWhoeverGetsTheCopy) {
  Udp packet = kPacket;
  packet.link.to = kVirtual;
  Scenario s;
  s.At(0s, Answers(kVirtual, "10.0.0.47"));
  SendTwice(s, packet, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

TEST(ForeignRouter, StaysQuietWhereAProxyAnswersForTheDestination) {
  Scenario s;
  s.At(0s, Answers(kServer, "10.0.0.47")).At(0s, Answers(kServer, "10.0.0.48"));
  SendTwice(s, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(s), "4 routed_copy\n");
}

TEST(ForeignRouter, StaysQuietForTheBoxThatWasAddressed) {
  Scenario s;  // a load balancer has the address, and sends the packet on to a server
  s.At(0s, Asks(kServer, "10.0.0.47")).At(1s, kPacket);
  s.At(1001ms, Again(kPacket, {kServer, kElsewhere, {}}));
  EXPECT_EQ(Verdict(s), "3 routed_copy\n");
}

TEST(ForeignRouter, TakesTheOwnerOfAnAddressFromTheLastClaim) {
  Scenario s;  // the address moved to another machine, and this MAC is a router's now
  s.At(0s, Asks(kServer, "10.0.0.47")).At(0s, Asks(kElsewhere, "10.0.0.47"));
  SendTwice(s, kPacket, "00:1c:73:00:09:0a");
  EXPECT_EQ(Verdict(s), "4 unexplained_copy\n");
}

TEST(ForeignRouter, TakesWhatArpSaidInAnotherVlanForNoProof) {
  const auto in_vlan = [](auto frame, uint16_t vlan) {
    frame.link.vlans = {vlan};
    return frame;
  };
  Scenario other;
  other.At(0s, in_vlan(Asks(kServer, "10.0.0.47"), 20));
  SendTwice(other, in_vlan(kPacket, 10), kElsewhere);
  EXPECT_EQ(Verdict(other), "3 unexplained_copy\n");
  Scenario same;
  same.At(0s, in_vlan(Asks(kServer, "10.0.0.47"), 10));
  SendTwice(same, in_vlan(kPacket, 10), kElsewhere);
  EXPECT_EQ(Verdict(same), "3 foreign_router\n");
  Scenario lost;  // the mirror lost the tag of one side
  lost.At(0s, in_vlan(Asks(kServer, "10.0.0.47"), 10));
  SendTwice(lost, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(lost), "3 foreign_router\n");
}

TEST(ForeignRouter, TakesWhatArpSaidOnAnotherInterfaceForNoProof) {
  Scenario s;
  s.At(0s, Asks(kServer, "10.0.0.47"), 1);
  SendTwice(s, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 unexplained_copy\n");
}

TEST(ForeignRouter, FiresForAnyGroupMacWhereArpKnowsTheDestination) {
  Udp packet = kPacket;
  packet.link.to = "01:00:5e:11:22:33";
  Scenario s;
  s.At(0s, Asks(kServer, "10.0.0.47"));
  SendTwice(s, packet, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

TEST(ForeignRouter, NeedsATtlThatIsLowerByOne) {
  Scenario s;
  s.At(0s, Asks(kServer, "10.0.0.47")).At(1s, kPacket);
  s.At(1001ms, Again(kPacket, {kStranger, kServer, {}}, 2));
  EXPECT_EQ(Verdict(s), "3 unexplained_copy\n");
}

// ---- clusters -----------------------------------------------------------------------------------

const Udp kRequest{.link = {kClient, kCluster, {}},
                   .source = "192.168.2.100",
                   .destination = "192.168.2.10",
                   .ttl = 128};

TEST(ForeignRouter, StaysQuietForAHostOfTheCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .from = kStranger});
  SendTwice(s, kRequest, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 routed_copy\n");
}

TEST(ForeignRouter, FiresForAHostOfAnotherCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast})
      .At(0s, Heartbeat{.mode = Mode::kMulticast, .cluster_ip = "192.168.2.20", .from = kStranger});
  SendTwice(s, kRequest, kElsewhere);
  EXPECT_EQ(Verdict(s), "4 foreign_router\n");
}

TEST(ForeignRouter, FiresForAHostsOwnAddressBehindTheClustersMac) {
  Udp packet = kRequest;
  packet.link.to = "02:bf:c0:a8:02:0a";
  packet.destination = "192.168.2.30";  // outsiders reach it by the cluster's MAC
  Scenario s;
  s.At(0s, Heartbeat{});
  SendTwice(s, packet, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

TEST(ForeignRouter, FiresForAFurtherAddressThatArpAnswersWithTheClustersMac) {
  Udp packet = kRequest;
  packet.link.to = "02:bf:c0:a8:02:0a";
  packet.destination = "192.168.2.11";
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Answers(packet.link.to, packet.destination));
  s.At(0s, Answers(packet.link.to, "192.168.2.12"));  // it has several
  SendTwice(s, packet, kElsewhere);
  EXPECT_EQ(Verdict(s), "5 foreign_router\n");
  Scenario other;  // with another cluster's
  other.At(0s, Heartbeat{}).At(0s, Answers("02:bf:c0:a8:02:14", packet.destination));
  SendTwice(other, packet, kElsewhere);
  EXPECT_EQ(Verdict(other), "4 unexplained_copy\n");
}

TEST(ForeignRouter, FiresForAFurtherAddressThatTrafficProves) {
  Udp packet = kRequest;
  packet.link.to = "02:bf:c0:a8:02:0a";
  packet.destination = "192.168.2.11";
  Udp answer{.link = {"02:01:c0:a8:02:0a", kClient, {}}, .source = packet.destination};
  answer.destination = packet.source;
  Udp again = packet;
  again.id = 3;
  Scenario s;
  s.At(0s, Heartbeat{}).At(100ms, again).At(200ms, answer);
  again.id = 4;
  s.At(300ms, again);
  SendTwice(s, packet, kElsewhere);
  EXPECT_EQ(Verdict(s), "6 foreign_router\n");
}

TEST(UnexplainedCopy, IsWhatWentToAClustersMacForAnAddressThatIsNotItsOwn) {
  struct Row {
    const char* to;
    const char* destination;
  };
  const Row rows[] = {
      {"02:bf:c0:a8:02:0a", "203.0.113.7"},   // nobody's
      {"02:bf:0a:09:09:09", "192.168.2.30"},  // a host's, and another cluster's MAC
      {"03:bf:c0:a8:02:0a", "192.168.2.30"},  // a host's, and the MAC of another mode
      {"02:05:c0:a8:02:0a", "192.168.2.10"},  // a masked MAC, to which nobody sends
  };
  for (const Row& row : rows) {
    Udp packet = kRequest;
    packet.link.to = row.to;
    packet.destination = row.destination;
    Scenario s;
    s.At(0s, Heartbeat{});
    SendTwice(s, packet, kElsewhere);
    EXPECT_EQ(Verdict(s), "3 unexplained_copy\n") << row.to << " " << row.destination;
  }
}

TEST(RoutedCopy, IsWhatAMaskedHostOfTheClusterDoes) {
  Udp packet = kRequest;
  packet.link.to = "02:bf:c0:a8:02:0a";
  const auto from = [&](const char* mac) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(0s, Heartbeat{.cluster_ip = "192.168.2.20"});
    s.At(1s, packet).At(1001ms, Again(packet, {mac, kElsewhere, {}}));
    return Verdict(s);
  };
  EXPECT_EQ(from("02:02:c0:a8:02:0a"), "4 routed_copy\n");
  EXPECT_EQ(from("02:02:c0:a8:02:14"), "4 foreign_router\n") << "of another cluster";
}

TEST(RoutedCopy, IsWhatComesBackToAVirtualRouterUnlessBothTagsAreThere) {
  using Tags = std::vector<uint16_t>;
  const auto told = [](const Tags& first, const Tags& again, const char* to) {
    Udp packet = kPacket;
    packet.link = {kClient, kVirtual, first};
    Scenario s;
    s.At(1s, packet).At(1001ms, Again(packet, {kStranger, to, again}));
    return Verdict(s);
  };
  EXPECT_EQ(told({112}, {}, kVirtual), "2 routed_copy\n");
  EXPECT_EQ(told({}, {112}, kVirtual), "2 routed_copy\n");
  EXPECT_EQ(told({112}, {112}, kVirtual), "2 foreign_router\n");
  EXPECT_EQ(told({112}, {112}, kElsewhere), "2 routed_copy\n") << "it went on";
}

// ---- cooked captures ----------------------------------------------------------------------------

// To us 0, to others 3, from us 4; the packet's own MACs are the senders'.
std::string ToldOfCooked(uint16_t first, uint16_t again) {
  Scenario s;
  s.On(NLB_LINK_COOKED).At(1s, Cooked{Bytes(kPacket), first});
  s.At(1001ms, Cooked{Bytes(Again(kPacket, {kStranger, kElsewhere, {}})), again});
  return Verdict(s);
}

TEST(RoutedCopy, IsWhatThisMachineGotAndSentOn) {
  EXPECT_EQ(ToldOfCooked(0, 4), "2 routed_copy\n");
  EXPECT_EQ(ToldOfCooked(0, 3), "2 unexplained_copy\n");
  EXPECT_EQ(ToldOfCooked(3, 4), "2 unexplained_copy\n");
}

// It is shown where it goes out, and where it comes in by another interface of a bridge.
TEST(CaptureCopy, IsABroadcastOfThisMachineThatComesBack) {
  Scenario s;
  s.On(NLB_LINK_COOKED).At(1s, Cooked{Bytes(kPacket), 4}).At(1s, Cooked{Bytes(kPacket), 1});
  EXPECT_EQ(Verdict(s), "2 capture_copy\n");
}

// A further address of which nothing is known: what comes to the cluster's MAC twice is not
// excused by what ARP gives that MAC to.
TEST(ForeignRouter, FiresForWhatComesToAClustersMacTwice) {
  Udp packet = kRequest;
  packet.destination = "192.168.2.11";
  Scenario s;
  Arp answer = Answers(kCluster, "192.168.2.10");
  answer.link.from = kServer;
  s.At(0s, answer);
  SendTwice(s, packet);
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

TEST(RoutedCopy, IsWhatAClusterOfRoutersDoes) {
  Udp packet = kRequest;
  packet.destination = "203.0.113.7";
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .from = kStranger});
  SendTwice(s, packet, kElsewhere);
  EXPECT_EQ(Verdict(s), "3 routed_copy\n");
}

// ---- to one MAC twice ---------------------------------------------------------------------------

TEST(ForeignRouter, StaysQuietWhereArpGivesTheMacToAGateway) {
  Scenario v4;
  v4.At(0s, Answers(kServer, "10.0.0.1"));
  SendTwice(v4, kPacket);
  EXPECT_EQ(Verdict(v4), "3 routed_copy\n");
  Scenario v6;
  v6.At(0s, Advertises(kServer, "fe80::1"));
  SendTwice(v6, kPacket6);
  EXPECT_EQ(Verdict(v6), "3 routed_copy\n");
  Scenario mixed;  // ARP tells nothing of IPv6, but the MAC may be a router's
  mixed.At(0s, Answers(kServer, "10.0.0.1"));
  SendTwice(mixed, kPacket6);
  EXPECT_EQ(Verdict(mixed), "3 unexplained_copy\n");
}

// A tap has an interface for each direction: the answers come by the other one.
TEST(ForeignRouter, StaysQuietWhereATapShowsTheGatewaysAnswerOnItsOtherInterface) {
  Scenario s;
  s.At(0s, Answers(kServer, "10.0.0.1"), 1);
  SendTwice(s, kPacket);
  EXPECT_EQ(Verdict(s), "3 routed_copy\n");
  Scenario its_own;  // and who answered for its own address is no router by that
  its_own.At(0s, Answers(kServer, "10.0.0.47"), 1);
  SendTwice(its_own, kPacket);
  EXPECT_EQ(Verdict(its_own), "3 foreign_router\n");
}

TEST(ForeignRouter, StaysQuietForTheSidesOfOneBox) {
  Udp packet = kPacket;
  packet.link.to = "2c:6b:f5:10:20:cc";
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {"2c:6b:f5:10:20:c5", packet.link.to, {}}));
  EXPECT_EQ(Verdict(s), "2 unexplained_copy\n");
}

TEST(ForeignRouter, FiresForABoxWhoseMacDiffersInMoreThanTheLastByte) {
  Udp packet = kPacket;
  packet.link.to = "2c:6b:f5:10:20:cc";
  Scenario s;
  s.At(1s, packet).At(1001ms, Again(packet, {"2c:6b:f5:10:21:cc", packet.link.to, {}}));
  EXPECT_EQ(Verdict(s), "2 foreign_router\n");
}

TEST(ForeignRouter, FiresForNeighboursAmongTheMacsOfAHypervisor) {
  for (const std::string maker : {"00:15:5d", "00:50:56", "00:0c:29", "52:54:00"}) {
    Udp packet = kPacket;
    packet.link.to = maker + ":10:20:cc";
    Scenario s;
    s.At(1s, packet).At(1001ms, Again(packet, {maker + ":10:20:c5", packet.link.to, {}}));
    EXPECT_EQ(Verdict(s), "2 foreign_router\n") << maker;
  }
}

TEST(ForeignRouter, FiresForANeighbourOfAProvenMac) {
  Udp packet = kPacket;
  packet.link.to = "2c:6b:f5:10:20:cc";
  Scenario s;
  s.At(0s, Answers(packet.link.to, "10.0.0.47"));
  s.At(1s, packet).At(1001ms, Again(packet, {"2c:6b:f5:10:20:c5", packet.link.to, {}}));
  EXPECT_EQ(Verdict(s), "3 foreign_router\n");
}

// ---- nothing explains it ------------------------------------------------------------------------

TEST(UnexplainedCopy, IsWhatNeitherAccusesNorExcuses) {
  Scenario s;
  SendTwice(s, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(s), "2 unexplained_copy\n");
  EXPECT_EQ(s.Field(2, "forwarder"), kStranger);
  EXPECT_EQ(s.Field(2, "copy_of"), "1");
  EXPECT_EQ(s.Field(2, "ttl_drop"), "1");
}

TEST(UnexplainedCopy, StaysQuietForTheUsersRouter) {
  const nlb_router_entry router{{0x00, 0x15, 0x5d, 0x01, 0x02, 0x03}, ""};
  nlb_config config = Scenario::Defaults();
  config.routers = &router;
  config.router_count = 1;
  Scenario s(config);
  SendTwice(s, kPacket, kElsewhere);
  EXPECT_EQ(Verdict(s), "2 routed_copy\n");
}

TEST(UnexplainedCopy, IsABroadcastThatSomebodySendsOn) {
  Udp packet = kPacket;
  packet.link.to = "ff:ff:ff:ff:ff:ff";
  packet.destination = "10.0.0.255";  // a subnet's broadcast address looks like a station's
  Scenario s;
  SendTwice(s, packet);
  EXPECT_EQ(Verdict(s), "2 unexplained_copy\n");
}

// ---- loops --------------------------------------------------------------------------------------

template <typename Frame>
Scenario& Repeat(Scenario& s, const Frame& frame, int times, std::chrono::nanoseconds apart) {
  for (int i = 0; i < times; ++i) s.At(1s + i * apart, frame);
  return s;
}

TEST(BridgingLoop, FiresForTheEighthOfTheSameFrame) {
  Scenario s;
  Repeat(s, kPacket, 9, 3ms);
  EXPECT_EQ(s.Findings("bridging_loop"), "8 bridging_loop\n9 bridging_loop\n");
  EXPECT_EQ(s.Findings("capture_copy"),
            "2 capture_copy\n3 capture_copy\n4 capture_copy\n5 capture_copy\n6 capture_copy\n"
            "7 capture_copy\n");
  EXPECT_EQ(s.Field(9, "copy_of"), "1");
}

TEST(BridgingLoop, FiresForArpAndHeartbeatsToo) {
  Scenario arp;
  Repeat(arp, Asks(kServer, "10.0.0.47"), 9, 3ms);
  EXPECT_EQ(arp.Findings("bridging_loop"), "8 bridging_loop\n9 bridging_loop\n");
  EXPECT_EQ(arp.Findings("capture_copy"), "");  // a sender may have repeated itself
  Scenario beats;
  Repeat(beats, Heartbeat{}, 9, 3ms);
  EXPECT_EQ(beats.Findings("bridging_loop"), "8 bridging_loop\n9 bridging_loop\n");
}

TEST(BridgingLoop, FiresForIpv6ThatIsFloodedOrOpensAConnection) {
  const std::string group = "33:33:00:00:00:fb";
  Scenario flooded;
  Repeat(flooded, Udp{.link = {kClient, group, {}}, .source = "fe80::1", .destination = "ff02::fb"},
         8, 3ms);
  EXPECT_EQ(Verdict(flooded), "8 bridging_loop\n");
  Scenario opens;
  Repeat(opens, Tcp{.source = "2001:db8::1", .destination = "2001:db8::2", .flags = 0x02}, 8, 3ms);
  EXPECT_EQ(Verdict(opens), "8 bridging_loop\n");
}

// Nobody says so much again so soon, with an identification or without.
TEST(BridgingLoop, FiresForIpv6ThatCarriesDataAcceptsAConnectionOrGoesToACluster) {
  const Tcp segment{.source = "2001:db8::1", .destination = "2001:db8::2", .payload = "x"};
  Tcp accepts = segment;
  accepts.flags = 0x12;
  accepts.payload = "";
  Udp request = kPacket6;
  request.link.to = "02:bf:c0:a8:02:0a";
  Scenario data, answer, cluster;
  EXPECT_EQ(Verdict(Repeat(data, segment, 8, 3ms)), "8 bridging_loop\n");
  EXPECT_EQ(Verdict(Repeat(answer, accepts, 8, 3ms)), "8 bridging_loop\n");
  EXPECT_EQ(Verdict(Repeat(cluster, request, 8, 3ms)), "8 bridging_loop\n");
}

TEST(BridgingLoop, StaysQuietForAMirrorOfManyPorts) {
  Scenario s;
  Repeat(s, kPacket, 40, 20us);
  EXPECT_EQ(s.Findings("bridging_loop"), "");
}

TEST(BridgingLoop, StaysQuietForSendersThatRepeatThemselves) {
  const Tcp ack{.source = "2001:db8::1", .destination = "2001:db8::2", .acknowledgment = 5};
  Tcp reset = ack;
  reset.flags = 0x14;
  Udp sensor = kPacket;
  sensor.id = 0;
  Scenario s;
  Repeat(s, ack, 12, 3ms);
  Repeat(s, reset, 12, 3ms);
  Repeat(s, sensor, 12, 3ms);
  EXPECT_EQ(Verdict(s), "");
  reset.payload = "why";  // RFC 9293 3.5.3
  Scenario with_reason;
  EXPECT_EQ(Verdict(Repeat(with_reason, reset, 12, 3ms)), "");
}

// Whether it opens a connection or carries data cannot be read.
TEST(BridgingLoop, StaysQuietForTcpWithoutItsHeader) {
  Octets further = Bytes(Tcp{.id = 0, .flags = 0x02});
  further[20] = 0;  // no longer the first fragment
  further[21] = 8;
  Udp udp = kPacket6;
  udp.payload = "abc";
  Octets is_short = Bytes(udp);
  is_short[20] = 6;  // TCP, of 11 bytes
  Scenario fragment, rest;
  EXPECT_EQ(Verdict(Repeat(fragment, Raw{further}, 12, 3ms)), "");
  EXPECT_EQ(Verdict(Repeat(rest, Raw{is_short}, 12, 3ms)), "");
}

// What was cut off may be what tells the packets of a stream apart.
TEST(BridgingLoop, StaysQuietForPacketsThatWereCut) {
  Udp stream{.link = {kClient, "33:33:00:00:00:fb", {}}, .source = "fe80::1"};
  stream.destination = "ff02::fb";
  stream.payload = std::string(100, 'x');
  Scenario s;
  s.Snaplen(100);
  Repeat(s, stream, 12, 3ms);
  EXPECT_EQ(Verdict(s), "");
}

TEST(RoutingLoop, FiresForOneRouterThatSendsThePacketAgainAndAgain) {
  for (const Udp& packet : {kPacket, kPacket6}) {
    Scenario s;
    s.At(1s, packet);
    for (int drop = 1; drop <= 4; ++drop) {
      s.At(1s + drop * 1ms, Again(packet, {kStranger, "ff:ff:ff:ff:ff:ff", {}}, drop));
    }
    EXPECT_EQ(s.Findings("routing_loop"), "4 routing_loop\n5 routing_loop\n");
    EXPECT_EQ(s.Findings("capture_copy"), "");
  }
}

TEST(RoutingLoop, StaysQuietForAMirrorThatLowersTheTtlOnBothSidesOfARouter) {
  Scenario s;
  s.At(1s, kPacket).At(1001ms, Again(kPacket, {kServer, kElsewhere, {}}));
  s.At(1001ms, Again(kPacket, {kServer, kElsewhere, {}}, 2));
  EXPECT_EQ(Verdict(s), "2 routed_copy\n3 unexplained_copy\n");
}

// ---- delivered twice ----------------------------------------------------------------------------

Ping Request(uint16_t sequence) {
  return {.link = {kClient, kServer, {}}, .ttl = 64, .id = sequence, .sequence = sequence};
}
Ping Reply(uint16_t sequence, uint16_t id) {
  return {.link = {kServer, kClient, {}},
          .source = "10.0.0.2",
          .destination = "10.0.0.1",
          .id = id,
          .sequence = sequence,
          .reply = true};
}

TEST(CaptureCopy, TellsThatARequestWasDeliveredTwice) {
  Scenario s;
  s.At(1s, Request(1)).At(1s, Request(1)).At(1s, Reply(1, 7)).At(1s, Reply(1, 8));
  s.At(2s, Request(2)).At(2s, Request(2));
  EXPECT_EQ(s.Findings(), "2 capture_copy\n4 capture_copy\n6 capture_copy\n");
  EXPECT_EQ(s.Sentence(2, "capture_copy").find("twice"), std::string::npos);
  EXPECT_EQ(s.Sentence(4, "capture_copy"),
            "00:50:16:8b:00:25 answers a request of 00:16:35:c4:25:96 again: it was delivered "
            "twice");
  EXPECT_EQ(s.Field(4, "copy_delta"), "");
  EXPECT_NE(s.Sentence(4, "capture_copy").find("delivered twice"), std::string::npos);
  EXPECT_NE(s.Sentence(6, "capture_copy").find("delivered twice"), std::string::npos);
  EXPECT_EQ(s.Field(4, "related_frame"), "2");
  EXPECT_EQ(s.Field(4, "copy_of"), "");
  EXPECT_EQ(s.Field(4, "copied_in"), "");
  EXPECT_EQ(s.Field(2, "copied_in"), "");
}

TEST(CaptureCopy, TellsADoubleDeliveryWhereTheFirstAnswerCameBetween) {
  Scenario s;
  s.At(1s, Request(1)).At(1s, Reply(1, 7)).At(1s, Request(1)).At(1s, Reply(1, 8));
  EXPECT_EQ(s.Findings(), "3 capture_copy\n4 capture_copy\n");
}

TEST(CaptureCopy, TellsADoubleDeliveryOfASyn) {
  const Tcp syn{.link = {kClient, kServer, {}}, .sequence = 100, .flags = 0x02};
  Tcp answer{.link = {kServer, kClient, {}},
             .source = syn.destination,
             .destination = syn.source,
             .id = 7,
             .source_port = syn.destination_port,
             .destination_port = syn.source_port,
             .sequence = 900,
             .acknowledgment = 101,
             .flags = 0x12};
  Scenario s;
  s.At(1s, syn).At(1s, syn).At(1s, answer);
  answer.id = 8;
  s.At(1s, answer);
  EXPECT_EQ(s.Findings(), "2 capture_copy\n4 capture_copy\n");
  EXPECT_NE(s.Sentence(4, "capture_copy").find(" answers a request of "), std::string::npos);
}

TEST(CaptureCopy, TellsADoubleDeliveryOfAQuestionByUdp) {
  const auto asks = [](uint16_t id) {
    return Udp{.link = {kClient, kServer, {}}, .id = id, .destination_port = 161};
  };
  const auto tells = [](uint16_t id) {
    return Udp{.link = {kServer, kClient, {}},
               .source = "10.0.0.2",
               .destination = "10.0.0.1",
               .id = id,
               .source_port = 161,
               .destination_port = 1000};
  };
  Scenario s;
  s.At(1s, asks(1))
      .At(1s, asks(1))
      .At(2s, asks(2))
      .At(2s, asks(2))
      .At(2s, tells(7))
      .At(2s, tells(8));
  EXPECT_EQ(s.Sentence(6, "capture_copy"),
            "00:50:16:8b:00:25 answers a request of 00:16:35:c4:25:96 again: it was delivered "
            "twice");
}

TEST(CaptureCopy, TellsNoDoubleDeliveryWhereTheAnswersAreDoubledToo) {
  Scenario s;
  s.At(1s, Request(1)).At(1s, Request(1)).At(1s, Reply(1, 7)).At(1s, Reply(1, 7));
  s.At(1s, Reply(1, 8));  // from another host, behind the same router
  EXPECT_EQ(s.Findings(), "2 capture_copy\n4 capture_copy\n");
}

TEST(CaptureCopy, TellsNoDoubleDeliveryOfWhatARouterSentOn) {
  Ping routed = Request(1);
  routed.link = {kStranger, kElsewhere, {}};
  --routed.ttl;
  Scenario s;
  s.At(1s, Request(1)).At(1s, routed).At(1s, Reply(1, 7)).At(1s, Reply(1, 8));
  EXPECT_EQ(s.Findings("capture_copy"), "");
}

// Two machines have one address.
TEST(CaptureCopy, TellsNoDoubleDeliveryWhereAnotherMachineAnswersToo) {
  Ping other = Reply(1, 8);
  other.link.from = kStranger;
  Scenario s;
  s.At(1s, Request(1)).At(1s, Request(1)).At(1s, Reply(1, 7)).At(1s, other);
  EXPECT_EQ(s.Findings("capture_copy"), "2 capture_copy\n");
}

TEST(CaptureCopy, TellsNoDoubleDeliveryOfWhatWasAnsweredOnceOrLate) {
  Scenario s;
  s.At(1s, Request(1)).At(1s, Request(1)).At(1s, Reply(1, 7)).At(1501ms, Reply(1, 8));
  s.At(3s, Request(2)).At(3s, Reply(2, 9)).At(3s, Reply(2, 10));  // captured once
  EXPECT_EQ(s.Findings(), "2 capture_copy\n");
}

TEST(CaptureCopy, TellsNoDoubleDeliveryToACluster) {
  Ping request = Request(1);
  request.link.to = kCluster;
  request.destination = "192.168.2.10";
  Ping reply = Reply(1, 7);
  reply.source = "192.168.2.10";  // both hosts answer, with the MAC of the router between
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, request).At(1s, request).At(1s, reply);
  reply.id = 8;
  s.At(1s, reply);
  EXPECT_EQ(s.Findings("capture_copy"), "3 capture_copy\n");
}

// A tunnel's interface has no MACs (ARPHRD_NONE): what stood for one was told as one.
TEST(CopyVerdict, NamesNoMacThatWasNotCaptured) {
  const auto routed = [](uint8_t type, uint8_t ttl) {
    Octets bytes = {0, type, 0xFF, 0xFE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0};
    const Octets packet = Bytes(Udp{.ttl = ttl});
    bytes.insert(bytes.end(), packet.begin() + 14, packet.end());
    return Raw{bytes};
  };
  Scenario s;
  s.On(NLB_LINK_COOKED).At(1s, routed(0, 64)).At(1001ms, routed(4, 63));
  EXPECT_EQ(s.Findings("routed_copy"), "2 routed_copy\n");
  EXPECT_EQ(s.Sentence(2, "routed_copy"),
            "A box whose MAC was not captured routed the packet on, TTL 64 to 63");
  EXPECT_EQ(s.Field(2, "forwarder"), "");
}

}  // namespace
}  // namespace nlb::test
