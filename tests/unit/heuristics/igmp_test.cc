// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

const Heartbeat kBeat{.mode = Mode::kIgmp};  // to 01:00:5e:7f:02:0a
const Udp kRequest{.link = {"00:16:35:c4:25:96", "01:00:5e:7f:02:0a", {}},
                   .source = "192.168.9.9",
                   .destination = "192.168.2.10"};

// ---- igmp_report --------------------------------------------------------------------------------

TEST(IgmpReport, FiresWhenTheClusterJoinsItsGroup) {
  Scenario s;
  s.At(0s, kBeat).At(1s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_report"), "2 igmp_report\n");
  EXPECT_EQ(s.Sentence(2, "igmp_report"), "Cluster 192.168.2.10 joins group 239.255.2.10");
}

TEST(IgmpReport, StaysQuietForAnotherGroup) {
  for (const char* group : {"239.255.2.11", "239.254.2.10", "239.127.2.10", "224.0.0.251"}) {
    Scenario s;
    s.At(0s, kBeat).At(1s, IgmpReport{.group = group});
    EXPECT_EQ(s.Findings("igmp_report"), "") << group;
  }
}

TEST(IgmpReport, StaysQuietWithoutEvidence) {
  Scenario s;
  s.At(0s, IgmpReport{}).At(1s, kBeat);
  EXPECT_EQ(s.Findings("igmp_report"), "");
}

// Asked at once and, when later frames have findings, asked again.
TEST(IgmpReport, StaysQuietForAReportToOneStation) {
  const IgmpReport report{.link = {"00:00:00:00:00:01", "00:00:00:00:00:02", {}}};
  Scenario s;
  s.At(0s, kBeat).At(1s, report).At(4s, kBeat);
  EXPECT_EQ(s.Findings("igmp_report"), "");
  const IgmpReport masked{.link = {"02:01:c0:a8:02:0a", "00:00:00:00:00:02", {}}};
  Scenario nlb;  // looked at for its MAC
  nlb.At(0s, kBeat).At(1s, masked);
  EXPECT_EQ(nlb.Findings("igmp_report"), "");
}

TEST(IgmpReport, StaysQuietForAQuery) {
  Scenario s;
  s.At(0s, kBeat).At(1s, IgmpQuery{.source = "192.168.2.10"});
  EXPECT_EQ(s.Findings("igmp_report"), "");
}

// ---- igmp_no_querier ----------------------------------------------------------------------------

// A story that begins with a report of somebody else: this point would see the cluster's.
struct Visible : Scenario {
  Visible() {
    At(0s, IgmpReport{.link = {"00:16:35:c4:25:77", "01:00:5e:01:02:03", {}},
                      .source = "192.168.2.77",
                      .group = "239.1.2.3"});
  }
};

// Reports of the cluster at 0 s, 60 s, 120 s and `last`: frames 3 to 6.
Scenario& ReportUntil(Scenario& s, std::chrono::nanoseconds last) {
  s.At(0s, kBeat).At(0s, IgmpReport{}).At(60s, IgmpReport{}).At(120s, IgmpReport{});
  return s.At(last, IgmpReport{});
}

TEST(IgmpNoQuerier, FiresOnceForAReportMoreThan130SecondsAfterTheFirst) {
  Visible s;
  ReportUntil(s, 180s).At(240s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "6 igmp_no_querier\n");
  EXPECT_EQ(s.Sentence(6, "igmp_no_querier"),
            "Nobody queries, and 192.168.2.10 has reported for 180 s");
  EXPECT_EQ(s.Field(6, "related_frame"), "3");
}

TEST(IgmpNoQuerier, StaysQuietForExactly130Seconds) {
  Visible exactly;
  ReportUntil(exactly, 130s);
  EXPECT_EQ(exactly.Findings("igmp_no_querier"), "");
  Visible beyond;
  ReportUntil(beyond, 130s + 1ns);
  EXPECT_EQ(beyond.Findings("igmp_no_querier"), "6 igmp_no_querier\n");
}

TEST(IgmpNoQuerier, StaysQuietWhenAQueryWasSeen) {
  Visible before;
  before.At(0s, IgmpQuery{});
  ReportUntil(before, 180s);
  EXPECT_EQ(before.Findings("igmp_no_querier"), "");
  Visible between;
  between.At(0s, kBeat).At(0s, IgmpReport{}).At(60s, IgmpQuery{}).At(180s, IgmpReport{});
  EXPECT_EQ(between.Findings("igmp_no_querier"), "");
}

IgmpQuery QueryIn(std::vector<uint16_t> vlans) {
  return {.link = {"00:00:00:00:00:01", "01:00:5e:00:00:01", std::move(vlans)}};
}

IgmpReport ReportIn(std::vector<uint16_t> vlans) {
  return {.link = {"00:00:00:00:00:01", "01:00:5e:7f:02:0a", std::move(vlans)}};
}

TEST(IgmpNoQuerier, StaysQuietForHalfAView) {
  Visible interfaces;
  interfaces.At(0s, IgmpQuery{}, 1);
  ReportUntil(interfaces, 180s);
  EXPECT_EQ(interfaces.Findings("igmp_no_querier"), "");
  Visible reports_lost_their_tag;
  reports_lost_their_tag.At(0s, QueryIn({7}));
  ReportUntil(reports_lost_their_tag, 180s);
  EXPECT_EQ(reports_lost_their_tag.Findings("igmp_no_querier"), "");
  Visible queries_lost_their_tag;
  queries_lost_their_tag.At(0s, kBeat).At(0s, IgmpQuery{});
  for (const auto time : {0s, 60s, 120s, 180s}) queries_lost_their_tag.At(time, ReportIn({7}));
  EXPECT_EQ(queries_lost_their_tag.Findings("igmp_no_querier"), "");
  Visible outer_tag;
  outer_tag.At(0s, kBeat).At(0s, QueryIn({100, 7}));
  for (const auto time : {0s, 60s, 120s, 180s}) outer_tag.At(time, ReportIn({7}));
  EXPECT_EQ(outer_tag.Findings("igmp_no_querier"), "");
}

TEST(IgmpNoQuerier, IsNotSilencedByAQueryInAnotherVlan) {
  Visible s;
  s.At(0s, kBeat).At(0s, QueryIn({8}));
  for (const auto time : {0s, 60s, 120s, 180s}) s.At(time, ReportIn({7}));
  EXPECT_EQ(s.Findings("igmp_no_querier"), "7 igmp_no_querier\n");
}

TEST(IgmpNoQuerier, StaysQuietBehindAHoleInTheCapture) {
  Visible s;
  s.At(0s, kBeat).At(0s, IgmpReport{}).At(205s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "");
}

TEST(IgmpNoQuerier, StaysQuietWhenTheClockRunsBackwards) {
  Visible s;
  ReportUntil(s, -1000s);
  EXPECT_EQ(s.Findings("igmp_no_querier"), "");
}

TEST(IgmpNoQuerier, StaysQuietWhereOnlyTheHostIsHeard) {
  Scenario s;  // a mirror of what the host sends
  ReportUntil(s, 180s);
  EXPECT_EQ(s.Findings("igmp_no_querier"), "");
}

// A client asks, and a host answers.
Udp Ask(const char* client) {
  return {.link = {client, "01:00:5e:7f:02:0a", {}}, .destination = "192.168.2.10"};
}

Udp Reply(const char* to) {
  return {.link = {"00:15:5d:00:00:01", to, {}}, .source = "192.168.2.10"};
}

TEST(IgmpNoQuerier, StaysQuietWhereThoseThatAreAnsweredAreNotHeard) {
  Visible s;  // a mirror of what goes out to the router
  s.At(0s, kBeat).At(1s, Ask("00:00:00:00:00:0c")).At(2s, Reply("00:00:00:00:00:0d"));
  s.At(3s, IgmpReport{}).At(63s, IgmpReport{}).At(123s, IgmpReport{}).At(183s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "");
}

TEST(IgmpNoQuerier, FiresWhereBothDirectionsAreSeen) {
  Visible s;
  s.At(0s, kBeat).At(1s, Ask("00:00:00:00:00:0c")).At(2s, Reply("00:00:00:00:00:0c"));
  s.At(3s, IgmpReport{}).At(63s, IgmpReport{}).At(123s, IgmpReport{}).At(183s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "8 igmp_no_querier\n");
}

// It sends on from a MAC of its own what it gets at the virtual one; its ARP tells that it is
// heard.
TEST(IgmpNoQuerier, FiresWhereAVirtualRouterIsHeardByItsArp) {
  constexpr const char* kVirtual = "00:00:5e:00:01:0a";
  Visible s;
  s.At(0s, kBeat).At(1s, Ask("00:00:00:00:00:0c")).At(2s, Reply(kVirtual));
  s.At(2s, Arp{.link = {kVirtual, "00:15:5d:00:00:01", {}}, .mac = kVirtual, .ip = "192.168.2.1"});
  s.At(3s, IgmpReport{}).At(63s, IgmpReport{}).At(123s, IgmpReport{}).At(183s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "9 igmp_no_querier\n");
}

TEST(IgmpNoQuerier, StaysQuietWhereAStationIsHeardByItsArpAlone) {
  constexpr const char* kOther = "00:00:00:00:00:0d";
  Visible s;
  s.At(0s, kBeat).At(1s, Ask("00:00:00:00:00:0c")).At(2s, Reply(kOther));
  s.At(2s, Arp{.link = {kOther, "00:15:5d:00:00:01", {}}, .mac = kOther, .ip = "192.168.2.1"});
  s.At(3s, IgmpReport{}).At(63s, IgmpReport{}).At(123s, IgmpReport{}).At(183s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "");
}

TEST(IgmpNoQuerier, FiresWhereNobodyIsAnswered) {
  Visible s;
  s.At(0s, kBeat).At(1s, Ask("00:00:00:00:00:0c"));
  s.At(3s, IgmpReport{}).At(63s, IgmpReport{}).At(123s, IgmpReport{}).At(183s, IgmpReport{});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "7 igmp_no_querier\n");
}

TEST(IgmpNoQuerier, LooksAtAnswersOnceIgmpIsSeen) {
  const Arp known{.link = {"00:15:5d:00:00:01", "00:00:00:00:00:0d", {}},
                  .mac = "01:00:5e:7f:02:0a",
                  .ip = "192.168.2.10"};
  const IgmpReport of_another{.link = {"00:16:35:c4:25:77", "01:00:5e:01:02:03", {}},
                              .source = "192.168.2.77",
                              .group = "239.1.2.3"};
  Scenario before, after;
  before.At(0s, known).At(1s, Reply("00:00:00:00:00:0d")).At(2s, of_another);
  after.At(0s, known).At(1s, of_another).At(2s, Reply("00:00:00:00:00:0d"));
  for (const auto time : {3s, 63s, 123s, 183s}) {
    before.At(time, IgmpReport{});
    after.At(time, IgmpReport{});
  }
  EXPECT_EQ(before.Findings("igmp_no_querier"), "7 igmp_no_querier\n");
  EXPECT_EQ(after.Findings("igmp_no_querier"), "");
}

TEST(IgmpNoQuerier, StaysQuietForOtherReports) {
  const IgmpReport reports[] = {
      {.source = "192.168.2.77", .group = "239.255.2.77"},  // of a station
      {.group = "239.1.2.3"},                               // of the cluster, for another group
      {.source = "192.168.2.77"},                           // for the cluster's
  };
  for (const IgmpReport& report : reports) {
    Visible s;
    s.At(0s, kBeat);
    for (const auto time : {0s, 60s, 120s, 180s}) s.At(time, report);
    EXPECT_EQ(s.Findings("igmp_no_querier"), "") << report.source << " " << report.group;
  }
}

// ---- igmp_silent --------------------------------------------------------------------------------

TEST(IgmpSilent, FiresOnceForTrafficWithoutAnyReport) {
  Visible s;
  s.At(0s, kBeat).At(65s, kRequest).At(131s, kRequest).At(132s, kRequest).At(140s, kBeat);
  EXPECT_EQ(s.Findings("igmp_silent"), "4 igmp_silent\n");
  EXPECT_EQ(s.Sentence(4, "igmp_silent"), "No report for 01:00:5e:7f:02:0a in 131 s");
}

TEST(IgmpSilent, StaysQuietForExactly130Seconds) {
  Visible exactly;
  exactly.At(0s, kBeat).At(65s, kBeat).At(130s, kRequest);
  EXPECT_EQ(exactly.Findings("igmp_silent"), "");
  Visible beyond;
  beyond.At(0s, kBeat).At(65s, kBeat).At(130s + 1ns, kRequest);
  EXPECT_EQ(beyond.Findings("igmp_silent"), "4 igmp_silent\n");
}

TEST(IgmpSilent, StaysQuietWhenTheGroupIsReported) {
  Visible s;
  s.At(0s, kBeat).At(65s, IgmpReport{}).At(131s, kRequest);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, IsNotSilencedByAReportForAnotherGroup) {
  Visible s;
  s.At(0s, kBeat).At(65s, IgmpReport{.group = "239.255.2.11"}).At(131s, kRequest);
  EXPECT_EQ(s.Findings("igmp_silent"), "4 igmp_silent\n");
}

TEST(IgmpSilent, StaysQuietForHalfAView) {
  Visible interfaces;
  interfaces.At(0s, kBeat).At(65s, IgmpReport{}, 1).At(131s, kRequest);
  EXPECT_EQ(interfaces.Findings("igmp_silent"), "");
  Visible tags;
  tags.At(0s, kBeat).At(65s, ReportIn({7})).At(131s, kRequest);
  EXPECT_EQ(tags.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietWhoeverReportsAGroupWithThisMac) {
  const IgmpReport reports[] = {
      {.source = "0.0.0.0"},       // a snooping switch for its hosts
      {.source = "192.168.2.30"},  // a host by its own address
  };
  for (const IgmpReport& report : reports) {
    Visible s;
    s.At(0s, kBeat).At(65s, report).At(131s, kRequest);
    EXPECT_EQ(s.Findings("igmp_silent"), "") << report.source << " " << report.group;
    EXPECT_EQ(s.Findings("igmp_report"), "");
  }
}

TEST(IgmpSilent, IsNotSilencedByAReportThatDoesNotHelp) {
  // A receiver of another group with this MAC: a switch sends the cluster's frames to that one.
  Visible receiver;
  receiver.At(0s, kBeat).At(65s, IgmpReport{.group = "239.127.2.10"}).At(131s, kRequest);
  EXPECT_EQ(receiver.Findings("igmp_silent"), "4 igmp_silent\n");
  Heartbeat beat = kBeat;
  beat.vlans = {20};
  Udp request = kRequest;
  request.link.vlans = {20};
  Visible elsewhere;
  elsewhere.At(0s, beat).At(65s, ReportIn({10})).At(131s, request);
  EXPECT_EQ(elsewhere.Findings("igmp_silent"), "4 igmp_silent\n");
}

TEST(IgmpSilent, StaysQuietWhereNobodyButAHostReports) {
  Scenario s;
  s.At(0s, kBeat).At(1s, IgmpReport{.link = {"00:15:5d:00:00:01", "01:00:5e:01:02:03", {}},
                                    .source = "192.168.2.30",
                                    .group = "239.1.2.3"});
  s.At(65s, kRequest).At(131s, kBeat);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietBehindAHoleInTheCapture) {
  Visible s;
  s.At(0s, kBeat).At(8s, kBeat).At(208s, kRequest).At(216s, kRequest);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietForAClusterInMulticastMode) {
  Visible s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast})
      .At(65s, kRequest)
      .At(131s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietForAnIpMulticastGroupWithThatMac) {
  Udp real = kRequest;
  real.destination = "239.127.2.10";
  Visible s;
  s.At(0s, kBeat).At(65s, real).At(131s, real);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietWithoutEvidence) {
  Visible s;
  s.At(0s, kRequest).At(65s, kRequest).At(131s, kRequest);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietWhenTheClockRunsBackwards) {
  Visible s;
  s.At(0s, kBeat).At(-200s, kRequest);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietWhereTheReportHasLostItsTag) {
  Heartbeat beat = kBeat;
  beat.vlans = {20};
  Udp request = kRequest;
  request.link.vlans = {20};
  Visible s;
  s.At(0s, beat).At(65s, IgmpReport{}).At(131s, request);
  EXPECT_EQ(s.Findings("igmp_silent"), "");
}

// Two clients ask, and both are answered: this is the port of a host, of the router, or a mirror.
Udp RequestOf(int client) {
  Udp request = kRequest;
  request.source = "192.168.9." + std::to_string(client);
  return request;
}

Udp AnswerTo(int client) {
  return {.link = {"00:15:5d:00:00:01", "00:16:35:c4:25:96", {}},
          .source = "192.168.2.10",
          .destination = "192.168.9." + std::to_string(client),
          .id = static_cast<uint16_t>(client)};
}

TEST(IgmpSilent, FiresWhereTwoClientsAreSeenToBeServed) {
  Scenario s;
  s.At(0s, kBeat).At(1s, RequestOf(1)).At(2s, AnswerTo(1)).At(3s, RequestOf(2)).At(4s, AnswerTo(2));
  s.At(65s, kBeat).At(131s, kBeat);
  EXPECT_EQ(s.Findings("igmp_silent"), "7 igmp_silent\n");
}

TEST(IgmpSilent, StaysQuietWhereReportsWouldNotBeSeen) {
  Scenario own_port;  // of a client: the requests of others are flooded to it
  own_port.At(0s, kBeat).At(1s, RequestOf(1)).At(2s, AnswerTo(1)).At(3s, RequestOf(2));
  own_port.At(4s, AnswerTo(1)).At(65s, kBeat).At(131s, kBeat);
  EXPECT_EQ(own_port.Findings("igmp_silent"), "");
  Scenario one_way;  // a mirror of what goes to the hosts
  one_way.At(0s, kBeat).At(1s, RequestOf(1)).At(3s, RequestOf(2)).At(65s, kBeat).At(131s, kBeat);
  EXPECT_EQ(one_way.Findings("igmp_silent"), "");
  Scenario other_way;  // a mirror of what comes from them
  other_way.At(0s, kBeat).At(1s, AnswerTo(1)).At(3s, AnswerTo(2)).At(65s, kBeat).At(131s, kBeat);
  EXPECT_EQ(other_way.Findings("igmp_silent"), "");
}

TEST(IgmpSilent, StaysQuietWhereOneClientIsSeenToAsk) {
  Udp without_address = RequestOf(1), to_a_real_group = RequestOf(2);
  without_address.source = "0.0.0.0";
  to_a_real_group.destination = "239.127.2.10";
  for (const Udp& other : {RequestOf(1), without_address, to_a_real_group}) {
    Scenario s;
    s.At(0s, kBeat).At(1s, RequestOf(1)).At(2s, AnswerTo(1)).At(3s, other).At(4s, AnswerTo(2));
    s.At(65s, kBeat).At(131s, kBeat);
    EXPECT_EQ(s.Findings("igmp_silent"), "") << other.source << " " << other.destination;
  }
}

// The report of version 3 goes to a group of its own.
TEST(IgmpNoQuerier, FiresForVersion3WhereTwoClientsAreSeenToBeServed) {
  Octets report = Bytes(IgmpReport{.link = {.to = "01:00:5e:00:00:16"}, .group = "224.0.0.22"});
  report.resize(14 + 20);
  report[17] = 36;  // total length
  const Octets body = {0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 239, 255, 2, 10};
  report.insert(report.end(), body.begin(), body.end());
  Scenario s;
  s.At(0s, kBeat).At(1s, RequestOf(1)).At(2s, AnswerTo(1)).At(3s, RequestOf(2)).At(4s, AnswerTo(2));
  for (const auto time : {5s, 65s, 125s, 185s}) s.At(time, Raw{report});
  EXPECT_EQ(s.Findings("igmp_no_querier"), "9 igmp_no_querier\n");
}

// Of a client behind a switch that snoops: nobody else's frames to the group come here.
TEST(IgmpSilent, StaysQuietWhereOnlyTheClientReports) {
  const auto see = [](Scenario& s, const std::string& reporter, bool hears_the_group) {
    s.At(0s, Arp{.link = {"00:15:5d:00:00:01", "00:16:35:c4:25:96", {}},
                 .mac = "01:00:5e:7f:02:0a",
                 .ip = "192.168.2.10"});
    s.At(1s, IgmpReport{.link = {reporter, "01:00:5e:7f:ff:fa", {}},
                        .source = "192.168.2.100",
                        .group = "239.255.255.250"});
    s.At(2s, RequestOf(1)).At(65s, RequestOf(1));
    if (hears_the_group) s.At(66s, kBeat);
    s.At(133s, RequestOf(1));
  };
  Scenario own, of_another, flooded;
  see(own, RequestOf(1).link.from, false);
  EXPECT_EQ(own.Findings("igmp_silent"), "");
  see(of_another, "00:16:35:c4:25:99", false);
  EXPECT_EQ(of_another.Findings("igmp_silent"), "5 igmp_silent\n");
  see(flooded, RequestOf(1).link.from, true);
  EXPECT_EQ(flooded.Findings("igmp_silent"), "6 igmp_silent\n");
}

TEST(IgmpSilent, FiresWhereTheClientAndAnotherReport) {
  const auto report = [](const std::string& from) {
    return IgmpReport{.link = {from, "01:00:5e:7f:ff:fa", {}},
                      .source = "192.168.2.100",
                      .group = "239.255.255.250"};
  };
  const IgmpReport own = report(RequestOf(1).link.from), other = report("00:16:35:c4:25:99");
  for (const bool own_first : {true, false}) {
    Scenario s;
    s.At(0s, Arp{.link = {"00:15:5d:00:00:01", "00:16:35:c4:25:96", {}},
                 .mac = "01:00:5e:7f:02:0a",
                 .ip = "192.168.2.10"});
    s.At(1s, own_first ? own : other).At(1s, own_first ? other : own);
    s.At(2s, RequestOf(1)).At(65s, RequestOf(1)).At(133s, RequestOf(1));
    EXPECT_EQ(s.Findings("igmp_silent"), "6 igmp_silent\n");
  }
}

TEST(IgmpSilent, StaysQuietWhereReportsWereCutOff) {
  Octets with_option = Bytes(IgmpReport{});
  const Octets router_alert = {0x94, 0x04, 0, 0};
  with_option[14] = 0x46;
  with_option.insert(with_option.begin() + 34, router_alert.begin(), router_alert.end());
  for (const size_t kept : {30, 34, 37, 40}) {  // inside the IP header, and inside IGMP
    Visible s;
    s.At(0s, kBeat).Snaplen(kept).At(1s, Raw{with_option}).Snaplen(2000);
    s.At(65s, kBeat).At(131s, kRequest);
    EXPECT_EQ(s.Findings("igmp_silent"), "") << kept;
  }
}

}  // namespace
}  // namespace nlb::test
