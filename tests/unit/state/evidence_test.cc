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
constexpr const char* kSameBytes = "fe80::3e28:20a";     // NLB would make the same MACs of it
constexpr const char* kInterHost = "03:bf:c0:a8:02:1f";  // of 192.168.2.31
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

// A host tells another one the MAC of its own address.
const Arp kOwnArp{.link = {"02:02:c0:a8:02:0a", "00:15:5d:00:00:09", {}},
                  .mac = kInterHost,
                  .ip = "192.168.2.31"};

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
    const std::string station = Text(MacAddress(uint64_t{0x0015} << 32 | i));
    table.Learn(*Seen(Heartbeat{.host_ip = Text(host(i)), .from = station}), i);
  }
  table.Learn(*Seen(kOwnArp), kEnd * 1000);
  EXPECT_TRUE(table.overflowed());
  EXPECT_TRUE(table.IsHostAddress(host(EvidenceTable::kMaxHosts), kEnd * 1000));
  EXPECT_FALSE(table.IsHostAddress(host(EvidenceTable::kMaxHosts + 1), kEnd * 1000));
  EXPECT_FALSE(table.HostByInterHostMac(MacOf(kInterHost), kEnd * 1000));
  EXPECT_TRUE(table.HostByStationMac(MacOf("00:15:00:01:00:00"), kEnd * 1000));
  EXPECT_FALSE(table.HostByStationMac(MacOf("00:15:00:01:00:01"), kEnd * 1000));
}

TEST(Evidence, KeepsTheFirstClustersWhenItIsFull) {
  EvidenceTable table;
  const auto learn = [&](uint32_t i) {
    const std::string mac = Text(MacAddress(uint64_t{0x02BF} << 32 | (0x0A000000u + i)));
    const std::string masked = Text(MacAddress(uint64_t{0x0201} << 32 | (0x0A000000u + i)));
    table.Learn(*Seen(Arp{.link = {.from = masked}, .mac = mac, .ip = TextV4(0x0A000000u + i)}), i);
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

TEST(Evidence, OfTheUsersTableIsWhatTheRowTells) {
  Evidences e;
  e.table.Configure(Row(NLB_MODE_UNICAST));
  EXPECT_EQ(e.ClusterOfMac(kIgmp), "-");
  EXPECT_EQ(e.ClusterOfMac("00:00:00:00:00:00"), "-");
  EXPECT_FALSE(e.table.knows_whole_macs());
  EXPECT_EQ(e.table.OtherMode(IpOf(kVip), NLB_MODE_MULTICAST, 1), NLB_MODE_UNICAST);
}

TEST(Evidence, KnowsWholeMacsOnlyWhenOneIsNotMadeAsNlbMakesThem) {
  EvidenceTable pattern, other;
  pattern.Learn(*Seen(Heartbeat{.mode = Mode::kMulticast}), 1);
  EXPECT_FALSE(pattern.knows_whole_macs());
  other.Learn(*Seen(Heartbeat{.mode = Mode::kMulticast, .to = "01:00:5e:01:02:03"}), 1);
  EXPECT_TRUE(other.knows_whole_macs());
}

TEST(Evidence, LooksOnlyForAddressesThatArpToldToBeBehindSuchAMac) {
  EvidenceTable table;
  table.Learn(*Seen(Arp{.mac = "00:15:5d:00:00:01", .ip = "192.168.2.11"}), 1);
  EXPECT_FALSE(table.MayKnowAddress(0xC0A8020B));
  table.Learn(*Seen(Arp{.mac = kCluster, .ip = "0.0.0.0"}), 2);  // asks whether an address is free
  EXPECT_FALSE(table.MayKnowAddress(0));
  table.Learn(*Seen(Arp{.mac = kCluster, .ip = "192.168.2.11"}), 3);
  EXPECT_TRUE(table.MayKnowAddress(0xC0A8020B));
}

TEST(Evidence, OfArpComesFromNoGroupMac) {
  Evidences e;
  e.Learn(1, Arp{.link = {.from = "01:00:5e:00:00:01"}, .mac = kCluster, .ip = kVip});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "-");
}

TEST(Evidence, OfAHeartbeatNeedsItsEtherType) {
  Evidences e;
  e.Learn(1, Heartbeat{.ether_type = 0x88B5});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "-");
}

TEST(Evidence, OfAHeartbeatToAStationIsNotForTheStation) {
  Evidences e;
  e.Learn(1, Heartbeat{.to = "00:15:5d:00:00:09"});
  EXPECT_EQ(e.ClusterOfMac(kCluster), "192.168.2.10 by heartbeat since 1");
  EXPECT_EQ(e.ClusterOfMac("00:15:5d:00:00:09"), "-");
  EXPECT_FALSE(e.table.knows_whole_macs());
}

TEST(Evidence, KnowsAMacThatWasSetByHandWithoutMasking) {
  Evidences e;
  e.Learn(1, Heartbeat{.from = "02:bf:0a:0b:0c:0d"});
  EXPECT_EQ(e.ClusterOfMac("02:bf:0a:0b:0c:0d"), "192.168.2.10 by heartbeat since 1");
}

TEST(Evidence, KnowsNoHostByAnAddressThatNoHostHas) {
  for (const char* ip : {"0.0.0.0", "224.0.0.1", "255.255.255.255"}) {
    EvidenceTable table;
    table.Learn(*Seen(Heartbeat{.host_ip = ip}), 1);
    EXPECT_FALSE(table.IsHostAddress(IpOf(ip), kEnd)) << ip;
  }
}

TEST(Evidence, OfAnAddressNeedsOneThatAStationHas) {
  const char *plain = "00:15:5d:00:00:01", *group = "02:bf:e0:00:00:01";
  Evidences to, from, further;
  to.Learn(1, Udp{.link = {plain, group, {}}, .destination = "224.0.0.1"});
  EXPECT_EQ(to.ClusterOfMac(group), "-");
  from.Learn(1, Udp{.link = {group, plain, {}}, .source = "224.0.0.1"});
  EXPECT_EQ(from.ClusterOfMac(group), "-");
  further.Learn(1, Udp{.link = {kCluster, plain, {}}, .source = "192.168.2.11"});
  EXPECT_EQ(further.ClusterOfMac(kCluster), "-");
}

// 03-BF is another host's own MAC only when the sender's masked MAC is a cluster's.
TEST(Evidence, OfAnAddressComesFromHostsOfOtherClustersToo) {
  struct Frame {
    const char *from, *to;
    const char* expected;
  };
  const Frame rows[] = {
      {"02:01:c0:a8:02:14", kCluster, "192.168.2.10 by address since 2"},
      {"02:bf:c0:a8:02:14", kMulticast, "192.168.2.10 by address since 2"},
      {"02:04:96:11:22:33", kMulticast, "192.168.2.10 by address since 2"},  // of a switch
      {"02:01:c0:a8:02:14", kMulticast, "-"},
  };
  for (const Frame& row : rows) {
    Evidences e;
    e.Learn(1, Heartbeat{.cluster_ip = "192.168.2.20"});
    e.Learn(2, Udp{.link = {row.from, row.to, {}}, .destination = kVip});
    EXPECT_EQ(e.ClusterOfAddress(kVip), row.expected) << row.from << " " << row.to;
  }
}

TEST(Evidence, IsNotForAnAddressThatOnlySharesTheBytes) {
  Evidences e;
  e.Learn(1, Heartbeat{});
  EXPECT_EQ(e.ClusterOfAddress(kSameBytes), "-");
  EXPECT_EQ(e.table.HeardHosts(IpOf(kSameBytes)), 0u);
  e.Learn(2, Advertisement{.mac = kMulticast, .ip = kSameBytes});
  EXPECT_EQ(e.table.OtherMode(IpOf(kVip), NLB_MODE_MULTICAST, 2), NLB_MODE_UNICAST);
  EXPECT_FALSE(e.table.CameToMode(IpOf(kSameBytes), NLB_MODE_UNICAST, 0, kEnd));
}

TEST(Evidence, CountsTheHostsThatWereHeard) {
  EvidenceTable table;
  EXPECT_EQ(table.HeardHosts(IpOf(kVip)), 0u);
  table.Learn(*Seen(Heartbeat{}), 1);
  table.Learn(*Seen(Heartbeat{.host_id = 3}), 2);
  EXPECT_EQ(table.HeardHosts(IpOf(kVip)), 0b1010u);
}

TEST(Evidence, TellsTheOneModeThatAClusterIsIn) {
  EvidenceTable table;
  const auto other = [&](nlb_mode mode, Position at) {
    return table.OtherMode(IpOf(kVip), mode, at);
  };
  table.Learn(*Seen(Heartbeat{}), 3);
  EXPECT_EQ(other(NLB_MODE_MULTICAST, 2), NLB_MODE_UNKNOWN);
  EXPECT_EQ(other(NLB_MODE_MULTICAST, 3), NLB_MODE_UNICAST);
  EXPECT_EQ(other(NLB_MODE_UNICAST, 3), NLB_MODE_UNKNOWN);
  EXPECT_EQ(other(NLB_MODE_UNKNOWN, 3), NLB_MODE_UNKNOWN);
  table.Learn(*Seen(Heartbeat{.mode = Mode::kMulticast}), 5);
  EXPECT_EQ(other(NLB_MODE_IGMP, 4), NLB_MODE_UNICAST);
  EXPECT_EQ(other(NLB_MODE_IGMP, 5), NLB_MODE_UNKNOWN);
}

TEST(Evidence, TellsWhenAClusterCameToAMode) {
  EvidenceTable table, unknown;
  const IpAddress vip = IpOf(kVip);
  table.Learn(*Seen(Heartbeat{}), 3);
  table.Learn(*Seen(Heartbeat{}), 9);
  EXPECT_FALSE(table.CameToMode(vip, NLB_MODE_UNICAST, 0, 2));
  EXPECT_TRUE(table.CameToMode(vip, NLB_MODE_UNICAST, 2, 3));
  EXPECT_FALSE(table.CameToMode(vip, NLB_MODE_UNICAST, 3, kEnd));
  EXPECT_FALSE(table.CameToMode(IpOf("192.168.2.11"), NLB_MODE_UNICAST, 0, kEnd));
  unknown.Configure(Row(NLB_MODE_UNKNOWN));
  EXPECT_FALSE(unknown.CameToMode(vip, NLB_MODE_UNKNOWN, 0, kEnd));
}

TEST(Evidence, OfAMaskedAnswerIsAMaskedFrameToAStation) {
  const char *station = "00:15:5d:00:00:09", *masked2 = "02:02:c0:a8:02:0a";
  EvidenceTable table, unmasked;
  const MacAddress cluster = MacOf(kCluster);
  table.Learn(*Seen(Heartbeat{}), 1);
  for (const char* to : {kCluster, masked2, kMulticast, "ff:ff:ff:ff:ff:ff"})
    table.Learn(*Seen(Udp{.link = {kMasked, to, {}}}), 2);
  EXPECT_FALSE(table.AnswersMasked(cluster, 2));
  table.Learn(*Seen(Udp{.link = {kMasked, station, {}}}), 4);
  table.Learn(*Seen(Udp{.link = {kMasked, station, {}}}), 6);
  EXPECT_FALSE(table.AnswersMasked(cluster, 3));
  EXPECT_TRUE(table.AnswersMasked(cluster, 4));
  EXPECT_FALSE(table.AnswersMasked(MacOf("02:bf:c0:a8:02:0b"), kEnd));
  unmasked.Learn(*Seen(Heartbeat{.from = kCluster, .to = station}), 1);
  EXPECT_FALSE(unmasked.AnswersMasked(cluster, kEnd));
}

TEST(Evidence, OfMaskingNeedsASightFromOutside) {
  EvidenceTable table;
  const MacAddress cluster = MacOf(kCluster);
  table.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
  table.Learn(*Seen(Udp{.link = {kMasked, "ff:ff:ff:ff:ff:ff", {}}}), 2);
  table.Learn(*Seen(Udp{.link = {kMasked, "00:15:5d:00:00:09", {}}}), 3);
  EXPECT_FALSE(table.IsMasking(cluster, 2));
  EXPECT_TRUE(table.IsMasking(cluster, 3));
  EXPECT_FALSE(table.IsMasking(MacOf("02:bf:c0:a8:02:0b"), kEnd));
}

TEST(Evidence, OfASightFromOutsideIsAHeartbeatAlsoForAMacSetByHand) {
  EvidenceTable table;
  table.Learn(*Seen(Heartbeat{.from = "02:01:0a:0b:0c:0d"}), 1);
  EXPECT_TRUE(table.IsSeenOutside(MacOf("02:bf:0a:0b:0c:0d"), 1));
}

TEST(Evidence, AHostIsKnownWithoutEnd) {
  EvidenceTable unicast, multicast, arp;
  unicast.Learn(*Seen(Heartbeat{}), 1);
  ASSERT_TRUE(unicast.HostByInterHostMac(MacOf("03:bf:c0:a8:02:1e"), 1));
  EXPECT_EQ(unicast.HostByInterHostMac(MacOf("03:bf:c0:a8:02:1e"), 1)->until, 0u);
  EXPECT_EQ(unicast.HostByMac(MacOf(kMasked), 1)->until, 0u);
  multicast.Learn(*Seen(Heartbeat{.mode = Mode::kMulticast}), 1);
  ASSERT_TRUE(multicast.HostByMac(MacOf("00:15:5d:00:00:01"), 1));
  EXPECT_EQ(multicast.HostByMac(MacOf("00:15:5d:00:00:01"), 1)->mac_tail, 0u);
  arp.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
  arp.Learn(*Seen(kOwnArp), 2);
  ASSERT_TRUE(arp.HostByInterHostMac(MacOf(kInterHost), 2));
  EXPECT_EQ(arp.HostByInterHostMac(MacOf(kInterHost), 2)->until, 0u);
}

TEST(Evidence, KnowsAStationAsLongAsItSpeaksForOneHostOfOneCluster) {
  EvidenceTable table;
  const MacAddress station = MacOf("00:15:5d:00:00:01");
  const auto beat = [&](const char* cluster, Position at) {
    table.Learn(*Seen(Heartbeat{.mode = Mode::kMulticast, .cluster_ip = cluster}), at);
  };
  beat(kVip, 1), beat(kVip, 2);
  EXPECT_TRUE(table.HostByStationMac(station, 2));
  beat("192.168.2.20", 3);  // its host 1, too
  EXPECT_FALSE(table.HostByStationMac(station, 3));
}

// Without evidence of the cluster, its MAC must be seen together with a masked one.
TEST(Evidence, OfAMaskIsAnArpWithBothMacsOfACluster) {
  struct Frame {
    const char *from, *to, *inside;
    bool shows;
  };
  const char *station = "00:15:5d:00:00:09", *other = "02:bf:c0:a8:02:0b";
  const Frame rows[] = {
      {kMasked, station, kCluster, true},    {kMasked, kCluster, station, true},
      {kMasked, station, station, false},    {kMasked, station, other, false},
      {kMasked, station, kMulticast, false}, {kMasked, other, station, false},
      {kMasked, kMulticast, station, false}, {kCluster, station, kCluster, false},
  };
  for (const Frame& row : rows) {
    EvidenceTable table;
    table.Learn(*Seen(Arp{.link = {row.from, row.to, {}}, .mac = row.inside, .ip = "192.168.2.11"}),
                1);
    table.Learn(*Seen(kOwnArp), 2);
    EXPECT_EQ(table.HostByInterHostMac(MacOf(kInterHost), 2).has_value(), row.shows)
        << row.from << " " << row.to << " " << row.inside;
  }
}

TEST(Evidence, OfAMaskIsDatedByTheFirst) {
  const Arp both{.link = {kMasked, "00:15:5d:00:00:09", {}}, .mac = kCluster, .ip = "192.168.2.11"};
  EvidenceTable table;
  table.Learn(*Seen(kOwnArp), 2);
  table.Learn(*Seen(both), 4);
  table.Learn(*Seen(both), 6);
  EXPECT_FALSE(table.HostByInterHostMac(MacOf(kInterHost), 3));
  EXPECT_TRUE(table.HostByInterHostMac(MacOf(kInterHost), 4));
}

TEST(Evidence, OfAMacBetweenHostsIsAMaskedHostsArpOfItsOwnAddress) {
  struct Claim {
    const char *from, *mac, *ip;
    const char* between;  // the MAC that it might be taken for
    bool proves;
  };
  const char* masked2 = "02:02:c0:a8:02:0a";
  const Claim rows[] = {
      {masked2, kInterHost, "192.168.2.31", kInterHost, true},
      {kCluster, kInterHost, "192.168.2.31", kInterHost, false},
      {masked2, "02:bf:c0:a8:02:1f", "192.168.2.31", kInterHost, false},
      {masked2, "03:bf:c0:a8:02:20", "192.168.2.31", kInterHost, false},
      {masked2, "03:bf:e0:00:00:05", "224.0.0.5", "03:bf:e0:00:00:05", false},
  };
  for (const Claim& row : rows) {
    EvidenceTable table;
    table.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
    table.Learn(*Seen(Arp{.link = {.from = row.from}, .mac = row.mac, .ip = row.ip}), 2);
    EXPECT_EQ(table.HostByInterHostMac(MacOf(row.between), 2).has_value(), row.proves)
        << row.from << " " << row.mac << " " << row.ip;
  }
  EvidenceTable table;
  table.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
  table.Learn(*Seen(Advertisement{
                  .link = {.from = masked2}, .mac = "03:bf:20:01:0d:b9", .ip = "2001:db8::1"}),
              2);
  EXPECT_FALSE(table.HostByInterHostMac(MacOf("03:bf:20:01:0d:b9"), 2));
}

TEST(Evidence, OfAMacBetweenHostsOutweighsAPacketToIt) {
  EvidenceTable packet, claimed;
  packet.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
  packet.Learn(*Seen(Udp{.link = {.to = kInterHost}, .destination = "192.168.2.31"}), 2);
  packet.Learn(*Seen(kOwnArp), 3);
  EXPECT_TRUE(packet.HostByInterHostMac(MacOf(kInterHost), 3));
  claimed.Learn(*Seen(Arp{.mac = kCluster, .ip = kVip}), 1);
  claimed.Learn(*Seen(Arp{.mac = kInterHost, .ip = "192.168.2.31"}), 2);  // of a multicast cluster
  claimed.Learn(*Seen(kOwnArp), 3);
  EXPECT_FALSE(claimed.HostByInterHostMac(MacOf(kInterHost), 3));
}

TEST(Evidence, AHeartbeatsOwnWordForItsHostStands) {
  EvidenceTable table;
  table.Learn(*Seen(Heartbeat{.host_ip = "192.168.2.31"}), 1);
  table.Learn(*Seen(Heartbeat{.cluster_ip = "192.168.2.31"}), 2);  // set up twice, by mistake
  ASSERT_TRUE(table.HostByInterHostMac(MacOf(kInterHost), 2));
  EXPECT_EQ(Text(table.HostByInterHostMac(MacOf(kInterHost), 2)->cluster), kVip);
}

}  // namespace
}  // namespace nlb::test
