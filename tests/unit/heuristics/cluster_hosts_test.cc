// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// The findings of this file, whatever else fires.
std::string Events(const Scenario& s) {
  std::string text;
  for (const char* name : {"host_joined", "host_lost", "host_returned", "heartbeat_late",
                           "state_changed", "not_converging", "idle_host"}) {
    text += s.Findings(name);
  }
  return text;
}

// Host 1 from `from` to `until` every second, both included.
void Beat(Scenario& s, std::chrono::seconds from, std::chrono::seconds until,
          const Heartbeat& heartbeat = {}) {
  for (auto now = from; now <= until; now += 1s) s.At(now, heartbeat);
}

nlb_config Tolerance(uint32_t period_ms, uint32_t periods) {
  nlb_config config = Scenario::Defaults();
  config.value[NLB_SETTING_HEARTBEAT_PERIOD] = period_ms;
  config.value[NLB_SETTING_HEARTBEAT_TOLERANCE] = periods;
  return config;
}

// 4,096 clusters more than the tracker keeps push the first one out.
void Crowd(Scenario& s, std::chrono::seconds now) {
  for (int i = 0; i < 4096; ++i) {
    const std::string ip = "10.9." + std::to_string(i / 256) + "." + std::to_string(i % 256);
    s.Unseen(now, Heartbeat{.cluster_ip = ip});
  }
}

// ---- host_joined --------------------------------------------------------------------------------

TEST(HostJoined, FiresWhenAHostAppearsInAClusterThatWasHeardLonger) {
  Scenario s;
  Beat(s, 0s, 6s);
  s.At(6s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "8 host_joined\n");
  EXPECT_EQ(s.Sentence(8, "host_joined"),
            "Host 2 (192.168.2.31) joins; the cluster was heard for 6 s");
}

TEST(HostJoined, StaysQuietUntilTheToleranceHasPassed) {
  Scenario exactly;
  Beat(exactly, 0s, 5s);
  exactly.At(5s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(exactly), "");
  Scenario beyond;
  Beat(beyond, 0s, 5s);
  beyond.At(5s + 1ns, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(beyond), "7 host_joined\n");
}

TEST(HostJoined, StaysQuietForTheHostThatIsHeardFirst) {
  Scenario s;
  Beat(s, 100s, 110s);
  EXPECT_EQ(Events(s), "");
}

TEST(HostJoined, CountsEachClusterByItself) {
  Scenario s;
  Beat(s, 0s, 6s);
  s.At(6s, Heartbeat{.host_id = 2, .cluster_ip = "192.168.2.20"});
  EXPECT_EQ(Events(s), "");
}

TEST(HostJoined, CountsEachSegmentByItself) {
  Scenario s;
  Beat(s, 0s, 6s);
  s.At(6s, Heartbeat{.host_id = 2, .vlans = {7}}).At(6s, Heartbeat{.host_id = 2}, 1);
  EXPECT_EQ(Events(s), "");
}

TEST(HostJoined, IsWhatAHostWithTheIdOfAnotherDoesToo) {
  Scenario s;
  Beat(s, 0s, 6s);
  s.At(6s, Heartbeat{.host_ip = "192.168.2.99", .host_code = 5});
  EXPECT_EQ(Events(s), "8 host_joined\n");
}

TEST(HostJoined, StaysQuietForAClusterThatWasForgotten) {
  Scenario s;
  Beat(s, 0s, 6s);
  Crowd(s, 6s);
  s.At(7s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "");
}

TEST(HostJoined, DoesNotCountTheTimeThatAClockJumpedBack) {
  Scenario s;
  Beat(s, 1000s, 1003s);
  s.At(0s, Heartbeat{}).At(4s, Heartbeat{.host_id = 2});
  EXPECT_EQ(s.Findings("host_joined"), "");
}

// ---- heartbeat_late -----------------------------------------------------------------------------

TEST(HeartbeatLate, FiresAboveTwoPeriodsAndUpToTheTolerance) {
  struct Row {
    std::chrono::nanoseconds gap;
    const char* expected;
  };
  const Row rows[] = {
      {1s, ""},       {2s, ""}, {2s + 1ns, "2 heartbeat_late\n"}, {5s, "2 heartbeat_late\n"},
      {5s + 1ns, ""},  // nobody was heard: a gap of the capture
  };
  for (const Row& row : rows) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(row.gap, Heartbeat{});
    EXPECT_EQ(Events(s), row.expected) << row.gap.count();
  }
}

TEST(HeartbeatLate, SaysHowManyWereMissed) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(2100ms, Heartbeat{}).At(5100ms, Heartbeat{});
  EXPECT_EQ(s.Sentence(2, "heartbeat_late"),
            "Host 1 (192.168.2.30) was silent for 2.1 s, 1 heartbeat missed");
  EXPECT_EQ(s.Sentence(3, "heartbeat_late"),
            "Host 1 (192.168.2.30) was silent for 3 s, 2 heartbeats missed");
  EXPECT_EQ(s.Field(3, "related_frame"), "2");
}

TEST(HeartbeatLate, GoesByTheUsersPeriod) {
  Scenario s(Tolerance(5000, 5));
  s.At(0s, Heartbeat{}).At(10s, Heartbeat{}).At(20s + 1ns, Heartbeat{}).At(45s + 1ns, Heartbeat{});
  EXPECT_EQ(Events(s), "3 heartbeat_late\n4 heartbeat_late\n");
}

TEST(HeartbeatLate, StaysQuietForTheFirstHeartbeatOfTheCapture) {
  Scenario s;
  s.At(1000s, Heartbeat{}).At(1001s, Heartbeat{});
  EXPECT_EQ(Events(s), "");
}

TEST(HeartbeatLate, StaysQuietWhenTheClockRunsBackwards) {
  Scenario s;
  s.At(100s, Heartbeat{}).At(97s, Heartbeat{}).At(98s, Heartbeat{});
  EXPECT_EQ(Events(s), "");
}

TEST(HeartbeatLate, DoesNotMixTheCopiesOfTwoCapturePoints) {
  Scenario s;
  s.At(0s, Heartbeat{}, 0).At(3s, Heartbeat{}, 1).At(3s, Heartbeat{.vlans = {7}});
  EXPECT_EQ(Events(s), "");
}

TEST(HeartbeatLate, LinksNoFrameThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Heartbeat{}).Instead(3s, Heartbeat{});
  EXPECT_EQ(Events(s), "1 heartbeat_late\n");
  EXPECT_EQ(s.Field(1, "related_frame"), "");
}

TEST(HeartbeatLate, IsNotFilledByIdentityHeartbeats) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Identity{}).At(2s, Identity{}).At(3s, Heartbeat{});
  EXPECT_EQ(Events(s), "4 heartbeat_late\n");
}

// A cluster may have another period by its own settings, and nothing in a heartbeat tells.
TEST(HeartbeatLate, IsCuredByTheSettingToo) {
  for (const char* name :
       {"nlb.analysis.heartbeat_late", "nlb.analysis.host_lost", "nlb.analysis.host_returned"}) {
    std::string cure;
    for (size_t i = 0; i < nlb_finding_count(); ++i) {
      if (std::string_view(nlb_finding(i)->filter) == name) cure = nlb_finding(i)->remedy;
    }
    EXPECT_NE(cure.find("nlb.heartbeat_period"), std::string::npos) << name;
  }
}

// ---- host_lost, host_returned -------------------------------------------------------------------

TEST(HostLost, FiresOnTheFirstHeartbeatOfTheClusterThatProvesTheSilence) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  Beat(s, 0s, 6s);  // frames 2 to 8
  EXPECT_EQ(Events(s), "8 host_lost\n");
  EXPECT_EQ(s.Sentence(8, "host_lost"), "Host 2 (192.168.2.31) has been silent for 6 s");
}

TEST(HostLost, StaysQuietUntilTheToleranceHasPassed) {
  Scenario exactly;
  exactly.At(0s, Heartbeat{.host_id = 2});
  Beat(exactly, 0s, 5s);
  EXPECT_EQ(Events(exactly), "");
  Scenario beyond;
  beyond.At(0s, Heartbeat{.host_id = 2});
  Beat(beyond, 0s, 4s);
  beyond.At(5s + 1ns, Heartbeat{});
  EXPECT_EQ(Events(beyond), "7 host_lost\n");
}

TEST(HostLost, IsSaidOnceForEachSilence) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  Beat(s, 0s, 20s);                    // 2 to 22, lost in 8
  s.At(20s, Heartbeat{.host_id = 2});  // 23
  Beat(s, 21s, 30s);                   // 24 to 33: silent since 20 s, lost at 26 s
  EXPECT_EQ(s.Findings("host_lost"), "8 host_lost\n29 host_lost\n");
  EXPECT_EQ(s.Findings("host_returned"), "23 host_returned\n");
}

TEST(HostLost, NamesEveryHostThatFellSilent) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2}).At(0s, Heartbeat{.host_id = 3});
  Beat(s, 0s, 6s);
  EXPECT_EQ(s.Findings("host_lost"), "9 host_lost\n9 host_lost\n");
}

TEST(HostLost, StaysQuietAfterAGapOfTheWholeCapture) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  s.At(100s, Heartbeat{}).At(100200ms, Heartbeat{.host_id = 2});
  EXPECT_EQ(s.Findings("host_lost"), "");
}

TEST(HostLost, StaysQuietWhenANewHostEndsTheGapOfTheCapture) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  s.At(40s, Heartbeat{.host_id = 3}).At(40100ms, Heartbeat{});
  s.At(40200ms, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "3 host_joined\n");
}

TEST(HostLost, FiresATimeOfToleranceLaterWhenANewHostReplacedTheOnlyOne) {
  Scenario s;
  s.At(0s, Heartbeat{});
  Beat(s, 40s, 46s, {.host_id = 2});  // frames 2 to 8
  EXPECT_EQ(Events(s), "2 host_joined\n8 host_lost\n");
}

TEST(HostLost, FiresForAHostThatDoesNotComeBackAfterAGapOfTheCapture) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  Beat(s, 100s, 106s);  // frames 3 to 9
  EXPECT_EQ(s.Findings("host_lost"), "9 host_lost\n");
}

TEST(HostLost, StaysQuietWhenTheClockRunsBackwards) {
  Scenario s;
  s.At(1000s, Heartbeat{}).At(1000s, Heartbeat{.host_id = 2});
  s.At(1s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2}).At(2s, Heartbeat{});
  EXPECT_EQ(s.Findings("host_lost"), "");
}

TEST(HostLost, GoesByTheUsersTolerance) {
  Scenario s(Tolerance(1000, 10));
  s.At(0s, Heartbeat{.host_id = 2});
  Beat(s, 0s, 11s);  // frames 2 to 13
  EXPECT_EQ(Events(s), "13 host_lost\n");
}

TEST(HostLost, StaysQuietForAHostThatGoesOnUnderAnotherId) {
  const uint32_t code = 0x4f3be302;
  Scenario s;
  for (auto now = 0s; now <= 20s; now += 1s) {
    s.At(now, Heartbeat{});
    const uint32_t id = now < 5s ? 2 : 3;
    if (now < 10s)
      s.At(now, Heartbeat{.host_id = id, .host_ip = "192.168.2.31", .host_code = code});
  }
  EXPECT_EQ(s.Findings("host_lost"), "26 host_lost\n");  // the other ID's, at 15 s
  EXPECT_NE(s.Sentences(26).find("Host 3"), std::string::npos) << s.Sentences(26);
}

TEST(HostLost, StaysQuietForAHostThatGoesOnWithAnotherAddress) {
  Scenario s;
  for (auto now = 0s; now <= 20s; now += 1s) {
    s.At(now, Heartbeat{});
    const char* ip = now < 5s ? "0.0.0.0" : "192.168.2.31";
    s.At(now, Heartbeat{.host_id = 2, .host_ip = ip});
  }
  EXPECT_EQ(s.Findings("host_lost"), "");
}

TEST(HostLost, FiresForAHostWhoseImageAnotherHostHasToo) {
  Scenario s;  // the code alone does not tell
  s.At(0s, Heartbeat{.host_id = 2, .host_code = 7});
  Beat(s, 0s, 6s, {.host_code = 7});  // frames 2 to 8
  EXPECT_EQ(s.Findings("host_lost"), "8 host_lost\n");
}

TEST(HostLost, FiresForAHostWithoutAnAddressWhoseImageAnotherHostHasToo) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .host_ip = "0.0.0.0", .host_code = 7});
  Beat(s, 0s, 6s, {.host_ip = "0.0.0.0", .host_code = 7});  // frames 2 to 8
  EXPECT_EQ(s.Findings("host_lost"), "8 host_lost\n");
}

TEST(HostLost, StaysQuietForAHostThatIdentityHeartbeatsOnlyNamed) {
  Scenario s;
  s.At(0s, Identity{.host_id = 2});
  Beat(s, 0s, 10s);
  EXPECT_EQ(Events(s), "");
}

TEST(HostLost, StaysQuietForAClusterThatWasForgotten) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2}).At(0s, Heartbeat{});
  Crowd(s, 1s);
  Beat(s, 2s, 9s);
  EXPECT_EQ(Events(s), "");
}

TEST(HostReturned, FiresWhenALostHostIsHeardAgain) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  Beat(s, 0s, 8s);
  s.At(9s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "8 host_lost\n11 host_returned\n");
  EXPECT_EQ(s.Sentence(11, "host_returned"),
            "Host 2 (192.168.2.31) is back after a silence of 9 s");
}

TEST(HostReturned, FiresWhenOnlyAnotherHostWasHeardInTheMeantime) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(4s, Heartbeat{.host_id = 2}).At(6s, Heartbeat{});
  EXPECT_EQ(Events(s), "3 host_returned\n");
}

// Nobody can tell it from a gap of the capture when the only host falls silent.
// The capture goes on, so it is no gap of the capture: the whole cluster was away.
TEST(HostReturned, FiresWhenTheWholeClusterWasSilentWhileOthersWereHeard) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  for (int i = 1; i < 15; ++i) s.At(i * 4s, Udp{.id = static_cast<uint16_t>(i)});
  s.At(60s, Heartbeat{});
  EXPECT_EQ(s.Findings("host_returned"), "17 host_returned\n");
  EXPECT_EQ(s.Findings("host_lost"), "17 host_lost\n");
}

TEST(HostReturned, StaysQuietForAnAddressThatComesBackToAHostThatNeverWasAway) {
  Scenario s;
  Heartbeat other{.host_ip = "192.168.2.99"};
  for (int i = 0; i < 30; ++i) {
    s.At(i * 1s, i / 10 == 1 ? other : Heartbeat{}).At(i * 1s, Heartbeat{.host_id = 2});
  }
  EXPECT_EQ(s.Findings("host_returned"), "");
  EXPECT_EQ(s.Findings("host_lost"), "");
}

TEST(HostReturned, StaysQuietAfterAGapOfTheWholeCapture) {
  Scenario one;
  one.At(0s, Heartbeat{}).At(60s, Heartbeat{});
  EXPECT_EQ(Events(one), "");
  Scenario three;
  for (const auto now : {0s, 1s, 40s, 41s}) {
    for (uint32_t id = 1; id <= 3; ++id) three.At(now + id * 100ms, Heartbeat{.host_id = id});
  }
  EXPECT_EQ(Events(three), "");
}

TEST(HostReturned, StaysQuietWhenTheClockIsSetForwardAndBack) {
  Scenario s;
  for (const auto now : {0s, 1s, 32s, 33s, 4s, 5s}) {
    s.At(now, Heartbeat{}).At(now + 300ms, Heartbeat{.host_id = 2});
  }
  EXPECT_EQ(Events(s), "");
}

TEST(HostReturned, FiresForAHostThatWasLostBeforeTheGapOfTheCapture) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  Beat(s, 0s, 8s);  // frames 2 to 10, lost in 8
  s.At(40s, Heartbeat{}).At(41s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "8 host_lost\n12 host_returned\n");
}

TEST(HostReturned, StaysQuietForAHostThatWasNeverAway) {
  Scenario s;
  Beat(s, 0s, 20s);
  EXPECT_EQ(Events(s), "");
}

TEST(HostReturned, StaysQuietForAnotherHostWithTheSameId) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  Beat(s, 0s, 8s);
  s.At(9s, Heartbeat{.host_id = 2, .host_ip = "192.168.2.77", .host_code = 9});
  EXPECT_EQ(s.Findings("host_returned"), "");
  EXPECT_EQ(s.Findings("host_joined"), "11 host_joined\n");
}

// ---- state_changed, not_converging --------------------------------------------------------------

TEST(StateChanged, FiresOnTheFirstHeartbeatWithAnotherState) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.state = 2}).At(2s, Heartbeat{.state = 2});
  EXPECT_EQ(Events(s), "2 state_changed\n");
  EXPECT_EQ(s.Sentence(2, "state_changed"), "Host 1 (192.168.2.30) went from state 1 to 2");
}

TEST(StateChanged, StaysQuietForTheFirstStateOfAHost) {
  Scenario s;
  s.At(0s, Heartbeat{.state = 3}).At(1s, Heartbeat{.host_id = 2, .state = 1});
  EXPECT_EQ(Events(s), "");
}

TEST(StateChanged, StaysQuietWhenTheCaptureCutTheState) {
  constexpr size_t kBeforeTheState = 14 + 24;
  Scenario now;
  now.At(0s, Heartbeat{}).Snaplen(kBeforeTheState).At(1s, Heartbeat{.state = 2});
  EXPECT_EQ(Events(now), "");
  Scenario before;
  before.Snaplen(kBeforeTheState).At(0s, Heartbeat{}).Snaplen(SIZE_MAX).At(1s, Heartbeat{});
  EXPECT_EQ(Events(before), "");
}

TEST(StateChanged, StaysQuietForAnotherHostWithTheSameId) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.host_ip = "192.168.2.77", .state = 2});
  EXPECT_EQ(s.Findings("state_changed"), "");
}

// Two hosts, a second apart from 0 s on, with these states.
void Disagree(Scenario& s, std::chrono::seconds until) {
  for (auto now = 0s; now < until; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .state = 2});
  }
}

TEST(NotConverging, FiresOnceWhenHostsDisagreeForMoreThanTenSeconds) {
  Scenario s;
  Disagree(s, 30s);
  EXPECT_EQ(Events(s), "23 not_converging\n");
  EXPECT_EQ(s.Sentence(23, "not_converging"), "Host 1 (192.168.2.30) is in state 1, host 2 in 2");
}

TEST(NotConverging, StaysQuietForExactlyTenSeconds) {
  Scenario exactly;
  Disagree(exactly, 10s);
  exactly.At(10s, Heartbeat{});
  EXPECT_EQ(Events(exactly), "");
  Scenario beyond;
  Disagree(beyond, 10s);
  beyond.At(10s + 1ns, Heartbeat{});
  EXPECT_EQ(Events(beyond), "21 not_converging\n");
}

TEST(NotConverging, FiresForAHostThatKeepsChanging) {
  Scenario s;
  for (int i = 0; i <= 12; ++i) {
    s.At(i * 1s, Heartbeat{.state = static_cast<uint16_t>(1 + i % 2)});
  }
  EXPECT_EQ(s.Findings("not_converging"), "13 not_converging\n");
  EXPECT_NE(s.Sentences(13).find("is in state 1 and keeps changing"), std::string::npos)
      << s.Sentences(13);
}

TEST(NotConverging, NamesBothStatesOfTwoHostsWithOneId) {
  Scenario s;
  for (auto now = 0s; now < 12s; now += 1s) {
    s.At(now, Heartbeat{})
        .At(now, Heartbeat{.host_ip = "192.168.2.31", .state = 2, .host_code = 7});
  }
  EXPECT_EQ(s.Sentence(23, "not_converging"), "Host 1 (192.168.2.30) is in state 1, host 1 in 2");
}

TEST(NotConverging, StaysQuietWhenTheHostsAgreeInBetween) {
  Scenario s;
  Disagree(s, 8s);
  s.At(8s, Heartbeat{.state = 2}).At(9s, Heartbeat{.state = 2});
  s.At(9s, Heartbeat{.host_id = 2, .state = 2});
  for (auto now = 10s; now < 20s; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .state = 2});
  }
  EXPECT_EQ(s.Findings("not_converging"), "");
}

TEST(NotConverging, FiresAgainAfterTheHostsHadAgreed) {
  Scenario s;
  Disagree(s, 12s);  // 24 frames, said in 23
  for (auto now = 12s; now < 15s; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
  }
  for (auto now = 15s; now < 30s; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .state = 2});
  }
  EXPECT_EQ(s.Findings("not_converging"), "23 not_converging\n53 not_converging\n");
}

TEST(NotConverging, DoesNotCountAHostThatIsNoLongerAlive) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .state = 2});
  Beat(s, 0s, 30s);
  EXPECT_EQ(s.Findings("not_converging"), "");
}

TEST(NotConverging, DoesNotCountAGapOfTheCapture) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(500ms, Heartbeat{.host_id = 2, .state = 2});
  s.At(1s, Heartbeat{.state = 2}).At(40s, Heartbeat{}).At(40500ms, Heartbeat{.host_id = 2});
  EXPECT_EQ(s.Findings("not_converging"), "");
}

TEST(NotConverging, DoesNotCountTheTimeThatAClockJumpedBack) {
  Scenario s;
  Disagree(s, 8s);
  s.At(-100s, Heartbeat{}).At(-100s, Heartbeat{.host_id = 2, .state = 2}).At(-91s, Heartbeat{});
  EXPECT_EQ(s.Findings("not_converging"), "");
}

TEST(NotConverging, StaysQuietWhenTheCaptureCutTheStates) {
  Scenario s;
  s.Snaplen(14 + 24);
  Disagree(s, 30s);
  EXPECT_EQ(s.Findings("not_converging"), "");
}

// ---- idle_host ----------------------------------------------------------------------------------

// Host 1 stays at its count, host 2 works, both every second; the last pair at `until`.
void LeaveIdle(Scenario& s, std::chrono::nanoseconds until) {
  uint32_t packets = 1;
  for (std::chrono::nanoseconds now = 0s; now < until; now += 1s) {
    s.At(now, Heartbeat{.host_id = 2, .packets_handled = packets++}).At(now, Heartbeat{});
  }
  s.At(until, Heartbeat{.host_id = 2, .packets_handled = packets}).At(until, Heartbeat{});
}

TEST(IdleHost, FiresAfterSixtySecondsWithoutWorkWhileAnotherHostWorks) {
  Scenario s;
  LeaveIdle(s, 70s);
  EXPECT_EQ(Events(s), "122 idle_host\n");
  EXPECT_EQ(s.Sentence(122, "idle_host"),
            "Host 1 (192.168.2.30) handled nothing for 60 s, host 2 did");
}

TEST(IdleHost, StaysQuietUntilSixtySecondsHavePassed) {
  Scenario before;
  LeaveIdle(before, 60s - 1ns);
  EXPECT_EQ(Events(before), "");
  Scenario exactly;
  LeaveIdle(exactly, 60s);
  EXPECT_EQ(Events(exactly), "122 idle_host\n");
}

TEST(IdleHost, StaysQuietWhenNobodyHasWork) {
  Scenario s;
  for (auto now = 0s; now < 120s; now += 1s)
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "");
}

TEST(IdleHost, StaysQuietWhenTheOtherHostHasStoppedWorkingToo) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .packets_handled = 1});
  for (auto now = 1s; now < 120s; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .packets_handled = 2});
  }
  // Host 1 is without work from 0 s on, host 2 from 1 s on: at 60 s it has just worked.
  EXPECT_EQ(Events(s), "121 idle_host\n");
  Scenario both;
  both.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .packets_handled = 1});
  both.At(0s, Heartbeat{.host_id = 2, .packets_handled = 2});
  for (auto now = 1s; now < 120s; now += 1s) {
    both.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .packets_handled = 2});
  }
  EXPECT_EQ(Events(both), "");
}

TEST(IdleHost, IsSaidAgainAfterTheHostHadWork) {
  Scenario s;
  uint32_t packets = 1;
  for (auto now = 0s; now < 200s; now += 1s) {
    const uint32_t mine = now < 100s ? 5 : 6;
    s.At(now, Heartbeat{.host_id = 2, .packets_handled = packets++});
    s.At(now, Heartbeat{.packets_handled = mine});
  }
  EXPECT_EQ(s.Findings("idle_host"), "122 idle_host\n322 idle_host\n");
}

TEST(IdleHost, CountsFromWhereTheCaptureStarts) {
  Scenario s;  // nobody knows how long host 1 had been idle before
  uint32_t packets = 1;
  for (auto now = 1000s; now < 1060s; now += 1s) {
    s.At(now, Heartbeat{.host_id = 2, .packets_handled = packets++}).At(now, Heartbeat{});
  }
  EXPECT_EQ(Events(s), "");
}

TEST(IdleHost, StaysQuietWhenTheCaptureCutTheCounter) {
  Scenario s;
  s.Snaplen(14 + 32);
  LeaveIdle(s, 100s);
  EXPECT_EQ(Events(s), "");
}

TEST(IdleHost, TakesACounterThatWrappedForWork) {
  Scenario s;
  uint32_t packets = 1;
  for (auto now = 0s; now < 100s; now += 1s) {
    s.At(now, Heartbeat{.host_id = 2, .packets_handled = packets++});
    s.At(now, Heartbeat{.packets_handled = now < 50s ? 0xFFFFFFFF : 3});
  }
  EXPECT_EQ(Events(s), "");
}

}  // namespace
}  // namespace nlb::test
