// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/conversation.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
const std::string kOfCluster = "nlb.analysis.cluster_ip == 192.168.2.10";

std::string OfHost(const std::string& id) {
  return kOfCluster + " && (nlb.analysis.host_id == " + id +
         " || nlb.analysis.other_host_id == " + id + " || nlb.analysis.destination == \"host " +
         id + " of 192.168.2.10\")";
}

TEST(Conversation, IsTheClusterAndTheSendingHost) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2});
  s.At(1s, Udp{.link = {kClient, kCluster, {}}, .destination = kVip});
  EXPECT_EQ(s.Conversation(1, NLB_CONVERSATION_CLUSTER), kOfCluster);
  EXPECT_EQ(s.Conversation(1, NLB_CONVERSATION_HOST), OfHost("2"));
  EXPECT_EQ(s.Conversation(1, NLB_CONVERSATION_FORWARDER), "");
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_CLUSTER), kOfCluster);
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_HOST), "") << "for all hosts";
}

TEST(Conversation, IsTheHostThatIsAddressed) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 3, .mode = Mode::kMulticast});
  s.At(1s, Udp{.link = {kClient, "00:15:5d:00:00:03", {}}, .destination = kVip});
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_HOST), OfHost("3"));
}

TEST(Conversation, IsTheForwarderOfACopy) {
  const Udp packet{.link = {kClient, kCluster, {}}, .destination = kVip, .ttl = 64};
  Udp copy = packet;
  copy.link.from = "00:15:5d:01:02:03";
  copy.ttl = 63;
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, packet).At(1001ms, copy);
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_FORWARDER), "");
  EXPECT_EQ(s.Conversation(3, NLB_CONVERSATION_FORWARDER),
            "nlb.analysis.forwarder == 00:15:5d:01:02:03 || eth.addr == 00:15:5d:01:02:03");
}

TEST(Conversation, NamesAClusterThatHasNoIpv4Address) {
  constexpr const char* kMasked = "02:01:20:01:0d:a8";
  constexpr const char* kIpv6Cluster = "02:bf:20:01:0d:a8";
  const std::string of_cluster =
      "ipv6.addr == 2001:db8::10 || nlb.analysis.source matches \" of 2001:db8::10$\" || "
      "nlb.analysis.destination matches \" of 2001:db8::10$\"";
  Scenario s;
  s.At(0s,
       Advertisement{.link = {kMasked, kClient, {}}, .mac = kIpv6Cluster, .ip = "2001:db8::10"});
  s.At(1s, Udp{.link = {kClient, kIpv6Cluster, {}},
               .source = "2001:db8::9",
               .destination = "2001:db8::10"});
  EXPECT_EQ(s.Conversation(1, NLB_CONVERSATION_CLUSTER), of_cluster);
  EXPECT_EQ(s.Conversation(1, NLB_CONVERSATION_HOST),
            "nlb.analysis.source == \"host 1 of 2001:db8::10\" || "
            "nlb.analysis.destination == \"host 1 of 2001:db8::10\"");
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_CLUSTER), of_cluster);
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_HOST), "") << "for all hosts";
}

TEST(Conversation, IsNoneForOrdinaryPackets) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{});
  for (int which = 0; which < NLB_CONVERSATION_COUNT; ++which) {
    EXPECT_EQ(s.Conversation(2, static_cast<nlb_conversation>(which)), "");
  }
}

TEST(Conversation, IsNoneOfAReportOfNothing) {
  Scenario s;
  nlb_report* report = nlb_report_new();
  const nlb_belonging belonging = nlb_capture_belonging(s.capture(), report);
  EXPECT_EQ(belonging.cluster.version, 0);
  EXPECT_EQ(belonging.cluster_of_host.version, 0);
  EXPECT_EQ(belonging.host_id, 0);
  EXPECT_EQ(belonging.is_forwarded, 0);
  nlb_report_free(report);
}

// By the MAC that hosts of a unicast cluster use among themselves.
TEST(Conversation, IsTheHostThatAnotherHostSpeaksTo) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  s.At(1s, Udp{.link = {kCluster, "03:bf:c0:a8:02:1f", {}}});
  EXPECT_EQ(s.Conversation(3, NLB_CONVERSATION_HOST), OfHost("2"));
  s.At(2s, Udp{.link = {"03:bf:c0:a8:02:1f", kCluster, {}}, .destination = kVip});
  EXPECT_EQ(s.Conversation(4, NLB_CONVERSATION_HOST), "") << "a group sends nothing";
}

TEST(Conversation, IsNoHostOfAnotherCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.mode = Mode::kMulticast, .cluster_ip = "192.168.2.20"});
  s.At(1s, Udp{.link = {kClient, "00:15:5d:00:00:01", {}}, .destination = kVip});
  EXPECT_EQ(s.Conversation(3, NLB_CONVERSATION_CLUSTER), kOfCluster);
  EXPECT_EQ(s.Conversation(3, NLB_CONVERSATION_HOST), "");
}

TEST(Conversation, IsNoneOfAClusterWhoseAddressIsNotKnown) {
  const Arp arp{.link = {"02:01:c0:a8:02:0a", kCluster, {}},
                .mac = "03:bf:c0:a8:02:1e",
                .ip = "192.168.2.30"};
  Scenario s;
  s.At(0s, arp).At(1s, arp);
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_CLUSTER), "");
  EXPECT_EQ(s.Conversation(2, NLB_CONVERSATION_HOST), "");
  s.At(2s, Heartbeat{.host_id = 2, .cluster_ip = "192.168.2.20"}).Inside(arp);
  EXPECT_EQ(s.Conversation(3, NLB_CONVERSATION_CLUSTER), "nlb.analysis.cluster_ip == 192.168.2.20");
}

// Of a tunnel the cluster of the innermost packet that has one.
TEST(Conversation, IsTheInnermostOfATunnel) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.cluster_ip = "192.168.2.20"});
  const Udp request{.link = {kClient, kCluster, {}}, .destination = kVip};
  s.At(1s, request).Inside(Udp{.id = 2});
  s.At(2s, Udp{.link = {kClient, "02:bf:c0:a8:02:14", {}}, .destination = "192.168.2.20", .id = 3})
      .Inside(Udp{.link = request.link, .destination = kVip, .id = 4});
  EXPECT_EQ(s.Conversation(3, NLB_CONVERSATION_CLUSTER), kOfCluster);
  EXPECT_EQ(s.Conversation(4, NLB_CONVERSATION_CLUSTER), kOfCluster);
}

// "1" where the record was forwarded, and by whom.
std::string Forwarder(Scenario& s, uint32_t number) {
  nlb_report* report = nlb_report_new();
  const auto& layers = s.Layers(number);
  nlb_capture_report(s.capture(), layers.data(), layers.size(), NLB_DETAIL_SUMMARY, report);
  const nlb_belonging belonging = nlb_capture_belonging(s.capture(), report);
  nlb_report_free(report);
  return std::to_string(belonging.is_forwarded) + " " +
         Text(MacAddress::Read(nlb::Bytes(belonging.forwarder, 6), 0));
}

TEST(Conversation, HasAForwarderOnlyWhereTheTtlFell) {
  constexpr const char* kBox = "00:15:5d:01:02:03";
  constexpr const char* kNobody = "0 00:00:00:00:00:00";
  const auto packet = [](const char* from, uint8_t ttl) {
    return Udp{.link = {from, kCluster, {}}, .destination = kVip, .ttl = ttl};
  };
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, packet(kClient, 64)).At(1001ms, packet(kBox, 64)).At(1002ms, packet(kBox, 63));
  EXPECT_EQ(s.Findings("relayed_copy"), "3 relayed_copy\n");
  EXPECT_EQ(Forwarder(s, 2), kNobody);
  EXPECT_EQ(Forwarder(s, 3), kNobody);
  EXPECT_EQ(Forwarder(s, 4), std::string("1 ") + kBox);
  Scenario backwards;
  backwards.At(0s, Heartbeat{}).At(1s, packet(kBox, 63)).At(1001ms, packet(kClient, 64));
  EXPECT_EQ(backwards.Field(3, "copied_in"), "2");
  EXPECT_EQ(Forwarder(backwards, 2), kNobody) << "nothing was known then";
  EXPECT_EQ(Forwarder(backwards, 3), kNobody);
}

TEST(Conversation, FitsIntoTheSizeThatIsNamed) {
  const Heartbeat longest{.host_id = 32, .cluster_ip = "192.168.200.100"};
  Scenario s;
  s.At(0s, longest);
  const std::string filter = s.Conversation(1, NLB_CONVERSATION_HOST);
  EXPECT_NE(filter.find("host 32 of 192.168.200.100"), std::string::npos) << filter;
  EXPECT_LT(filter.size() + 1, size_t{NLB_CONVERSATION_SIZE});

  constexpr const char* kMasked = "02:20:31:10:0c:a9";
  constexpr const char* kIpv6 = "2001:1db8:1111:1111:1111:1111:1111:1111";
  Scenario v6;
  v6.At(0s, Advertisement{.link = {kMasked, kClient, {}}, .mac = "02:bf:31:10:0c:a9", .ip = kIpv6});
  for (const auto which : {NLB_CONVERSATION_CLUSTER, NLB_CONVERSATION_HOST}) {
    const std::string longest_name = v6.Conversation(1, which);
    EXPECT_NE(longest_name.find(kIpv6), std::string::npos) << longest_name;
    EXPECT_LT(longest_name.size() + 1, size_t{NLB_CONVERSATION_SIZE});
  }
}

}  // namespace
}  // namespace nlb::test
