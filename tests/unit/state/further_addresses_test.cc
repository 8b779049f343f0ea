// SPDX-License-Identifier: GPL-2.0-or-later
// Evidence `traffic`: what it takes, and what looks alike.
#include "state/further_addresses.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "state/evidence.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kGroup = "03:bf:c0:a8:02:0a";
constexpr const char* kUnicast = "02:bf:c0:a8:02:0a";
constexpr const char* kStation1 = "00:15:5d:00:00:01";
constexpr const char* kMasked1 = "02:01:c0:a8:02:0a";
constexpr const char* kMasked2 = "02:02:c0:a8:02:0a";
constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kFurther = "192.168.2.11";
constexpr const char* kFurther6 = "fd00::11";

class Traffic {
 public:
  template <typename Frame>
  Traffic& Learn(const Frame& frame, Where where = {}) {
    table.Learn(*Seen(frame, {}, where), ++at_);
    return *this;
  }
  std::string Of(const char* ip, Position at) const {
    const auto evidence = table.ClusterByTraffic(IpOf(ip), at);
    if (!evidence) return "-";
    return Text(evidence->cluster) + " by " + std::string(ProofName(evidence->proof)) + " since " +
           std::to_string(evidence->since);
  }
  std::string Of(const char* ip = kFurther) const { return Of(ip, at_); }
  bool MayKnow(const char* ip) const {
    return table.MayKnowAddress(static_cast<uint32_t>(IpOf(ip).low()));
  }
  EvidenceTable table;

 private:
  Position at_ = 0;
};

Udp Request(const char* to, std::string address = kFurther) {
  const bool v6 = address.find(':') != std::string::npos;
  return {.link = {kClient, to, {}},
          .source = v6 ? "fd00::9" : "10.7.0.9",
          .destination = std::move(address)};
}

Udp Answer(const char* from, std::string address = kFurther) {
  Udp udp = Request(kClient, std::move(address));
  std::swap(udp.source, udp.destination);
  udp.link = {from, kClient, {}};
  udp.ttl = 128;
  return udp;
}

TEST(TrafficEvidence, IsARequestToTheClusterAndAnAnswerOfAHost) {
  for (const char* address : {kFurther, kFurther6}) {
    Traffic multicast, unicast, reversed;
    multicast.Learn(Heartbeat{.mode = Mode::kMulticast});
    multicast.Learn(Request(kGroup, address)).Learn(Answer(kStation1, address));
    EXPECT_EQ(multicast.Of(address), "192.168.2.10 by traffic since 3");
    EXPECT_EQ(multicast.Of(address, 2), "-") << "it counts from then on";
    unicast.Learn(Heartbeat{}).Learn(Request(kUnicast, address)).Learn(Answer(kMasked1, address));
    EXPECT_EQ(unicast.Of(address), "192.168.2.10 by traffic since 3");
    reversed.Learn(Heartbeat{}).Learn(Answer(kMasked1, address)).Learn(Request(kUnicast, address));
    EXPECT_EQ(reversed.Of(address), "192.168.2.10 by traffic since 3");
  }
}

TEST(TrafficEvidence, HoldsInIgmpModeAndForAMacSetByHand) {
  Traffic igmp;
  igmp.Learn(Heartbeat{.mode = Mode::kIgmp});
  igmp.Learn(Request("01:00:5e:7f:02:0a")).Learn(Answer(kStation1));
  EXPECT_EQ(igmp.Of(), "192.168.2.10 by traffic since 3");
  Traffic by_hand;
  nlb_cluster_entry row{
      {192, 168, 2, 10}, NLB_MODE_MULTICAST, {0x01, 0x12, 0x34, 0x56, 0x78, 0x9a}};
  by_hand.table.Configure(row);
  by_hand.Learn(Heartbeat{.mode = Mode::kMulticast, .to = "01:12:34:56:78:9a"});
  by_hand.Learn(Request("01:12:34:56:78:9a")).Learn(Answer(kStation1));
  EXPECT_EQ(by_hand.Of(), "192.168.2.10 by traffic since 3");
}

TEST(TrafficEvidence, IsNoneWithOneHalf) {
  Traffic asked, answered, other_mac, stranger;
  asked.Learn(Heartbeat{}).Learn(Request(kUnicast));
  EXPECT_EQ(asked.Of(), "-");
  answered.Learn(Heartbeat{}).Learn(Answer(kMasked1));
  EXPECT_EQ(answered.Of(), "-");
  other_mac.Learn(Heartbeat{}).Learn(Request("00:15:5d:00:00:09")).Learn(Answer(kMasked1));
  EXPECT_EQ(other_mac.Of(), "-");
  stranger.Learn(Heartbeat{}).Learn(Request(kUnicast)).Learn(Answer("00:15:5d:00:00:09"));
  EXPECT_EQ(stranger.Of(), "-");
}

TEST(TrafficEvidence, IsNoneForAnotherCluster) {
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Heartbeat{.cluster_ip = "192.168.2.20"});
  s.Learn(Request("02:bf:c0:a8:02:14")).Learn(Answer(kMasked1));
  EXPECT_EQ(s.Of(), "-");
}

TEST(TrafficEvidence, IsNoneForAHostsOwnAddress) {
  Traffic before, after;
  before.Learn(Heartbeat{}).Learn(Request(kUnicast, "192.168.2.30"));
  before.Learn(Answer(kMasked1, "192.168.2.30"));
  EXPECT_EQ(before.Of("192.168.2.30"), "-");
  after.Learn(Heartbeat{}).Learn(Request(kUnicast, "192.168.2.31"));
  after.Learn(Answer(kMasked1, "192.168.2.31"));  // of host 2, says its heartbeat, which comes late
  EXPECT_EQ(after.Of("192.168.2.31"), "192.168.2.10 by traffic since 3");
  after.Learn(Heartbeat{.host_id = 2});
  EXPECT_EQ(after.Of("192.168.2.31"), "-");
  EXPECT_EQ(after.Of("192.168.2.31", 3), "192.168.2.10 by traffic since 3") << "asked again";
}

// Each host may answer from its own address: without heartbeats nobody knows it.
TEST(TrafficEvidence, NeedsTwoHostsWithoutHeartbeatsInUnicastMode) {
  Traffic s;
  s.Learn(Arp{.mac = kUnicast, .ip = "192.168.2.10"});
  s.Learn(Request(kUnicast)).Learn(Answer(kMasked1)).Learn(Answer(kMasked1));
  EXPECT_EQ(s.Of(), "-");
  s.Learn(Answer(kMasked2));
  EXPECT_EQ(s.Of(), "192.168.2.10 by traffic since 5");
}

TEST(TrafficEvidence, NeedsOneSegment) {
  const auto tagged = [](Udp udp, uint16_t vlan) {
    udp.link.vlans = {vlan};
    return udp;
  };
  Traffic vlans, one_tag, interfaces;
  vlans.Learn(Heartbeat{}).Learn(tagged(Request(kUnicast), 10)).Learn(tagged(Answer(kMasked1), 20));
  EXPECT_EQ(vlans.Of(), "-");
  one_tag.Learn(Heartbeat{}).Learn(tagged(Request(kUnicast), 10)).Learn(Answer(kMasked1));
  EXPECT_EQ(one_tag.Of(), "192.168.2.10 by traffic since 3");
  interfaces.Learn(Heartbeat{}).Learn(Request(kUnicast), {.interface_id = 0});
  interfaces.Learn(Answer(kMasked1), {.interface_id = 1});
  EXPECT_EQ(interfaces.Of(), "-");
}

// A cluster of firewalls that is somebody's gateway sends from everybody's address.
TEST(TrafficEvidence, IsNoneForWhatAHostRoutes) {
  Udp routed = Answer(kMasked1);
  routed.ttl = 117;
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Request(kUnicast)).Learn(routed);
  EXPECT_EQ(s.Of(), "-");
}

// An answer that no router sent on has one of the numbers that systems start with.
TEST(TrafficEvidence, TakesWhatComesWithAFirstTtl) {
  for (const int ttl : {63, 64, 65, 127, 128, 129, 254, 255}) {
    Traffic t;
    t.Learn(Heartbeat{.mode = Mode::kMulticast}).Learn(Request(kGroup));
    Udp answer = Answer(kStation1);
    answer.ttl = static_cast<uint8_t>(ttl);
    t.Learn(answer);
    const bool first = ttl == 64 || ttl == 128 || ttl == 255;
    EXPECT_EQ(t.Of() != "-", first) << ttl;
  }
}

TEST(TrafficEvidence, EndsAtTheSixtyFifthAddressOfACluster) {
  Traffic s;
  s.Learn(Heartbeat{});
  for (int i = 1; i <= 65; ++i) {
    const std::string address = "10.9.9." + std::to_string(i);
    s.Learn(Request(kUnicast, address)).Learn(Answer(kMasked1, address));
    EXPECT_EQ(s.Of(address.c_str()) != "-", i <= 64) << i;
  }
}

TEST(TrafficEvidence, ForgetsHalvesWhenOthersNeedTheirPlace) {
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Request(kUnicast));
  for (int i = 0; i < 50'000; ++i) {  // 4,096 places
    s.Learn(Request(kUnicast, "10." + std::to_string(i / 65025) + "." +
                                  std::to_string(i / 255 % 255) + "." +
                                  std::to_string(i % 255 + 1)));
  }
  s.Learn(Answer(kMasked1));
  EXPECT_EQ(s.Of(), "-");
  EXPECT_FALSE(s.table.overflowed());
}

// One half of the proof, and the other, of one address; with heartbeats, as a host of the cluster.
class Halves {
 public:
  bool Ask(const char* address = kFurther, Where where = {}) {
    return table_.SeeRequest(*Seen(Request(kUnicast, address), {}, where), kCluster, 1);
  }
  bool Answer(uint64_t host, bool own_address_is_known = true, const char* address = kFurther,
              Where where = {}) {
    return table_.SeeAnswer(*Seen(test::Answer(kMasked1, address), {}, where),
                            {kCluster, host, own_address_is_known}, 2);
  }

 private:
  const IpAddress kCluster = IpOf("192.168.2.10");
  bool overflowed_ = false;
  FurtherAddresses table_{overflowed_};
};

TEST(FurtherAddresses, AreProvenOnce) {
  Halves h;
  EXPECT_FALSE(h.Ask());
  EXPECT_TRUE(h.Answer(1));
  EXPECT_FALSE(h.Ask());
  EXPECT_FALSE(h.Answer(1));
}

TEST(FurtherAddresses, NeedTwoHostsThatAreKnown) {
  for (const auto& [first, second] : {std::pair{1, 2}, {2, 1}, {1, 1}, {1, 0}, {0, 0}}) {
    Halves h;
    h.Ask();
    EXPECT_FALSE(h.Answer(static_cast<uint64_t>(first), false));
    const bool two = first != second && second != 0;
    EXPECT_EQ(h.Answer(static_cast<uint64_t>(second), false), two) << first << " " << second;
  }
}

TEST(FurtherAddresses, AreLookedForOnEachInterfaceByItself) {
  Halves h;
  h.Ask(kFurther, {.interface_id = 0});
  h.Ask(kFurther, {.interface_id = 1});
  EXPECT_TRUE(h.Answer(1, true, kFurther, {.interface_id = 0}));
}

// Some of these need the place of the request.
TEST(FurtherAddresses, NeedOneInterfaceAndOneLevelOfEncapsulation) {
  Halves interfaces, layers;
  interfaces.Ask();
  layers.Ask();
  for (uint32_t other = 1; other < 20'000; ++other) {  // 4,096 places
    ASSERT_FALSE(interfaces.Answer(1, true, kFurther, {.interface_id = other})) << other;
    ASSERT_FALSE(layers.Answer(1, true, kFurther, {.layer = other})) << other;
  }
}

TEST(FurtherAddresses, SpreadOverAllPlaces) {
  Halves h;
  int proven = 0;
  const auto address = [](int n) { return "10.9.9." + std::to_string(n); };
  for (int n = 1; n <= 60; ++n) h.Ask(address(n).c_str());
  for (int n = 1; n <= 60; ++n) proven += h.Answer(1, true, address(n).c_str());
  EXPECT_GT(proven, 50);
}

TEST(TrafficEvidence, RefusesFurtherAddressesWhenFull) {
  bool overflowed = false;
  FurtherAddresses table(overflowed);
  const auto prove = [&](uint32_t i, Position at) {
    const IpAddress cluster = IpAddress::V4(0x0A000000 + i / 64);
    Seen seen(Request(kUnicast, "10." + std::to_string(i / 65536 + 9) + "." +
                                    std::to_string(i / 256 % 256) + "." + std::to_string(i % 256)));
    FrameFacts answer = *seen;
    std::swap(answer.ip.source, answer.ip.destination);
    table.SeeRequest(*seen, cluster, at);
    return table.SeeAnswer(answer, {cluster, 1, true}, at);
  };
  for (uint32_t i = 0; i < FurtherAddresses::kMaxEntries; ++i) ASSERT_TRUE(prove(i, 1)) << i;
  EXPECT_FALSE(overflowed);
  EXPECT_FALSE(prove(FurtherAddresses::kMaxEntries, 1));
  EXPECT_TRUE(overflowed);
}

TEST(TrafficEvidence, IsNoneForTheClustersOwnAddress) {
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Request(kUnicast, "192.168.2.10"));
  s.Learn(Answer(kMasked1, "192.168.2.10"));
  EXPECT_EQ(s.Of("192.168.2.10"), "-");
}

TEST(TrafficEvidence, IsNoneForAGroup) {
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Request(kUnicast, "224.0.0.5")).Learn(Answer(kMasked1, "224.0.0.5"));
  EXPECT_EQ(s.Of("224.0.0.5"), "-");
}

TEST(TrafficEvidence, IsNoneForAHostsOwnAddressThatIsKnownBetweenTheHalves) {
  Traffic asked_first, answered_first;
  asked_first.Learn(Heartbeat{}).Learn(Request(kUnicast, "192.168.2.31"));
  asked_first.Learn(Heartbeat{.host_id = 2}).Learn(Answer(kMasked1, "192.168.2.31"));
  EXPECT_EQ(asked_first.Of("192.168.2.31"), "-");
  answered_first.Learn(Heartbeat{}).Learn(Answer(kMasked1, "192.168.2.31"));
  answered_first.Learn(Heartbeat{.host_id = 2}).Learn(Request(kUnicast, "192.168.2.31"));
  EXPECT_EQ(answered_first.Of("192.168.2.31"), "-");
}

TEST(TrafficEvidence, IsNoneByAPacketToAMaskedMac) {
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Request(kMasked1)).Learn(Answer(kMasked1));
  EXPECT_EQ(s.Of(), "-");
}

TEST(TrafficEvidence, TakesAnAnswerFromTheClustersMacOnlyWithHeartbeats) {
  Traffic heard, silent, masked;
  heard.Learn(Heartbeat{.from = kUnicast}).Learn(Request(kUnicast)).Learn(Answer(kUnicast));
  EXPECT_EQ(heard.Of(), "192.168.2.10 by traffic since 3");
  silent.Learn(Arp{.mac = kUnicast, .ip = "192.168.2.10"});
  silent.Learn(Request(kUnicast)).Learn(Answer(kUnicast));
  EXPECT_EQ(silent.Of(), "-");
  masked.Learn(Arp{.mac = kUnicast, .ip = "192.168.2.10"}).Learn(Request(kUnicast));
  masked.Learn(Answer(kMasked2)).Learn(Answer(kUnicast));  // of the same host, maybe
  EXPECT_EQ(masked.Of(), "-");
  // The other way round two hosts were seen.
  Traffic unmasked;
  unmasked.Learn(Arp{.mac = kUnicast, .ip = "192.168.2.10"}).Learn(Request(kUnicast));
  unmasked.Learn(Answer(kUnicast)).Learn(Answer(kMasked2));
  EXPECT_EQ(unmasked.Of(), "-");
  unmasked.Learn(Answer(kMasked1));
  EXPECT_EQ(unmasked.Of(), "192.168.2.10 by traffic since 5");
}

// The hosts behind a group MAC answer from MACs of which nothing tells that they matter.
TEST(TrafficEvidence, IsLookedForFromTheRequestOnWhereItGoesToAGroup) {
  Traffic multicast, unicast;
  multicast.Learn(Heartbeat{.mode = Mode::kMulticast}).Learn(Request(kGroup));
  EXPECT_TRUE(multicast.MayKnow(kFurther));
  EXPECT_FALSE(multicast.MayKnow("10.7.0.9"));
  unicast.Learn(Heartbeat{}).Learn(Request(kUnicast));
  EXPECT_FALSE(unicast.MayKnow(kFurther));
  unicast.Learn(Answer(kMasked1));
  EXPECT_TRUE(unicast.MayKnow(kFurther));
  EXPECT_FALSE(unicast.MayKnow("10.7.0.9"));
}

TEST(TrafficEvidence, IsFoundByTheRequestToo) {
  Traffic s;
  s.Learn(Heartbeat{}).Learn(Answer(kMasked1)).Learn(Request(kUnicast));
  EXPECT_TRUE(s.MayKnow(kFurther));
}

// What hosts send each other at 03-BF goes to no cluster, also when it was taken for one.
TEST(TrafficEvidence, IsNotLookedForBehindAMacBetweenHosts) {
  const char* between = "03:bf:c0:a8:02:1e";
  Traffic s;
  s.Learn(Request(between, "192.168.2.30")).Learn(Heartbeat{}).Learn(Request(between));
  EXPECT_FALSE(s.MayKnow(kFurther));
}

}  // namespace
}  // namespace nlb::test
