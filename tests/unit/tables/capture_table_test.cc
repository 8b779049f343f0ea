// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// The row that begins with these words, without them.
std::string Row(const Scenario& s, const std::string& what) {
  const std::string rows = "\n" + s.Rows(NLB_TABLE_CAPTURE);
  const size_t at = rows.find("\n" + what + " | ");
  if (at == rows.npos) return "no such row";
  const size_t begin = at + what.size() + 4;
  return rows.substr(begin, rows.find('\n', begin) - begin);
}

TEST(CaptureTable, SaysThatNothingWasLookedAt) {
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CAPTURE);
  EXPECT_STREQ(nlb_summary_cell(summary, 0, 1).text, "none");
  EXPECT_STREQ(nlb_summary_cell(summary, 0, 2).text, "anything: nothing was looked at");
  nlb_summary_free(summary);
}

TEST(CaptureTable, SaysWhatACaptureIsTooShortFor) {
  Scenario s;
  s.At(0s, Udp{}).Inside(Udp{}).At(59s, Udp{.id = 2});
  EXPECT_EQ(Row(s, "Link types"),
            "Ethernet 2 frames, in 59.0 s, 1 more inside | whether hosts are without work, which "
            "takes 60 s; "
            "whether groups are reported and queried, which takes 130 s");
  s.At(60s, Udp{.id = 3});
  EXPECT_EQ(Row(s, "Link types"),
            "Ethernet 3 frames, in 60.0 s, 1 more inside | whether groups are reported and "
            "queried, which takes 130 s");
  s.At(130s, Udp{.id = 4});
  EXPECT_EQ(Row(s, "Link types"), "Ethernet 4 frames, in 130.0 s, 1 more inside | -");
}

TEST(CaptureTable, CountsFramesByLinkType) {
  Scenario s;
  s.On(NLB_LINK_OTHER).At(0s, Raw{Octets(40)});
  EXPECT_EQ(Row(s, "Link types"), "not analysed 1 frame | anything: nothing was looked at");
  s.On(NLB_LINK_COOKED).At(200s, Cooked{Bytes(Udp{})});
  EXPECT_EQ(Row(s, "Link types"),
            "Linux cooked 1 frame, not analysed 1 frame, in 0.0 s | what is in the frames that are "
            "not analysed; to which MAC a cooked frame went; whether hosts are without work, which "
            "takes 60 s; whether groups are reported and queried, which takes 130 s");
}

TEST(CaptureTable, SaysWhatWasCutOff) {
  Scenario s;
  s.At(0s, Heartbeat{});
  EXPECT_EQ(Row(s, "Length kept"), "whole frames | -");
  s.Snaplen(96).At(1s, Heartbeat{});
  EXPECT_EQ(Row(s, "Length kept"),
            "1 frame cut, at most 96 bytes kept | what stands behind: port rules, host names, "
            "copies of long packets");
}

TEST(CaptureTable, ListsInterfacesTagsAndCopies) {
  Scenario s;
  s.At(0s, Udp{});
  EXPECT_EQ(Row(s, "Interfaces"), "one | -");
  EXPECT_EQ(Row(s, "VLAN tags"), "none | which VLAN a frame was in");
  s.At(1s, Udp{.link = {.vlans = {5, 112}}, .id = 2}, 3);
  s.At(2s, Udp{.id = 3}).At(2s, Udp{.id = 3});
  EXPECT_EQ(Row(s, "Interfaces"),
            "2: 0, 3 | copies whose two sightings are on different interfaces");
  EXPECT_EQ(Row(s, "VLAN tags"), "112: 1 frame | -");
  EXPECT_EQ(Row(s, "Copies"), "1 frame | -");
}

TEST(CaptureTable, SaysWhoseHeartbeatsAreHeard) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Row(s, "Heartbeats of 192.168.2.10"),
            "1 heartbeat of host 2 | whether there are hosts that are not heard here");
  s.At(0s, Heartbeat{});
  EXPECT_EQ(Row(s, "Heartbeats of 192.168.2.10"), "2 heartbeats of hosts 1, 2 | -");
  Scenario silent;
  silent.At(0s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"});
  EXPECT_EQ(Row(silent, "Heartbeats of 192.168.2.10"),
            "none | which hosts there are, which live, what they disagree on");
}

TEST(CaptureTable, SaysWhereNothingTellsThatTheHostsHearEachOther) {
  const char* apart =
      "on different interfaces or VLANs | whether the hosts hear each other: none is heard on two "
      "of these";
  Scenario interfaces;
  interfaces.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}, 1);
  EXPECT_EQ(Row(interfaces, "Heartbeats of 192.168.2.10"),
            std::string("2 heartbeats of hosts 1, 2, ") + apart);
  interfaces.At(1s, Heartbeat{}, 1);  // host 1 is heard on both
  EXPECT_EQ(Row(interfaces, "Heartbeats of 192.168.2.10"), "3 heartbeats of hosts 1, 2 | -");
  Scenario vlans;
  vlans.At(0s, Heartbeat{.vlans = {10}}).At(0s, Heartbeat{.host_id = 2, .vlans = {20}});
  EXPECT_EQ(Row(vlans, "Heartbeats of 192.168.2.10"),
            std::string("2 heartbeats of hosts 1, 2, ") + apart);
  Scenario tag_lost;
  tag_lost.At(0s, Heartbeat{.vlans = {10}}).At(0s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Row(tag_lost, "Heartbeats of 192.168.2.10"), "2 heartbeats of hosts 1, 2 | -");
}

TEST(CaptureTable, SaysWhichDirectionIsSeen) {
  const Udp request{.link = {.to = "02:bf:c0:a8:02:0a"}, .destination = "192.168.2.10"};
  const Udp answer{.link = {.from = "02:01:c0:a8:02:0a"}, .source = "192.168.2.10", .id = 2};
  Scenario s;
  s.At(0s, Heartbeat{});
  EXPECT_EQ(Row(s, "Traffic of 192.168.2.10"),
            "none | whether clients are served, by whom, and what happens on the way");
  s.At(1s, request);
  EXPECT_EQ(
      Row(s, "Traffic of 192.168.2.10"),
      "1 request packet, 0 answer packets | whether requests are answered, and by which hosts");
  s.At(2s, answer);
  EXPECT_EQ(Row(s, "Traffic of 192.168.2.10"), "1 request packet, 1 answer packet | -");
  Scenario other;
  other.At(0s, Heartbeat{}).At(1s, answer);
  EXPECT_EQ(Row(other, "Traffic of 192.168.2.10"),
            "0 request packets, 1 answer packet | requests: where they go, whether they flood or "
            "repeat");
}

TEST(CaptureTable, SaysWhetherGroupsAreHeardOf) {
  Scenario s;
  s.At(0s, Udp{});
  EXPECT_EQ(Row(s, "IGMP"),
            "no report, no query | whether groups are reported and queried elsewhere");
  s.At(1s, IgmpReport{}).At(2s, IgmpQuery{});
  EXPECT_EQ(
      Row(s, "IGMP"),
      "1 report of 1 station, 1 query | reports of other ports: one station at most is heard");
  s.At(3s, IgmpReport{.link = {.from = "00:00:00:00:00:09", .to = "01:00:5e:7f:02:0a"}});
  EXPECT_EQ(Row(s, "IGMP"), "2 reports of 2 stations, 1 query | -");
}

// Of ARP between hosts no more than the cluster's MAC is known: rows of a cluster 0.0.0.0 were
// told.
TEST(CaptureTable, SaysNothingOfAClusterWithoutAnAddress) {
  const Arp between{.link = {"02:01:c0:a8:02:0a", "02:bf:c0:a8:02:0a", {}},
                    .mac = "03:bf:c0:a8:02:1e",
                    .ip = "192.168.2.30"};
  Scenario s;
  s.At(0s, between).At(1s, between);
  EXPECT_EQ(s.Rows(NLB_TABLE_CAPTURE).find("0.0.0.0"), std::string::npos);
}

TEST(CaptureTable, IsBounded) {
  Scenario s;
  for (int i = 0; i < 1100; ++i) {
    s.At(0s, Heartbeat{.cluster_ip =
                           "10.1." + std::to_string(i / 200) + "." + std::to_string(i % 200 + 1)});
  }
  const std::string rows = s.Rows(NLB_TABLE_CAPTURE);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 7 + 2 * 1024);
}

TEST(CaptureTable, ListsEightNumbersAtMost) {
  Scenario s;
  for (uint16_t i = 0; i < 8; ++i)
    s.At(0s, Udp{.link = {.vlans = {static_cast<uint16_t>(i + 1)}}, .id = i}, i);
  EXPECT_EQ(Row(s, "Interfaces"),
            "8: 0, 1, 2, 3, 4, 5, 6, 7 | copies whose two sightings are on different interfaces");
  EXPECT_EQ(Row(s, "VLAN tags"), "1, 2, 3, 4, 5, 6, 7, 8: 8 frames | -");
  s.At(0s, Udp{.link = {.vlans = {4095}}, .id = 9}, 9);
  EXPECT_EQ(Row(s, "Interfaces"),
            "9: 0, 1, 2, 3, 4, 5, 6, 7, ... | copies whose two sightings are on different "
            "interfaces");
  EXPECT_EQ(Row(s, "VLAN tags"), "1, 2, 3, 4, 5, 6, 7, 8, ...: 9 frames | -");
}

TEST(CaptureTable, KnowsTheHighestVlan) {
  Scenario s;
  s.At(0s, Udp{.link = {.vlans = {4095}}});
  EXPECT_EQ(Row(s, "VLAN tags"), "4095: 1 frame | -");
}

TEST(CaptureTable, NumbersNoMoreThan64Interfaces) {
  Scenario s;
  for (uint32_t i = 0; i < 70; ++i) s.At(0s, Udp{.id = static_cast<uint16_t>(i)}, i);
  EXPECT_EQ(Row(s, "Interfaces").substr(0, 8), "64: 0, 1");
}

TEST(CaptureTable, CountsNoMoreThan1024Stations) {
  Scenario s;
  s.At(0s, IgmpReport{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CAPTURE);
  Octets bytes = Bytes(IgmpReport{});
  for (uint32_t i = 0; i < 1030; ++i) {
    bytes[10] = static_cast<uint8_t>(i >> 8);
    bytes[11] = static_cast<uint8_t>(i);
    nlb_frame frame = s.frame(1);
    frame.number = 2 + i;
    frame.bytes = bytes.data();
    ASSERT_EQ(NLB_OK, AddRecord(summary, s.capture(), {frame}));
  }
  EXPECT_STREQ(nlb_summary_cell(summary, 6, 1).text, "1030 reports of 1024 stations, 0 queries");
  nlb_summary_free(summary);
}

TEST(CaptureTable, ReportsAndQueriesAreCountedApart) {
  Scenario report;
  report.At(0s, IgmpReport{});
  EXPECT_EQ(
      Row(report, "IGMP"),
      "1 report of 1 station, 0 queries | reports of other ports: one station at most is heard");
  Scenario query;
  query.At(0s, IgmpQuery{});
  EXPECT_EQ(
      Row(query, "IGMP"),
      "0 reports of 0 stations, 1 query | reports of other ports: one station at most is heard");
  Scenario both;  // who queries reports nothing
  both.At(0s, IgmpReport{});
  both.At(1s, IgmpQuery{.link = {.from = "00:00:00:00:00:09", .to = "01:00:5e:00:00:01"}});
  EXPECT_EQ(
      Row(both, "IGMP"),
      "1 report of 1 station, 1 query | reports of other ports: one station at most is heard");
}

TEST(CaptureTable, TakesTheFirstAndLastTimeWhateverTheOrder) {
  Scenario s;
  s.At(60s, Udp{}).At(0s, Udp{.id = 2}).At(30s, Udp{.id = 3});
  EXPECT_EQ(Row(s, "Link types").substr(0, 28), "Ethernet 3 frames, in 60.0 s");
}

TEST(CaptureTable, CountsBothKindsOfCookedFrames) {
  Scenario s;
  s.On(NLB_LINK_COOKED).At(0s, Cooked{Bytes(Udp{})});
  s.On(NLB_LINK_COOKED2).At(200s, Cooked{Bytes(Udp{.id = 2}), 0, 1});
  EXPECT_EQ(Row(s, "Link types"),
            "Linux cooked 1 frame, Linux cooked v2 1 frame, in 200.0 s | to which MAC a cooked "
            "frame went");
}

TEST(CaptureTable, CountsWhatArpAndNdTell) {
  Scenario s;
  s.At(0s, Udp{});
  EXPECT_EQ(Row(s, "ARP and ND"),
            "none | whose MAC is whose, but for what traffic and heartbeats show");
  s.At(1s, Arp{});
  EXPECT_EQ(Row(s, "ARP and ND"), "1 frame | -");
  s.At(2s, Advertisement{});
  EXPECT_EQ(Row(s, "ARP and ND"), "2 frames | -");
}

TEST(CaptureTable, CountsOnlyHostsThatWereHeard) {
  Scenario s;  // host 3 answers
  s.At(0s, Heartbeat{});
  s.At(1s, Udp{.link = {.from = "02:03:c0:a8:02:0a"}, .source = "192.168.2.10"});
  EXPECT_EQ(Row(s, "Heartbeats of 192.168.2.10"),
            "1 heartbeat of host 1 | whether there are hosts that are not heard here");
}

// As a dialog does: it takes what changed after every frame.
TEST(CaptureTable, WritesARowAnewWhenItChanged) {
  Scenario s;
  s.At(0s, Udp{}).At(0s, Heartbeat{}).At(1s, Udp{.id = 2}).At(2s, Arp{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_CAPTURE);
  std::string told;
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    AddRecord(summary, s.capture(), s.Layers(number));
    // The rows of a cluster are there at once.
    EXPECT_EQ(nlb_summary_row_count(summary), number == 1 ? 7u : 9u);
    size_t first = 0, end = 0;
    nlb_summary_changes(summary, &first, &end);
    told += std::to_string(first) + "-" + std::to_string(end) + " ";
  }
  nlb_summary_free(summary);
  EXPECT_EQ(told, "0-7 0-9 0-1 0-6 ");
}

}  // namespace
}  // namespace nlb::test
