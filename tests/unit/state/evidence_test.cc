// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/evidence.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kMulticast = "03:bf:c0:a8:02:0a";
constexpr const char* kIgmp = "01:00:5e:7f:02:0a";
constexpr const char* kMasked = "02:01:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr Position kEnd = 1000;

// "192.168.2.10 by arp since 3"; "-" without evidence.
std::string Dump(const std::optional<Evidence>& evidence) {
  if (!evidence) return "-";
  return Text(evidence->cluster) + " by " + std::string(ProofName(evidence->proof)) + " since " +
         std::to_string(evidence->since);
}

class Evidences {
 public:
  template <typename Frame>
  Evidences& Learn(Position at, const Frame& frame) {
    table.Learn(*Seen(frame), at);
    return *this;
  }
  std::string ClusterOfMac(const char* mac, Position at = kEnd) const {
    return Dump(table.ClusterOfMac(MacOf(mac), at));
  }
  std::string ClusterOfAddress(const char* ip, Position at = kEnd) const {
    return Dump(table.ClusterOfAddress(IpOf(ip), at));
  }
  EvidenceTable table;
};

nlb_cluster_entry Row(nlb_mode mode, const char* mac = "00:00:00:00:00:00") {
  nlb_cluster_entry row{{192, 168, 2, 10}, mode, {}};
  MacOf(mac).Write(row.mac);
  return row;
}

TEST(Evidence, ComesFromEachKindOfProof) {
  Evidences heartbeat, arp, address, configured;
  heartbeat.Learn(3, Heartbeat{});
  arp.Learn(3, Arp{.mac = kCluster, .ip = kVip});
  address.Learn(3, Udp{.link = {.to = kCluster}, .destination = kVip});
  configured.table.Configure(Row(NLB_MODE_UNICAST));
  for (const char* mac : {kCluster, kMulticast, kMasked}) {
    EXPECT_EQ(heartbeat.ClusterOfMac(mac), "192.168.2.10 by heartbeat since 3") << mac;
    EXPECT_EQ(arp.ClusterOfMac(mac), "192.168.2.10 by arp since 3") << mac;
    EXPECT_EQ(address.ClusterOfMac(mac), "192.168.2.10 by address since 3") << mac;
    EXPECT_EQ(configured.ClusterOfMac(mac), "192.168.2.10 by configured since 0") << mac;
  }
}

TEST(Evidence, ForgetsAnAnswerThatIsNoLongerTrue) {
  Evidences evidence;
  evidence.Learn(3, Heartbeat{});
  const auto other = MacOf("02:bf:c0:a8:02:0b");
  const IpAddress ip = IpOf("192.168.2.11");
  EXPECT_FALSE(evidence.table.ClusterOfMac(other, kEnd));
  evidence.Learn(4, Udp{.link = {.to = "02:bf:c0:a8:02:0b"}, .destination = "192.168.2.11"});
  ASSERT_TRUE(evidence.table.ClusterOfMac(other, kEnd));
  EXPECT_EQ(evidence.table.ClusterOfMac(other, kEnd)->cluster, ip);
  EXPECT_EQ(evidence.ClusterOfMac(kCluster), "192.168.2.10 by heartbeat since 3");
  EXPECT_EQ(evidence.table.ClusterOfMac(other, kEnd)->cluster, ip);
}

TEST(Evidence, IsDated) {
  Evidences e;
  e.Learn(5, Arp{.mac = kCluster, .ip = kVip}).Learn(9, Heartbeat{});
  EXPECT_EQ(e.ClusterOfMac(kCluster, 4), "-");
  EXPECT_EQ(e.ClusterOfMac(kCluster, 5), "192.168.2.10 by arp since 5");
  EXPECT_EQ(e.ClusterOfMac(kCluster, 8), "192.168.2.10 by arp since 5");
  EXPECT_EQ(e.ClusterOfMac(kCluster, 9), "192.168.2.10 by heartbeat since 9");
}

TEST(Evidence, IsTheStrongestThereIsWhateverCameFirst) {
  Evidences e;
  e.Learn(1, Heartbeat{}).Learn(2, Arp{.mac = kCluster, .ip = kVip});
  e.Learn(3, Udp{.link = {.to = kCluster}, .destination = kVip});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "192.168.2.10 by heartbeat since 1");
  e.table.Configure(Row(NLB_MODE_UNICAST));
  EXPECT_EQ(e.ClusterOfMac(kCluster), "192.168.2.10 by configured since 0");
}

TEST(Evidence, KeepsTheFirstRecordOfEachProof) {
  Evidences e;
  e.Learn(5, Heartbeat{}).Learn(9, Heartbeat{.host_id = 2});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "192.168.2.10 by heartbeat since 5");
}

TEST(Evidence, IsForTheClusterInTheMacOnly) {
  Evidences e;
  e.Learn(1, Heartbeat{});
  EXPECT_EQ(e.ClusterOfMac("02:bf:c0:a8:02:0b"), "-");
  EXPECT_EQ(e.ClusterOfMac("02:21:c0:a8:02:0a"), "-");  // no host 33
  EXPECT_EQ(e.ClusterOfMac("00:15:c0:a8:02:0a"), "-");
  EXPECT_EQ(e.ClusterOfAddress(kVip), "192.168.2.10 by heartbeat since 1");
  EXPECT_EQ(e.ClusterOfAddress("192.168.2.11"), "-");
}

TEST(Evidence, OfAHeartbeatNeedsAWellFormedOne) {
  Evidences e;
  e.Learn(1, Heartbeat{.host_id = 33}).Learn(2, Raw{Ethernet({}, NLB_ETHERTYPE, Octets(1496))});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "-");
  Octets cut = Bytes(Heartbeat{});
  cut.resize(500);  // by a packet broker: what is left tells the cluster
  e.Learn(3, Raw{cut});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "192.168.2.10 by heartbeat since 3");
}

TEST(Evidence, OfArpNeedsAMacMadeOfTheAddress) {
  struct Claim {
    const char* mac;
    const char* ip;
    bool proves;
  };
  const Claim rows[] = {
      {kCluster, kVip, true},
      {kMulticast, kVip, true},
      {kIgmp, kVip, true},
      {kCluster, "192.168.2.11", false},  // a further address
      {kMasked, kVip, false},             // never inside
      {"00:15:5d:00:00:01", kVip, false},
      {"02:bf:00:00:00:00", "0.0.0.0", false},
      {"02:bf:e0:00:00:01", "224.0.0.1", false},
  };
  for (const Claim& row : rows) {
    Evidences e;
    e.Learn(1, Arp{.mac = row.mac, .ip = row.ip});
    EXPECT_EQ(e.ClusterOfAddress(row.ip) != "-", row.proves) << row.mac << " " << row.ip;
  }
}

TEST(Evidence, OfAnAddressNeedsAFrameToOrFromItsOwnMac) {
  struct Frame {
    const char *from, *to, *source, *destination;
    const char* expected;
  };
  const char *plain = "00:15:5d:00:00:01", *client = "10.0.0.1";
  const Frame rows[] = {
      {plain, kCluster, client, kVip, "192.168.2.10 by address since 1"},
      {plain, kMulticast, client, kVip, "192.168.2.10 by address since 1"},
      {kCluster, plain, kVip, client, "192.168.2.10 by address since 1"},
      {plain, kIgmp, client, kVip, "-"},    // two bytes prove nothing
      {kMasked, plain, kVip, client, "-"},  // IBM OSA adapters do that
      {plain, kMasked, client, kVip, "-"},
      {plain, kCluster, client, "192.168.2.11", "-"},
      {plain, kCluster, kVip, client, "-"},
  };
  for (const Frame& row : rows) {
    Evidences e;
    e.Learn(
        1,
        Udp{.link = {row.from, row.to, {}}, .source = row.source, .destination = row.destination});
    EXPECT_EQ(e.ClusterOfAddress(kVip), row.expected) << row.from << " " << row.to;
  }
}

TEST(Evidence, KnowsAnIgmpClusterByTwoBytes) {
  Evidences e;
  e.Learn(1, Heartbeat{.mode = Mode::kIgmp});
  EXPECT_EQ(e.ClusterOfMac(kIgmp), "192.168.2.10 by heartbeat since 1");
  EXPECT_EQ(e.ClusterOfMac("01:00:5e:7f:02:0b"), "-");
  EXPECT_EQ(e.ClusterOfAddress("10.9.2.10"), "-");  // the same two bytes, another cluster
  Evidences unicast;
  unicast.Learn(1, Heartbeat{});
  EXPECT_EQ(unicast.ClusterOfMac(kIgmp), "-");  // 239.127.2.10 and 239.255.2.10 are ordinary groups
  Evidences configured;
  configured.table.Configure(Row(NLB_MODE_IGMP));
  EXPECT_EQ(configured.ClusterOfMac(kIgmp), "192.168.2.10 by configured since 0");
}

TEST(Evidence, KnowsAMacThatWasSetByHand) {
  Evidences heartbeats;
  heartbeats.Learn(1, Heartbeat{.from = "02:01:0a:0b:0c:0d"});
  EXPECT_EQ(heartbeats.ClusterOfMac("02:bf:0a:0b:0c:0d"), "192.168.2.10 by heartbeat since 1");
  heartbeats.Learn(2, Heartbeat{.from = "02:02:0a:0a:0a:0a"});  // no mask of host 1
  EXPECT_EQ(heartbeats.ClusterOfMac("02:bf:0a:0a:0a:0a"), "-");
  Evidences multicast;
  multicast.Learn(1, Heartbeat{.mode = Mode::kMulticast, .to = "03:bf:0a:0b:0c:0d"});
  EXPECT_EQ(multicast.ClusterOfMac("03:bf:0a:0b:0c:0d"), "192.168.2.10 by heartbeat since 1");
  Evidences configured;
  configured.table.Configure(Row(NLB_MODE_UNICAST, "02:bf:0a:0b:0c:0d"));
  EXPECT_EQ(configured.ClusterOfMac("02:05:0a:0b:0c:0d"), "192.168.2.10 by configured since 0");
}

TEST(Evidence, KnowsAMacThatWasSetByHandAndIsNotMadeAsNlbMakesThem) {
  for (const char* group : {"03:00:5e:11:11:11", "01:00:5e:01:02:03"}) {
    Evidences e;
    e.Learn(3, Heartbeat{.mode = Mode::kMulticast, .to = group});
    EXPECT_EQ(e.ClusterOfMac(group, 2), "-");
    EXPECT_EQ(e.ClusterOfMac(group), "192.168.2.10 by heartbeat since 3");
    EXPECT_EQ(e.ClusterOfMac("03:00:5e:11:11:12"), "-");
    EXPECT_EQ(e.ClusterOfMac("00:15:5d:00:00:01"), "-");  // the host's own
  }
  Evidences unicast;
  unicast.Learn(1, Heartbeat{});
  EXPECT_EQ(unicast.ClusterOfMac("ff:ff:ff:ff:ff:ff"), "-");
  Evidences configured;
  configured.table.Configure(Row(NLB_MODE_UNICAST, "00:11:22:33:44:55"));
  EXPECT_EQ(configured.ClusterOfMac("00:11:22:33:44:55"), "192.168.2.10 by configured since 0");
  EXPECT_EQ(configured.ClusterOfMac("00:00:00:00:00:00"), "-");
}

TEST(Evidence, HoldsForIpv6ByTheXorOfTheAddress) {
  Evidences e;
  e.Learn(1, Advertisement{.mac = "02:bf:20:01:0d:b9", .ip = "2001:db8::1"});
  EXPECT_EQ(e.ClusterOfMac("02:03:20:01:0d:b9"), "2001:db8::1 by arp since 1");
  EXPECT_EQ(e.ClusterOfAddress("2001:db8::1"), "2001:db8::1 by arp since 1");
}

TEST(Evidence, KnowsTheMacsBetweenHostsOfAUnicastCluster) {
  EvidenceTable table;
  const MacAddress mac = MacOf("03:bf:c0:a8:02:1e");
  table.Learn(*Seen(Heartbeat{}), 5);
  EXPECT_FALSE(table.HostByInterHostMac(mac, 4));
  ASSERT_TRUE(table.HostByInterHostMac(mac, 5));
  EXPECT_EQ(table.HostByInterHostMac(mac, 5)->host_id, 1);
  EXPECT_EQ(Text(table.HostByInterHostMac(mac, 5)->cluster), kVip);
  EXPECT_FALSE(table.HostByInterHostMac(MacOf("02:bf:c0:a8:02:1e"), 5));
  EXPECT_TRUE(table.IsHostAddress(IpOf("192.168.2.30"), 5));
  EXPECT_FALSE(table.IsHostAddress(IpOf("192.168.2.30"), 4));
  EXPECT_FALSE(table.IsHostAddress(IpOf("192.168.2.31"), 5));
  EXPECT_FALSE(table.IsHostAddress(IpOf("::c0a8:21e"), 5));  // the same four bytes
}

TEST(Evidence, TakesNoMacBetweenHostsForACluster) {
  Evidences e;
  e.Learn(1, Heartbeat{});
  e.Learn(2, Arp{.mac = "03:bf:c0:a8:02:1e", .ip = "192.168.2.30"});
  e.Learn(3, Udp{.link = {.to = "03:bf:c0:a8:02:1e"}, .destination = "192.168.2.30"});
  EXPECT_EQ(e.ClusterOfAddress("192.168.2.30"), "-");
}

TEST(Evidence, KnowsNoMacsBetweenHostsInTheMulticastModes) {
  for (const Mode mode : {Mode::kMulticast, Mode::kIgmp}) {
    EvidenceTable table;
    table.Learn(*Seen(Heartbeat{.mode = mode}), 1);
    EXPECT_FALSE(table.HostByInterHostMac(MacOf("03:bf:c0:a8:02:1e"), 1));
  }
}

TEST(Evidence, KnowsTheHostWhoseHeartbeatsComeFromAStation) {
  EvidenceTable table;
  table.Learn(*Seen(Heartbeat{.host_id = 5, .mode = Mode::kMulticast}), 3);
  const MacAddress station = MacOf("00:15:5d:00:00:05");
  EXPECT_FALSE(table.HostByStationMac(station, 2));
  ASSERT_TRUE(table.HostByStationMac(station, 3));
  EXPECT_EQ(table.HostByStationMac(station, 3)->host_id, 5);
  EXPECT_EQ(Text(table.HostByStationMac(station, 3)->cluster), kVip);
  EXPECT_FALSE(table.HostByStationMac(MacOf("00:15:5d:00:00:06"), 3));
}

TEST(Evidence, KnowsNoHostBehindAStationThatSpokeForTwo) {
  EvidenceTable table;
  const MacAddress station = MacOf("00:15:5d:00:00:05");
  const auto beat = [&](uint32_t host, Position at) {
    table.Learn(
        *Seen(Heartbeat{.host_id = host, .mode = Mode::kMulticast, .from = "00:15:5d:00:00:05"}),
        at);
  };
  beat(5, 3), beat(6, 7), beat(5, 9);
  ASSERT_TRUE(table.HostByStationMac(station, 6));
  EXPECT_EQ(table.HostByStationMac(station, 6)->host_id, 5);
  EXPECT_FALSE(table.HostByStationMac(station, 7));
  EXPECT_FALSE(table.HostByStationMac(station, 9));
}

TEST(Evidence, KnowsNoHostBehindTheClustersOwnMac) {
  EvidenceTable table;
  table.Learn(*Seen(Heartbeat{.from = kCluster}), 1);
  table.Learn(*Seen(Heartbeat{.from = kMasked}), 2);
  EXPECT_FALSE(table.HostByStationMac(MacOf(kCluster), 2));
  EXPECT_FALSE(table.HostByStationMac(MacOf(kMasked), 2));
}

// One look may let too much pass, but never too little.
TEST(Evidence, OverlooksNoAddressInOneLook) {
  EvidenceTable table;
  EXPECT_FALSE(table.MayKnowAddress(0));
  int others = 0;
  for (uint32_t i = 0; i < 100; ++i) {
    const std::string mac = Text(MacAddress(uint64_t{0x02BF} << 32 | (0x0A000000u + i)));
    table.Learn(*Seen(Arp{.mac = mac, .ip = TextV4(0x0A000000u + i)}), 1);
  }
  for (uint32_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(table.MayKnowAddress(0x0A000000u + i));
    others += table.MayKnowAddress(0xC0A80000u + i);
  }
  EXPECT_LT(others, 20);
  Evidences e;
  e.Learn(1, Advertisement{.mac = "02:bf:20:01:0d:b9", .ip = "2001:db8::1"});
  EXPECT_TRUE(e.table.MayKnowAddress(1));
}

TEST(Evidence, KeepsTheFirstHostsWhenItIsFull) {
  EvidenceTable table;
  const auto host = [](uint32_t i) { return IpAddress::V4(0x0A000000 + i); };
  for (uint32_t i = 1; i <= EvidenceTable::kMaxHosts + 1; ++i) {
    EXPECT_FALSE(table.overflowed()) << i;
    table.Learn(*Seen(Heartbeat{.host_ip = Text(host(i))}), i);
  }
  EXPECT_TRUE(table.overflowed());
  EXPECT_TRUE(table.IsHostAddress(host(EvidenceTable::kMaxHosts), kEnd * 1000));
  EXPECT_FALSE(table.IsHostAddress(host(EvidenceTable::kMaxHosts + 1), kEnd * 1000));
}

TEST(Evidence, KeepsTheFirstClustersWhenItIsFull) {
  EvidenceTable table;
  const auto learn = [&](uint32_t i) {
    const std::string mac = Text(MacAddress(uint64_t{0x02BF} << 32 | (0x0A000000u + i)));
    table.Learn(*Seen(Arp{.mac = mac, .ip = TextV4(0x0A000000u + i)}), i);
  };
  for (uint32_t i = 1; i <= EvidenceTable::kMaxClusters; ++i) learn(i);
  EXPECT_FALSE(table.overflowed());
  learn(EvidenceTable::kMaxClusters + 1);
  EXPECT_TRUE(table.overflowed());
  EXPECT_TRUE(table.ClusterOfAddress(IpAddress::V4(0x0A000001), kEnd * 100));
  EXPECT_FALSE(
      table.ClusterOfAddress(IpAddress::V4(0x0A000001 + EvidenceTable::kMaxClusters), UINT32_MAX));
}

TEST(Evidence, AStationThatSpokeForTwoStaysLostFromTheFirstTime) {
  EvidenceTable table;
  const MacAddress station = MacOf("00:15:5d:00:00:05");
  for (const auto& [host, at] : {std::pair{5u, 3u}, {6u, 7u}, {8u, 20u}}) {
    table.Learn(
        *Seen(Heartbeat{.host_id = host, .mode = Mode::kMulticast, .from = "00:15:5d:00:00:05"}),
        at);
  }
  EXPECT_TRUE(table.HostByStationMac(station, 6));
  EXPECT_FALSE(table.HostByStationMac(station, 10));
}

TEST(Evidence, AHeartbeatShowsThatAnAddressIsTheClustersAndNoHosts) {
  const Arp own{.link = {"02:02:c0:a8:02:0a", kCluster, {}},
                .mac = "03:bf:c0:a8:02:1f",
                .ip = "192.168.2.31"};
  EvidenceTable table;
  table.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
  table.Learn(*Seen(own), 2);
  EXPECT_TRUE(table.HostByInterHostMac(MacOf("03:bf:c0:a8:02:1f"), 2));
  table.Learn(*Seen(Heartbeat{.mode = Mode::kMulticast, .cluster_ip = "192.168.2.31"}), 5);
  EXPECT_TRUE(table.HostByInterHostMac(MacOf("03:bf:c0:a8:02:1f"), 4));
  EXPECT_FALSE(table.HostByInterHostMac(MacOf("03:bf:c0:a8:02:1f"), 5));
}

TEST(Evidence, ABroadcastIsNobodysMac) {
  Evidences heartbeat, configured;
  heartbeat.Learn(1, Heartbeat{});
  configured.table.Configure(Row(NLB_MODE_UNICAST, "ff:ff:ff:ff:ff:ff"));
  EXPECT_EQ(heartbeat.ClusterOfMac("ff:ff:ff:ff:ff:ff"), "-");
  EXPECT_EQ(configured.ClusterOfMac("ff:ff:ff:ff:ff:ff"), "-");
  EXPECT_EQ(configured.ClusterOfMac(kCluster), "192.168.2.10 by configured since 0");
  // Nor where whole MACs are looked up at all.
  configured.table.Configure(Row(NLB_MODE_MULTICAST, "03:00:5e:11:11:11"));
  EXPECT_EQ(configured.ClusterOfMac("03:00:5e:11:11:11"), "192.168.2.10 by configured since 0");
  EXPECT_EQ(configured.ClusterOfMac("ff:ff:ff:ff:ff:ff"), "-");
}

}  // namespace
}  // namespace nlb::test
