// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kMulticast = "03:bf:c0:a8:02:0a";
constexpr const char* kIgmp = "01:00:5e:7f:02:0a";
constexpr const char* kVip = "192.168.2.10";

Udp To(const char* mac, const char* ip = kVip) {
  return {.link = {kClient, mac, {}}, .source = "192.168.9.9", .destination = ip};
}

// ---- multicast_mac ------------------------------------------------------------------------------

TEST(MulticastMac, FiresForARequestToTheClustersGroupMac) {
  Scenario s;  // the frame proves the cluster itself
  s.At(0s, To(kMulticast));
  EXPECT_EQ(s.Findings(), "1 multicast_mac\n");
  EXPECT_EQ(s.Sentences(1), "192.168.2.10 is reached by group MAC 03:bf:c0:a8:02:0a\n");
}

TEST(MulticastMac, FiresInIgmpModeOnceThereIsEvidence) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kIgmp}).At(1s, To(kIgmp)).At(2s, To(kIgmp, "192.168.2.99"));
  EXPECT_EQ(s.Findings("multicast_mac"), "2 multicast_mac\n3 multicast_mac\n");
}

TEST(MulticastMac, FiresForFurtherAddressesOfTheCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1s, To(kMulticast, "192.168.2.11"));
  EXPECT_EQ(s.Findings("multicast_mac"), "2 multicast_mac\n");
}

TEST(MulticastMac, FiresForAGroupMacSetByHandThatTheHeartbeatsGoTo) {
  constexpr const char* kByHand = "03:00:5e:11:11:11";
  Scenario s;
  s.At(0s, To(kByHand)).At(1s, Heartbeat{.mode = Mode::kMulticast, .to = kByHand});
  s.At(2s, To(kByHand)).At(3s, To("03:00:5e:11:11:12"));
  EXPECT_EQ(s.Findings("multicast_mac"), "3 multicast_mac\n");
  EXPECT_EQ(s.Findings("unicast_ip_group_mac"), "1 unicast_ip_group_mac\n4 unicast_ip_group_mac\n");
  EXPECT_EQ(s.Field(3, "destination"), "all hosts of 192.168.2.10");
}

TEST(MulticastMac, IsNormalForAGroupMacSetByHandWhateverTheMode) {
  const nlb_cluster_entry row{{192, 168, 2, 10}, NLB_MODE_IGMP, {0x01, 0, 0x5e, 1, 2, 3}};
  nlb_config config = Scenario::Defaults();
  config.clusters = &row;
  config.cluster_count = 1;
  Scenario s(config);
  s.At(0s, To("01:00:5e:01:02:03"));
  EXPECT_EQ(s.Findings(), "1 multicast_mac\n");
  EXPECT_EQ(s.Field(1, "severity"), "Chat");
}

TEST(MulticastMac, SaysThatTheClusterIsInAnotherMode) {
  Scenario heartbeats;  // a router keeps an ARP entry of the mode before
  heartbeats.At(0s, Heartbeat{}).At(1s, To(kMulticast));
  EXPECT_EQ(heartbeats.Sentence(2, "multicast_mac"),
            "192.168.2.10 goes to 03:bf:c0:a8:02:0a, the mode is unicast");
  EXPECT_EQ(heartbeats.Field(2, "mode"), "unicast");
  Scenario igmp;
  igmp.At(0s, Heartbeat{.mode = Mode::kIgmp}).At(1s, To(kMulticast));
  EXPECT_EQ(igmp.Sentence(2, "multicast_mac"),
            "192.168.2.10 goes to 03:bf:c0:a8:02:0a, the mode is IGMP");
  Scenario arp;
  arp.At(0s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = kVip}).At(1s, To(kMulticast, "192.168.2.11"));
  EXPECT_EQ(arp.Sentence(2, "multicast_mac"),
            "192.168.2.11 goes to 03:bf:c0:a8:02:0a, the mode is unicast");
}

TEST(MulticastMac, SaysNothingOfTheModeWhenSeveralWereSeen) {
  Scenario s;  // the mode was changed, or the hosts differ
  s.At(0s, To(kMulticast)).At(1s, Heartbeat{});
  s.At(2s, Heartbeat{.mode = Mode::kMulticast}).At(3s, To(kMulticast));
  for (const uint32_t frame : {1u, 4u}) {
    EXPECT_EQ(s.Sentence(frame, "multicast_mac"),
              "192.168.2.10 is reached by group MAC 03:bf:c0:a8:02:0a");
  }
}

std::string Severity(const Scenario& s, uint32_t frame) { return s.Field(frame, "severity"); }

TEST(MulticastMac, IsNormalInItsModeAndANoteInAnother) {
  Scenario multicast, stale, unproven;
  multicast.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1s, To(kMulticast));
  EXPECT_EQ(Severity(multicast, 2), "Chat");
  stale.At(0s, Heartbeat{}).At(1s, To(kMulticast));
  EXPECT_EQ(Severity(stale, 2), "Note");
  unproven.At(0s, To(kMulticast));
  EXPECT_EQ(Severity(unproven, 1), "Note");
}

TEST(MulticastMac, StaysQuietForARealGroup) {
  Scenario s;  // 239.127.2.10 and 239.255.2.10 have this MAC too
  s.At(0s, Heartbeat{.mode = Mode::kIgmp}).At(1s, To(kIgmp, "239.127.2.10"));
  s.At(2s, To(kIgmp, "239.255.2.10"));
  EXPECT_EQ(s.Findings("multicast_mac"), "");
  EXPECT_EQ(s.Findings("unicast_ip_group_mac"), "");
}

TEST(MulticastMac, StaysQuietForTrafficBetweenHostsOfAUnicastCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, To("03:bf:c0:a8:02:1e", "192.168.2.30"));
  EXPECT_EQ(s.Findings("multicast_mac"), "");
  EXPECT_EQ(s.Findings("unicast_ip_group_mac"), "");
  EXPECT_EQ(s.Findings("inter_host_mac"), "2 inter_host_mac\n");
}

TEST(MulticastMac, StaysQuietForAHeartbeat) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(s.Findings("multicast_mac"), "");
}

TEST(MulticastMac, StaysQuietWithoutEvidence) {
  Scenario s;
  s.At(0s, To(kMulticast, "192.168.2.11")).At(1s, To(kIgmp));
  EXPECT_EQ(s.Findings("multicast_mac"), "");
}

// ---- unicast_ip_group_mac -----------------------------------------------------------------------

TEST(UnicastIpGroupMac, FiresForAGroupMacThatIsNotAKnownClusters) {
  for (const char* mac : {"03:00:5e:11:11:11", "01:00:5e:01:02:03", kIgmp, "33:33:00:00:00:01"}) {
    Scenario s;
    s.At(0s, To(mac));
    EXPECT_EQ(s.Findings(), "1 unicast_ip_group_mac\n") << mac;
  }
}

TEST(UnicastIpGroupMac, StaysQuietForAClustersMac) {
  Scenario s;
  s.At(0s, To(kMulticast));
  EXPECT_EQ(s.Findings("unicast_ip_group_mac"), "");
}

TEST(UnicastIpGroupMac, StaysQuietForBfdOnLinkBundlesAndForLoopback) {
  Scenario s;
  s.At(0s, To("01:00:5e:90:00:01", "10.0.0.9"));  // RFC 7130
  s.At(1s, To("01:00:5e:00:00:fb", "127.0.0.1"));
  s.At(2s, Udp{.link = {kClient, "33:33:00:00:00:fb", {}}, .source = "::1", .destination = "::1"});
  EXPECT_EQ(s.Findings("unicast_ip_group_mac"), "");
}

TEST(UnicastIpGroupMac, StaysQuietForABroadcast) {
  Scenario s;  // 192.168.2.255 cannot be told from a host without the mask
  s.At(0s, To("ff:ff:ff:ff:ff:ff", "192.168.2.255")).At(1s, To("ff:ff:ff:ff:ff:ff"));
  EXPECT_EQ(s.Findings(), "");
}

TEST(UnicastIpGroupMac, StaysQuietForAMulticastAddress) {
  Scenario s;
  s.At(0s, To("01:00:5e:01:02:03", "224.1.2.3")).At(1s, To("01:00:5e:7f:ff:ff", "255.255.255.255"));
  EXPECT_EQ(s.Findings(), "");
}

TEST(UnicastIpGroupMac, StaysQuietForAUnicastMac) {
  Scenario s;
  s.At(0s, To("00:15:5d:01:02:03"));
  EXPECT_EQ(s.Findings(), "");
}

}  // namespace
}  // namespace nlb::test
