// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/conversation.h"

#include <gtest/gtest.h>

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
