// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/analysis_report.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "facts/fingerprint.h"
#include "facts/mac_class.h"
#include "heuristics/registry.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kHost5 = "02:05:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";

std::string From(const Scenario& s, uint32_t number) {
  return s.Field(number, "source") + " > " + s.Field(number, "destination");
}

// ---- names of MACs ------------------------------------------------------------------------------

TEST(Names, SayHostAndCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2})
      .At(1s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip})
      .At(2s, Udp{.link = {"02:02:c0:a8:02:0a", kClient, {}}, .source = kVip});
  EXPECT_EQ(From(s, 1), "host 2 of 192.168.2.10 > ");
  EXPECT_EQ(From(s, 2), " > all hosts of 192.168.2.10");
  EXPECT_EQ(From(s, 3), "host 2 of 192.168.2.10 > ");
}

TEST(Names, AreThereWithoutAFindingButHidden) {
  Scenario s;
  s.At(0s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip});
  EXPECT_EQ(s.Findings(), "");
  EXPECT_NE(s.Fields(1).find("[destination all hosts of 192.168.2.10]"), std::string::npos)
      << s.Fields(1);
}

TEST(Names, DoNotSayWhichHostHidesBehindTheClustersMac) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{.link = {kCluster, kClient, {}}, .source = kVip});
  EXPECT_EQ(From(s, 2), "a host of 192.168.2.10 > ");
  EXPECT_EQ(s.Field(2, "host_id"), "");
}

// In multicast mode a host answers from its station MAC.
TEST(Names, SayWhichHostAnswersFromItsOwnMac) {
  Scenario s;
  const char* host3 = "00:15:5d:00:00:03";
  s.At(0s, Heartbeat{.host_id = 3, .mode = Mode::kMulticast})
      .At(1s, Udp{.link = {host3, kClient, {}}, .source = kVip})
      .At(2s, Udp{.link = {kClient, host3, {}}, .destination = kVip, .id = 2});
  EXPECT_EQ(s.Findings(), "");
  EXPECT_EQ(From(s, 2), "host 3 of 192.168.2.10 > ");
  EXPECT_EQ(s.Field(2, "cluster_ip"), kVip);
  EXPECT_EQ(s.Field(2, "host_id"), "3");
  EXPECT_EQ(s.Field(2, "evidence"), "heartbeat");
  EXPECT_EQ(s.Field(2, "mode"), "");
  EXPECT_EQ(From(s, 3), " > host 3 of 192.168.2.10");
  EXPECT_EQ(s.Field(3, "cluster_ip"), kVip);
  EXPECT_EQ(s.Field(3, "host_id"), "");
}

TEST(Names, AreNotGivenToAStationsOtherTraffic) {
  Scenario s;
  s.At(0s, Udp{.link = {"00:15:5d:00:00:04", kClient, {}}, .source = kVip})
      .At(1s, Heartbeat{.host_id = 3, .mode = Mode::kMulticast})
      .At(2s, Udp{.link = {"00:15:5d:00:00:03", kClient, {}}, .source = "192.168.2.30", .id = 2})
      .At(3s, Udp{.link = {"00:15:5d:00:00:04", kClient, {}}, .source = kVip, .id = 3});
  EXPECT_EQ(s.Field(1, "cluster_ip"), "") << "before the evidence";
  EXPECT_EQ(s.Field(3, "cluster_ip"), "") << "a dedicated address";
  EXPECT_EQ(From(s, 3), " > ");
  EXPECT_EQ(s.Field(4, "cluster_ip"), kVip);
  EXPECT_EQ(s.Field(4, "host_id"), "") << "of whom no heartbeat was heard";
}

TEST(Names, SayWhichHostSendsToAnotherClustersMacButNotThatItIsOfThatOne) {
  constexpr const char* kOther = "192.168.9.9";
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 3, .mode = Mode::kMulticast, .cluster_ip = kOther});
  s.At(0s, Heartbeat{}).At(1s, Udp{.link = {"00:15:5d:00:00:03", kCluster, {}}});
  EXPECT_EQ(From(s, 3), "host 3 of 192.168.9.9 > all hosts of 192.168.2.10");
  EXPECT_EQ(s.Field(3, "cluster_ip"), kVip);
  EXPECT_EQ(s.Field(3, "host_id"), "");
}

TEST(Names, SayWhichHostHidesBehindTheClustersMacWhereTheCaptureShowsItsTwin) {
  Scenario s;
  const auto from = [](const char* mac, uint16_t id) {
    return Udp{.link = {mac, kClient, {}}, .source = kVip, .id = id};
  };
  s.At(0s, Heartbeat{}).At(1s, from(kCluster, 7)).At(1001ms, from(kHost5, 7));
  s.At(2s, from(kCluster, 8)).At(3s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip});
  EXPECT_EQ(From(s, 2), "a host of 192.168.2.10 > ");
  EXPECT_EQ(From(s, 4), "host 5 of 192.168.2.10 > ");
  EXPECT_EQ(s.Field(4, "host_id"), "5");
  EXPECT_EQ(From(s, 5), " > all hosts of 192.168.2.10");
}

TEST(Names, AreNotGivenToTheTwinsOfAClusterThatNothingProves) {
  Scenario s;
  const auto from = [](const char* mac, uint16_t id) {
    return Udp{.link = {mac, kCluster, {}}, .id = id};
  };
  s.At(0s, Heartbeat{}).At(1s, from("02:bf:0a:09:09:09", 7));
  s.At(1001ms, from("02:05:0a:09:09:09", 7)).At(2s, from("02:bf:0a:09:09:09", 8));
  EXPECT_EQ(From(s, 4), " > all hosts of 192.168.2.10");
}

TEST(Names, AreGivenToAMacThatWasSetByHand) {
  const nlb_cluster_entry row{{192, 168, 2, 10}, NLB_MODE_UNICAST, {0, 0x15, 0x5d, 9, 9, 9}};
  constexpr const char* kByHand = "00:15:5d:09:09:09";
  nlb_config config = Scenario::Defaults();
  config.clusters = &row;
  config.cluster_count = 1;
  Scenario s(config);
  s.At(0s, Tcp{.link = {kClient, kByHand, {}}, .flags = 2})
      .At(1s, Tcp{.link = {kByHand, kClient, {}}, .id = 2, .flags = 2});
  EXPECT_EQ(From(s, 1), " > all hosts of 192.168.2.10");
  EXPECT_EQ(From(s, 2), "a host of 192.168.2.10 > ");
  EXPECT_EQ(s.Field(1, "cluster_ip"), kVip);
  EXPECT_EQ(s.Field(1, "evidence"), "configured");
  EXPECT_EQ(s.Field(1, "evidence_frame"), "") << "no frame proves it";
}

TEST(Names, TrustAHeartbeatOverItsMac) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .from = kCluster})
      .At(1s, Heartbeat{.host_id = 3, .mode = Mode::kMulticast});
  EXPECT_EQ(From(s, 1), "host 2 of 192.168.2.10 > ");
  EXPECT_EQ(From(s, 2), "host 3 of 192.168.2.10 > all hosts of 192.168.2.10");
}

TEST(Names, TellHostsOfAUnicastClusterApartBetweenThemselves) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  s.At(1s, Udp{.link = {"02:01:c0:a8:02:0a", "03:bf:c0:a8:02:1f", {}},
               .source = "192.168.2.30",
               .destination = "192.168.2.31"});
  EXPECT_EQ(From(s, 3), "host 1 of 192.168.2.10 > host 2 of 192.168.2.10");
}

TEST(Names, AreNotGivenToLookAlikes) {
  Scenario s;
  s.At(0s, Udp{.link = {"02:04:96:01:02:03", "02:42:c0:a8:02:0a", {}}});
  EXPECT_EQ(From(s, 1), " > ");
}

// ---- the line and the order ---------------------------------------------------------------------

TEST(AnalysisReport, PutsTheGravestFindingFirst) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2, .version = 0x204, .rule_count = 3});
  EXPECT_EQ(s.Field(2, "severity"), "Error");
  EXPECT_EQ(s.Summary(2), "Port rules differ");
  EXPECT_EQ(s.Field(2, "finding"), "Port rules differ, NLB versions differ");
}

TEST(AnalysisReport, PutsWhatIsTrueOfMostFramesLastAmongEquals) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {"02:01:c0:a8:02:0a", kClient, {}}, .mac = kCluster, .ip = kVip});
  EXPECT_EQ(s.Findings(), "1 masked_mac\n2 arp_sender_differs\n2 masked_mac\n");
  EXPECT_EQ(s.Summary(2), "ARP sender differs from the frame's source");
}

TEST(AnalysisReport, KeepsTheOrderOfWhatIsEquallyGrave) {
  Scenario routine;  // from one host to another
  routine.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  routine.At(1s, Udp{.link = {"02:01:c0:a8:02:0a", "03:bf:c0:a8:02:1f", {}},
                     .source = "192.168.2.30",
                     .destination = "192.168.2.31"});
  EXPECT_EQ(routine.Findings(), "1 masked_mac\n2 masked_mac\n3 masked_mac\n3 inter_host_mac\n");
  Scenario grave;
  grave.At(0s, Heartbeat{});
  grave.At(1s, Heartbeat{.host_id = 2, .rule_count = 3, .teaming = 1});
  EXPECT_EQ(grave.Field(2, "finding"), "Port rules differ, Teaming differs");
}

TEST(AnalysisReport, HasACureForWhatIsWorthANote) {
  Scenario s;
  s.At(0s, Arp{.mac = "03:bf:c0:a8:02:0a", .ip = kVip});
  EXPECT_EQ(s.Field(1, "severity"), "Note");
  EXPECT_EQ(s.Field(1, "cure"), "Check that the gateway has a static ARP entry for the address.");
}

TEST(AnalysisReport, HasNoCureForWhatIsNotWrong) {
  Scenario s;
  s.At(0s, Heartbeat{});
  EXPECT_EQ(s.Field(1, "severity"), "Chat");
  EXPECT_EQ(s.Field(1, "cure"), "");
}

// ---- the cluster, links, the quick look ---------------------------------------------------------

Udp Between(const char* from, const char* to, const char* destination = "10.0.0.2") {
  return {.link = {from, to, {}}, .destination = destination};
}

// cluster_ip, host_id and mode, the hidden ones in brackets.
std::string Tie(const Scenario& s, uint32_t number) {
  std::string text;
  const std::string fields = s.Fields(number);
  for (const char* name : {"cluster_ip ", "host_id ", "mode ", "evidence ", "evidence_frame "}) {
    for (const char* bracket : {"[", ""}) {
      const size_t at = ("\n" + fields).find("\n" + (bracket + std::string(name)));
      if (at != std::string::npos) text += fields.substr(at, fields.find('\n', at) - at) + " ";
    }
  }
  return text;
}

TEST(AnalysisReport, TiesAFrameToItsCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Between(kHost5, kClient)).At(2s, Between(kClient, kCluster));
  s.At(3s, Arp{.link = {kClient, kClient, {}}, .mac = kCluster, .ip = "192.168.2.11"});
  s.At(4s, Between(kClient, "03:bf:c0:a8:02:1e")).At(5s, Between(kClient, kHost5));
  const std::string evidence = "evidence heartbeat evidence_frame 1 ";
  EXPECT_EQ(Tie(s, 1), "cluster_ip 192.168.2.10 host_id 1 mode unicast " + evidence);
  EXPECT_EQ(Tie(s, 2), "cluster_ip 192.168.2.10 host_id 5 mode unicast " + evidence);
  EXPECT_EQ(Tie(s, 3),
            "[cluster_ip 192.168.2.10] [mode unicast] [evidence heartbeat] [evidence_frame 1] ");
  EXPECT_NE(Tie(s, 4).find("cluster_ip 192.168.2.10"), std::string::npos);
  EXPECT_EQ(Tie(s, 5), "cluster_ip 192.168.2.10 mode unicast " + evidence);  // host to host
  EXPECT_EQ(Tie(s, 6), "");  // nobody sends to a masked MAC
}

TEST(AnalysisReport, TiesDataOfAFurtherAddressAsItsFirstPacket) {
  constexpr const char* kFurther = "192.168.2.50";
  constexpr const char* kRouter = "00:15:5d:00:00:01";
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Arp{.mac = kCluster, .ip = kFurther});
  s.At(2s, Tcp{.link = {kRouter, kClient, {}}, .source = kFurther, .flags = 0x12});
  s.At(3s, Tcp{.link = {kRouter, kClient, {}}, .source = kFurther, .id = 2, .sequence = 2});
  EXPECT_NE(Tie(s, 3).find("[cluster_ip 192.168.2.10]"), std::string::npos) << Tie(s, 3);
  EXPECT_EQ(Tie(s, 4), Tie(s, 3));
}

// Found by fuzzing: a second pass no longer knew whose address it had been.
TEST(AnalysisReport, TiesAFrameToItsClusterAlsoWhenTheAddressHasMovedSince) {
  constexpr const char* kFurther = "192.168.2.50";
  const auto told = [](const char* mac) {
    return Arp{.link = {kClient, kClient, {}}, .mac = mac, .ip = kFurther};
  };
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, told(kCluster));
  s.At(2s, Ping{.link = {kClient, "00:15:5d:00:00:01", {}}, .source = kFurther});
  s.At(3s, told("02:bf:c0:a8:09:09"));
  EXPECT_NE(Tie(s, 3).find("[cluster_ip 192.168.2.10]"), std::string::npos) << Tie(s, 3);
}

TEST(AnalysisReport, TiesAFrameByWhateverElseThanItsSourceTells) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {kClient, kCluster, {}}, .mac = kClient});     // by the destination
  s.At(2s, Between(kClient, "02:04:96:01:02:03", kVip));              // by the address
  s.At(3s, Between(kHost5, "ff:ff:ff:ff:ff:ff", "255.255.255.255"));  // by the source
  for (const uint32_t number : {2, 3, 4}) EXPECT_EQ(s.Field(number, "cluster_ip"), kVip) << number;
  EXPECT_EQ(s.Field(4, "host_id"), "5");
}

// The tree places an item by its bytes.
TEST(AnalysisReport, IsNowhereInTheBytes) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Between(kHost5, kClient));
  s.At(2s, Heartbeat{.host_id = 2, .rule_count = 3}).At(3s, Between(kClient, kCluster));
  nlb_report* report = nlb_report_new();
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    const auto& layers = s.Layers(number);
    ASSERT_EQ(NLB_OK, nlb_capture_report(s.capture(), layers.data(), layers.size(), NLB_DETAIL_FULL,
                                         report));
    const nlb_view view = nlb_report_view(report);
    EXPECT_GT(view.item_count, 3u);
    for (size_t i = 0; i < view.item_count; ++i) {
      EXPECT_EQ(view.items[i].offset, 0u) << nlb_field(view.items[i].field)->filter;
      EXPECT_EQ(view.items[i].length, 0u) << nlb_field(view.items[i].field)->filter;
      EXPECT_EQ(view.items[i].depth, 0) << nlb_field(view.items[i].field)->filter;
      EXPECT_NE(view.items[i].flags & NLB_ITEM_GENERATED, 0);
    }
  }
  nlb_report_free(report);
}

TEST(AnalysisReport, HasNoItemsInASummary) {
  Scenario s;
  s.At(0s, Udp{.ttl = 64}).At(1ms, Udp{.ttl = 64});
  EXPECT_EQ(s.Findings(), "2 capture_copy\n");
  nlb_report* report = nlb_report_new();
  EXPECT_EQ(NLB_OK, nlb_capture_report(s.capture(), &s.frame(2), 1, NLB_DETAIL_SUMMARY, report));
  EXPECT_EQ(nlb_report_view(report).item_count, 0u);
  EXPECT_EQ(nlb_report_view(report).hit_count, 1u);
  nlb_report_free(report);
}

// The first sentence of a frame that another pass unwrapped in another way than the first.
std::string ReadOtherwise(Scenario& s, uint32_t number) {
  const Octets bytes = Bytes(Udp{.payload = ""});
  nlb_frame frame = s.frame(number);
  frame.bytes = bytes.data();
  frame.captured_len = frame.wire_len = static_cast<uint32_t>(bytes.size());
  nlb_report* report = nlb_report_new();
  EXPECT_EQ(NLB_OK, nlb_capture_report(s.capture(), &frame, 1, NLB_DETAIL_FULL, report));
  const nlb_view view = nlb_report_view(report);
  const std::string text = view.hit_count > 0 ? view.hits[0].text : "";
  nlb_report_free(report);
  return text;
}

TEST(AnalysisReport, SaysWhatIsKnownOfAFrameThatIsReadInAnotherWayLater) {
  const auto from = [](const char* mac, uint8_t flags, uint16_t id) {
    return Tcp{.link = {mac, kClient, {}}, .source = kVip, .id = id, .flags = flags};
  };
  Scenario moved;
  moved.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  moved.At(1s, from("02:01:c0:a8:02:0a", 0x12, 1)).At(2s, from("02:02:c0:a8:02:0a", 0x04, 2));
  EXPECT_EQ(moved.Findings("connection_moved"), "4 connection_moved\n");
  EXPECT_EQ(ReadOtherwise(moved, 4),
            "Host 0 meddles with a connection of 10.0.0.1 that host 1 accepted");
  Scenario bare;
  bare.At(0s, Heartbeat{.mode = Mode::kMulticast});
  bare.At(1s, Udp{.link = {kCluster, kClient, {}}, .source = kVip});
  bare.At(2s, Udp{.link = {kCluster, kClient, {}}, .source = kVip, .id = 2});
  EXPECT_EQ(bare.Findings("unmasked_mac"), "3 unmasked_mac\n");
  EXPECT_EQ(ReadOtherwise(bare, 3),
            "A host of 00:00:00:00:00:01 sends as the cluster, 02:bf:c0:a8:02:0a");
}

TEST(AnalysisReport, SaysNothingAboutAnOrdinaryFrame) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Between(kClient, "00:15:5d:00:00:01"));
  EXPECT_EQ(s.Fields(2), "");
  EXPECT_EQ(s.Summary(2), "");
}

TEST(AnalysisReport, LinksACopyFromBothSidesWhicheverWasCapturedFirst) {
  const Udp packet{.link = {kClient, "00:15:5d:00:00:01", {}}, .ttl = 64};
  Udp copy = packet;
  copy.link.from = "00:15:5d:00:00:09";
  copy.ttl = 63;
  Scenario in_order;
  in_order.At(0s, packet).At(1ms, copy);
  EXPECT_EQ(in_order.Field(1, "copied_in"), "2");
  EXPECT_EQ(in_order.Field(2, "copy_of"), "1");
  Scenario reversed;
  reversed.At(0s, copy).At(1ms, packet);
  EXPECT_EQ(reversed.Field(1, "copy_of"), "2");
  EXPECT_EQ(reversed.Field(2, "copied_in"), "1");
  EXPECT_EQ(reversed.Field(2, "copy_delta"), "0.001 s");
  EXPECT_EQ(reversed.Findings(), "2 foreign_router\n");
}

TEST(AnalysisReport, LinksACopyFromTheFrameThatItIsOfAndFromNoOther) {
  Scenario s;
  s.At(0s, Udp{.id = 1}).At(1ms, Udp{.id = 2}).At(2ms, Udp{.id = 1}).At(3ms, Udp{.id = 2});
  EXPECT_EQ(s.Field(1, "copied_in"), "3");
  EXPECT_EQ(s.Field(2, "copied_in"), "4");
}

TEST(AnalysisReport, LinksACopyOfATunnelOnce) {
  const Udp outer{.id = 1}, inner{.link = {kClient, kHost5, {}}, .id = 2};
  Scenario s;
  s.At(0s, outer).Inside(inner).At(1ms, outer).Inside(inner);
  EXPECT_EQ(s.Field(1, "copied_in"), "2");
  EXPECT_EQ(s.Field(2, "copy_of"), "1");
}

// Another host's answer to the same ping names the first one.
TEST(AnalysisReport, LinksAsACopyNothingElseThatNamesTheFrame) {
  const auto reply = [](const char* from, uint16_t id) {
    return Ping{.link = {from, kClient, {}},
                .source = kVip,
                .destination = "10.0.0.5",
                .id = id,
                .reply = true};
  };
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, reply(kHost5, 7));
  s.At(1001ms, reply("02:02:c0:a8:02:0a", 8)).At(1002ms, reply(kHost5, 7));
  EXPECT_EQ(s.Field(3, "related_frame"), "2");
  EXPECT_EQ(s.Field(4, "copy_of"), "2");
  EXPECT_EQ(s.Field(2, "copied_in"), "4");
}

TEST(AnalysisReport, LinksNoCopyThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Udp{}).At(1ms, Udp{}).Instead(2ms, Udp{.id = 9});
  EXPECT_EQ(s.Field(1, "copied_in"), "");
  Scenario one;  // of two copies
  one.At(0s, Udp{}).At(1ms, Udp{}).Instead(2ms, Udp{});
  EXPECT_EQ(one.Field(1, "copied_in"), "2");
}

TEST(AnalysisReport, TellsClustersThatShareAnIgmpMacByTheAddress) {
  const Heartbeat first{.mode = Mode::kIgmp, .cluster_ip = "10.1.20.10"};
  const Heartbeat second{.mode = Mode::kIgmp, .cluster_ip = "10.2.20.10"};
  constexpr const char* kShared = "01:00:5e:7f:14:0a";
  const auto to = [](const char* ip) {
    return Udp{.link = {"00:16:35:c4:25:96", kShared, {}}, .destination = ip};
  };
  Scenario s;
  s.At(0s, first).At(0s, second).At(1s, to("10.2.20.10")).At(1s, to("10.1.20.10"));
  s.At(2s, to("10.2.20.99"));  // a further address of either
  EXPECT_EQ(s.Field(2, "destination"), "all hosts of 10.2.20.10");
  EXPECT_EQ(s.Field(3, "destination"), "all hosts of 10.2.20.10");
  EXPECT_EQ(s.Field(3, "cluster_ip"), "10.2.20.10");
  EXPECT_EQ(s.Field(3, "evidence_frame"), "2");
  EXPECT_EQ(s.Field(4, "cluster_ip"), "10.1.20.10");
  EXPECT_EQ(s.Field(5, "cluster_ip"), "10.1.20.10");
  s.At(3s, Heartbeat{.cluster_ip = "10.3.30.30"}).At(4s, to("10.3.30.30"));
  EXPECT_EQ(s.Field(7, "destination"), "all hosts of 10.1.20.10") << "the MAC is not of that one";
  s.At(5s, to("10.9.20.10"));
  EXPECT_EQ(s.Field(8, "destination"), "all hosts of 10.1.20.10") << "that one is not known";
  s.At(6s, Arp{.mac = kShared, .ip = "10.2.20.10"});
  EXPECT_EQ(s.Field(9, "cluster_ip"), "10.2.20.10") << "by what the claim says";
}

}  // namespace
}  // namespace nlb::test
