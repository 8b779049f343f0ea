// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/copy_tracker.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr Duration kWindow = 100ms;

// Whether a packet is a copy of an earlier one.
std::optional<Copy> Observe(CopyTracker& copies, const Fingerprint& fingerprint, Position at) {
  if (copies.RememberNew(fingerprint, at)) return std::nullopt;
  return copies.ObserveAgain(fingerprint, at);
}

// One packet; the digest is given, so that a test need not find packets that fall together.
struct Tracker {
  CopyTracker copies{kWindow};
  Position at = 0;

  std::optional<Copy> See(uint64_t digest, std::chrono::nanoseconds time = {},
                          const Udp& udp = {}) {
    const Seen seen(udp, time);
    return Observe(copies,
                   {seen->time,
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

TEST(CopyTracker, TellsWhatTheOtherSightingLookedLike) {
  Tracker t;
  const Udp first{.link = {"00:00:00:00:00:01", "00:00:00:00:00:02", {7}}, .ttl = 64};
  EXPECT_FALSE(t.See(1, 1s, first));
  const auto copy = t.See(1, 1s + 5ms, {.ttl = 63});
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->other.position, 1u);
  EXPECT_EQ(copy->delta, 5ms);
  EXPECT_EQ(Text(copy->other.from), "00:00:00:00:00:01");
  EXPECT_EQ(Text(copy->other.to), "00:00:00:00:00:02");
  EXPECT_EQ(copy->other.vlan(), (wire::VlanStack{7, 1}));
  EXPECT_EQ(copy->other.ttl, 64);
}

// A copy of a packet without an identification, both by their MACs.
struct Twins {
  Twins(const char* from, const char* to) {
    copy.has_identification = false;
    copy.other.from = MacOf(from);
    copy.other.to = MacOf(to);
    copy.other.ttl = 64;
  }
  static Fingerprint Again(const char* from, const char* to, uint8_t ttl) {
    return {.source = MacOf(from), .destination = MacOf(to), .ttl = ttl};
  }
  bool MayBeOfAnother(const char* from, const char* to, uint8_t ttl = 64) const {
    return copy.IsMaybeAnotherSender(Again(from, to, ttl));
  }
  bool AreUnchanged(const char* from, const char* to, uint8_t ttl = 64) const {
    return copy.IsUnchanged(Again(from, to, ttl));
  }
  Copy copy;
};

constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kMasked = "02:01:c0:a8:02:0a";
constexpr const char* kStation = "00:00:00:00:00:01";
constexpr const char* kNeighbour = "00:00:00:00:00:02";
constexpr const char* kClient = "00:00:00:00:00:03";

TEST(Copy, MayBeOfAnotherSenderWhereOnlyTheSourceDiffers) {
  Twins twins(kStation, kClient);
  EXPECT_TRUE(twins.MayBeOfAnother(kNeighbour, kClient));
  EXPECT_FALSE(twins.MayBeOfAnother(kStation, kClient));
  EXPECT_FALSE(twins.MayBeOfAnother(kNeighbour, kStation));
  EXPECT_FALSE(twins.MayBeOfAnother(kNeighbour, kClient, 63));
  twins.copy.has_identification = true;
  EXPECT_FALSE(twins.MayBeOfAnother(kNeighbour, kClient));
}

TEST(Copy, IsOfOneHostBeforeAndAfterItsMacIsMasked) {
  EXPECT_FALSE(Twins(kCluster, kClient).MayBeOfAnother(kMasked, kClient));
  EXPECT_FALSE(Twins(kCluster, kMasked).MayBeOfAnother(kMasked, kMasked));
  EXPECT_TRUE(Twins(kMasked, kClient).MayBeOfAnother(kCluster, kClient));
  EXPECT_TRUE(Twins(kStation, kClient).MayBeOfAnother(kMasked, kClient));
  EXPECT_TRUE(Twins(kCluster, kClient).MayBeOfAnother("02:01:c0:a8:02:0b", kClient));
  EXPECT_TRUE(Twins(kCluster, kClient).MayBeOfAnother("03:bf:c0:a8:02:0a", kClient));
  EXPECT_TRUE(Twins(kCluster, kMasked).MayBeOfAnother("00:01:c0:a8:02:0a", kMasked));
  EXPECT_TRUE(Twins(kCluster, kMasked).MayBeOfAnother("02:01:c0:a8:02:0b", kMasked));
}

TEST(Copy, IsUnchangedWithTheSameMacsAndTtl) {
  const Twins twins(kStation, kClient);
  EXPECT_TRUE(twins.AreUnchanged(kStation, kClient));
  EXPECT_FALSE(twins.AreUnchanged(kNeighbour, kClient));
  EXPECT_FALSE(twins.AreUnchanged(kStation, kNeighbour));
  EXPECT_FALSE(twins.AreUnchanged(kStation, kClient, 63));
  EXPECT_FALSE(twins.AreUnchanged(kNeighbour, kClient, 63));
  EXPECT_FALSE(twins.AreUnchanged(kNeighbour, kNeighbour));
  EXPECT_FALSE(twins.AreUnchanged(kStation, kNeighbour, 63));
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

// From one station to another, by their last octets.
Udp Way(int from, int to, uint8_t ttl) {
  const auto mac = [](int last) { return "00:00:00:00:00:0" + std::to_string(last); };
  return {.link = {mac(from), mac(to), {}}, .ttl = ttl};
}

// Which sighting each is compared with, counted from 1; "-" for none.
std::string Others(const std::vector<Udp>& sightings) {
  Tracker t;
  std::string text;
  for (const Udp& sighting : sightings) {
    const auto copy = t.See(1, (t.at + 1) * 1ms, sighting);
    text += (copy ? std::to_string(copy->other.position) : "-") + " ";
  }
  return text;
}

TEST(CopyTracker, ComparesWithTheHopBefore) {
  EXPECT_EQ(Others({Way(1, 2, 64), Way(2, 3, 63), Way(3, 4, 62)}), "- 1 2 ");
}

TEST(CopyTracker, CountsTheTimeFromTheHopBefore) {
  Tracker t;
  t.See(1, 1ms, Way(1, 2, 64));
  t.See(1, 2ms, Way(2, 3, 63));
  EXPECT_EQ(t.See(1, 3ms, Way(3, 4, 62))->delta, 1ms);
}

TEST(CopyTracker, ComparesWithTheFirstOfItsKind) {  // a mirror shows each hop twice
  EXPECT_EQ(Others({Way(1, 2, 64), Way(2, 3, 63), Way(1, 2, 64), Way(2, 3, 63), Way(3, 4, 62)}),
            "- 1 1 2 2 ");
}

TEST(CopyTracker, ComparesTwoBoxesThatDoTheSameWithTheHopBeforeBoth) {
  EXPECT_EQ(Others({Way(1, 2, 65), Way(2, 3, 64), Way(4, 3, 63), Way(5, 3, 63), Way(6, 3, 63)}),
            "- 1 2 2 2 ");
  EXPECT_EQ(Others({Way(1, 2, 65), Way(2, 3, 64), Way(4, 3, 63), Way(5, 3, 63), Way(3, 7, 62)}),
            "- 1 2 2 3 ")
      << "the first of both counts";
}

TEST(CopyTracker, ComparesWithTheHopBeforeBothThoughTheFirstCameLate) {
  EXPECT_EQ(Others({Way(2, 3, 64), Way(3, 4, 63), Way(1, 2, 65), Way(5, 4, 63)}), "- 1 1 1 ");
}

TEST(CopyTracker, ComparesWhatABoxPassedOnUnchangedWithWhatItWasSent) {
  EXPECT_EQ(Others({Way(1, 2, 64), Way(2, 3, 63), Way(3, 2, 63), Way(2, 4, 62)}), "- 1 2 3 ");
}

// A firewall keeps the TTL and has a MAC for each side; a foreign box sends its packet again.
TEST(CopyTracker, ComparesWithWhatARouterSentThatKeepsTheTtl) {
  EXPECT_EQ(Others({Way(1, 2, 64), Way(3, 4, 64), Way(5, 4, 63)}), "- 1 2 ");
}

TEST(CopyTracker, ComparesWithTheCopyMadeOfItWhatCameTooLate) {
  EXPECT_EQ(Others({Way(1, 2, 65), Way(4, 3, 63), Way(2, 3, 64)}), "- 1 2 ");
}

TEST(CopyTracker, ComparesWithTheFirstWhatCameTooLate) {
  EXPECT_EQ(Others({Way(1, 2, 64), Way(3, 4, 62), Way(2, 3, 63)}), "- 1 1 ");
}

TEST(CopyTracker, ComparesWithTheFirstWhatCameTooLateByMoreThanOneHop) {
  EXPECT_EQ(Others({Way(1, 2, 66), Way(4, 3, 63), Way(2, 3, 65)}), "- 1 1 ");
}

TEST(CopyTracker, ComparesWithItselfTheFirstThatWasSentOnToWhomItWentTo) {
  EXPECT_EQ(Others({Way(1, 2, 64), Way(3, 2, 63), Way(1, 2, 64)}), "- 1 1 ");
}

TEST(CopyTracker, ComparesWithTheFurthestNotWithWhatCameTooLate) {
  EXPECT_EQ(Others({Way(1, 2, 65), Way(2, 3, 63), Way(3, 2, 64), Way(3, 5, 62)}), "- 1 1 2 ");
}

TEST(CopyTracker, TakesTheHighestTtlForTheFirst) {  // captured out of order
  EXPECT_EQ(Others({Way(2, 3, 63), Way(1, 2, 64), Way(1, 2, 64)}), "- 1 2 ");
}

// The sightings that are told to be a circle.
std::string Loops(const std::vector<Udp>& sightings) {
  Tracker t;
  std::string text;
  for (const Udp& sighting : sightings) {
    const auto copy = t.See(1, {}, sighting);
    if (copy && copy->loops) text += std::to_string(t.at) + " ";
  }
  return text;
}

TEST(CopyTracker, SeesThatAPacketTakesAWayAgain) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(2, 3, 63), Way(3, 2, 62), Way(2, 3, 61), Way(3, 2, 60)}),
            "4 5 ");
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(2, 1, 63), Way(1, 2, 62)}), "3 ");
}

TEST(CopyTracker, SeesTheFirstWayTakenAgainAfterALongerOne) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(2, 3, 63), Way(3, 4, 62), Way(4, 1, 61), Way(1, 2, 60)}),
            "5 ");
}

TEST(CopyTracker, SeesACircleWhenTheMirrorShowsEachHopTwice) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(1, 2, 64), Way(2, 1, 63), Way(2, 1, 63), Way(1, 2, 62),
                   Way(1, 2, 62), Way(2, 1, 61), Way(2, 1, 61)}),
            "5 7 ");
}

TEST(CopyTracker, SeesACircleThroughAFrameThatWasCapturedLate) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(1, 2, 62), Way(2, 1, 63), Way(2, 1, 61), Way(1, 2, 60)}),
            "4 5 ");
}

TEST(CopyTracker, SeesACircleOfWhichOneWayIsCaptured) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(1, 2, 62), Way(1, 2, 60)}), "3 ");
}

// A mirror engine may lower the TTL of what it copies, once.
TEST(CopyTracker, TakesATtlThatFallsOnceBetweenTwoStationsForNoCircle) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(1, 2, 63), Way(1, 2, 64), Way(1, 2, 63)}), "");
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(1, 2, 63), Way(2, 3, 63), Way(2, 3, 62)}), "");
}

TEST(CopyTracker, SeesThatOneRouterSendsAPacketWithATtlThatFallsASecondTime) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(1, 2, 63), Way(1, 2, 62), Way(1, 2, 61)}), "3 4 ");
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(3, 2, 63), Way(3, 2, 62), Way(3, 2, 61)}), "4 ");
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(3, 2, 63), Way(3, 2, 63), Way(3, 2, 62), Way(3, 2, 62),
                   Way(3, 2, 61), Way(3, 2, 61)}),
            "6 ");
}

TEST(CopyTracker, TellsWhetherTheTtlHadFallenBefore) {
  Tracker t;
  t.See(1, 1ms, Way(1, 2, 64));
  EXPECT_FALSE(t.See(1, 2ms, Way(1, 2, 63))->fell_before);
  EXPECT_TRUE(t.See(1, 3ms, Way(1, 2, 62))->fell_before);
}

// The sightings that are told to be a storm; one each so many milliseconds.
std::string Storms(const std::vector<Udp>& sightings, std::chrono::nanoseconds apart) {
  Tracker t;
  std::string text;
  for (const Udp& sighting : sightings) {
    const auto copy = t.See(1, t.at * apart, sighting);
    if (copy && copy->storms) text += std::to_string(t.at) + " ";
  }
  return text;
}

std::vector<Udp> Same(int times) { return std::vector<Udp>(static_cast<size_t>(times)); }

TEST(CopyTracker, SeesAStormInTheEighthOfTheSameFrame) {
  EXPECT_EQ(Storms(Same(7), 10ms), "");
  EXPECT_EQ(Storms(Same(9), 10ms), "8 9 ");
}

TEST(CopyTracker, SeesNoStormInWhatAMirrorOfManyPortsDeliversAtOnce) {
  EXPECT_EQ(Storms(Same(40), 500us), "");  // 19.5 ms
  EXPECT_EQ(Storms(Same(41), 500us), "");  // 20 ms, not more
  EXPECT_EQ(Storms(Same(42), 500us), "42 ");
}

TEST(CopyTracker, SeesTheStormOfAFrameThatWasRoutedIntoIt) {
  std::vector<Udp> frames(9, Way(2, 3, 63));
  frames.front() = Way(1, 2, 64);
  EXPECT_EQ(Storms(frames, 10ms), "9 ");
}

// What the boxes around the storm made of the frame is not in it.
TEST(CopyTracker, CountsTheFirstAndTheFurthestOfAStormEachByItself) {
  std::vector<Udp> first(9, Way(1, 2, 64));
  first[1] = Way(2, 3, 63);
  EXPECT_EQ(Storms(first, 10ms), "9 ");
  std::vector<Udp> relayed(9, Way(3, 4, 64));
  relayed.front() = Way(1, 2, 64);
  EXPECT_EQ(Storms(relayed, 10ms), "9 ");
  std::vector<Udp> late(9, Way(1, 2, 64));
  late.front() = Way(2, 3, 63);
  EXPECT_EQ(Storms(late, 10ms), "9 ");
  std::vector<Udp> lowered(8, Way(1, 2, 63));
  lowered.front() = Way(1, 2, 64);
  EXPECT_EQ(Storms(lowered, 10ms), "") << "the first came once, the others seven times";
}

TEST(CopyTracker, SeesNoStormWhereTheFramesDiffer) {
  std::vector<Udp> frames;
  for (int i = 1; i <= 9; ++i) frames.push_back(Way(i, 2, 64));  // a relay each
  EXPECT_EQ(Storms(frames, 5ms), "");
}

TEST(CopyTracker, FollowsAStormBeyondTheWindow) {
  std::string all;
  for (int i = 8; i <= 30; ++i) all += std::to_string(i) + " ";
  EXPECT_EQ(Storms(Same(30), 10ms), all);
  Tracker t;
  for (int i = 0; i < 30; ++i) t.See(1, i * 10ms);
  EXPECT_FALSE(t.See(1, 290ms + kWindow + 1ns));
}

// A sender who repeats himself more slowly than that does not end up in one: the window counts from
// the first.
TEST(CopyTracker, SeesNoStormInWhatComesLessThanEightTimesInAWindow) {
  EXPECT_EQ(Storms(Same(50), 15ms), "");
}

TEST(CopyTracker, TakesARouterThatIsPassedTwiceForNoCircle) {
  EXPECT_EQ(Loops({Way(1, 2, 64), Way(2, 3, 63), Way(3, 2, 62), Way(2, 4, 61)}), "");  // firewall 3
  const auto in_vlan = [](Udp way, uint16_t vlan) {
    way.link.vlans = {vlan};
    return way;
  };
  EXPECT_EQ(
      Loops({in_vlan(Way(1, 2, 64), 10), in_vlan(Way(2, 1, 63), 20), in_vlan(Way(1, 2, 62), 30)}),
      "");
}

TEST(CopyTracker, ForgetsTheWayWithTheWindow) {
  Tracker t;
  t.See(1, 0s, Way(1, 2, 64));
  t.See(1, 1ms, Way(2, 1, 63));
  t.See(1, 1s, Way(1, 2, 62));
  EXPECT_FALSE(t.See(1, 1001ms, Way(2, 1, 61))->loops);
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

// A clock that was set back: the packets of the set are of the same time again.
TEST(CopyTracker, ForgetsWithAClockThatRunsBackwards) {
  Tracker t;
  for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(9, i), 1s);
  t.See(InSet(10, 1), 3600s);
  t.See(InSet(10, 2), 7200s);
  EXPECT_FALSE(t.copies.overflowed());
  t.See(InSet(9, kWays + 1), 1s);
  EXPECT_TRUE(t.copies.overflowed());
}

// Nor is what a clock left behind when it was set on.
TEST(CopyTracker, SaysNothingAboutForgettingBehindAClockThatWasSetOn) {
  Tracker t;
  for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(9, i), 1s);
  t.See(InSet(9, kWays + 1), 3600s);
  EXPECT_FALSE(t.copies.overflowed());
}

// An epoch is longer than two windows: what was put into the one before may be needed.
TEST(CopyTracker, SaysThatItForgetsAWindowLater) {
  for (auto start = 0ms; start < 600ms; start += 10ms) {
    Tracker t;
    t.See(InSet(10, 1));
    for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(9, i), start);
    t.See(InSet(9, kWays + 1), start + kWindow);
    EXPECT_TRUE(t.copies.overflowed()) << start.count();
  }
}

// The first sighting is the one with the highest TTL, and may come a window after another one.
TEST(CopyTracker, SaysThatItForgetsAFirstSightingThatCameLate) {
  for (auto start = 0ms; start < 600ms; start += 10ms) {
    Tracker t;
    t.See(InSet(10, 1));
    t.See(InSet(9, 1), start, {.ttl = 63});
    for (uint64_t i = 2; i <= kWays; ++i) t.See(InSet(9, i), start);
    t.See(InSet(9, 1), start + kWindow, {.ttl = 64});
    t.See(InSet(10, 2), start + kWindow);
    t.See(InSet(9, kWays + 1), start + 2 * kWindow);
    EXPECT_TRUE(t.copies.overflowed()) << start.count();
  }
}

constexpr uint64_t kRing = 32768;  // packets that are kept in all, but for one

// Puts in `count` packets that fill no set.
void Fill(Tracker& t, uint64_t count, std::chrono::nanoseconds time) {
  for (uint64_t i = 0; i < count; ++i) t.See(InSet(i % 4096, i / 4096 + 100), time);
}

TEST(CopyTracker, KeepsAsManyInAWindowAsItHasPlacesFor) {
  Tracker t;
  Fill(t, kRing - 1, 0s);
  EXPECT_TRUE(t.See(InSet(0, 100)));
  EXPECT_FALSE(t.copies.overflowed());
}

// Of a slot that 65,536 packets left alone the age cannot be told from that of a new one.
TEST(CopyTracker, SaysNothingAboutForgettingWhatIsLongGone) {
  Tracker t;
  for (uint64_t i = 1; i <= kWays; ++i) t.See(InSet(9, i), 0s);
  for (uint64_t i = 0; i < 2 * kRing + 10; ++i) t.See(InSet(10 + i % 4000, i), i * 1ms);
  t.See(InSet(9, kWays + 1), (2 * kRing + 10) * 1ms);
  EXPECT_FALSE(t.copies.overflowed());
}

// Eight packets of set 9, 1 to 8, and behind them the rest of the ring, which fills all other sets:
// the packet that is put in next takes the place of the first.
struct FullRing {
  FullRing() {
    for (uint64_t i = 1; i <= kWays; ++i) Put(InSet(9, i), 0ns);
    for (uint64_t set = 0; set < kRing / kWays; ++set) {
      for (uint64_t i = 1; set != 9 && i <= kWays; ++i) Put(InSet(set, 100 + i), 0ns);
    }
  }
  void Put(uint64_t digest, std::chrono::nanoseconds time) {
    Observe(copies, {.time = {time.count()}, .digest = {digest | 1, true}}, ++at);
  }
  CopyTracker copies{kWindow};
  Position at = 0;
};

// Within two windows: nothing was needed that was lost, whatever stands in its place.
TEST(CopyTracker, SaysNothingAboutForgettingWhatTheRingWroteOver) {
  FullRing ring;
  ring.Put(InSet(10, 1), 150ms);
  ring.Put(InSet(9, 20), 150ms);  // for packet 1, where one of another set stands
  ring.Put(InSet(9, 30), 150ms);  // for packet 2, where another one of this set stands
  EXPECT_FALSE(ring.copies.overflowed());
}

// It may have the tag of the one that was lost, two epochs of 2^28 ns ago.
TEST(CopyTracker, SaysNothingAboutForgettingWhatIsLongGoneAndLooksLikeWhatIsThere) {
  constexpr auto kEpoch = std::chrono::nanoseconds(1 << 28);
  FullRing ring;
  ring.Put(InSet(10, 1), kEpoch);
  ring.Put(InSet(9, 2) | uint64_t{1} << 60, 2 * kEpoch);
  ring.Put(InSet(9, 30), 2 * kEpoch);
  EXPECT_FALSE(ring.copies.overflowed());
}

TEST(CopyTracker, TurnsTheRingOverWhenTheWindowHasPassed) {
  Tracker t;
  for (int round = 0; round < 5; ++round) Fill(t, kRing / 2, round * 1s);
  EXPECT_FALSE(t.copies.overflowed());
  EXPECT_TRUE(t.See(InSet(7, 100), 4s + kWindow));
  EXPECT_FALSE(t.See(InSet(7, 100), 5s));
}

// The place of the ring that is written next may be the one that the packet had the last time.
TEST(CopyTracker, TakesNoPacketForACopyOfItself) {
  for (const uint64_t between : {kRing - 2, kRing - 1, kRing, 2 * kRing - 1}) {
    Tracker t;
    const Seen seen(Udp{}, 3600s);
    const Fingerprint again{seen->time, seen->source, seen->destination, {}, 64, {1, true}, {}};
    t.See(0);
    for (uint64_t i = 0; i < between; ++i) t.See(InSet(1 + i % 4095, i / 4095), i * 1ms);
    const bool is_new = t.copies.RememberNew(again, ++t.at);
    if (!is_new) {
      EXPECT_FALSE(Observe(t.copies, again, t.at)) << between;
    }
    EXPECT_TRUE(Observe(t.copies, again, ++t.at)) << between;
  }
}

TEST(CopyTracker, TellsDigestsThatAreAlikeInTheirTags) {
  Tracker t;
  constexpr uint64_t kOther = uint64_t{1} << 60;
  t.See(InSet(9, 2));
  EXPECT_FALSE(t.See(InSet(9, 2) | kOther));
  EXPECT_TRUE(t.See(InSet(9, 2)));
  EXPECT_TRUE(t.See(InSet(9, 2) | kOther));
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
