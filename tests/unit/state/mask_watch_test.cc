// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/mask_watch.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kBare = "02:bf:c0:a8:02:0a";
constexpr const char* kMasked = "02:01:c0:a8:02:0a";
constexpr const char* kClient = "00:16:35:c4:25:96";

struct Watch {
  MaskWatch watch;
  Position at = 0;

  template <typename Frame>
  std::optional<Position> See(const Frame& frame, std::chrono::nanoseconds time, Where where = {}) {
    const Seen seen(frame, time, where);
    return watch.Learn(*seen, ++at, IsService(*seen));
  }
  std::optional<uint8_t> HostAt(Position position) const {
    return watch.HostBeforeMasking(MacOf(kBare), position);
  }
};

Udp From(const std::string& mac, uint16_t id = 1) {
  return {.link = {mac, kClient, {}}, .source = "192.168.2.10", .id = id};
}

TEST(MaskWatch, KnowsTheHostByTheMaskedTwin) {
  Watch w;
  w.See(From(kBare), 0s);
  w.See(From(kMasked), 5us);
  w.See(From(kBare, 2), 1s);
  EXPECT_EQ(w.HostAt(1), std::nullopt);
  EXPECT_EQ(w.HostAt(2), 1);
  EXPECT_EQ(w.HostAt(99), 1);
  EXPECT_EQ(w.See(From(kMasked, 3), 5s), std::nullopt);
}

// Both MACs end alike; only of the cluster's own it can be asked who hides behind it.
TEST(MaskWatch, KnowsNobodyBehindTheMaskedMac) {
  Watch w;
  w.See(From(kBare), 0s);
  w.See(From(kMasked), 5us);
  EXPECT_EQ(w.watch.HostBeforeMasking(MacOf(kMasked), 2), std::nullopt);
}

// Several processors record, and the later frame may stand first.
TEST(MaskWatch, KnowsTheTwinThatStandsInFront) {
  Watch w;
  w.See(From(kBare), 0s);
  w.See(From(kMasked, 2), 1ms);
  w.See(From(kBare, 2), 1ms + 5us);
  EXPECT_EQ(w.HostAt(2), std::nullopt);
  EXPECT_EQ(w.HostAt(3), 1);
  EXPECT_EQ(w.See(From(kMasked, 3), 5s), std::nullopt);
}

// The other host's answer may come first, in the same bytes.
TEST(MaskWatch, TakesNoMaskedAnswerInFrontForTheTwinOfArp) {
  Watch w;
  w.See(From(kBare, 1), 0s);
  w.See(Arp{.link = {"02:02:c0:a8:02:0a", kClient, {}}, .mac = kBare, .ip = "192.168.2.10"}, 1ms);
  w.See(Arp{.link = {kBare, kClient, {}}, .mac = kBare, .ip = "192.168.2.10"}, 2ms);
  EXPECT_EQ(w.HostAt(9), std::nullopt);
}

// Each place of the network stack may be an interface of its own.
TEST(MaskWatch, KnowsTheTwinOnAnotherInterface) {
  Watch w;
  w.See(From(kBare), 0s);
  const Seen twin(From(kMasked), 5us, {.interface_id = 1});
  w.watch.Learn(*twin, ++w.at, true);
  EXPECT_EQ(w.HostAt(2), 1);
}

// Both hosts answer ARP in the same bytes, and the other one's answer is seen from outside.
TEST(MaskWatch, KeepsTheHostOfTheFirstTwin) {
  const auto answer = [](const char* from) {
    return Arp{.link = {from, kClient, {}}, .mac = kBare, .ip = "192.168.2.10"};
  };
  Watch w;
  w.See(answer(kBare), 0s);
  w.See(answer(kMasked), 5us);
  w.See(answer("02:02:c0:a8:02:0a"), 300us);
  EXPECT_EQ(w.HostAt(2), 1);
  EXPECT_EQ(w.HostAt(3), 1);
  w.See(answer(kBare), 1s);
  w.See(answer("02:02:c0:a8:02:0a"), 1s + 300us);
  EXPECT_EQ(w.HostAt(2), 1) << "what was said before stays";
}

TEST(MaskWatch, KnowsTheTwinOfArpAndOfIpv6) {
  Watch arp;
  arp.See(Arp{.link = {kBare, kClient, {}}, .mac = kBare, .ip = "192.168.2.10"}, 0s);
  arp.See(Arp{.link = {kMasked, kClient, {}}, .mac = kBare, .ip = "192.168.2.10"}, 5us);
  EXPECT_EQ(arp.HostAt(9), 1);
  Watch six;
  six.See(Ping{.link = {kBare, kClient, {}}, .source = "2001:db8::1", .destination = "2001:db8::2"},
          0s);
  six.See(
      Ping{.link = {kMasked, kClient, {}}, .source = "2001:db8::1", .destination = "2001:db8::2"},
      5us);
  EXPECT_EQ(six.HostAt(9), 1);
}

TEST(MaskWatch, TakesNoOtherPacketNoOtherClusterAndNothingLateForTheTwin) {
  Watch w;
  w.See(From(kBare), 0s);
  w.See(From(kMasked, 2), 5us);
  w.See(From("02:01:c0:a8:02:0b"), 5us);
  EXPECT_EQ(w.HostAt(9), std::nullopt);
  w.See(From(kMasked), 100ms + 1ns);
  EXPECT_EQ(w.HostAt(9), std::nullopt);
}

TEST(MaskWatch, KnowsTheTwinUntilTheWindowIsOver) {
  Watch w;
  w.See(From(kBare), 0s);
  w.See(From(kMasked), 100ms);
  EXPECT_EQ(w.HostAt(2), 1);
}

TEST(MaskWatch, KeepsFramesThatAwaitTheirTwinApart) {
  Watch w;
  w.See(From(kBare, 1), 0s);
  w.See(From(kBare, 2), 1ms);
  w.See(From(kMasked, 1), 2ms);
  EXPECT_EQ(w.HostAt(3), 1);
  Watch other;  // thousands for the few places, and none is the twin
  other.See(From(kBare, 1), 0s);
  for (uint16_t id = 2; id < 2000; ++id) other.See(From(kMasked, id), 1ms);
  EXPECT_EQ(other.HostAt(9999), std::nullopt);
}

TEST(MaskWatch, TakesNoFrameOfAnotherKnownClusterForTheTwin) {
  Watch w;
  w.See(From("02:bf:c0:a8:02:0b", 5), 0s);
  w.See(From(kBare), 1ms);
  w.See(From("02:01:c0:a8:02:0b"), 2ms);
  EXPECT_EQ(w.HostAt(9), std::nullopt);
  EXPECT_EQ(w.watch.HostBeforeMasking(MacOf("02:bf:c0:a8:02:0b"), 9), std::nullopt);
}

TEST(MaskWatch, TakesNoFrameOfAStationForTheTwin) {
  Watch w;
  w.See(From(kBare), 0s);
  w.See(From("00:15:c0:a8:02:0a"), 5us);
  EXPECT_EQ(w.HostAt(9), std::nullopt);
}

TEST(MaskWatch, KnowsNothingOfAClusterThatSentNothing) {
  Watch w;
  w.See(From(kBare), 0s);
  EXPECT_EQ(w.watch.HostBeforeMasking(MacOf("02:bf:c0:a8:02:0b"), 9), std::nullopt);
  EXPECT_FALSE(w.watch.AwaitsTwin(MacOf("02:bf:c0:a8:02:0b"), 9));
}

// Nothing behind the IP header was kept: what it is a twin of cannot be told.
TEST(MaskWatch, LeavesCutPacketsAlone) {
  constexpr Where kCut{.captured = 14 + 20};
  Watch w;
  w.See(From(kBare), 0s, kCut);
  w.See(From(kMasked), 5us, kCut);
  EXPECT_EQ(w.HostAt(9), std::nullopt);
  EXPECT_EQ(w.See(From(kMasked, 2), 1s), std::nullopt) << "awaited none";
  for (uint16_t id = 1; id < 1500; ++id) {  // whichever place it has
    Watch between;
    between.See(From(kBare, id), 0s);
    between.See(From(kMasked), 1us, kCut);
    between.See(From(kMasked, id), 5us);
    ASSERT_EQ(between.HostAt(3), 1) << id;
  }
}

// Hosts announce the cluster's address in the bytes in which they answer for it.
TEST(MaskWatch, TakesNoAnnouncementForTheTwinOfAnAnswer) {
  const auto arp = [](const char* from, const char* to) {
    return Arp{.link = {from, to, {}}, .mac = kBare, .ip = "192.168.2.10"};
  };
  constexpr const char* kAll = "ff:ff:ff:ff:ff:ff";
  Watch answered, announced;
  answered.See(arp(kBare, kClient), 0s);
  answered.See(arp(kMasked, kAll), 5us);
  EXPECT_EQ(answered.HostAt(9), std::nullopt);
  announced.See(arp(kBare, kAll), 0s);
  announced.See(arp(kMasked, kClient), 5us);
  EXPECT_EQ(announced.HostAt(9), std::nullopt);
}

TEST(MaskWatch, TakesIpAndArpToOneStationForService) {
  const auto is_service = [](const auto& frame) { return IsService(*Seen(frame)); };
  EXPECT_TRUE(is_service(From(kBare)));
  EXPECT_TRUE(is_service(Arp{.link = {kBare, kClient, {}}}));
  EXPECT_FALSE(is_service(Arp{.link = {kBare, "ff:ff:ff:ff:ff:ff", {}}}));
  EXPECT_FALSE(is_service(Raw{Ethernet({kBare, kClient, {}}, 0x88CC, Octets(46))}));
}

TEST(MaskWatch, ExpectsTheTwinOfABroadcastWhereAHostSentItFromItsOwnAddress) {
  World world;
  world.evidence.Learn(*Seen(Heartbeat{}), 1);
  const auto may_have_twin = [&](auto frame) {
    frame.link = {kBare, "ff:ff:ff:ff:ff:ff", {}};
    return MayHaveTwin(*Seen(frame), world.evidence, 2);
  };
  const Arp asks{.mac = kBare, .ip = "192.168.2.30", .reply = false, .target = "192.168.2.1"};
  EXPECT_TRUE(may_have_twin(asks));
  Arp of_no_host = asks, announces = asks;
  of_no_host.ip = "192.168.2.77";
  announces.target = announces.ip;
  EXPECT_FALSE(may_have_twin(of_no_host));
  EXPECT_FALSE(may_have_twin(announces));
  EXPECT_TRUE(may_have_twin(Udp{.source = "192.168.2.30"}));
  EXPECT_FALSE(may_have_twin(Udp{.source = "192.168.2.30", .id = 0}));
}

// What goes to all is not awaited, and its twin counts where it can be of no other host.
TEST(MaskWatch, KnowsTheTwinOfABroadcast) {
  const auto known = [](auto bare) {
    auto masked = bare;
    bare.link = {kBare, "ff:ff:ff:ff:ff:ff", {}};
    masked.link = {kMasked, "ff:ff:ff:ff:ff:ff", {}};
    Watch w;
    w.See(bare, 0s);
    w.See(masked, 5us);
    return w.HostAt(9).has_value();
  };
  EXPECT_TRUE(known(From(kBare)));
  EXPECT_FALSE(known(From(kBare, 0))) << "without an identification";
  EXPECT_TRUE(known(Arp{.mac = kBare, .ip = "192.168.2.30", .reply = false}));
  EXPECT_FALSE(known(Arp{.mac = kBare, .ip = "192.168.2.10", .reply = false})) << "the cluster's";
}

TEST(MaskWatch, AwaitsTheTwinUntilTheWindowIsOver) {
  Watch w;
  EXPECT_EQ(w.See(From(kBare), 0s), std::nullopt);
  EXPECT_TRUE(w.watch.AwaitsTwin(MacOf(kBare), 1));
  EXPECT_EQ(w.See(From(kBare, 2), 100ms), std::nullopt);
  EXPECT_EQ(w.See(From(kMasked, 3), 100ms + 1ns), 1u);
  EXPECT_TRUE(w.watch.AwaitsTwin(MacOf(kBare), 3));
  EXPECT_FALSE(w.watch.AwaitsTwin(MacOf(kBare), 4));
  EXPECT_EQ(w.See(From(kMasked, 4), 5s), std::nullopt);  // told once
}

TEST(MaskWatch, AwaitsNoTwinOfWhatIsNoServiceOfTheCluster) {
  Watch w;
  EXPECT_EQ(w.See(Arp{.link = {kBare, "ff:ff:ff:ff:ff:ff", {}}, .mac = kBare}, 0s), std::nullopt);
  EXPECT_EQ(w.See(From(kMasked, 3), 1s), std::nullopt);
}

TEST(MaskWatch, AwaitsNoTwinOnceAHeartbeatCameFromTheClusterMac) {
  Watch w;
  w.See(Heartbeat{.from = kBare}, 0s);
  w.See(From(kBare), 1s);
  EXPECT_FALSE(w.watch.AwaitsTwin(MacOf(kBare), 2));
  EXPECT_EQ(w.See(From(kMasked, 2), 2s), std::nullopt);
}

TEST(MaskWatch, RemembersWhatFirstToldThatNoTwinComes) {
  Watch again, late;
  again.See(Heartbeat{.from = kBare}, 0s);
  again.See(Heartbeat{.from = kBare}, 1s);
  EXPECT_FALSE(again.watch.AwaitsTwin(MacOf(kBare), 2));
  late.See(From(kBare), 0s);
  late.See(Heartbeat{.from = kBare}, 10ms);
  EXPECT_EQ(late.See(From(kMasked, 3), 1s), 1u);
  EXPECT_FALSE(late.watch.AwaitsTwin(MacOf(kBare), 3));
}

// The same where the capture may tell of it.
struct Told {
  template <typename Frame>
  Told& At(std::chrono::nanoseconds time, const Frame& frame) {
    const Seen seen(frame, time);
    world.evidence.Learn(*seen, ++at);
    world.masks.Observe({*seen, at, world.known}, out);
    return *this;
  }
  World world;
  Transitions out;
  Position at = 0;
};

TEST(MaskWatch, TellsOfNoOtherClusterThanTheOneWhoseFrameStayedAlone) {
  Told told;  // of nothing, as long as nothing proves that the cluster is seen from outside
  told.At(0s, From(kBare)).At(1s, From(kBare, 2));
  told.At(1s, From(kClient)).At(2s, Heartbeat{.cluster_ip = "10.0.0.1"});
  told.At(2s, Heartbeat{.cluster_ip = "10.0.0.2", .from = "02:bf:0a:00:00:02"});
  told.At(3s, Heartbeat{.cluster_ip = "10.0.0.2", .from = "02:bf:0a:00:00:02"});
  EXPECT_TRUE(told.out.empty());
  told.At(4s, Heartbeat{});
  ASSERT_EQ(told.out.size(), 1u);
  EXPECT_EQ(told.out[0].note.other, 1u);
}

TEST(MaskWatch, TakesNoFurtherClustersWhenItIsFull) {
  Watch w;
  const auto bare = [](uint32_t i) { return Text(MacAddress(uint64_t{0x02BF} << 32 | i)); };
  for (uint32_t i = 1; i <= MaskWatch::kMaxClusters; ++i) w.See(From(bare(i)), 0s);
  EXPECT_FALSE(w.watch.overflowed());
  w.See(From(bare(MaskWatch::kMaxClusters + 1)), 0s);
  EXPECT_TRUE(w.watch.overflowed());
  EXPECT_FALSE(w.watch.AwaitsTwin(MacOf(bare(MaskWatch::kMaxClusters + 1).c_str()), 9));
}

}  // namespace
}  // namespace nlb::test
