// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr const char* kOther = "192.168.2.11";

Udp From(const char* mac, const char* ip = kVip) {
  return {.link = {mac, kClient, {}}, .source = ip, .destination = "192.168.9.9"};
}

// ---- masked_mac ---------------------------------------------------------------------------------

TEST(MaskedMac, FiresWithEvidenceOfAnyKind) {
  const auto masked = From("02:05:c0:a8:02:0a", kOther);
  Scenario heartbeat;
  heartbeat.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1s, masked);
  EXPECT_EQ(heartbeat.Findings("masked_mac"), "2 masked_mac\n");
  EXPECT_EQ(heartbeat.Sentence(2, "masked_mac"), "02:05:c0:a8:02:0a is host 5 of 192.168.2.10");
  Scenario arp;
  arp.At(0s, Arp{.mac = kCluster, .ip = kVip}).At(1s, masked);
  EXPECT_EQ(arp.Findings("masked_mac"), "2 masked_mac\n");
  Scenario address;
  address.At(0s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip}).At(1s, masked);
  EXPECT_EQ(address.Findings("masked_mac"), "2 masked_mac\n");
}

TEST(MaskedMac, FiresForAClusterOfTheUsersTable) {
  const nlb_cluster_entry cluster{{192, 168, 2, 10}, NLB_MODE_UNICAST, {}};
  nlb_config config = Scenario::Defaults();
  config.clusters = &cluster;
  config.cluster_count = 1;
  Scenario s(config);
  s.At(0s, From("02:05:c0:a8:02:0a", kOther));
  EXPECT_EQ(s.Findings("masked_mac"), "1 masked_mac\n");
  EXPECT_EQ(s.Field(1, "evidence"), "configured");
}

TEST(MaskedMac, FiresForHostIdsFrom1To32) {
  struct Row {
    const char* mac;
    bool fires;
  };
  const Row rows[] = {
      {"02:00:c0:a8:02:0a", false}, {"02:01:c0:a8:02:0a", true},  {"02:20:c0:a8:02:0a", true},
      {"02:21:c0:a8:02:0a", false}, {"02:bf:c0:a8:02:0a", false}, {"00:01:c0:a8:02:0a", false},
  };
  for (const Row& row : rows) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(1s, From(row.mac, kOther));
    EXPECT_EQ(s.Findings("masked_mac"), row.fires ? "2 masked_mac\n" : "") << row.mac;
  }
}

TEST(MaskedMac, StaysQuietWithoutEvidence) {
  Scenario s;  // Extreme Networks; an IBM OSA adapter whose MAC carries its own address
  s.At(0s, From("02:04:96:0b:0c:0d")).At(1s, From("02:01:c0:a8:02:0a", kVip));
  EXPECT_EQ(s.Findings(), "");
}

TEST(MaskedMac, StaysQuietForAnotherCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, From("02:01:c0:a8:02:0b", kOther));
  EXPECT_EQ(s.Findings("masked_mac"), "1 masked_mac\n");
}

TEST(MaskedMac, StaysQuietOnFramesBeforeTheEvidence) {
  Scenario s;
  s.At(0s, From("02:05:c0:a8:02:0a", kOther)).At(1s, Heartbeat{});
  EXPECT_EQ(s.Findings("masked_mac"), "2 masked_mac\n");  // asked again after both were fed
}

TEST(MaskedMac, NeedsNothingButTheEthernetHeader) {
  Scenario s;
  s.At(0s, Heartbeat{}).Snaplen(14).At(1s, From("02:05:c0:a8:02:0a", kOther));
  EXPECT_EQ(s.Findings("masked_mac"), "1 masked_mac\n2 masked_mac\n");
}

TEST(MaskedMac, KeepsTheEvidenceOfAFrameThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Heartbeat{}).Instead(1s, From("02:05:c0:a8:02:0a", kOther));
  EXPECT_EQ(s.Findings("masked_mac"), "1 masked_mac\n");
  EXPECT_EQ(s.Field(1, "evidence_frame"), "");
}

// ---- unmasked_mac -------------------------------------------------------------------------------

TEST(UnmaskedMac, FiresOnIpArpAndHeartbeats) {
  Scenario s;
  s.At(0s, Heartbeat{.from = kCluster});
  s.At(1s, From(kCluster));
  s.At(2s, Arp{.link = {kCluster, kClient, {}}, .mac = kCluster, .ip = kVip});
  EXPECT_EQ(s.Findings("unmasked_mac"), "1 unmasked_mac\n2 unmasked_mac\n3 unmasked_mac\n");
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
  EXPECT_EQ(s.Sentence(2, "unmasked_mac"),
            "A host of 192.168.2.10 sends as the cluster, 02:bf:c0:a8:02:0a");
}

// A capture on the host itself may show the frame before and after it is masked.
TEST(UnmaskedMac, FiresOnceNoMaskedTwinFollows) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(0s, From(kCluster)).At(1s, From(kCluster)).At(2s, From(kCluster));
  EXPECT_EQ(s.Findings("unmasked_mac"), "3 unmasked_mac\n4 unmasked_mac\n");
  EXPECT_EQ(s.Field(3, "related_frame"), "2");
  EXPECT_EQ(s.Sentence(3, "unmasked_mac"), s.Sentence(4, "unmasked_mac"));
}

// NLB keeps all heartbeats to itself there, and what another host sends to all is masked.
TEST(UnmaskedMac, StaysQuietOnTheHostItself) {
  Scenario s;
  s.At(0s, From(kCluster)).At(1s, From(kCluster));
  Udp to_all = From("02:02:c0:a8:02:0a", "192.168.2.31");
  to_all.link.to = "ff:ff:ff:ff:ff:ff";
  s.At(2s, to_all).At(3s, From(kCluster)).At(4s, From(kCluster));
  EXPECT_EQ(s.Findings("unmasked_mac"), "");
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
}

// Only from outside other stations are seen to get frames from a masked MAC.
TEST(ClusterMacLeak, NeedsNoHeartbeat) {
  Scenario s;
  Udp leak = From(kCluster);
  leak.link.to = "ff:ff:ff:ff:ff:ff";
  s.At(0s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip});
  s.At(1s, From("02:02:c0:a8:02:0a")).At(2s, leak);
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
}

TEST(UnmaskedMac, StaysQuietBeforeAMaskedTwin) {
  Scenario s;
  s.At(0s, From(kCluster)).At(5us, From("02:01:c0:a8:02:0a")).At(1s, From(kCluster));
  EXPECT_EQ(s.Findings("unmasked_mac"), "");
  EXPECT_EQ(s.Field(3, "host_id"), "1");
  EXPECT_EQ(s.Sentence(3, "masked_mac"),
            "02:bf:c0:a8:02:0a is host 1 of 192.168.2.10, captured on it before NLB masks the MAC");
}

TEST(UnmaskedMac, StaysQuietWithoutEvidence) {
  Scenario s;
  s.At(0s, From(kCluster, kOther));
  EXPECT_EQ(s.Findings(), "");
}

TEST(UnmaskedMac, StaysQuietForAMaskedHost) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, From("02:01:c0:a8:02:0a"));
  EXPECT_EQ(s.Findings("unmasked_mac"), "");
}

// Found on the frame itself, there is no other to name.
TEST(UnmaskedMac, NamesNoOtherFrameWhereItNeedsNone) {
  Scenario s;
  s.At(0s, Heartbeat{.from = kCluster});
  EXPECT_EQ(s.Findings("unmasked_mac"), "1 unmasked_mac\n");
  EXPECT_EQ(s.Field(1, "related_frame"), "");
}

// ---- cluster_mac_leak ---------------------------------------------------------------------------

Raw Rarp(const char* from, const char* sender, const char* target) {
  Octets body = {0, 1, 8, 0, 6, 4, 0, 3};
  const Octets a = Mac(sender), b = Mac(target);
  body.insert(body.end(), a.begin(), a.end());
  body.insert(body.end(), 4, 0);
  body.insert(body.end(), b.begin(), b.end());
  body.insert(body.end(), 4, 0);
  return {Ethernet({from, "ff:ff:ff:ff:ff:ff", {}}, 0x8035, body)};
}

Raw Frame(const char* from, uint16_t type) {
  return {Ethernet({from, "ff:ff:ff:ff:ff:ff", {}}, type, Octets(46))};
}

TEST(ClusterMacLeak, FiresForARarpThatNamesTheMacItComesFrom) {
  Scenario s;  // no evidence is needed: VMware announces its virtual NIC
  s.At(0s, Rarp(kCluster, kCluster, kCluster));
  EXPECT_EQ(s.Findings(), "1 cluster_mac_leak\n");
  EXPECT_EQ(s.Sentences(1), "RARP is sent from cluster MAC 02:bf:c0:a8:02:0a\n");
}

TEST(ClusterMacLeak, FiresForOtherTypesWithEvidence) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Frame(kCluster, 0x0026)).At(2s, Frame(kCluster, 0x88CC));
  s.At(3s, Frame(kCluster, 0x0600));  // the lowest type; below are lengths
  EXPECT_EQ(s.Findings("cluster_mac_leak"),
            "2 cluster_mac_leak\n3 cluster_mac_leak\n4 cluster_mac_leak\n");
  EXPECT_EQ(s.Sentence(4, "cluster_mac_leak"),
            "Another protocol is sent from cluster MAC 02:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Sentence(2, "cluster_mac_leak"), "LLC is sent from cluster MAC 02:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Sentence(3, "cluster_mac_leak"),
            "Another protocol is sent from cluster MAC 02:bf:c0:a8:02:0a");
}

TEST(ClusterMacLeak, IsAllThatIsToldOfOtherTypes) {
  Scenario bare;  // of hosts that do not mask
  bare.At(0s, Heartbeat{.from = kCluster}).At(1s, Frame(kCluster, 0x88CC));
  EXPECT_EQ(bare.Findings(), "1 unmasked_mac\n2 cluster_mac_leak\n");
  Scenario inside;  // where the capture shows what they send before it is masked
  inside.At(0s, From(kCluster)).At(5us, From("02:01:c0:a8:02:0a")).At(1s, Frame(kCluster, 0x88CC));
  EXPECT_EQ(inside.Findings("masked_mac"), "2 masked_mac\n");
  EXPECT_EQ(inside.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, StaysQuietWithoutEvidence) {
  Scenario s;
  s.At(0s, Frame(kCluster, 0x88CC)).At(1s, Rarp(kCluster, kClient, kClient));
  EXPECT_EQ(s.Findings(), "");
}

TEST(ClusterMacLeak, StaysQuietForOtherMacs) {
  Scenario s;
  s.At(0s, Heartbeat{})
      .At(1s, Rarp(kClient, kClient, kClient))
      .At(2s, Frame("02:01:c0:a8:02:0a", 0x26));
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
}

TEST(ClusterMacLeak, FiresForIpAndArpOfAClusterThatMasks) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, From(kCluster));
  s.At(2s, Arp{.link = {kCluster, kClient, {}}, .mac = kCluster, .ip = "192.168.2.31"});
  s.At(3s, Arp{.link = {kCluster, kClient, {}}, .mac = kCluster, .ip = "192.168.2.31"});
  // A masked twin of frame 2 would have come within 100 ms; frame 3 shows that it did not.
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n4 cluster_mac_leak\n");
  EXPECT_EQ(s.Field(3, "related_frame"), "2");
  EXPECT_EQ(s.Findings("unmasked_mac"), "");
  EXPECT_EQ(s.Sentence(4, "cluster_mac_leak"), "ARP is sent from cluster MAC 02:bf:c0:a8:02:0a");
}

// MaskSourceMAC is set on each host.
TEST(ClusterMacLeak, StaysQuietWhereAHeartbeatIsNotMasked) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2, .from = kCluster}).At(2s, From(kCluster));
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
  EXPECT_EQ(s.Findings("unmasked_mac"), "2 unmasked_mac\n3 unmasked_mac\n");
}

TEST(ClusterMacLeak, FiresForARarpThatNamesTheMacAsSenderOrTarget) {
  Scenario s;
  s.At(0s, Rarp(kCluster, kCluster, kClient)).At(1s, Rarp(kCluster, kClient, kCluster));
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "1 cluster_mac_leak\n2 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, StaysQuietForARarpThatTheCaptureCutAndForOtherTypesOfTheSameBytes) {
  Raw rarp = Rarp(kCluster, kCluster, kCluster);
  Scenario cut;
  cut.Snaplen(14 + 27).At(0s, rarp);
  EXPECT_EQ(cut.Findings(), "");
  rarp.bytes[12] = 0x88;  // its type
  Scenario other;
  other.At(0s, rarp);
  EXPECT_EQ(other.Findings(), "");
}

TEST(ClusterMacLeak, IsToldOnceOfWhatProvesItself) {
  Scenario rarp, known;
  rarp.At(0s, Rarp(kCluster, kCluster, kCluster)).At(1s, Heartbeat{});
  EXPECT_EQ(rarp.Findings("cluster_mac_leak"), "1 cluster_mac_leak\n");
  const Heartbeat beat{.mode = Mode::kMulticast};
  known.At(0s, beat).At(1s, Frame(kCluster, 0x88CC)).At(2s, beat);
  EXPECT_EQ(known.Findings("cluster_mac_leak"), "2 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, IsToldOfEarlyFramesOnceThereIsProof) {
  Scenario masked, addressed, unmasked, masks_later;
  masked.At(0s, Frame(kCluster, 0x88CC)).At(1s, From("02:01:c0:a8:02:0a", kOther));
  EXPECT_EQ(masked.Findings("cluster_mac_leak"), "") << "no proof";
  const Udp request{.link = {kClient, kCluster, {}}, .destination = kVip};
  addressed.At(0s, Frame(kCluster, 0x88CC)).At(1s, request).At(2s, Heartbeat{});
  EXPECT_EQ(addressed.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
  unmasked.At(0s, Frame(kCluster, 0x88CC)).At(1s, Heartbeat{.from = kCluster});
  EXPECT_EQ(unmasked.Findings("cluster_mac_leak"), "2 cluster_mac_leak\n");
  Udp dhcp = From(kCluster, "192.168.2.77");
  dhcp.link.to = "ff:ff:ff:ff:ff:ff";
  masks_later.At(0s, request).At(1s, dhcp).At(2s, From("02:01:c0:a8:02:0a"));
  EXPECT_EQ(masks_later.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, StaysQuietForEarlyBroadcastsOfHostsThatDoNotMask) {
  Udp dhcp = From(kCluster, "192.168.2.77");
  dhcp.link.to = "ff:ff:ff:ff:ff:ff";
  for (const Heartbeat& beat : {Heartbeat{.mode = Mode::kMulticast}, Heartbeat{.from = kCluster}}) {
    Scenario s;
    s.At(0s, dhcp).At(1s, beat).At(2s, beat);
    EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
  }
}

// What is no packet is told by its length and its first 64 bytes; the check sequence is behind.
TEST(ClusterMacLeak, KnowsTheTwinOfAnotherProtocolByItsFirstBytes) {
  const auto leaks_beside_twin_that_differs_at = [](size_t index) {
    Octets body(68);
    const Link all{kCluster, "ff:ff:ff:ff:ff:ff", {}};
    Link masked = all;
    masked.from = "02:01:c0:a8:02:0a";
    Scenario s;
    s.At(0s, Raw{Ethernet(all, 0x88CC, body)});
    ++body[index];
    s.At(1ms, Raw{Ethernet(masked, 0x88CC, body)}).At(1s, Heartbeat{});
    return s.Findings("cluster_mac_leak") != "";
  };
  for (const size_t index : {0, 1, 63}) EXPECT_TRUE(leaks_beside_twin_that_differs_at(index));
  for (const size_t index : {64, 67}) EXPECT_FALSE(leaks_beside_twin_that_differs_at(index));
}

TEST(ClusterMacLeak, IsToldByTheFrameThatProvesIt) {
  Scenario s;
  Udp dhcp = From(kCluster, "192.168.2.77");
  dhcp.link.to = "ff:ff:ff:ff:ff:ff";
  s.At(0s, dhcp).At(1s, dhcp).At(2s, Heartbeat{}).At(3s, Heartbeat{});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
  EXPECT_EQ(s.Field(3, "related_frame"), "1");
  EXPECT_EQ(s.Sentence(3, "cluster_mac_leak"),
            "A host sent from cluster MAC 02:bf:c0:a8:02:0a, which its cluster masks");
  Scenario other;  // whatever the mode
  other.At(0s, Frame(kCluster, 0x88CC)).At(1s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(other.Findings("cluster_mac_leak"), "2 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, StaysQuietForEarlyFramesOfHostsThatDoNotMask) {
  Scenario s;
  s.At(0s, From(kCluster, "192.168.2.77")).At(1s, Heartbeat{.from = kCluster});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
  Scenario inside;  // the capture sees the frame before NLB masks it, and after
  inside.At(0s, From(kCluster, "192.168.2.77")).At(1ms, From("02:01:c0:a8:02:0a", "192.168.2.77"));
  inside.At(1s, Heartbeat{});
  EXPECT_EQ(inside.Findings("cluster_mac_leak"), "");
  Scenario twin;
  twin.At(0s, From(kCluster, kVip)).At(1ms, From("02:01:c0:a8:02:0a", kVip));
  EXPECT_EQ(twin.Findings("cluster_mac_leak"), "");
}

// A member captured below and above NLB, from between the two views of a packet on.
TEST(ClusterMacLeak, StaysQuietWhereTheCaptureBeginsBetweenTwins) {
  for (const bool heartbeat_first : {false, true}) {
    Scenario s;
    if (heartbeat_first) s.At(0s, Heartbeat{.host_id = 2});
    Udp one = From(kCluster, kVip), two = From("02:01:c0:a8:02:0a", kVip);
    one.id = 1;
    two.id = 2;
    s.At(1s, one).At(1s + 20ms, two);
    two.link.from = kCluster;
    s.At(1s + 20ms + 5us, two).At(2s, Heartbeat{}).At(3s, Heartbeat{});
    EXPECT_EQ(s.Findings("cluster_mac_leak"), "") << heartbeat_first;
  }
}

// The capture kept the frame check sequence, which differs with the MAC.
TEST(ClusterMacLeak, StaysQuietForTwinsThatDifferBehindThePacket) {
  const auto with_trailer = [](Octets bytes, uint8_t trailer) {
    bytes.insert(bytes.end(), 4, trailer);
    return Raw{bytes};
  };
  Udp above = From(kCluster, "192.168.2.77"), below = From("02:01:c0:a8:02:0a", "192.168.2.77");
  above.link.to = below.link.to = "ff:ff:ff:ff:ff:ff";
  Scenario ip;
  ip.At(0s, with_trailer(Bytes(above), 1)).At(1ms, with_trailer(Bytes(below), 2));
  ip.At(1s, Heartbeat{}).At(2s, Heartbeat{});
  EXPECT_EQ(ip.Findings("cluster_mac_leak"), "");
  const auto asks = [](const char* from) {
    return Arp{.link = {from, "ff:ff:ff:ff:ff:ff", {}}, .mac = kCluster, .ip = "192.168.2.30"};
  };
  Scenario arp;
  arp.At(0s, with_trailer(Bytes(asks(kCluster)), 1));
  arp.At(1ms, with_trailer(Bytes(asks("02:01:c0:a8:02:0a")), 2)).At(1s, Heartbeat{});
  arp.At(2s, Heartbeat{});
  EXPECT_EQ(arp.Findings("cluster_mac_leak"), "");
}

TEST(ClusterMacLeak, IsToldOnceOfAnEarlyPacketToAStation) {
  Scenario s;
  s.At(0s, From(kCluster, kVip)).At(1s, Heartbeat{}).At(2s, Heartbeat{});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "2 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, IsToldOfAnEarlyPacketToAStationOnceItsTwinCannotCome) {
  Scenario s;
  s.At(0s, From(kCluster, kVip)).At(100ms, Heartbeat{}).At(1100ms, Heartbeat{});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
  EXPECT_EQ(s.Field(3, "related_frame"), "1");
}

Arp AsksAll(const char* from) {
  return {.link = {from, "ff:ff:ff:ff:ff:ff", {}},
          .mac = kCluster,
          .ip = "192.168.2.30",
          .reply = false,
          .target = "192.168.2.1"};
}

// The first that a member's capture above and below NLB shows of it may be a broadcast.
TEST(ClusterMacLeak, AwaitsTheTwinOfABroadcastToo) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, AsksAll(kCluster)).At(1s + 5us, AsksAll("02:01:c0:a8:02:0a"));
  s.At(2s, Heartbeat{}).At(3s, AsksAll(kCluster)).At(3s + 5us, AsksAll("02:01:c0:a8:02:0a"));
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
  Scenario leak;
  leak.At(0s, Heartbeat{}).At(1s, AsksAll(kCluster)).At(2s, Heartbeat{}).At(3s, AsksAll(kCluster));
  EXPECT_EQ(leak.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n4 cluster_mac_leak\n");
  EXPECT_EQ(leak.Field(3, "related_frame"), "2");
}

TEST(ClusterMacLeak, AwaitsNoTwinOfABroadcastWhereAnswersCameMasked) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(500ms, From("02:01:c0:a8:02:0a")).At(1s, AsksAll(kCluster));
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "3 cluster_mac_leak\n");
  EXPECT_EQ(s.Field(3, "related_frame"), "");
}

TEST(ClusterMacLeak, IsToldByMaskedPacketsToo) {
  const Udp masked = From("02:01:c0:a8:02:0a", kVip);
  Scenario s;
  s.At(0s, From(kCluster, kVip)).At(1s, masked).At(1100ms, masked).At(1101ms, masked);
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "4 cluster_mac_leak\n");
}

TEST(ClusterMacLeak, IsNotToldByAStationWhoseMacEndsLikeTheClusters) {
  Scenario s;
  s.At(0s, From(kCluster, kVip)).At(1s, From("02:01:c0:a8:02:0a", kVip));
  s.At(1050ms, Arp{.link = {"00:15:c0:a8:02:0a", kClient, {}}, .mac = "00:15:c0:a8:02:0a"});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
}

// The capture began between the views of one packet, and the next comes much later.
TEST(ClusterMacLeak, StaysQuietWhereTheNextTwinsComeLate) {
  Scenario s;
  Udp one = From(kCluster, kVip), two = From("02:01:c0:a8:02:0a", kVip);
  one.id = 1;
  two.id = 2;
  s.At(0s, one).At(5s, two);
  two.link.from = kCluster;
  s.At(5s + 5us, two).At(6s, Heartbeat{}).At(7s, Heartbeat{});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
}

TEST(ClusterMacLeak, StaysQuietForIpAndArpThatTheCaptureCut) {
  Scenario s;
  s.At(0s, Heartbeat{.from = kCluster}).Snaplen(14 + 10).At(1s, From(kCluster));
  s.At(2s, Arp{.link = {kCluster, kClient, {}}, .mac = kCluster, .ip = kVip});
  s.At(3s, Ping{.link = {kCluster, kClient, {}}, .source = "fd00::1", .destination = "fd00::2"});
  EXPECT_EQ(s.Findings("cluster_mac_leak"), "");
  EXPECT_EQ(s.Findings("unmasked_mac"),
            "1 unmasked_mac\n2 unmasked_mac\n3 unmasked_mac\n4 unmasked_mac\n");
}

}  // namespace
}  // namespace nlb::test
