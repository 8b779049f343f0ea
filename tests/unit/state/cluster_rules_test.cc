// SPDX-License-Identifier: GPL-2.0-or-later
// What the tracker hands on of each finding, beyond what the stories of heuristics/ show.
#include "state/cluster_rules.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "state/cluster_notes.h"
#include "state/cluster_tracker.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

class Told {
 public:
  template <typename Frame>
  Told& At(std::chrono::nanoseconds time, const Frame& frame) {
    tracker_.Hear(*Seen(frame, time), ++at_, out_);
    return *this;
  }
  std::vector<Note> Notes(Event event) const {
    std::vector<Note> notes;
    for (const Transition& transition : out_) {
      if (transition.event == event) notes.push_back(transition.note);
    }
    return notes;
  }
  // The other frame and the detail of the only one; nothing when there is not one.
  std::string Only(Event event) const {
    const auto notes = Notes(event);
    if (notes.size() != 1) return "";
    return std::to_string(notes[0].other) + " " + std::to_string(notes[0].detail) + " " +
           Text(notes[0].mac());
  }

 private:
  Settings settings_ = ReadSettings(Scenario::Defaults());
  ClusterTracker tracker_{settings_};
  Transitions out_;
  Position at_ = 0;
};

TEST(ClusterRules, TellOfAMacNoMoreThanTheMac) {
  Told set_by_hand;
  set_by_hand.At(0s, Heartbeat{.from = "02:bf:0a:0b:0c:0d"});
  EXPECT_EQ(set_by_hand.Only(Event::kClusterMacDiffers), "0 0 02:bf:0a:0b:0c:0d");
  Told not_set_up;
  not_set_up.At(0s, Heartbeat{.cluster_ip = "0.0.0.0", .from = "3c:97:0e:12:34:56"});
  EXPECT_EQ(not_set_up.Only(Event::kUnconfiguredHost), "0 0 3c:97:0e:12:34:56");
}

TEST(ClusterRules, TellOfAKeptMacWhetherOthersMaskTheirs) {
  for (const bool masked : {false, true}) {
    Told t;
    if (masked) t.At(0s, Heartbeat{.host_id = 2});
    t.At(0s, Heartbeat{.from = "00:15:5d:01:02:03"});
    EXPECT_EQ(t.Only(Event::kHostKeepsMac),
              masked ? "0 1 00:15:5d:01:02:03" : "0 0 00:15:5d:01:02:03");
  }
}

TEST(ClusterRules, TellOfAHostThatJoinsTheAgeOfTheCluster) {
  Told t;
  t.At(0s, Heartbeat{}).At(6s, Heartbeat{.host_id = 2});
  EXPECT_EQ(t.Only(Event::kHostJoined), "0 6000000000 00:00:00:00:00:00");
}

// A host in these states, one a second.
void Go(Told& t, std::chrono::seconds from, const std::vector<uint16_t>& states) {
  for (const uint16_t state : states) {
    t.At(from, Heartbeat{.state = state});
    from += 1s;
  }
}

std::vector<uint16_t> Then(std::vector<uint16_t> first, size_t times, uint16_t state) {
  first.insert(first.end(), times, state);
  return first;
}

TEST(ClusterRules, TellOfTheThirdConvergenceTheTimeSinceTheFirst) {
  Told t;
  Go(t, 0s, {1, 1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 2});
  EXPECT_EQ(t.Only(Event::kReconverging), "0 8000000000 00:00:00:00:00:00");
}

// The first two are forgotten after five minutes, the third is not yet.
TEST(ClusterRules, TellOfConvergencesAgainWhenAllThatWereToldAreForgottenOnly) {
  Told t;
  Go(t, 0s, {1, 1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 1, 1, 2});  // left at 4, 8 and 14 s
  Go(t, 15s, Then({}, 295, 1));                              // to 309 s
  Go(t, 310s, {2, 1, 1, 2, 1, 1});
  EXPECT_EQ(t.Notes(Event::kReconverging).size(), 1u);
}

TEST(ClusterRules, CountNoConvergenceBeforeAClockJumpedBack) {
  Told t;
  Go(t, 1000s, {1, 1, 1, 1, 2, 1, 1, 1});
  Go(t, 0s, {1, 1, 2, 1, 1, 2, 1, 1});
  EXPECT_EQ(t.Notes(Event::kReconverging).size(), 0u);
}

// Whether it is said that the cluster left state 1, in which it was at rest.
bool SaysLeft(std::vector<uint16_t> states) {
  Told t;
  Go(t, 0s, states);
  const auto notes = t.Notes(Event::kNotConverging);
  return notes.size() == 1 && OtherHost::Unpack(notes[0].detail).extra == 1;
}

TEST(ClusterRules, TakeAStateForThatOfRestWhenItWasHeardThreeTimes) {
  EXPECT_TRUE(SaysLeft(Then({1, 1, 1}, 12, 2)));
  EXPECT_FALSE(SaysLeft(Then({1, 1}, 12, 2)));
}

TEST(ClusterRules, TakeTheFirstOfStatesThatWereHeardAsOftenForThatOfRest) {
  EXPECT_FALSE(SaysLeft(Then({2, 2, 2, 1, 1, 1}, 12, 2)));
}

TEST(ClusterRules, ForgetTheFirstOfTheRarestStates) {
  EXPECT_TRUE(SaysLeft(Then({2, 3, 4, 1, 5, 1, 1}, 12, 6)));
}

}  // namespace
}  // namespace nlb::test
