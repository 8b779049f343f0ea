// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// The findings of this file, whatever else fires.
std::string Events(const Scenario& s) {
  std::string text;
  for (const char* name : {"host_joined", "host_lost", "host_returned", "heartbeat_late",
                           "state_changed", "not_converging", "reconverging", "idle_host"}) {
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

// Traffic of others, so that the capture does not seem to have a gap.
void Others(Scenario& s, std::chrono::seconds from, std::chrono::seconds until) {
  for (auto now = from; now <= until; now += 1s) {
    s.At(now, Udp{.id = static_cast<uint16_t>(now.count() + 1000)});
  }
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
  s.At(6s, Heartbeat{.host_id = 2}, 1);
  EXPECT_EQ(Events(s), "");
  Scenario tagged;
  Beat(tagged, 0s, 6s, {.vlans = {6}});
  tagged.At(6s, Heartbeat{.host_id = 2, .vlans = {7}});
  EXPECT_EQ(Events(tagged), "");
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
      {1s, ""},       {2s, ""}, {2s + 1ns, "heartbeat_late\n"}, {5s, "heartbeat_late\n"},
      {5s + 1ns, ""},  // the only host that is heard here: who knows
  };
  for (const Row& row : rows) {
    Scenario s;
    s.At(-1s, Heartbeat{}).At(0s, Heartbeat{});
    Others(s, 0s, 5s);  // frames 3 to 8
    s.At(row.gap, Heartbeat{});
    const std::string expected = *row.expected ? "9 " + std::string(row.expected) : "";
    EXPECT_EQ(Events(s), expected) << row.gap.count();
  }
}

TEST(HeartbeatLate, StaysQuietWhenNothingAtAllWasCaptured) {
  Scenario s;  // the capture may have dropped frames
  s.At(-1s, Heartbeat{}).At(0s, Heartbeat{}).At(3s, Heartbeat{});
  s.At(4s, Udp{}).At(7s, Heartbeat{});  // 4 s, of which 1 s was heard
  EXPECT_EQ(Events(s), "");
}

TEST(HeartbeatLate, TakesOneAndAHalfPeriodsBetweenFramesForNoGap) {
  for (const auto more : {0ns, 1ns}) {
    Scenario s;
    s.At(-1s, Heartbeat{}).At(0s, Heartbeat{});
    s.At(1500ms, Udp{}).At(3s + more, Heartbeat{});
    EXPECT_EQ(Events(s), more == 0ns ? "4 heartbeat_late\n" : "") << more.count();
  }
}

// A switch may keep the group from this port; broadcast reaches it.
TEST(HeartbeatLate, StaysQuietInAGroupOfWhichNobodyWasHeard) {
  for (const Mode mode : {Mode::kUnicast, Mode::kMulticast, Mode::kIgmp}) {
    Scenario s;
    for (const auto now : {-1s, 0s}) {
      s.At(now, Heartbeat{.mode = mode}).At(now + 300ms, Heartbeat{.host_id = 2, .mode = mode});
    }
    Others(s, 1s, 4s);  // frames 5 to 8
    s.At(4500ms, Heartbeat{.mode = mode}).At(4800ms, Heartbeat{.host_id = 2, .mode = mode});
    EXPECT_EQ(Events(s), mode == Mode::kUnicast ? "9 heartbeat_late\n10 heartbeat_late\n" : "");
  }
}

TEST(HeartbeatLate, FiresInAGroupOfWhichOthersWereHeard) {
  Scenario s;
  for (auto now = -1s; now < 5s; now += 1s) {
    s.At(now, Heartbeat{.mode = Mode::kMulticast});
    if (now < 1s || now == 4s) s.At(now, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
  }
  EXPECT_EQ(Events(s), "9 heartbeat_late\n");
}

TEST(HeartbeatLate, FiresLongAfterNobodyWasHeardForAWhile) {
  for (const Mode mode : {Mode::kUnicast, Mode::kMulticast}) {
    Scenario s;
    s.At(-1s, Heartbeat{.mode = mode}).At(0s, Heartbeat{.mode = mode});
    for (auto now = 30s; now <= 36s; now += 1s) {  // frames 3 to 9, and 10 to 13
      s.At(now, Heartbeat{.host_id = 2, .mode = mode});
      if (now < 33s || now == 36s) s.At(now, Heartbeat{.mode = mode});
    }
    EXPECT_EQ(s.Findings("heartbeat_late"), "13 heartbeat_late\n");
  }
}

TEST(HeartbeatLate, SaysHowManyWereMissed) {
  Scenario s;
  s.At(-1s, Heartbeat{}).At(0s, Heartbeat{});
  s.At(1s, Udp{.id = 1}).At(2s, Udp{.id = 2}).At(2100ms, Heartbeat{});
  s.At(3s, Udp{.id = 3}).At(4s, Udp{.id = 4}).At(5100ms, Heartbeat{});
  EXPECT_EQ(s.Sentence(5, "heartbeat_late"),
            "Host 1 (192.168.2.30) was silent for 2.1 s, 1 heartbeat missed");
  EXPECT_EQ(s.Sentence(8, "heartbeat_late"),
            "Host 1 (192.168.2.30) was silent for 3 s, 2 heartbeats missed");
  EXPECT_EQ(s.Field(8, "related_frame"), "5");
}

TEST(HeartbeatLate, GoesByTheUsersPeriod) {
  Scenario s(Tolerance(5000, 5));
  s.At(0s, Heartbeat{});
  Others(s, 1s, 10s);
  s.At(10s, Heartbeat{});  // frame 12
  Others(s, 11s, 20s);
  s.At(20s + 1ns, Heartbeat{});  // 23
  Others(s, 21s, 45s);
  s.At(45s + 1ns, Heartbeat{});  // 49
  EXPECT_EQ(Events(s), "23 heartbeat_late\n49 heartbeat_late\n");
}

// AliveMsgPeriod may be 10 s. Nobody is late as long as nobody was heard to speak more often.
TEST(HeartbeatLate, GoesByThePeriodThatTheClusterShows) {
  Scenario s;
  for (auto now = 0s; now < 62s; now += 1s) {
    Others(s, now, now);
    if (now == 0s || now == 10s || now == 20s || now == 40s || now == 61s) {
      s.At(now, Heartbeat{.host_id = 2});
    }
  }
  EXPECT_EQ(Events(s), "67 heartbeat_late\n");
  EXPECT_EQ(s.Sentence(67, "heartbeat_late"),
            "Host 2 (192.168.2.31) was silent for 21 s, 1 heartbeat missed");
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

TEST(HeartbeatLate, StaysQuietForAHostThatAnotherCapturePointHeard) {
  Scenario s;
  Beat(s, 0s, 3s, {.host_id = 2});
  for (const auto now : {0s, 1s, 2s, 3s}) s.At(now, Heartbeat{}, now == 2s || now == 1s ? 1 : 0);
  EXPECT_EQ(Events(s), "");
}

TEST(HeartbeatLate, LinksNoFrameThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{});
  for (const auto now : {2s, 3s}) s.Instead(now, Udp{.id = static_cast<uint16_t>(now.count())});
  s.Instead(4s, Heartbeat{});
  EXPECT_EQ(Events(s), "2 heartbeat_late\n");
  EXPECT_EQ(s.Field(2, "related_frame"), "");
}

// One instance of the host has a name only, the other is heard at the same time.
TEST(HeartbeatLink, LeadsToTheHeartbeatOfAHostThatWasNamedElsewhere) {
  Scenario s;
  s.At(1s, Identity{}).At(1s, Heartbeat{}, 1).At(2s, Heartbeat{.packets_handled = 1001});
  EXPECT_NE(s.Previous(3).find("previous_heartbeat 2"), std::string::npos) << s.Previous(3);
}

TEST(HeartbeatLate, IsNotFilledByIdentityHeartbeats) {
  Scenario s;
  s.At(-1s, Heartbeat{}).At(0s, Heartbeat{});
  s.At(1s, Identity{}).At(2s, Identity{}).At(3s, Heartbeat{});
  EXPECT_EQ(Events(s), "5 heartbeat_late\n");
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

// Less than a silence that would be a host's end, but the last of it was not heard.
TEST(HostLost, StaysQuietAfterAGapOfTheCaptureThatIsShorterThanTheTolerance) {
  Scenario s;
  Beat(s, 0s, 4s);
  Beat(s, 0s, 3s, {.host_id = 2});
  s.At(8900ms, Heartbeat{}).At(9s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "");
}

// A client's port behind IGMP snooping: the switch floods the group for a while, and stops.
TEST(HostLost, StaysQuietWhenTheGroupIsNotFloodedToHereForAWhile) {
  Scenario s;
  for (auto now = 0s; now < 60s; now += 1s) {
    s.At(now, Udp{.id = static_cast<uint16_t>(now.count() + 1)});
    if (now > 10s && now < 40s) continue;
    for (const uint32_t id : {1u, 2u}) {
      s.At(now + id * 100ms, Heartbeat{.host_id = id, .mode = Mode::kIgmp});
    }
  }
  EXPECT_EQ(Events(s), "");
}

TEST(HostLost, StaysQuietForAHostThatIsHeardOnAnotherInterface) {
  Scenario s;
  for (auto now = 0s; now < 30s; now += 1s) {
    s.At(now, Heartbeat{}).At(now + 400ms, Heartbeat{.host_id = 2}, now < 12s ? 0 : 1);
  }
  EXPECT_EQ(Events(s), "");
}

TEST(HostLost, FiresForAHostThatIsHeardOnNoInterface) {
  Scenario s;
  for (auto now = 0s; now < 20s; now += 1s) {
    s.At(now, Heartbeat{}).At(now + 20us, Heartbeat{}, 1);
    if (now < 8s) s.At(now + 400ms, Heartbeat{.host_id = 2}, 1);
  }
  EXPECT_EQ(Events(s), "35 host_lost\n");  // 12.4 s are passed at 13 s
}

TEST(HostLost, GoesByThePeriodThatTheClusterShows) {
  for (const bool alone : {true, false}) {
    Scenario s;
    for (auto now = 0s; now <= 120s; now += 1s) {
      if (!alone) Others(s, now, now);
      if (now.count() % 10 == 0) s.At(now, Heartbeat{});
      if (now.count() % 10 == 4 && now < 30s) s.At(now, Heartbeat{.host_id = 2});
    }
    // Heard last at 24 s; the heartbeat at 80 s is the first behind 74 s.
    EXPECT_EQ(Events(s), alone ? "12 host_lost\n" : "93 host_lost\n");
  }
}

TEST(HostLost, StaysQuietUntilSomebodyIsHeardTwice) {
  Scenario s;
  s.At(0s, Heartbeat{});
  Others(s, 1s, 20s);
  s.At(20s, Heartbeat{.host_id = 2}).At(26s, Heartbeat{.host_id = 3});
  EXPECT_EQ(s.Findings("host_lost"), "");
}

TEST(HostLost, StaysQuietForHostsThatWereHeardOnceEach) {
  Scenario s;  // their period may be a long one
  for (uint32_t id = 1; id <= 4; ++id) s.At(id * 2s, Heartbeat{.host_id = id});
  EXPECT_EQ(s.Findings("host_lost"), "");
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
  s.At(-1s, Heartbeat{})
      .At(0s, Heartbeat{})
      .At(1s, Udp{})
      .At(2s, Udp{.id = 2})
      .At(3s, Udp{.id = 3});
  s.At(4s, Heartbeat{.host_id = 2}).At(5s, Udp{.id = 5}).At(6s, Heartbeat{});
  EXPECT_EQ(Events(s), "8 host_returned\n");
}

// The capture goes on, so it is no gap of the capture, and broadcast reaches every port: the whole
// cluster was away. Nobody is lost who speaks a moment later.
TEST(HostReturned, FiresWhenTheWholeClusterWasSilentWhileOthersWereHeard) {
  Scenario s;
  for (const auto now : {0s, 1s}) s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
  Others(s, 1s, 60s);  // frames 5 to 64
  s.At(60s, Heartbeat{}).At(60200ms, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "65 host_returned\n66 host_returned\n");
}

TEST(HostReturned, FiresBeyondTheTolerance) {
  for (const auto silence : {std::chrono::nanoseconds(5s), 5s + 1ns}) {
    Scenario s;
    for (const auto now : {-1s, 0s}) s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
    Others(s, 0s, 5s);  // frames 5 to 10
    s.At(silence, Heartbeat{});
    EXPECT_EQ(Events(s), silence > 5s ? "11 host_returned\n" : "11 heartbeat_late\n");
  }
}

TEST(HostReturned, FiresForAHostThatWasHeardOnceWhenTheClusterWasHeardFirst) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2}).At(2s, Heartbeat{.host_id = 2});
  Others(s, 3s, 3s);
  s.At(4s, Heartbeat{.host_id = 2});
  Others(s, 5s, 5s);
  s.At(5500ms, Heartbeat{});
  EXPECT_EQ(Events(s), "7 host_returned\n");
}

// Who knows whether the cluster was away before the capture was, or the whole time.
TEST(HostReturned, StaysQuietWhenTheCaptureHadAGapInTheSilenceOfTheCluster) {
  for (const auto gap : {5s, 6s}) {  // the tolerance, and more
    Scenario s;
    for (const auto now : {0s, 1s}) s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
    Others(s, 2s, 8s);               // frames 5 to 11
    Others(s, 8s + gap, 14s + gap);  // 12 to 18
    s.At(14s + gap, Heartbeat{}).At(14200ms + gap, Heartbeat{.host_id = 2});
    EXPECT_EQ(Events(s), gap == 5s ? "19 host_returned\n20 host_returned\n" : "");
  }
}

TEST(HostReturned, FiresWhenTheClusterWasHeardAtTheEndOfTheGapOfTheCapture) {
  Scenario s;
  for (const auto now : {-1s, 0s, 10s}) s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2});
  Others(s, 11s, 20s);  // frames 7 to 16
  s.At(20s, Heartbeat{}).At(20s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Events(s), "17 host_returned\n18 host_returned\n");
}

// The switch may have kept this host's heartbeats longer than the other's.
TEST(HostReturned, StaysQuietInAGroupOfWhichNobodyWasHeardForAWhile) {
  for (const Mode mode : {Mode::kUnicast, Mode::kMulticast}) {
    Scenario s;
    for (const auto now : {-1s, 0s}) s.At(now, Heartbeat{.mode = mode});
    for (int i = 0; i <= 9; ++i) s.At(i * 500ms, Heartbeat{.host_id = 2, .mode = mode});
    Others(s, 5s, 20s);  // frames 13 to 28
    s.At(20s, Heartbeat{.host_id = 2, .mode = mode}).At(20800ms, Heartbeat{.mode = mode});
    EXPECT_EQ(s.Findings("host_returned"),
              mode == Mode::kUnicast ? "29 host_returned\n30 host_returned\n" : "");
  }
}

TEST(HostReturned, StaysQuietForTheOnlyHostOfACluster) {
  Scenario s;
  Beat(s, 0s, 3s);
  Others(s, 3s, 20s);
  Beat(s, 20s, 23s);
  EXPECT_EQ(Events(s), "");
}

TEST(HostReturned, FiresForTheOnlyHostThatIsLeftWhenItWasToldAsLost) {
  Scenario s;
  Beat(s, 0s, 3s);                   // frames 1 to 4
  Beat(s, 4s, 12s, {.host_id = 2});  // 5 to 13
  Beat(s, 14s, 15s);
  EXPECT_EQ(s.Findings("host_lost"), "10 host_lost\n");
  EXPECT_EQ(s.Findings("host_returned"), "14 host_returned\n");
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

TEST(NotConverging, StaysQuietWhenTheCaptureCutTheStateOfOneHost) {
  Scenario s;
  for (auto now = 0s; now < 15s; now += 1s) {
    s.Snaplen(SIZE_MAX).At(now, Heartbeat{});
    s.Snaplen(14 + 24).At(now + 300ms, Heartbeat{.host_id = 2});
  }
  EXPECT_EQ(Events(s), "");
}

TEST(NotConverging, NamesAHostInAnotherState) {
  Scenario s;
  for (auto now = 0s; now < 12s; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .state = 2});
    s.At(now, Heartbeat{.host_id = 3});
  }
  EXPECT_EQ(s.Sentence(34, "not_converging"), "Host 1 (192.168.2.30) is in state 1, host 2 in 2");
}

TEST(NotConverging, FiresWhenTheHostsDisagreeAfterAGapOfTheCapture) {
  Scenario s;
  s.At(-60s, Heartbeat{.state = 2}).At(-60s, Heartbeat{.host_id = 2, .state = 2});
  Disagree(s, 12s);
  EXPECT_EQ(s.Findings("not_converging"), "25 not_converging\n");
}

// A mirror of both directions shows each heartbeat twice.
TEST(NotConverging, FiresForAHostThatKeepsChangingAndIsHeardTwice) {
  Scenario s;
  for (int i = 0; i <= 12; ++i) {
    const Heartbeat heartbeat{.state = static_cast<uint16_t>(1 + i % 2)};
    s.At(i * 1s, heartbeat).At(i * 1s + 20us, heartbeat);
  }
  EXPECT_EQ(s.Findings("not_converging"), "25 not_converging\n");
}

// It was at rest in state 1, as long-running clusters are.
TEST(NotConverging, FiresWhenAllHostsStayInTheStateOfAConvergence) {
  Scenario s;
  for (auto now = 0s; now < 30s; now += 1s) {
    const uint16_t state = now < 8s ? 1 : 2;
    s.At(now, Heartbeat{.state = state}).At(now, Heartbeat{.host_id = 2, .state = state});
  }
  EXPECT_EQ(s.Findings("not_converging"), "39 not_converging\n");
  EXPECT_EQ(s.Sentence(39, "not_converging"),
            "Host 1 (192.168.2.30) is in state 2, the cluster was in 1");
}

TEST(NotConverging, FiresWhenOneHostIsInTheStateOfRestForAMomentOnly) {
  Scenario s;
  for (auto now = 0s; now < 30s; now += 1s) {
    const uint16_t state = now < 8s ? 1 : 2;
    s.At(now, Heartbeat{.state = state});
    s.At(now, Heartbeat{.host_id = 2, .state = now == 15s ? uint16_t{1} : state});
  }
  EXPECT_EQ(s.Findings("not_converging"), "39 not_converging\n");
}

TEST(NotConverging, StaysQuietForStatesThatAreNotKnown) {
  Scenario all;  // nobody knows what state 2 is: the cluster may be at rest in it
  Beat(all, 0s, 40s, {.state = 2});
  EXPECT_EQ(Events(all), "");
  Scenario from;
  Beat(from, 0s, 20s, {.state = 2});
  Beat(from, 21s, 40s, {.state = 3});
  EXPECT_EQ(from.Findings("not_converging"), "");
}

TEST(NotConverging, StaysQuietForAConvergenceOfTenSeconds) {
  Scenario s;
  Beat(s, 0s, 7s);
  Beat(s, 8s, 16s, {.state = 2});
  Beat(s, 17s, 40s);
  EXPECT_EQ(s.Findings("not_converging"), "");
}

// ---- reconverging -------------------------------------------------------------------------------

// A cluster of two hosts that converges for four seconds at each of these times.
void Converge(Scenario& s, std::initializer_list<std::chrono::seconds> times,
              std::chrono::seconds until) {
  for (auto now = 0s; now < until; now += 1s) {
    uint16_t state = 1;
    for (const auto time : times) {
      if (now >= time && now < time + 4s) state = now < time + 2s ? 2 : 3;
    }
    s.At(now, Heartbeat{.state = state}).At(now + 300ms, Heartbeat{.host_id = 2, .state = state});
  }
}

TEST(Reconverging, FiresAtTheThirdConvergenceWithinFiveMinutes) {
  Scenario s;
  Converge(s, {5s, 15s, 25s}, 40s);
  EXPECT_EQ(s.Findings("reconverging"), "51 reconverging\n");
  EXPECT_EQ(s.Sentence(51, "reconverging"), "192.168.2.10 converges for the third time in 20 s");
}

TEST(Reconverging, StaysQuietForTwoConvergences) {
  Scenario s;
  Converge(s, {5s, 15s}, 40s);
  EXPECT_EQ(s.Findings("reconverging"), "");
}

TEST(Reconverging, StaysQuietBeyondFiveMinutes) {
  Scenario exactly;
  Converge(exactly, {5s, 15s, 305s}, 310s);
  EXPECT_EQ(exactly.Findings("reconverging"), "611 reconverging\n");
  Scenario beyond;
  Converge(beyond, {5s, 15s, 306s}, 310s);
  EXPECT_EQ(beyond.Findings("reconverging"), "");
}

TEST(Reconverging, IsSaidOnceUntilTheClusterWasSettledForFiveMinutes) {
  Scenario s;
  Converge(s, {5s, 15s, 25s, 35s, 45s, 55s, 400s, 410s, 420s}, 430s);
  EXPECT_EQ(s.Findings("reconverging"), "51 reconverging\n841 reconverging\n");
}

TEST(Reconverging, CountsAConvergenceOnceWhenHostsChangeOneAfterTheOther) {
  Scenario s;
  for (auto now = 0s; now < 60s; now += 1s) {  // one convergence, by several states
    const uint16_t one = now >= 20s && now < 25s ? static_cast<uint16_t>(now.count() - 18) : 1;
    const uint16_t two = now >= 21s && now < 26s ? static_cast<uint16_t>(now.count() - 19) : 1;
    s.At(now, Heartbeat{.state = one}).At(now + 300ms, Heartbeat{.host_id = 2, .state = two});
  }
  EXPECT_EQ(s.Findings("reconverging"), "");
}

TEST(Reconverging, CountsAMirroredConvergenceOnce) {
  Scenario s;
  for (auto now = 0s; now < 40s; now += 1s) {
    const uint16_t state = (now >= 10s && now < 14s) || (now >= 20s && now < 24s) ? 2 : 1;
    const Heartbeat heartbeat{.state = state};
    s.At(now, heartbeat).At(now + 1ms, heartbeat, 1).At(now + 2ms, heartbeat, 2);
  }
  EXPECT_EQ(s.Findings("reconverging"), "");
}

// The number of the state of rest is not documented.
TEST(Reconverging, GoesByTheStateThatIsHeardMost) {
  Scenario s;
  for (auto now = 0s; now < 60s; now += 1s) {
    s.At(now, Heartbeat{.state = static_cast<uint16_t>(now.count() % 15 < 3 ? 1 : 4)});
  }
  EXPECT_EQ(s.Findings("reconverging"), "46 reconverging\n");
}

TEST(Reconverging, IsBoundedByTheStatesThatAreKept) {
  Scenario s;
  for (uint16_t i = 0; i < 500; ++i) {
    s.At(i * 1s, Heartbeat{.state = static_cast<uint16_t>(i / 2)});
  }
  EXPECT_EQ(s.Findings("reconverging"), "");
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
  EXPECT_EQ(Events(s), "");
  Scenario both;
  both.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .packets_handled = 1});
  both.At(0s, Heartbeat{.host_id = 2, .packets_handled = 2});
  for (auto now = 1s; now < 120s; now += 1s) {
    both.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .packets_handled = 2});
  }
  EXPECT_EQ(Events(both), "");
}

// Neither a host whose work is sixty seconds ago works, nor one that came since.
TEST(IdleHost, StaysQuietWhenTheWorkIsSixtySecondsAgo) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .packets_handled = 1}).At(1s, Heartbeat{});
  for (auto now = 1s; now <= 61s; now += 1s) {
    s.At(now, Heartbeat{.host_id = 2, .packets_handled = 101});
    if (now >= 30s) s.At(now, Heartbeat{.host_id = 3});
    if (now > 1s) s.At(now, Heartbeat{});
  }
  EXPECT_EQ(s.Findings("idle_host"), "");
}

TEST(IdleHost, StaysQuietWhenTheHostThatWorkedIsNoLongerAlive) {
  Scenario s;
  for (uint32_t i = 0; i <= 70; ++i) {
    if (i <= 50) s.At(i * 1s, Heartbeat{.host_id = 2, .packets_handled = 10 * i});
    s.At(i * 1s, Heartbeat{});
  }
  EXPECT_EQ(s.Findings("idle_host"), "");
}

TEST(IdleHost, CountsTheWorkSinceTheHostHadSome) {
  Scenario s;
  for (uint32_t i = 0; i <= 70; ++i) {  // 100 packets at once, then one in ten seconds
    const uint32_t packets = i == 0 ? 0 : 100 + i / 10;
    s.At(i * 1s, Heartbeat{.host_id = 2, .packets_handled = packets});
    s.At(i * 1s, Heartbeat{.packets_handled = i < 2 ? 1u : 2u});
  }
  EXPECT_EQ(s.Findings("idle_host"), "");
}

TEST(IdleHost, StaysQuietWhenTheOthersHaveHardlyAnyWork) {
  for (const uint32_t work : {59u, 60u}) {
    Scenario s;
    for (uint32_t i = 0; i <= 60; ++i) {
      s.At(i * 1s, Heartbeat{.host_id = 2, .packets_handled = std::min(i, work)});
      s.At(i * 1s, Heartbeat{});
    }
    EXPECT_EQ(Events(s), work < 60 ? "" : "122 idle_host\n") << work;
  }
}

TEST(IdleHost, NamesAHostThatStillWorks) {
  Scenario s;
  for (uint32_t i = 0; i <= 62; ++i) {  // host 2 worked once, before host 1 came
    s.At(i * 1s, Heartbeat{.host_id = 2, .packets_handled = 1000 + std::min(i, 1u)});
    s.At(i * 1s, Heartbeat{.host_id = 3, .packets_handled = 1000 + i});
    if (i >= 2) s.At(i * 1s, Heartbeat{});
  }
  EXPECT_EQ(s.Findings("idle_host"), "182 idle_host\n187 idle_host\n");  // host 2, host 1
  EXPECT_EQ(s.Field(187, "other_host_id"), "3");
}

// A cluster with the default rule alone: the second host stands by.
TEST(IdleHost, StaysQuietForAHostThatHasNoShare) {
  Scenario s;
  Octets standby = Bytes(Heartbeat{});
  standby[14 + 26] = 1;                                              // rules
  std::fill(standby.begin() + 14 + 176, standby.end(), uint8_t{0});  // maps
  for (uint32_t i = 0; i <= 100; ++i) {
    s.At(i * 1s, Heartbeat{.host_id = 2, .rule_count = 1, .packets_handled = i});
    s.At(i * 1s, Raw{standby});
  }
  EXPECT_EQ(Events(s), "");
}

TEST(IdleHost, TakesACounterThatStartedAgainForWork) {
  Scenario s;
  for (uint32_t i = 0; i <= 70; ++i) {  // host 2 is idle too, and was started again
    s.At(i * 1s, Heartbeat{.host_id = 2, .packets_handled = i < 30 ? 100'000u : 0u});
    s.At(i * 1s, Heartbeat{});
  }
  EXPECT_EQ(Events(s), "");
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

TEST(IdleHost, StaysQuietWhenTheCaptureCutTheCounterOfThisHost) {
  Scenario s;
  for (uint32_t i = 0; i <= 65; ++i) {
    s.Snaplen(SIZE_MAX).At(i * 1s, Heartbeat{.host_id = 2, .packets_handled = 2 * i});
    s.Snaplen(14 + 32).At(i * 1s, Heartbeat{});
  }
  EXPECT_EQ(s.Findings("idle_host"), "");
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
