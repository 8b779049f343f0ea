// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kStation = "00:15:5d:00:00:01";
constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kEveryone = "ff:ff:ff:ff:ff:ff";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kMulticast = "03:bf:c0:a8:02:0a";
constexpr const char* kIgmp = "01:00:5e:7f:02:0a";
constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr const char* kInterHost1 = "03:bf:c0:a8:02:1e";  // 192.168.2.30

// ---- vip_mac_conflict ---------------------------------------------------------------------------

Arp Claim(const char* mac, const char* ip = kVip) {
  return {.link = {kStation, kClient, {}}, .mac = mac, .ip = ip};
}

TEST(VipMacConflict, FiresWhenAnotherClusterMacClaimsTheAddress) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(1s, Claim(kMulticast)).At(2s, Claim(kCluster));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n3 vip_mac_conflict\n");
  EXPECT_EQ(s.Sentence(2, "vip_mac_conflict"),
            "192.168.2.10 moves from 02:bf:c0:a8:02:0a to 03:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Field(2, "related_frame"), "1");
}

TEST(VipMacConflict, StaysQuietForTheSameMacAgain) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(1s, Claim(kCluster));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, StaysQuietFromSixtySecondsOn) {
  Scenario below;
  below.At(0s, Claim(kCluster)).At(60s - 1ns, Claim(kMulticast));
  EXPECT_EQ(below.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
  Scenario exactly;
  exactly.At(0s, Claim(kCluster)).At(60s, Claim(kMulticast));
  EXPECT_EQ(exactly.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, IsFoundWhenTheClockRunsBackwards) {
  Scenario s;
  s.At(10s, Claim(kCluster)).At(9s, Claim(kMulticast));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
}

constexpr const char* kStranger = "00:0e:0c:00:00:77";

Arp ClaimOfStranger(const char* ip = kVip, const char* mac = kStranger) {
  return {.link = {mac, kEveryone, {}}, .mac = mac, .ip = ip, .reply = false, .target = ip};
}

TEST(VipMacConflict, FiresForAStrangerAtAnyTimeAndOnEachClaim) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(3600s, ClaimOfStranger()).At(3601s, Claim(kStranger));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n3 vip_mac_conflict\n");
  EXPECT_EQ(s.Sentence(2, "vip_mac_conflict"),
            "00:0e:0c:00:00:77 claims 192.168.2.10, a cluster's address at 02:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Field(2, "related_frame"), "1");
}

TEST(VipMacConflict, IsToldOnceOfAClaimThatAMirrorDoubles) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(1s, ClaimOfStranger()).At(1s + 20us, ClaimOfStranger());
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
}

// IGMP mode makes one MAC of 10.1.2.10 and 10.9.2.10.
TEST(VipMacConflict, StaysQuietForTwoClustersOfOneMac) {
  constexpr const char* kBoth = "01:00:5e:7f:02:0a";
  Scenario s;
  for (const char* ip : {"10.1.2.10", "10.9.2.10"}) {
    s.At(0s, Heartbeat{.mode = Mode::kIgmp, .cluster_ip = ip});
    s.At(1s, Claim(kBoth, ip)).At(2s, Claim(kBoth, ip));
  }
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, NamesTheStranger) {
  Scenario by_arp;
  by_arp.At(0s, Heartbeat{})
      .At(1s, Arp{.link = {kStranger, kEveryone, {}},
                  .mac = kStranger,
                  .ip = "192.168.2.55",
                  .reply = false,
                  .target = "192.168.2.1"});
  by_arp.At(2s, ClaimOfStranger());
  EXPECT_EQ(by_arp.Sentence(3, "vip_mac_conflict"),
            "00:0e:0c:00:00:77 (192.168.2.55) claims 192.168.2.10, a cluster's address");
  Scenario host;  // the address was bound without NLB
  host.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1s, ClaimOfStranger(kVip, kStation));
  EXPECT_EQ(host.Sentence(2, "vip_mac_conflict"),
            "00:15:5d:00:00:01 (host 1 of 192.168.2.10) claims 192.168.2.10, a cluster's address");
}

TEST(VipMacConflict, FiresForAStrangerAtAFurtherAddressAndInIpv6) {
  Scenario further;
  further.At(0s, Heartbeat{}).At(1s, Claim(kCluster, "192.168.2.11"));
  further.At(2s, ClaimOfStranger("192.168.2.11"));
  EXPECT_EQ(further.Findings("vip_mac_conflict"), "3 vip_mac_conflict\n");
  Scenario six;
  six.At(0s, Heartbeat{}).At(1s, Advertisement{.mac = kCluster, .ip = "fd00::11"});
  six.At(2s, Advertisement{.link = {kStranger, kClient, {}}, .mac = kStranger, .ip = "fd00::11"});
  EXPECT_EQ(six.Findings("vip_mac_conflict"), "3 vip_mac_conflict\n");
}

TEST(VipMacConflict, TellsOfAStrangerThatCameBeforeTheProof) {
  Scenario s;
  s.At(0s, ClaimOfStranger()).At(1s, Heartbeat{}).At(2s, Heartbeat{});
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
  EXPECT_EQ(s.Sentence(2, "vip_mac_conflict"),
            "00:0e:0c:00:00:77 claimed 192.168.2.10, a cluster's address, before");
  EXPECT_EQ(s.Field(2, "related_frame"), "1");
}

// A further address, for which nobody asks: a host's answer to a request proves it.
TEST(VipMacConflict, TellsOfAStrangerThatCameBeforeTheTrafficThatProves) {
  const Udp request{.link = {kClient, kCluster, {}}, .destination = "192.168.2.11"};
  Udp again = request;
  again.id = 2;
  const auto told = [&](const char* answer_from, const char* claimed) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(1s, ClaimOfStranger(claimed)).At(2s, request);
    s.At(3s, Udp{.link = {"02:01:c0:a8:02:0a", kClient, {}}, .source = answer_from});
    s.At(4s, again);
    return s.Findings("vip_mac_conflict");
  };
  EXPECT_EQ(told("192.168.2.11", "192.168.2.11"), "5 vip_mac_conflict\n");
  EXPECT_EQ(told("192.168.2.12", "192.168.2.11"), "") << "no host of the cluster answers";
  EXPECT_EQ(told("192.168.2.11", "192.168.2.12"), "") << "another address was claimed";
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, ClaimOfStranger("192.168.2.11")).At(2s, request);
  s.At(3s, Udp{.link = {"02:01:c0:a8:02:0a", kClient, {}}, .source = "192.168.2.11"}).At(4s, again);
  EXPECT_EQ(s.Field(5, "related_frame"), "2");
  EXPECT_EQ(s.Sentence(5, "vip_mac_conflict"),
            "00:0e:0c:00:00:77 claimed 192.168.2.11, a cluster's address, before");
}

// The cluster's MAC may be set by hand to one of any vendor.
TEST(VipMacConflict, StaysQuietForTheMacOfTheHeartbeatsInUnicastMode) {
  Heartbeat beat;
  beat.from = kStation;
  Scenario before, behind, other;
  before.At(0s, ClaimOfStranger(kVip, kStation)).At(1s, beat);
  EXPECT_EQ(before.Findings("vip_mac_conflict"), "");
  behind.At(0s, beat).At(1s, ClaimOfStranger(kVip, kStation));
  EXPECT_EQ(behind.Findings("vip_mac_conflict"), "");
  other.At(0s, beat).At(1s, ClaimOfStranger());
  EXPECT_EQ(other.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
}

TEST(VipMacConflict, StaysQuietForStationsAtAnAddressThatIsNoCluster) {
  Scenario none, other, stale;
  none.At(0s, ClaimOfStranger()).At(1s, Claim(kClient));
  EXPECT_EQ(none.Findings("vip_mac_conflict"), "");
  other.At(0s, Heartbeat{}).At(1s, ClaimOfStranger("192.168.2.77"));
  EXPECT_EQ(other.Findings("vip_mac_conflict"), "");
  // Nothing but a sender's ARP entry says that there is a cluster.
  stale.At(0s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip}).At(1s, ClaimOfStranger());
  EXPECT_EQ(stale.Findings("vip_mac_conflict"), "");
}

// A router that answers for the cluster in another VLAN.
TEST(VipMacConflict, StaysQuietWhereTheClusterIsNotHeard) {
  Heartbeat beat;
  beat.vlans = {10};
  for (const uint16_t vlan : {10, 20}) {
    Arp proxy = ClaimOfStranger();
    proxy.link.vlans = {vlan};
    Scenario s;
    s.At(0s, beat).At(1s, proxy);
    EXPECT_EQ(s.Findings("vip_mac_conflict"), vlan == 10 ? "2 vip_mac_conflict\n" : "");
  }
  Scenario interfaces;
  interfaces.At(0s, Heartbeat{}, 0).At(1s, ClaimOfStranger(), 1);
  EXPECT_EQ(interfaces.Findings("vip_mac_conflict"), "");
}

// One of the two is of NLB's making, or the address is a cluster's.
TEST(VipMacConflict, FiresForAGroupMacOfNoPatternWhereNlbHasToDoWithIt) {
  constexpr const char* kGroup = "01:23:45:67:89:ab";
  Scenario before, behind, cluster;
  before.At(0s, Claim(kMulticast, "192.168.2.77")).At(1s, Claim(kGroup, "192.168.2.77"));
  EXPECT_EQ(before.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
  behind.At(0s, Claim(kGroup, "192.168.2.77")).At(1s, Claim(kMulticast, "192.168.2.77"));
  EXPECT_EQ(behind.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
  cluster.At(0s, Heartbeat{}).At(1s, Claim(kGroup)).At(2s, Claim("03:23:45:67:89:ab"));
  EXPECT_EQ(cluster.Sentence(3, "vip_mac_conflict"),
            "192.168.2.10 moves from 01:23:45:67:89:ab to 03:23:45:67:89:ab");
}

TEST(VipMacConflict, StaysQuietForMacsThatADamagedCaptureMadeUp) {
  Scenario s;
  s.At(0s, Claim("01:23:45:67:89:ab", "192.168.2.77"));
  s.At(1s, Claim("03:23:45:67:89:ab", "192.168.2.77"));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

// A host probes with no MAC where its adapter is not up yet.
TEST(VipMacConflict, StaysQuietForAClaimWithoutAMac) {
  Scenario s;
  s.At(0s, Heartbeat{.from = kStation}).At(1s, Claim("00:00:00:00:00:00"));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, StaysQuietForAnotherAddress) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(1s, Claim("02:bf:c0:a8:02:14", "192.168.2.20"));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, StaysQuietForTwoSegments) {
  Arp tagged = Claim(kMulticast);
  tagged.link.vlans = {7};
  Scenario s;
  s.At(0s, Claim(kCluster), 0).At(1s, Claim(kMulticast), 1).At(2s, tagged);
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, StaysQuietForTheTwoMacsOfAHostsOwnAddress) {
  Scenario s;  // outsiders get the cluster's MAC, other hosts the host's own
  s.At(0s, Heartbeat{}).At(0s, Claim(kCluster, "192.168.2.30"));
  s.At(1s, Claim(kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "");
}

TEST(VipMacConflict, FiresForNeighbourAdvertisementsToo) {
  Scenario s;
  s.At(0s, Advertisement{.mac = "02:bf:0a:00:00:01"})
      .At(1s, Advertisement{.mac = "03:bf:0a:00:00:01"});
  EXPECT_EQ(s.Findings("vip_mac_conflict"), "2 vip_mac_conflict\n");
}

// ---- secondary_vip_mac --------------------------------------------------------------------------

Udp Request(const char* to, const char* ip) {
  return {.link = {kClient, to, {}}, .source = "192.168.9.9", .destination = ip};
}

TEST(SecondaryVipMac, FiresForAMacMadeOfASecondAddressThatArpAnsweredOtherwise) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(0s, Claim(kCluster, "192.168.2.11"));
  s.At(1s, Request("02:bf:c0:a8:02:0b", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "3 secondary_vip_mac\n");
  EXPECT_EQ(s.Sentence(3, "secondary_vip_mac"),
            "192.168.2.11 goes to 02:bf:c0:a8:02:0b, ARP answered it with 02:bf:c0:a8:02:0a");
}

TEST(SecondaryVipMac, FiresInMulticastModeToo) {
  Scenario s;
  s.At(0s, Claim(kMulticast, "192.168.2.11"));
  s.At(1s, Request("03:bf:c0:a8:02:0b", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "2 secondary_vip_mac\n");
}

TEST(SecondaryVipMac, FiresForTheMacOfAnotherMode) {
  Scenario s;  // a router keeps the MAC that the primary address had in unicast mode
  s.At(0s, Heartbeat{.mode = Mode::kMulticast})
      .At(0s, Claim(kMulticast))
      .At(1s, Request(kCluster, kVip));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "3 secondary_vip_mac\n");
  EXPECT_EQ(s.Field(3, "mode"), "multicast");
}

TEST(SecondaryVipMac, TellsAPacketOnceThatAMirrorShowsTwice) {
  Scenario s;
  s.At(0s, Claim(kMulticast, "192.168.2.11"));
  s.At(1s, Request("03:bf:c0:a8:02:0b", "192.168.2.11"));
  s.At(1s + 5us, Request("03:bf:c0:a8:02:0b", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "2 secondary_vip_mac\n");
}

TEST(SecondaryVipMac, StaysQuietForMacsThatNoClusterWouldHave) {
  Scenario s;
  s.At(0s, Claim(kMulticast, "192.168.2.11"));
  s.At(1s, Request("01:00:5e:7f:02:0b", "192.168.2.11"));  // two bytes only are the address's
  s.At(2s, Request("02:01:c0:a8:02:0b", "192.168.2.11"));  // of one host
  s.At(3s, Request("00:15:5d:a8:02:0b", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

TEST(SecondaryVipMac, StaysQuietOnceTheClusterCameToThisMode) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(0s, Claim(kMulticast));
  s.At(60s, Heartbeat{}).At(61s, Request(kCluster, kVip));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

TEST(SecondaryVipMac, StaysQuietForThePrimarysMac) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(0s, Claim(kCluster, "192.168.2.11"));
  s.At(1s, Request(kCluster, "192.168.2.11")).At(2s, Request(kCluster, kVip));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

TEST(SecondaryVipMac, StaysQuietWhenNobodyAsked) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(1s, Request("02:bf:c0:a8:02:0b", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

TEST(SecondaryVipMac, StaysQuietForTrafficBetweenHosts) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Claim(kCluster, "192.168.2.30"));
  s.At(1s, Request(kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

// The capture began between the first heartbeats and ARP of two hosts that talk to each other.
TEST(SecondaryVipMac, StaysQuietBetweenHostsOfWhichOneIsNotHeardYet) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(0s, Arp{.link = {"02:02:c0:a8:02:0a", kEveryone, {}},
               .mac = kCluster,
               .ip = "192.168.2.31",
               .reply = false});
  s.At(1s, Udp{.link = {kHost1, "03:bf:c0:a8:02:1f", {}},
               .source = "192.168.2.30",
               .destination = "192.168.2.31"});
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
  EXPECT_EQ(s.Findings("multicast_mac"), "");
  EXPECT_EQ(s.Field(3, "cluster_ip"), "192.168.2.10");
}

// A host of one unicast cluster as the client of another cluster, whose second address it was told
// wrongly.
TEST(SecondaryVipMac, FiresForAHostOfAnotherCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.cluster_ip = "192.168.2.20"});
  s.At(0s, Claim(kCluster)).At(0s, Claim(kCluster, "192.168.2.31"));
  s.At(1s, Udp{.link = {"02:01:c0:a8:02:14", "03:bf:c0:a8:02:1f", {}},
               .source = "192.168.2.40",
               .destination = "192.168.2.31"});
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "4 secondary_vip_mac\n");
}

TEST(SecondaryVipMac, FiresForAClientWhoseMacEndsLikeTheClusters) {
  Scenario s;
  s.At(0s, Claim(kCluster, "192.168.2.11"));
  s.At(1s, Udp{.link = {"00:16:c0:a8:02:0a", "03:bf:c0:a8:02:0b", {}},
               .source = "192.168.2.40",
               .destination = "192.168.2.11"});
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "2 secondary_vip_mac\n");
}

TEST(SecondaryVipMac, FiresForAHostThatSendsToAClusterMac) {
  Scenario s;
  s.At(0s, Claim(kCluster, "192.168.2.11"));
  s.At(1s, Udp{.link = {kHost1, "02:bf:c0:a8:02:0b", {}},
               .source = "192.168.2.30",
               .destination = "192.168.2.11"});
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "2 secondary_vip_mac\n");
}

TEST(SecondaryVipMac, StaysQuietForTheMacOfAnotherAddress) {
  Scenario s;
  s.At(0s, Claim(kCluster, "192.168.2.11"));
  s.At(1s, Request("02:bf:c0:a8:02:63", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

TEST(SecondaryVipMac, StaysQuietWhenNoClustersMacWasAnswered) {
  for (const char* mac : {kStation, "01:00:5e:01:02:03"}) {
    Scenario s;
    s.At(0s, Claim(mac, "192.168.2.11"));
    s.At(1s, Request("02:bf:c0:a8:02:0b", "192.168.2.11"));
    EXPECT_EQ(s.Findings("secondary_vip_mac"), "") << mac;
  }
}

TEST(SecondaryVipMac, StaysQuietWhenTheCaptureStartsBehindTheArp) {
  Scenario s;
  s.At(0s, Request("02:bf:c0:a8:02:0b", "192.168.2.11"));
  EXPECT_EQ(s.Findings("secondary_vip_mac"), "");
}

// ---- inter_host_mac -----------------------------------------------------------------------------

TEST(InterHostMac, FiresForTrafficToAHostOfAUnicastCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request(kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Findings("inter_host_mac"), "2 inter_host_mac\n");
  EXPECT_EQ(s.Sentence(2, "inter_host_mac"),
            "Traffic between hosts of 192.168.2.10: this is host 1's MAC");
}

TEST(InterHostMac, FiresForAnArpBody) {
  Scenario s;
  s.At(0s, Heartbeat{})
      .At(1s,
          Arp{.link = {kHost1, "02:bf:c0:a8:02:1f", {}}, .mac = kInterHost1, .ip = "192.168.2.30"});
  EXPECT_EQ(s.Findings("inter_host_mac"), "2 inter_host_mac\n");
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "");
}

TEST(InterHostMac, StaysQuietForAClusterInMulticastMode) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1s, Request(kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Findings("inter_host_mac"), "");
}

TEST(InterHostMac, StaysQuietForAnAddressThatIsNoKnownHost) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request("03:bf:c0:a8:02:63", "192.168.2.99"));
  EXPECT_EQ(s.Findings("inter_host_mac"), "");
}

TEST(InterHostMac, StaysQuietBeforeTheHostIsKnown) {
  Scenario s;
  s.At(0s, Request(kInterHost1, "192.168.2.30")).At(1s, Heartbeat{});
  EXPECT_EQ(s.Findings("inter_host_mac"), "");  // asked again after frame 2 was fed
}

// Host 2 asks host 1 for its MAC, and host 1 answers: masked outside, its own MAC inside.
Arp Between(const char* outside, const char* inside, const char* ip, bool reply = true) {
  return {.link = {outside, kEveryone, {}}, .mac = inside, .ip = ip, .reply = reply};
}

TEST(InterHostMac, FiresWithoutHeartbeatsForTheHostsOwnArp) {
  Scenario s;  // masked outside and the cluster's inside; that is known by MAC only
  s.At(0s, Between("02:02:c0:a8:02:0a", kCluster, "192.168.2.31", false));
  s.At(1s, Between(kHost1, kInterHost1, "192.168.2.30"));
  s.At(2s, Request(kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Findings("inter_host_mac"), "2 inter_host_mac\n3 inter_host_mac\n");
  EXPECT_EQ(s.Sentence(3, "inter_host_mac"),
            "Traffic between hosts of 02:bf:c0:a8:02:0a: this is host 1's MAC");
  EXPECT_EQ(s.Sentence(2, "arp_sender_differs"),
            "Host 1 of 02:bf:c0:a8:02:0a tells another host its own MAC");
  for (const char* wrong : {"arp_multicast_mac", "multicast_mac", "masked_mac"}) {
    EXPECT_EQ(s.Findings(wrong), "") << wrong;
  }
  EXPECT_EQ(s.Field(3, "destination"), "host 1 of 02:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Field(3, "cluster_ip"), "");
}

TEST(InterHostMac, NamesTheClusterOnceItIsProven) {
  Scenario s;
  s.At(0s, Between(kHost1, kCluster, "192.168.2.30"));
  s.At(0s, Between(kHost1, kInterHost1, "192.168.2.30")).At(1s, Claim(kCluster));
  s.At(2s, Request(kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Sentence(2, "inter_host_mac"),
            "Traffic between hosts of 02:bf:c0:a8:02:0a: this is host 1's MAC");
  EXPECT_EQ(s.Sentence(4, "inter_host_mac"),
            "Traffic between hosts of 192.168.2.10: this is host 1's MAC");
  EXPECT_EQ(s.Field(4, "cluster_ip"), "192.168.2.10");
}

TEST(InterHostMac, MakesNoConflictOfTheTwoMacsOfAHostWithoutHeartbeats) {
  Scenario outsider_first;
  outsider_first.At(0s, Claim(kCluster, "192.168.2.30"));
  outsider_first.At(1s, Between(kHost1, kInterHost1, "192.168.2.30"));
  outsider_first.At(2s, Request(kInterHost1, "192.168.2.30"));
  Scenario outsider_last;
  outsider_last.At(0s, Between("02:02:c0:a8:02:0a", kCluster, "192.168.2.31", false));
  outsider_last.At(0s, Between(kHost1, kInterHost1, "192.168.2.30"));
  outsider_last.At(1s, Claim(kCluster, "192.168.2.30"));
  outsider_last.At(2s, Request(kInterHost1, "192.168.2.30"));
  for (const Scenario* s : {&outsider_first, &outsider_last}) {
    EXPECT_EQ(s->Findings("vip_mac_conflict"), "");
    EXPECT_EQ(s->Findings("secondary_vip_mac"), "");
  }
}

// A switch whose own MAC begins 02-04 answers for a cluster in multicast mode.
TEST(InterHostMac, StaysQuietForASwitchThatAnswersForTheCluster) {
  Scenario s;
  s.At(0s, Between("02:04:96:11:22:33", "03:bf:c0:a8:02:0a", "192.168.2.10"));
  s.At(1s, Heartbeat{.mode = Mode::kMulticast})
      .At(2s, Request("03:bf:c0:a8:02:0a", "192.168.2.10"));
  EXPECT_EQ(s.Findings("inter_host_mac"), "");
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "1 arp_multicast_mac\n");
  EXPECT_EQ(s.Findings("multicast_mac"), "3 multicast_mac\n");
}

TEST(InterHostMac, StaysQuietForOnePatternAlone) {
  struct Row {
    const char *outside, *inside, *ip;
  };
  const Row rows[] = {
      {kStation, kInterHost1, "192.168.2.30"},             // a cluster in multicast mode
      {"02:01:c0:a8:02:1e", kInterHost1, "192.168.2.30"},  // masked, if at all, as that cluster
      {"02:21:c0:a8:02:0a", kInterHost1, "192.168.2.30"},  // no host 33
      {kHost1, kInterHost1, "192.168.2.31"},               // a MAC made of another address
      {kHost1, kIgmp, "192.168.2.10"},
  };
  for (const Row& row : rows) {
    Scenario s;
    s.At(0s, Between(row.outside, row.inside, row.ip));
    EXPECT_EQ(s.Findings("inter_host_mac"), "") << row.outside << " " << row.inside;
    EXPECT_EQ(s.Findings("arp_multicast_mac"), "1 arp_multicast_mac\n") << row.outside;
  }
}

TEST(InterHostMac, StaysQuietWhenASwitchAnswersForAMulticastCluster) {
  Scenario s;  // Extreme Networks' own MACs look masked
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, Between("02:04:96:0b:0c:0d", kMulticast, kVip));
  EXPECT_EQ(s.Findings("inter_host_mac"), "");
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "2 arp_multicast_mac\n");
}

// ---- arp_multicast_mac --------------------------------------------------------------------------

TEST(ArpMulticastMac, FiresForAUnicastAddressAtAGroupMac) {
  for (const char* mac : {kMulticast, kIgmp, "03:00:5e:11:11:11", "01:23:45:67:89:ab"}) {
    Scenario s;
    s.At(0s, Claim(mac));
    EXPECT_EQ(s.Findings("arp_multicast_mac"), "1 arp_multicast_mac\n") << mac;
  }
  Scenario s;
  s.At(0s, Claim(kMulticast));
  EXPECT_EQ(s.Sentence(1, "arp_multicast_mac"),
            "192.168.2.10 is mapped to group MAC 03:bf:c0:a8:02:0a");
}

TEST(ArpMulticastMac, FiresForRequestsAndNeighbourAdvertisementsToo) {
  Arp request = Claim(kMulticast);
  request.reply = false;
  Scenario s;
  s.At(0s, request).At(1s, Advertisement{.mac = "03:bf:20:01:0d:b9"});
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "1 arp_multicast_mac\n2 arp_multicast_mac\n");
}

TEST(ArpMulticastMac, StaysQuietForAFrameThatComesFromTheGroupItself) {
  Arp made_up = Claim(kMulticast);
  made_up.link.from = kMulticast;
  Scenario s;
  s.At(0s, made_up);
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "");
}

// RFC 4861 7.1: whoever gets it must discard it.
TEST(ArpMulticastMac, StaysQuietForAnAdvertisementThatWasRouted) {
  Scenario s;
  s.At(0s, Advertisement{.mac = "03:bf:20:01:0d:b9", .hop_limit = 254});
  s.At(1s, Udp{.link = {.to = "03:bf:20:01:0d:b9"},
               .source = "2001:db8::2",
               .destination = "2001:db8::1"});
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "");
  EXPECT_EQ(s.Field(2, "evidence"), "address") << "not by ARP";
}

TEST(ArpMulticastMac, StaysQuietForAUnicastMac) {
  Scenario s;
  s.At(0s, Claim(kCluster)).At(1s, Claim(kStation));
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "");
}

TEST(ArpMulticastMac, StaysQuietForABroadcastMacAndForAProbe) {
  Scenario s;  // RFC 5227: a probe has no sender address
  s.At(0s, Claim(kEveryone)).At(1s, Claim(kMulticast, "0.0.0.0"));
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "");
}

TEST(ArpMulticastMac, StaysQuietWhenTheCaptureCutTheBody) {
  Scenario s;
  s.Snaplen(14 + 27).At(0s, Claim(kMulticast));
  EXPECT_EQ(s.Findings(), "");
}

// ---- arp_sender_differs -------------------------------------------------------------------------

Arp Disparate(const char* outside, const char* inside, const char* ip = kVip) {
  return {.link = {outside, kClient, {}}, .mac = inside, .ip = ip};
}

TEST(ArpSenderDiffers, FiresForAMaskedSourceAroundTheClusterMac) {
  Scenario s;
  s.At(0s, Disparate(kHost1, kCluster));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "1 arp_sender_differs\n");
  EXPECT_EQ(s.Sentence(1, "arp_sender_differs"),
            "02:bf:c0:a8:02:0a inside, 02:01:c0:a8:02:0a outside, as NLB sends it");
}

TEST(ArpSenderDiffers, FiresForAStationMacAroundAMulticastClusterMac) {
  Scenario s;
  s.At(0s, Disparate(kStation, kMulticast)).At(1s, Disparate(kStation, kIgmp));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "1 arp_sender_differs\n2 arp_sender_differs\n");
}

TEST(ArpSenderDiffers, FiresForAMaskedSourceAroundAnInterHostMac) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Disparate(kHost1, kInterHost1, "192.168.2.30"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "2 arp_sender_differs\n");
  EXPECT_EQ(s.Sentence(2, "arp_sender_differs"),
            "Host 1 of 192.168.2.10 tells another host its own MAC");
}

TEST(ArpSenderDiffers, FiresForTheClustersFurtherAddresses) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Disparate(kHost1, kCluster, "192.168.2.11"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "2 arp_sender_differs\n");
}

TEST(ArpSenderDiffers, FiresForFurtherAddressesWhenHeartbeatsComeFromTheStation) {
  Scenario s;  // heartbeats come from 00:15:5d:00:00:01 and from no other
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, Disparate(kStation, kMulticast, "192.168.2.11"));
  s.At(2s, Disparate(kClient, kMulticast, "192.168.2.11"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "2 arp_sender_differs\n");
}

// Whichever of the clusters that share it was heard first.
TEST(ArpSenderDiffers, FiresForAnIgmpMacThatIsMadeOfTheAddress) {
  Scenario s;
  for (const char* ip : {"10.1.2.10", "10.9.2.10"}) {
    s.At(0s, Heartbeat{.mode = Mode::kIgmp, .cluster_ip = ip});
  }
  s.At(1s, Disparate(kClient, kIgmp, "10.9.2.10"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "3 arp_sender_differs\n");
}

TEST(ArpSenderDiffers, FiresForAGroupMacSetByHand) {
  constexpr const char* kByHand = "03:00:5e:11:11:11";
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .to = kByHand}).At(1s, Disparate(kClient, kByHand));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "2 arp_sender_differs\n");
}

TEST(ArpSenderDiffers, StaysQuietWhenAStrangerGivesTheClustersMacToTheGateway) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, Disparate(kClient, kMulticast, "192.168.2.1"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "");
  EXPECT_EQ(s.Findings("arp_multicast_mac"), "2 arp_multicast_mac\n");
}

TEST(ArpSenderDiffers, StaysQuietWhenBothAreEqual) {
  Scenario s;
  s.At(0s, Disparate(kCluster, kCluster)).At(1s, Disparate(kStation, kStation, "10.0.0.1"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "");
}

TEST(ArpSenderDiffers, StaysQuietForWhatLooksLikeSpoofing) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Disparate(kStation, kCluster));                 // a stranger speaks for the cluster
  s.At(2s, Disparate("02:01:c0:a8:02:63", kCluster));      // the mask of another cluster
  s.At(3s, Disparate(kStation, kClient, "192.168.2.99"));  // no cluster at all
  s.At(4s, Disparate(kStation, kInterHost1, "192.168.2.30"));
  s.At(5s, Disparate("02:01:c0:a8:02:63", kInterHost1, "192.168.2.30"));
  s.At(6s, Disparate(kCluster, kMulticast));  // the MACs of two modes in one answer
  s.At(7s, Disparate(kCluster, kInterHost1, "192.168.2.30"));  // not masked
  EXPECT_EQ(s.Findings("arp_sender_differs"), "");
}

TEST(ArpSenderDiffers, StaysQuietWithoutEvidence) {
  Scenario s;  // the MAC is not made of the address
  s.At(0s, Disparate(kHost1, kCluster, "192.168.2.99"));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "");
}

TEST(ArpSenderDiffers, StaysQuietForAMaskedMacInside) {
  Scenario s;  // NLB puts the cluster's MAC inside; a masked one is nothing it makes
  s.At(0s, Heartbeat{});
  s.At(1s, Disparate("02:02:c0:a8:02:0a", kHost1));
  s.At(2s, Disparate(kStation, kHost1));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "");
}

TEST(ArpSenderDiffers, StaysQuietForAGroupMacOutside) {
  Scenario s;  // no legal source (IEEE 802.3 3.2.3)
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, Disparate("01:15:5d:00:00:01", kMulticast));
  EXPECT_EQ(s.Findings("arp_sender_differs"), "");
}

}  // namespace
}  // namespace nlb::test
