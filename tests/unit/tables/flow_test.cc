// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kHost2 = "02:02:c0:a8:02:0a";
constexpr const char* kBox = "00:15:5d:01:02:03";
constexpr const char* kVip = "192.168.2.10";

Tcp Request(uint16_t id = 1, uint8_t flags = 0x02) {
  return {.link = {kClient, kCluster, {}},
          .source = "10.0.0.5",
          .destination = kVip,
          .id = id,
          .source_port = 1187,
          .flags = flags};
}

Tcp Answer(const char* from, uint16_t id = 1, uint8_t flags = 0x12) {
  return {.link = {from, kClient, {}},
          .source = kVip,
          .destination = "10.0.0.5",
          .id = id,
          .source_port = 80,
          .destination_port = 1187,
          .flags = flags};
}

template <typename Frame>
Frame CopyBy(const char* box, Frame frame) {
  frame.link.from = box;
  --frame.ttl;
  return frame;
}

// "1 10.0.0.5 > all hosts of 192.168.2.10: SYN", a line for each arrow.
TEST(Flow, HasAColumnForEachRole) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request()).At(2s, Answer(kHost1)).At(3s, Request(2, 0x10));
  EXPECT_EQ(s.Flow(),
            "2 10.0.0.5 > all hosts of 192.168.2.10: SYN\n"
            "3 host 1 of 192.168.2.10 > 10.0.0.5: SYN, ACK\n"
            "4 10.0.0.5 > all hosts of 192.168.2.10: ACK\n");
}

TEST(Flow, LeavesQuietHeartbeatsOut) {
  Scenario s;
  for (int second = 0; second < 5; ++second) {
    s.At(second * 1s, Heartbeat{}).At(second * 1s + 1ms, Heartbeat{.host_id = 2});
  }
  EXPECT_EQ(s.Flow(), "");
}

TEST(Flow, LeavesOutWhatIsNoneOfNlb) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{}).At(2s, Tcp{.id = 2});
  EXPECT_EQ(s.Flow(), "");
}

TEST(Flow, PointsAtTheHostThatIsLost) {
  Scenario s;
  for (int second = 0; second < 12; ++second) {
    s.At(second * 1s, Heartbeat{});
    if (second == 0 || second > 9) s.At(second * 1s + 250ms, Heartbeat{.host_id = 2});
  }
  EXPECT_EQ(s.Flow(),
            "8 host 1 of 192.168.2.10 > host 2 of 192.168.2.10: ! host 2 lost (Host lost: Host 2 "
            "(192.168.2.31) has been silent for 5.75 s)\n"
            "13 host 2 of 192.168.2.10 > all: Host returned (Host returned: Host 2 (192.168.2.31) "
            "is back after a silence of 10 s)\n");
}

TEST(Flow, TellsOnceWhatHoldsOn) {
  Scenario s;
  for (int second = 0; second < 4; ++second) {
    s.At(second * 1s, Heartbeat{}).At(second * 1s + 1ms, Heartbeat{.host_id = 2, .rule_count = 3});
  }
  const std::string flow = s.Flow();
  EXPECT_EQ(std::count(flow.begin(), flow.end(), '\n'), 2) << flow;
  EXPECT_NE(flow.find("2 host 2 of 192.168.2.10 > all: ! Port rules differ (Port rules differ: "),
            std::string::npos)
      << flow;
}

TEST(Flow, ShowsTheForwarderOfACopyAndItsFrame) {
  Scenario s;
  s.At(0s, Heartbeat{})
      .At(1s, Request())
      .At(1001ms, CopyBy(kBox, Request()))
      .At(1002ms, Answer(kHost1, 7))
      .At(1003ms, CopyBy(kBox, Answer(kHost1, 7)));
  const std::string flow = s.Flow();
  EXPECT_NE(flow.find("3 FORWARDER 00:15:5d:01:02:03 > all hosts of 192.168.2.10: ! frame 2 again "
                      "(Sent again by a foreign router: "),
            std::string::npos)
      << flow;
  EXPECT_NE(flow.find("5 FORWARDER 00:15:5d:01:02:03 > 10.0.0.5: ! frame 4 again ("),
            std::string::npos)
      << flow;
}

TEST(Flow, NamesNoFrameThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request(3)).Instead(1001ms, CopyBy(kBox, Request(3)));
  EXPECT_NE(s.Flow().find("2 FORWARDER 00:15:5d:01:02:03 > all hosts of 192.168.2.10: ! SYN ("),
            std::string::npos)
      << s.Flow();
}

TEST(Flow, IsThePacketThatWasCapturedBehindItsCopy) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, CopyBy(kBox, Request())).At(1001ms, Request());
  EXPECT_NE(s.Flow().find("3 10.0.0.5 > all hosts of 192.168.2.10: ! SYN ("), std::string::npos)
      << s.Flow();
}

TEST(Flow, SaysWhichHostMeddles) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}).At(1s, Request(1));
  s.At(1001ms, Answer(kHost1, 1)).At(1002ms, Request(2, 0x10)).At(1003ms, Answer(kHost2, 9, 0x14));
  EXPECT_NE(s.Flow().find("6 host 2 of 192.168.2.10 > 10.0.0.5: ! RST (Another host meddles"),
            std::string::npos)
      << s.Flow();
}

TEST(Flow, TellsWhatOtherFramesAre) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {kHost1, "ff:ff:ff:ff:ff:ff", {}},
               .mac = kCluster,
               .ip = kVip,
               .reply = false,
               .target = "192.168.2.1"});
  s.At(2s, Arp{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = kVip, .target = "10.0.0.5"});
  s.At(3s, Ping{.link = {kClient, kCluster, {}}, .source = "10.0.0.5", .destination = kVip});
  s.At(4s, Udp{.link = {kClient, kCluster, {}}, .source = "10.0.0.5", .destination = kVip});
  s.At(5s, Tcp{.link = {kClient, kCluster, {}},
               .source = "10.0.0.5",
               .destination = kVip,
               .id = 9,
               .flags = 0x19,
               .payload = "bye"});
  s.At(6s, IgmpReport{.link = {kHost1, "01:00:5e:7f:02:0a", {}}});
  const std::string flow = s.Flow();
  for (const char* line :
       {"2 host 1 of 192.168.2.10 > all: ARP 192.168.2.1?",
        "3 host 1 of 192.168.2.10 > 10.0.0.5: "
        "at 02:bf:c0:a8:02:0a",
        "4 10.0.0.5 > all hosts of 192.168.2.10: ping\n",
        "5 10.0.0.5 > all hosts of 192.168.2.10: UDP, 7 bytes\n",
        "6 10.0.0.5 > all hosts of 192.168.2.10: FIN, 3 bytes\n", "IGMP report"}) {
    EXPECT_NE(flow.find(line), std::string::npos) << line << " is not in\n" << flow;
  }
}

TEST(Flow, HasPortsWhereThereAreSome) {
  constexpr uint32_t kHeaders = 14 + 20;
  for (const uint32_t captured : {1000u, kHeaders + 4, kHeaders + 3}) {
    Scenario s;
    s.At(0s, Heartbeat{}).Snaplen(captured).At(1s, Request());
    nlb_flow* flow = nlb_flow_new();
    s.AddTo(flow, 2);
    EXPECT_EQ(nlb_flow_arrow(flow, 0).from_port, captured == kHeaders + 3 ? 0 : 1187) << captured;
    EXPECT_EQ(nlb_flow_arrow(flow, 0).to_port, captured == kHeaders + 3 ? 0 : 80) << captured;
    nlb_flow_free(flow);
  }
}

// ---- bounds -------------------------------------------------------------------------------------

std::string ClientIp(int number) { return "10.1.0." + std::to_string(number + 1); }

TEST(Flow, FoldsClientsIntoOneColumn) {
  Scenario s;
  s.At(0s, Heartbeat{});
  const int clients = static_cast<int>(nlb_flow::kMaxClients) + 3;
  for (int i = 0; i < clients; ++i) {
    Tcp request = Request(static_cast<uint16_t>(i));
    request.source = ClientIp(i);
    s.At((i + 1) * 1s, request);
  }
  const std::string flow = s.Flow();
  EXPECT_NE(flow.find("31 10.1.0.30 > all hosts"), std::string::npos) << flow;
  for (int frame = 32; frame <= 34; ++frame) {
    EXPECT_NE(flow.find(std::to_string(frame) + " other clients > all hosts"), std::string::npos);
  }
}

// Every number of hosts and clients fits on Wireshark's sheet, and no arrow ends where it begins.
TEST(Flow, NeverHasMoreColumnsThanWiresharkDraws) {
  Scenario s;
  for (uint32_t id = 1; id <= 32; ++id) {
    s.At(0s, Heartbeat{.host_id = id});
    s.At(0s, Heartbeat{.host_id = id, .cluster_ip = "192.168.3.10"});
  }
  uint16_t packet = 1;
  for (int i = 0; i < 100; ++i) {
    char from[] = "02:01:c0:a8:02:0a";
    std::snprintf(from, sizeof from, "02:%02x:c0:a8:%02x:0a", i % 32 + 1, 2 + i % 2);
    Tcp answer = Answer(from, packet++);
    answer.destination = ClientIp(i);
    s.At((i + 1) * 1s, answer);
    s.At((i + 1) * 1s + 1ms, CopyBy(from, Udp{.source = ClientIp(i), .id = packet++}));
  }
  std::set<std::string> columns;
  nlb_flow* flow = nlb_flow_new();
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    s.AddTo(flow, number);
    for (size_t i = 0; i < nlb_flow_count(flow); ++i) {
      const nlb_arrow arrow = nlb_flow_arrow(flow, i);
      EXPECT_STRNE(arrow.from, arrow.to);
      columns.insert({arrow.from, arrow.to});
    }
  }
  nlb_flow_free(flow);
  EXPECT_LE(columns.size(), nlb_flow::kMaxColumns);
  EXPECT_TRUE(columns.contains("other clients"));
  EXPECT_TRUE(columns.contains("other hosts"));
}

TEST(Flow, SaysThatItIsFull) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request());
  nlb_flow* flow = nlb_flow_new();
  for (uint64_t i = 0; i < nlb_flow::kMaxArrows; ++i) s.AddTo(flow, 2);
  EXPECT_STREQ(nlb_flow_arrow(flow, 0).label, "SYN");
  s.AddTo(flow, 2);
  EXPECT_STREQ(nlb_flow_arrow(flow, 0).label, "more");
  s.AddTo(flow, 2);
  EXPECT_EQ(nlb_flow_count(flow), 0u);
  nlb_flow_clear(flow);
  s.AddTo(flow, 2);
  EXPECT_STREQ(nlb_flow_arrow(flow, 0).label, "SYN");
  nlb_flow_free(flow);
}

}  // namespace
}  // namespace nlb::test
