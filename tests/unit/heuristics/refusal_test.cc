// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kRouter = "00:1a:6c:7f:d8:40";
constexpr const char* kStation = "00:15:5d:00:00:01";
constexpr const char* kGroup = "03:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr const char* kGateway = "192.168.2.1";
constexpr const char* kBroadcast = "ff:ff:ff:ff:ff:ff";

Arp Question(const char* from = kRouter, const char* asker = kGateway, const char* wanted = kVip) {
  return {
      .link = {from, kBroadcast, {}}, .mac = from, .ip = asker, .reply = false, .target = wanted};
}

Arp Answer(const char* mac = kGroup, const char* to = kRouter, const char* asker = kGateway) {
  return {.link = {kStation, to, {}}, .mac = mac, .ip = kVip, .target = asker};
}

// Asked so often, every second, and answered each time.
Scenario& Ask(Scenario& s, int times, std::chrono::nanoseconds every = 1s) {
  for (int n = 0; n < times; ++n) s.At(n * every, Question()).At(n * every + 1ms, Answer());
  return s;
}

TEST(RouterRefuses, FiresOnTheThirdQuestionThatWasAnsweredBefore) {
  Scenario s;
  Ask(s, 5);
  EXPECT_EQ(s.Findings("router_refuses"), "5 router_refuses\n");
  EXPECT_EQ(
      s.Sentence(5, "router_refuses"),
      "00:1a:6c:7f:d8:40 (192.168.2.1) refuses 03:bf:c0:a8:02:0a and asks for 192.168.2.10 again");
  EXPECT_EQ(s.Field(5, "related_frame"), "2");
}

TEST(RouterRefuses, CountsDuringSixtySeconds) {
  Scenario exactly, beyond;
  Ask(exactly, 3, 30s);
  EXPECT_EQ(exactly.Findings("router_refuses"), "5 router_refuses\n");
  Ask(beyond, 3, 30s + 1ns);
  EXPECT_EQ(beyond.Findings("router_refuses"), "");
}

TEST(RouterRefuses, FiresForNeighbourDiscovery) {
  const Solicitation question{.link = {kRouter, "33:33:ff:00:00:10", {}},
                              .mac = kRouter,
                              .source = "fd00::1",
                              .target = "fd00::10"};
  const Advertisement answer{
      .link = {kStation, kRouter, {}}, .mac = kGroup, .ip = "fd00::10", .destination = "fd00::1"};
  Scenario s;
  for (int n = 0; n < 3; ++n) s.At(n * 1s, question).At(n * 1s + 1ms, answer);
  EXPECT_EQ(s.Findings("router_refuses"), "5 router_refuses\n");
}

TEST(RouterRefuses, StaysQuietForASingleRetry) {
  Scenario s;
  Ask(s, 2);
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

TEST(RouterRefuses, StaysQuietForAClientThatSendsToTheGroup) {
  for (const bool before : {true, false}) {
    Scenario s;
    const Udp packet{.link = {kRouter, kGroup, {}}, .source = kGateway, .destination = kVip};
    if (before) s.At(0s, packet);
    s.At(0s, Question()).At(1ms, Answer());
    if (!before) s.At(2ms, packet);
    s.At(1s, Question()).At(1001ms, Answer()).At(2s, Question()).At(2001ms, Answer());
    s.At(3s, Question()).At(3001ms, Answer()).At(4s, Question());
    EXPECT_EQ(s.Findings("router_refuses"), "");
  }
}

TEST(RouterRefuses, StaysQuietForAClientThatAsksTheGroupItself) {
  Arp refresh = Question();
  refresh.link.to = kGroup;
  Scenario s;
  for (int n = 0; n < 5; ++n) s.At(n * 5s, refresh).At(n * 5s + 1ms, Answer());
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

TEST(RouterRefuses, StaysQuietForQuestionsThatWereCapturedTwice) {
  Scenario s;
  s.At(0s, Question()).At(0s, Question()).At(1ms, Answer()).At(1ms, Answer());
  s.At(1s, Question()).At(1s, Question()).At(1001ms, Answer()).At(1001ms, Answer());
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

TEST(RouterRefuses, StaysQuietForProbesAndAnnouncements) {
  Scenario s;
  for (int n = 0; n < 4; ++n) {
    s.At(n * 1s, Question(kRouter, "0.0.0.0")).At(n * 1s + 1ms, Answer(kGroup, kRouter, "0.0.0.0"));
    s.At(n * 1s + 2ms, Question(kStation, kVip, kVip));
  }
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

TEST(RouterRefuses, StaysQuietForAnswersWithAStationsMac) {
  Scenario s;
  for (int n = 0; n < 4; ++n) s.At(n * 1s, Question()).At(n * 1s + 1ms, Answer(kStation));
  EXPECT_EQ(s.Findings("router_refuses"), "");
  Scenario both;  // a machine that has taken the address answers too, and is believed
  for (int n = 0; n < 4; ++n) {
    both.At(n * 1s, Question()).At(n * 1s + 1ms, Answer()).At(n * 1s + 2ms, Answer(kStation));
  }
  EXPECT_EQ(both.Findings("router_refuses"), "");
  const Solicitation question{.link = {kRouter, "33:33:ff:00:00:10", {}}, .mac = kRouter};
  const Advertisement answer{
      .link = {kStation, kRouter, {}}, .mac = kBroadcast, .destination = "2001:db8::2"};
  Scenario broadcast;  // is no group
  for (int n = 0; n < 4; ++n) broadcast.At(n * 1s, question).At(n * 1s + 1ms, answer);
  EXPECT_EQ(broadcast.Findings("router_refuses"), "");
}

TEST(RouterRefuses, FiresBesideClientsThatSendToTheGroup) {
  for (int client = 0; client < 8; ++client) {
    const std::string mac = "00:16:35:c4:25:0" + std::to_string(client);
    Scenario s;
    s.At(0s, Udp{.link = {mac, kGroup, {}}, .source = "10.1.1.9", .destination = kVip});
    Ask(s, 3);
    EXPECT_EQ(s.Findings("router_refuses"), "6 router_refuses\n") << client;
  }
}

TEST(RouterRefuses, StaysQuietWhereNoReceiverIsTold) {
  Scenario s;
  s.On(NLB_LINK_COOKED);
  for (int n = 0; n < 5; ++n) {
    s.At(n * 1s, Cooked{Bytes(Question()), 1}).At(n * 1s + 1ms, Cooked{Bytes(Answer()), 3});
  }
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

TEST(RouterRefuses, StaysQuietForThreeAskers) {
  Scenario s;
  for (const char* asker : {"192.168.2.101", "192.168.2.102", "192.168.2.103"}) {
    s.At(1s, Question(kRouter, asker)).At(1001ms, Answer(kGroup, kRouter, asker));
  }
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

// ---- the other way round: a host asks -----------------------------------------------------------

Arp HostAsks() {
  Arp question = Question(kStation, kVip, kGateway);
  question.mac = kGroup;
  return question;
}

// What the router sends to the cluster: its answer would be seen, too.
Udp FromOutside(const char* group = kGroup) {
  return {.link = {kRouter, group, {}}, .source = "10.1.1.9", .destination = kVip};
}

Scenario& HostAsks(Scenario& s, int times) {
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(0s, FromOutside());
  for (int n = 0; n < times; ++n) s.At(n * 1s, HostAsks());
  return s;
}

TEST(RouterRefuses, FiresForAHostThatIsNeverAnswered) {
  Scenario s;
  HostAsks(s, 6);
  EXPECT_EQ(s.Findings("router_refuses"), "5 router_refuses\n");
  EXPECT_EQ(s.Sentence(5, "router_refuses"),
            "192.168.2.1 never answers host 1 of 192.168.2.10, whose ARP names 03:bf:c0:a8:02:0a");
  EXPECT_EQ(s.Field(5, "related_frame"), "3");
  EXPECT_NE(s.Field(5, "cure").find("on each host"), std::string::npos);
  Scenario other;
  Ask(other, 3);
  EXPECT_NE(other.Field(5, "cure").find("on the gateway"), std::string::npos);
}

TEST(RouterRefuses, StaysQuietForAHostThatIsAnswered) {
  const Arp answer{.link = {kRouter, kGroup, {}}, .mac = kRouter, .ip = kGateway, .target = kVip};
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(0s, FromOutside());
  for (int n = 0; n < 5; ++n) s.At(n * 1s, HostAsks()).At(n * 1s + 1ms, answer);
  EXPECT_EQ(s.Findings("router_refuses"), "");
  Scenario twice;
  HostAsks(twice, 2);
  EXPECT_EQ(twice.Findings("router_refuses"), "");
}

TEST(RouterRefuses, StaysQuietForAMachineThatAnswersNobody) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(0s, FromOutside());
  for (int n = 0; n < 4; ++n) {
    s.At(n * 1s, Question("00:16:35:c4:25:96", "192.168.2.100", kGateway));
    s.At(n * 1s + 500ms, HostAsks());
  }
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

TEST(RouterRefuses, FiresBesideStationsThatAskForOthersInVain) {
  for (int wanted = 0; wanted < 8; ++wanted) {
    const std::string ip = "192.168.2.20" + std::to_string(wanted);
    Scenario s;
    for (int n = 0; n < 3; ++n)
      s.At(n * 1s, Question("00:16:35:c4:25:96", "192.168.2.100", ip.c_str()));
    s.At(3s, Heartbeat{.mode = Mode::kMulticast}).At(3s, FromOutside());
    for (int n = 4; n < 7; ++n) s.At(n * 1s, HostAsks());
    EXPECT_EQ(s.Findings("router_refuses"), "8 router_refuses\n") << wanted;
  }
}

TEST(RouterRefuses, CountsForAMinuteWhoElseAskedInVain) {
  for (const auto age : {60s, 61s}) {
    Scenario s;
    for (int n = 0; n < 3; ++n) {
      s.At(n * 1s, Question("00:16:35:c4:25:96", "192.168.2.100", kGateway));
    }
    s.At(60s, Heartbeat{.mode = Mode::kMulticast}).At(60s, FromOutside());
    for (int n = 2; n >= 0; --n) s.At(2s + age - n * 1s, HostAsks());
    EXPECT_EQ(s.Findings("router_refuses"), age == 60s ? "" : "8 router_refuses\n");
  }
}

TEST(RouterRefuses, StaysQuietForAStationOfItsOwnMac) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(0s, FromOutside());
  for (int n = 0; n < 4; ++n) s.At(n * 1s, Question(kStation, "192.168.2.30", kGateway));
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

// With static entries or IGMP snooping the answer goes to the members' ports only, and a mirror of
// what the host sends shows its heartbeats, and no answer.
TEST(RouterRefuses, StaysQuietWhereWhatOthersSendToTheGroupIsNotSeen) {
  for (const auto& [mode, group] :
       {std::pair{Mode::kMulticast, kGroup}, std::pair{Mode::kIgmp, "01:00:5e:7f:02:0a"}}) {
    Arp question = HostAsks();
    question.mac = group;
    for (const char* to : {kStation, group}) {
      Scenario s;
      s.At(0s, Heartbeat{.mode = mode}).At(0s, FromOutside(to));
      for (int n = 0; n < 4; ++n) s.At(n * 1s, question);
      EXPECT_EQ(s.Findings("router_refuses"), to == group ? "5 router_refuses\n" : "");
    }
    Scenario two;  // the other host's heartbeat reaches this point
    two.At(0s, Heartbeat{.host_id = 2, .mode = mode}).At(0s, Heartbeat{.mode = mode});
    for (int n = 0; n < 4; ++n) two.At(n * 1s, question);
    EXPECT_EQ(two.Findings("router_refuses"), "5 router_refuses\n");
  }
}

TEST(RouterRefuses, StaysQuietWhereOnlyTheHostSendsToTheGroup) {
  const Heartbeat beat{.mode = Mode::kMulticast};
  Scenario s;
  s.At(0s, beat).At(1s, beat);
  for (int n = 2; n < 6; ++n) s.At(n * 1s, HostAsks());
  EXPECT_EQ(s.Findings("router_refuses"), "");
  for (int other = 0; other < 8; ++other) {  // groups that others send to
    const std::string group = "03:bf:c0:a8:02:2" + std::to_string(other);
    Scenario elsewhere;
    elsewhere.At(0s, beat).At(0s, FromOutside(group.c_str()));
    for (int n = 1; n < 5; ++n) elsewhere.At(n * 1s, HostAsks());
    EXPECT_EQ(elsewhere.Findings("router_refuses"), "") << group;
  }
}

TEST(RouterRefuses, CountsForAMinuteThatOthersSentToTheGroup) {
  for (const std::chrono::nanoseconds beyond : {0ns, 1ns}) {
    const std::chrono::nanoseconds age = 60s + beyond;
    const Heartbeat beat{.mode = Mode::kMulticast};
    Scenario s;
    s.At(0s, FromOutside()).At(age, beat);
    for (int n = 1; n < 5; ++n) s.At(age + n * 1s, HostAsks());
    EXPECT_EQ(s.Findings("router_refuses"), beyond == 0ns ? "5 router_refuses\n" : "");
  }
}

TEST(RouterRefuses, FiresWhereTheCaptureHasArpAlone) {
  for (const bool alone : {true, false}) {
    Scenario s;
    if (!alone) s.At(0s, Udp{});
    for (int n = 0; n < 4; ++n) s.At(n * 1s, HostAsks());
    EXPECT_EQ(s.Findings("router_refuses"), alone ? "3 router_refuses\n" : "");
  }
}

TEST(RouterRefuses, SeesTheGroupAsLongAsSomethingWasSentToIt) {
  for (const auto age : {60s, 61s}) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = Mode::kMulticast}).At(0s, FromOutside());
    for (int n = 2; n >= 0; --n) s.At(age - n * 1s, HostAsks());
    EXPECT_EQ(s.Findings("router_refuses"), age == 60s ? "5 router_refuses\n" : "");
  }
}

TEST(RouterRefuses, IsForgottenWhenOthersNeedThePlace) {
  Scenario s;
  s.At(0s, Question()).At(1ms, Answer()).At(1s, Question()).At(1001ms, Answer());
  for (int n = 0; n < 20'000; ++n) {  // 1,024 places
    const std::string asker = "10.0." + std::to_string(n / 250) + "." + std::to_string(n % 250 + 1);
    s.Unseen(2s, Question(kRouter, asker.c_str()));
  }
  s.At(3s, Question());
  EXPECT_EQ(s.Findings("router_refuses"), "");
}

}  // namespace
}  // namespace nlb::test
