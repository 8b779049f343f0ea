// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/neighbours.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kStation = "00:15:5d:00:00:01";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kMulticast = "03:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";

Arp Claim(const char* mac, const char* ip, std::vector<uint16_t> vlans = {}) {
  return {.link = {.vlans = std::move(vlans)}, .mac = mac, .ip = ip};
}

std::string AddressOf(const Neighbours& neighbours, const char* mac, Position at,
                      const Segment& segment = {}) {
  const auto ip = neighbours.AddressOf(segment, MacOf(mac), at);
  return ip ? Text(*ip) : "-";
}

Arp Question(const char* mac, const char* ip) { return {.mac = mac, .ip = ip, .reply = false}; }

TEST(Neighbours, GiveAStationTheAddressWithWhichItAskedFirst) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.6")), 4);
  EXPECT_EQ(AddressOf(neighbours, kStation, 2), "-");
  EXPECT_EQ(AddressOf(neighbours, kStation, 3), "10.0.0.5");
  EXPECT_EQ(AddressOf(neighbours, kStation, 99), "10.0.0.5");
  EXPECT_EQ(AddressOf(neighbours, kCluster, 99), "-");
}

TEST(Neighbours, GiveAStationTheAddressThatItAnsweredFor) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 4);
  EXPECT_EQ(AddressOf(neighbours, kStation, 2), "-");
  EXPECT_EQ(AddressOf(neighbours, kStation, 99), "10.0.0.5");
}

TEST(Neighbours, GiveNoAddressToAStationThatAnswersForSeveralUntilItAsks) {
  Neighbours neighbours;  // proxy ARP
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.77")), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 5);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 7);
  EXPECT_EQ(AddressOf(neighbours, kStation, 4), "10.0.0.77");
  EXPECT_EQ(AddressOf(neighbours, kStation, 5), "-");
  EXPECT_EQ(AddressOf(neighbours, kStation, 7), "10.0.0.5");
}

TEST(Neighbours, KeepStationsOfSegmentsApart) {
  Neighbours neighbours;
  const Seen tagged(Claim(kStation, "10.0.0.5", {7}));
  neighbours.Learn(*tagged, 1);
  EXPECT_EQ(AddressOf(neighbours, kStation, 1), "-");
  EXPECT_EQ(AddressOf(neighbours, kStation, 1, tagged->segment), "10.0.0.5");
}

TEST(Neighbours, GiveAStationNoIpv6AddressInAnIpv4Field) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Advertisement{.mac = kStation}), 1);
  EXPECT_EQ(AddressOf(neighbours, kStation, 1), "-");
}

TEST(Neighbours, RememberTheClusterMacThatAnAddressWasAnsweredWithLast) {
  Neighbours neighbours;
  EXPECT_EQ(neighbours.AnsweredWith(IpOf(kVip), 9), nullptr);
  neighbours.Learn(*Seen(Claim(kCluster, kVip)), 1);
  neighbours.Learn(*Seen(Claim(kMulticast, kVip, {7}), 5s), 2);
  neighbours.Learn(*Seen(Claim(kStation, kVip)), 3);  // no cluster's
  const auto* answer = neighbours.AnsweredWith(IpOf(kVip), 9);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(Text(answer->mac), kMulticast);
  EXPECT_EQ(answer->at, 2u);
}

TEST(Neighbours, DateAnAnswerByItsFirstRecord) {
  Neighbours neighbours;
  for (const Position at : {3u, 5u}) neighbours.Learn(*Seen(Claim(kCluster, kVip)), at);
  EXPECT_EQ(neighbours.AnsweredWith(IpOf(kVip), 2), nullptr);
  ASSERT_NE(neighbours.AnsweredWith(IpOf(kVip), 3), nullptr);
  EXPECT_EQ(neighbours.AnsweredWith(IpOf(kVip), 3)->at, 5u);
  for (const Position at : {7u, 8u}) neighbours.Learn(*Seen(Claim(kMulticast, kVip)), at);
  EXPECT_EQ(Text(neighbours.AnsweredWith(IpOf(kVip), 6)->mac), kCluster);
  EXPECT_EQ(Text(neighbours.AnsweredWith(IpOf(kVip), 7)->mac), kMulticast);
}

// Found by fuzzing: what belonged to the address in the first pass did not in the second.
TEST(Neighbours, KnowWhatAnAddressWasAnsweredWithBeforeItMoved) {
  Neighbours neighbours;
  for (Position at = 10; at <= 50; at += 10)
    neighbours.Learn(*Seen(Claim(at % 20 == 0 ? kMulticast : kCluster, kVip)), at);
  const auto mac = [&](Position at) { return Text(neighbours.AnsweredWith(IpOf(kVip), at)->mac); };
  EXPECT_EQ(neighbours.AnsweredWith(IpOf(kVip), 9), nullptr);
  for (const Position at : {10u, 19u, 30u, 39u, 50u, 99u}) EXPECT_EQ(mac(at), kCluster) << at;
  for (const Position at : {20u, 29u, 40u, 49u}) EXPECT_EQ(mac(at), kMulticast) << at;
}

TEST(Neighbours, FollowNoFurtherMovesWhenTheyAreFull) {
  Neighbours neighbours;
  Position at = 0;
  const auto move = [&] {
    ++at;
    neighbours.Learn(*Seen(Claim(at % 2 ? kCluster : kMulticast, kVip)), at);
  };
  while (at < Neighbours::kMostMoves) move();
  EXPECT_FALSE(neighbours.overflowed());
  move();
  EXPECT_TRUE(neighbours.overflowed());
  EXPECT_EQ(Text(neighbours.AnsweredWith(IpOf(kVip), at)->mac), kMulticast);
}

TEST(Neighbours, SeeAConflictOnOneSegment) {
  Neighbours neighbours;
  EXPECT_FALSE(neighbours.Learn(*Seen(Claim(kCluster, kVip), 10s), 1));
  EXPECT_FALSE(neighbours.Learn(*Seen(Claim(kCluster, kVip), 11s), 2));
  EXPECT_FALSE(neighbours.Learn(*Seen(Claim(kMulticast, kVip, {7}), 12s), 3));
  const auto conflict = neighbours.Learn(*Seen(Claim(kMulticast, kVip), 13s), 4);
  ASSERT_TRUE(conflict);
  EXPECT_EQ(Text(conflict->before), kCluster);
  EXPECT_EQ(conflict->at, 2u);
  EXPECT_EQ(conflict->age, 2s);
}

TEST(Neighbours, MeasureTheAgeOfAClaimWhenTheClockRunsBackwards) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kCluster, kVip), 10s), 1);
  EXPECT_EQ(neighbours.Learn(*Seen(Claim(kMulticast, kVip), 3s), 2)->age, 7s);
}

TEST(Neighbours, LearnNothingFromProbesAndBroadcasts) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "0.0.0.0")), 1);
  neighbours.Learn(*Seen(Claim("ff:ff:ff:ff:ff:ff", kVip)), 2);
  EXPECT_EQ(AddressOf(neighbours, kStation, 9), "-");
  EXPECT_EQ(neighbours.AnsweredWith(IpOf(kVip), 9), nullptr);
}

TEST(Neighbours, KeepWhatTheyLearntFirstWhenTheyAreFull) {
  Neighbours neighbours;
  const auto learn = [&](uint32_t i) {
    neighbours.Learn(*Seen(Claim(Text(MacAddress(i)).c_str(), "10.0.0.1")), i);
  };
  for (uint32_t i = 1; i <= Neighbours::kMost; ++i) learn(i);
  EXPECT_FALSE(neighbours.overflowed());
  learn(Neighbours::kMost + 1);
  EXPECT_TRUE(neighbours.overflowed());
  EXPECT_EQ(AddressOf(neighbours, "00:00:00:00:00:01", UINT32_MAX), "10.0.0.1");
  EXPECT_EQ(neighbours.AddressOf({}, MacAddress(Neighbours::kMost + 1), UINT32_MAX), std::nullopt);
}

// A claim that was taken apart before: quick, for thousands.
FrameFacts Told(uint64_t mac, uint32_t ip) {
  FrameFacts frame;
  frame.claim = wire::Claim{.ip = IpAddress::V4(ip), .mac = MacAddress(mac), .reply = true};
  return frame;
}

TEST(Neighbours, LearnWhoHasAMacWhenTheyKnowNoFurtherAddress) {
  Neighbours neighbours;
  constexpr uint64_t kBare = 0x02BFC0A8020A;
  for (uint32_t i = 1; i <= Neighbours::kMost; ++i) neighbours.Learn(Told(kBare, i), i);
  EXPECT_FALSE(neighbours.overflowed());
  constexpr uint32_t kFurther = 0x0A000005;
  EXPECT_FALSE(neighbours.Learn(Told(kBare, kFurther), 20'000));
  EXPECT_TRUE(neighbours.overflowed());
  EXPECT_EQ(neighbours.AnsweredWith(IpAddress::V4(kFurther), 20'000), nullptr);
  neighbours.Learn(Told(0x00155D000001, kFurther), 20'001);
  EXPECT_EQ(AddressOf(neighbours, kStation, 20'001), "10.0.0.5");
}

TEST(Neighbours, KnowAStationOnNoMoreSegmentsThanTheyHaveRoomFor) {
  Neighbours neighbours;
  FrameFacts told = Told(0x00155D000001, 0x0A000005);
  const auto learn = [&](uint32_t interface_id) {
    told.segment.interface_id = interface_id;
    neighbours.Learn(told, interface_id + 1);
  };
  for (uint32_t i = 0; i <= Neighbours::kMost + 1; ++i) learn(i);
  EXPECT_TRUE(neighbours.overflowed());
  const auto knows = [&](uint32_t interface_id) {
    return AddressOf(neighbours, kStation, 20'000, {.interface_id = interface_id}) != "-";
  };
  EXPECT_TRUE(knows(Neighbours::kMost));
  EXPECT_FALSE(knows(Neighbours::kMost + 1));
}

TEST(Neighbours, GiveNoAddressToAGroup) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kMulticast, kVip)), 1);
  EXPECT_EQ(AddressOf(neighbours, kMulticast, 9), "-");
}

TEST(Neighbours, GiveAStationItsAddressThoughAnotherClaimedItMeanwhile) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*Seen(Claim("00:15:5d:00:00:02", "10.0.0.5")), 4);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 5);
  EXPECT_EQ(AddressOf(neighbours, kStation, 9), "10.0.0.5");
}

TEST(Neighbours, RememberWhenAStationFirstAnsweredForAnother) {
  Neighbours neighbours;
  Position at = 0;
  for (const char* ip : {"10.0.0.5", "10.0.0.6", "10.0.0.7"}) {
    neighbours.Learn(*Seen(Claim(kStation, ip)), ++at);
  }
  EXPECT_EQ(AddressOf(neighbours, kStation, 1), "10.0.0.5");
  EXPECT_EQ(AddressOf(neighbours, kStation, 2), "-");
  EXPECT_FALSE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 1));
  EXPECT_TRUE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 2));
}

TEST(Neighbours, RememberAnAnswerOfTheFirstRecord) {
  Neighbours neighbours;
  for (const Position at : {1u, 5u}) neighbours.Learn(*Seen(Claim(kCluster, kVip)), at);
  EXPECT_NE(neighbours.AnsweredWith(IpOf(kVip), 1), nullptr);
}

// ---- whose MAC it is ----------------------------------------------------------------------------

constexpr const char* kOther = "00:15:5d:00:00:02";

bool IsOwn(const Neighbours& neighbours, const char* mac, const char* ip, Position at = 99,
           const Segment& segment = {}) {
  return neighbours.IsOwnMac(segment, MacOf(mac), IpOf(ip), at);
}

TEST(Neighbours, KnowTheOwnMacOfWhoeverAsked) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.6")), 4);
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.5", 2));
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.5", 3));
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.6"));
  EXPECT_FALSE(IsOwn(neighbours, kOther, "10.0.0.5"));
}

TEST(Neighbours, KnowTheOwnMacOfWhoeverAnsweredForNoOther) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 4);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.6")), 5);
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.5", 4));
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.5", 5));
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.6"));
  EXPECT_TRUE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 5));
  EXPECT_FALSE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 4));
}

TEST(Neighbours, TakeWhatARouterAnswersForAnotherForNobodysOwn) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.1")), 1);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.77")), 2);
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.1"));
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.77"));
}

TEST(Neighbours, KnowTheOwnMacOfAnIpv6AddressBesideOthers) {
  Neighbours neighbours;
  for (const char* ip : {"fe80::5", "2001:db8::5", "2001:db8::6"}) {
    neighbours.Learn(*Seen(Advertisement{.mac = kStation, .ip = ip}), 1);
  }
  EXPECT_TRUE(IsOwn(neighbours, kStation, "2001:db8::6"));
  EXPECT_TRUE(neighbours.StandsForOther(MacOf(kStation), IpOf("2001:db8::7"), 1));
  EXPECT_FALSE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 1));
  EXPECT_TRUE(neighbours.KnowsMac({}, MacOf(kStation), 1));
  EXPECT_FALSE(neighbours.KnowsMac({}, MacOf(kOther), 1));
}

// By MAC: what it stands for holds everywhere, that it is known only where it was told.
TEST(Neighbours, KnowWhomAMacStandsForOnAnyInterface) {
  Neighbours neighbours;
  const Segment here{}, there{.interface_id = 1};
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1"), {}, {.interface_id = 1}), 3);
  EXPECT_TRUE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 3));
  EXPECT_FALSE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.1"), 3));
  EXPECT_TRUE(neighbours.KnowsMac(there, MacOf(kStation), 3));
  EXPECT_FALSE(neighbours.KnowsMac(there, MacOf(kStation), 2));
  EXPECT_FALSE(neighbours.KnowsMac(here, MacOf(kStation), 3));
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1")), 7);
  EXPECT_TRUE(neighbours.KnowsMac(here, MacOf(kStation), 7));
  EXPECT_FALSE(neighbours.KnowsMac(here, MacOf(kStation), 6));
}

// A frame in between is looked at again when more is known.
TEST(Neighbours, RememberWhenAMacWasToldElsewhereFirst) {
  Neighbours neighbours;
  const Segment there{.interface_id = 1};
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1")), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1"), {}, {.interface_id = 1}), 5);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1"), {}, {.interface_id = 1}), 9);
  EXPECT_FALSE(neighbours.KnowsMac(there, MacOf(kStation), 4));
  EXPECT_TRUE(neighbours.KnowsMac(there, MacOf(kStation), 5));
}

TEST(Neighbours, RememberWhereAMacWasToldFirstWhateverTheVersion) {
  Neighbours neighbours;
  const Segment here{}, there{.interface_id = 1};
  neighbours.Learn(*Seen(Advertisement{.mac = kStation}), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1"), {}, {.interface_id = 1}), 5);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.2"), {}, {.interface_id = 1}), 9);
  EXPECT_TRUE(neighbours.KnowsMac(here, MacOf(kStation), 3));
  EXPECT_FALSE(neighbours.KnowsMac(there, MacOf(kStation), 4));
  EXPECT_TRUE(neighbours.KnowsMac(there, MacOf(kStation), 5));
}

TEST(Neighbours, TakeAnotherVlanForNoOtherPlace) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1", {7})), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.1", {8})), 4);
  EXPECT_TRUE(neighbours.KnowsMac({}, MacOf(kStation), 4));
  EXPECT_FALSE(neighbours.KnowsMac({.interface_id = 1}, MacOf(kStation), 4));
}

TEST(Neighbours, KnowTheOwnMacFromTheFirstClaimOn) {
  for (const Position first : {1u, 3u}) {
    Neighbours neighbours;
    for (const Position at : {first, Position{5}}) {
      neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), at);
      EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.5", first));
    }
  }
  constexpr const char* kZeros = "00:00:00:00:00:00";
  Neighbours neighbours;
  neighbours.Learn(*Seen(Question(kZeros, "10.0.0.5")), 1);
  EXPECT_TRUE(IsOwn(neighbours, kZeros, "10.0.0.5"));
}

TEST(Neighbours, KnowTheOwnMacOfARouterFromItsFirstQuestionOn) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.1")), 3);
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.77")), 4);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.1")), 9);
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.1", 5));
}

TEST(Neighbours, TakeTheSameAddressToldTwiceForOne) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 4);
  EXPECT_FALSE(neighbours.StandsForOther(MacOf(kStation), IpOf("10.0.0.5"), 9));
}

TEST(Neighbours, FollowAStationIntoAnotherVlan) {
  Neighbours neighbours;
  const auto in_vlan = [](uint64_t id) { return Segment{0, 0, {id, 1}}; };
  for (const uint16_t vlan : {uint16_t{7}, uint16_t{8}}) {
    neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5", {vlan})), vlan);
  }
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.5", 9, in_vlan(7)));
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.5", 9, in_vlan(8)));
  EXPECT_EQ(AddressOf(neighbours, kStation, 9, in_vlan(8)), "10.0.0.5");
}

TEST(Neighbours, GiveAStationAnAddressOnEachSegment) {
  Neighbours neighbours;
  Arp question = Question(kStation, "10.0.7.5");
  question.link.vlans = {7};
  const Seen tagged(question);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 3);
  neighbours.Learn(*tagged, 4);
  EXPECT_EQ(AddressOf(neighbours, kStation, 9), "10.0.0.5");
  EXPECT_EQ(AddressOf(neighbours, kStation, 9, tagged->segment), "10.0.7.5");
  EXPECT_EQ(AddressOf(neighbours, kStation, 9, {.interface_id = 1}), "-");
}

TEST(Neighbours, TakeTheLastClaimOfAnAddress) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 1);
  neighbours.Learn(*Seen(Question(kOther, "10.0.0.5")), 2);
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.5"));
  EXPECT_TRUE(IsOwn(neighbours, kOther, "10.0.0.5"));
}

TEST(Neighbours, MatchAnAbsentTagWithAny) {
  Neighbours neighbours;
  neighbours.Learn(*Seen(Claim(kStation, "10.0.0.5", {7})), 1);
  const auto in_vlan = [](uint64_t id) { return Segment{0, 0, {id, 1}}; };
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.5"));
  EXPECT_TRUE(IsOwn(neighbours, kStation, "10.0.0.5", 9, in_vlan(7)));
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.5", 9, in_vlan(8)));
  EXPECT_FALSE(IsOwn(neighbours, kStation, "10.0.0.5", 9, Segment{1, 0, {}}));
}

TEST(Neighbours, KnowWhoIsOnTheSegment) {
  Neighbours neighbours;
  const auto knows = [&](const char* ip) { return neighbours.IsOnSegment({}, IpOf(ip), 99); };
  neighbours.Learn(*Seen(Claim(kMulticast, kVip)), 1);
  neighbours.Learn(*Seen(Question(kStation, "10.0.0.5")), 2);
  neighbours.Learn(*Seen(Claim(kOther, "10.0.0.76")), 3);  // a proxy
  neighbours.Learn(*Seen(Claim(kOther, "10.0.0.77")), 4);
  neighbours.Learn(*Seen(Claim(kMulticast, "192.168.2.11")), 5);  // a further address
  EXPECT_TRUE(knows(kVip));
  EXPECT_TRUE(knows("192.168.2.11"));
  EXPECT_TRUE(knows("10.0.0.5"));
  EXPECT_FALSE(knows("10.0.0.76"));
  EXPECT_FALSE(knows("10.0.0.9"));
}

}  // namespace
}  // namespace nlb::test
