// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/copy_tracker.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr Duration kWindow = 100ms;

// One packet; the digest is given, so that a test need not find packets that fall together.
struct Tracker {
  CopyTracker copies{kWindow};
  Position at = 0;

  std::optional<Copy> See(uint64_t digest, std::chrono::nanoseconds time = {},
                          const Udp& udp = {}) {
    const Seen seen(udp, time);
    return copies.Observe({seen->time,
                           seen->source,
                           seen->destination,
                           seen->segment.vlan,
                           seen->ip.ttl,
                           {digest | 1, true}},
                          ++at);
  }
};

constexpr uint64_t kWays = 8;  // packets in a set

// Digests of one set: the tracker takes the set from the bits above the lowest eight.
uint64_t InSet(uint64_t set, uint64_t i) { return i << 32 | set << 8; }

TEST(CopyTracker, TellsWhatTheFirstCopyLookedLike) {
  Tracker t;
  const Udp first{.link = {"00:00:00:00:00:01", "00:00:00:00:00:02", {7}}, .ttl = 64};
  EXPECT_FALSE(t.See(1, 1s, first));
  const auto copy = t.See(1, 1s + 5ms, {.ttl = 63});
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->first, 1u);
  EXPECT_EQ(copy->delta, 5ms);
  EXPECT_EQ(Text(copy->first_source), "00:00:00:00:00:01");
  EXPECT_EQ(Text(copy->first_destination), "00:00:00:00:00:02");
  EXPECT_EQ(copy->first_vlan, (wire::VlanStack{7, 1}));
  EXPECT_EQ(copy->first_ttl, 64);
  EXPECT_EQ(copy->number, 2);
  EXPECT_TRUE(copy->falls_each_time);
}

TEST(CopyTracker, LooksBackForTheWindowInBothDirections) {
  for (const auto delta : {kWindow, -kWindow}) {
    Tracker t;
    t.See(1, 1s);
    EXPECT_TRUE(t.See(1, 1s + delta));
    const auto beyond = delta > 0ns ? delta + 1ns : delta - 1ns;
    EXPECT_FALSE(t.See(1, 1s + beyond));
    EXPECT_TRUE(t.See(1, 1s + beyond));  // which is a first copy again
  }
}

TEST(CopyTracker, CountsCopiesAndKeepsComparingWithTheFirst) {
  Tracker t;
  t.See(1, 0s, {.ttl = 64});
  for (int i = 2; i <= 300; ++i) {
    const auto copy = t.See(1, i * 1us, {.ttl = 64});
    ASSERT_EQ(copy->number, std::min(i, 255));
    ASSERT_EQ(copy->first, 1u);
  }
}

TEST(CopyTracker, SeesWhetherTheTtlFallsEachTime) {
  Tracker t;
  t.See(1, 0s, {.ttl = 64});
  EXPECT_TRUE(t.See(1, 1us, {.ttl = 63})->falls_each_time);
  EXPECT_TRUE(t.See(1, 2us, {.ttl = 62})->falls_each_time);
  EXPECT_FALSE(t.See(1, 3us, {.ttl = 62})->falls_each_time);
  EXPECT_FALSE(t.See(1, 4us, {.ttl = 61})->falls_each_time);  // never again
}

TEST(CopyTracker, SeesThatAPacketCameBack) {
  const auto to = [](const char* mac) { return Udp{.link = {.to = mac}}; };
  Tracker t;
  t.See(1, 0s, to("00:00:00:00:00:0a"));
  EXPECT_FALSE(t.See(1, 1us, to("00:00:00:00:00:0b"))->returned);
  EXPECT_FALSE(t.See(1, 2us, to("00:00:00:00:00:0c"))->returned);
  EXPECT_TRUE(t.See(1, 3us, to("00:00:00:00:00:0a"))->returned);
  EXPECT_TRUE(t.See(1, 4us, to("00:00:00:00:00:0d"))->returned);
}

TEST(CopyTracker, ForgetsTheOldestOfASetThatIsFull) {
  Tracker t;
  for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(9, i));
  EXPECT_FALSE(t.copies.overflowed());
  EXPECT_FALSE(t.See(InSet(9, kWays + 1)));
  EXPECT_TRUE(t.copies.overflowed());
  EXPECT_FALSE(t.See(InSet(9, 1)));  // forgotten; pushes 2 out
  EXPECT_TRUE(t.See(InSet(9, 3)));
  EXPECT_TRUE(t.See(InSet(9, kWays + 1)));
  EXPECT_FALSE(t.See(InSet(9, 2)));
}

TEST(CopyTracker, SaysNothingAboutForgettingWhatIsOlderThanTheWindow) {
  Tracker t;
  for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(9, i), 0s);
  t.See(InSet(9, kWays + 1), kWindow + 1ns);
  EXPECT_FALSE(t.copies.overflowed());
}

TEST(CopyTracker, KeepsSetsApart) {
  Tracker t;
  for (uint64_t set = 0; set < 100; ++set) {
    for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(set, i));
  }
  for (uint64_t set = 0; set < 100; ++set) {
    for (uint64_t i = 1; i <= kWays; ++i) EXPECT_TRUE(t.See(InSet(set, i)));
  }
  EXPECT_FALSE(t.copies.overflowed());
}

TEST(CopyTracker, TakesAnyDigestZeroIncluded) {
  Tracker t;
  EXPECT_FALSE(t.See(0));
  EXPECT_TRUE(t.See(0));
  EXPECT_FALSE(t.See(UINT64_MAX));
  EXPECT_TRUE(t.See(UINT64_MAX));
}

// The header says how many are forgotten early. Asked from the last to the first, because a packet
// that is not found takes the place of another.
TEST(CopyTracker, ForgetsOneInAHundredOfTenThousandPacketsInAWindow) {
  std::mt19937_64 random(1);
  Tracker t;
  std::vector<uint64_t> digests(10'000);
  for (uint64_t& digest : digests) t.See(digest = random());
  int missed = 0;
  for (auto digest = digests.rbegin(); digest != digests.rend(); ++digest)
    missed += !t.See(*digest);
  EXPECT_LT(missed, 100);
}

}  // namespace
}  // namespace nlb::test
