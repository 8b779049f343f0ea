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
  std::optional<Position> See(const Frame& frame, std::chrono::nanoseconds time) {
    const Seen seen(frame, time);
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
