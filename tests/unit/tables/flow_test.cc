// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/text.h"
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

// From and to with their ports, as a reader of a test wants them.
std::string Ports(const Scenario& s, uint32_t number) {
  nlb_flow* flow = nlb_flow_new();
  s.AddTo(flow, number);
  const nlb_arrow arrow = nlb_flow_arrow(flow, 0);
  std::string text = std::to_string(arrow.from_port) + " > " + std::to_string(arrow.to_port);
  nlb_flow_free(flow);
  return text;
}

constexpr size_t kIpHeader = 14;  // where it begins
constexpr size_t kTransport = 34;

template <typename Frame>
Raw Changed(const Frame& frame, size_t at, std::initializer_list<uint8_t> bytes) {
  Raw raw{Bytes(frame)};
  std::copy(bytes.begin(), bytes.end(), raw.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  return raw;
}

TEST(Flow, HasPortsOfTcpAndUdpAlone) {
  const Link link{kClient, kCluster, {}};
  const Udp udp{.link = link, .destination = kVip, .id = 2};
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request()).At(2s, udp);
  s.At(3s, Ping{.link = link, .destination = kVip, .id = 3});
  s.At(4s, Arp{.link = link, .ip = "10.0.0.1", .reply = false, .target = kVip});
  s.At(5s, Changed(udp, kIpHeader + 6, {0x00, 0x10}));
  s.At(6s, Changed(udp, 12, {0x12, 0x34}));
  EXPECT_EQ(Ports(s, 2), "1187 > 80");
  EXPECT_EQ(Ports(s, 3), "1000 > 2000");
  for (uint32_t number = 4; number <= 7; ++number) EXPECT_EQ(Ports(s, number), "0 > 0") << number;
}

// "SYN" of "2 10.0.0.1 > all hosts of 192.168.2.10: SYN"
template <typename Frame>
std::string Label(const Frame& frame, size_t kept = SIZE_MAX) {
  Scenario s;
  s.At(0s, Heartbeat{}).Snaplen(kept).At(1s, frame);
  nlb_flow* flow = nlb_flow_new();
  s.AddTo(flow, 2);
  std::string label = nlb_flow_arrow(flow, 0).label;
  nlb_flow_free(flow);
  return label;
}

TEST(Flow, TellsWhatATcpSegmentDoes) {
  const auto label = [](uint8_t flags, const char* data) {
    Tcp segment = Request(1, flags);
    segment.payload = data;
    return Label(segment);
  };
  EXPECT_EQ(label(0x02, ""), "SYN");
  EXPECT_EQ(label(0x12, ""), "SYN, ACK");
  EXPECT_EQ(label(0x04, ""), "RST");
  EXPECT_EQ(label(0x14, "why"), "RST");
  EXPECT_EQ(label(0x10, ""), "ACK");
  EXPECT_EQ(label(0x10, "a"), "1 byte");
  EXPECT_EQ(label(0x18, "hello"), "5 bytes");
  EXPECT_EQ(label(0x11, ""), "FIN");
  EXPECT_EQ(label(0x11, "bye"), "FIN, 3 bytes");
  Tcp data = Request(1, 0x10);
  data.payload = "four";
  EXPECT_EQ(Label(data, kTransport + 14), "4 bytes") << "as on the wire";
  EXPECT_EQ(Label(data, kTransport + 13), "TCP") << "the flags are cut off";
  EXPECT_EQ(Label(Changed(data, kTransport + 12, {0x60})), "ACK") << "an option of four bytes";
  EXPECT_EQ(Label(Changed(data, kTransport + 12, {0xF0})), "ACK") << "longer than all";
}

TEST(Flow, TellsWhatAPacketIs) {
  const Link link{kClient, kCluster, {}};
  const Udp udp{.link = link, .destination = kVip};
  EXPECT_EQ(Label(udp), "UDP, 7 bytes");
  EXPECT_EQ(Label(udp, kTransport), "UDP, 7 bytes");
  EXPECT_EQ(Label(Changed(udp, kIpHeader + 3, {20 + 9})), "UDP, 1 byte");
  EXPECT_EQ(Label(Changed(udp, kIpHeader + 3, {20 + 8})), "UDP, 0 bytes");
  EXPECT_EQ(Label(Changed(udp, kIpHeader + 3, {20 + 5})), "UDP, 0 bytes");
  EXPECT_EQ(Label(Changed(udp, kIpHeader, {0x46})), "UDP, 3 bytes") << "an option of IP";
  EXPECT_EQ(Label(Changed(udp, kIpHeader + 6, {0x20, 0x00})), "UDP, 7 bytes");
  EXPECT_EQ(Label(Changed(udp, kIpHeader + 6, {0x20, 0x10})), "fragment");
  EXPECT_EQ(Label(Changed(udp, kIpHeader + 9, {47})), "IP protocol 47");
  const Ping ping{.link = link, .destination = kVip};
  EXPECT_EQ(Label(ping), "ping");
  EXPECT_EQ(Label(Changed(ping, kTransport, {0})), "ping reply");
  EXPECT_EQ(Label(Changed(ping, kTransport, {3})), "ICMP");
  EXPECT_EQ(Label(ping, kTransport + 7), "ICMP");
  IgmpReport report;
  report.link = link;
  EXPECT_EQ(Label(report), "IGMP report");
  EXPECT_EQ(Label(Changed(report, kTransport, {0x11})), "IGMP query");
  EXPECT_EQ(Label(Changed(report, kTransport, {0x17})), "IP protocol 2");
  EXPECT_EQ(Label(Changed(udp, 12, {0x12, 0x34})), "frame");
  EXPECT_EQ(Label(Ping{.link = link, .source = "2001:db8::1", .destination = "2001:db8::2"}),
            "ping");
  EXPECT_EQ(Label(Advertisement{.link = link, .mac = kClient}), "at 00:16:35:c4:25:96");
  EXPECT_EQ(Label(Solicitation{.link = link, .mac = kClient}), "ND 2001:db8::1?");
  const Arp question{.link = link, .mac = kClient, .reply = false, .target = kVip};
  EXPECT_EQ(Label(question), "ARP 192.168.2.10?");
  EXPECT_EQ(Label(Changed(question, 21, {2})), "at 00:16:35:c4:25:96");
  EXPECT_EQ(Label(question, 14 + 27), "frame") << "cut";
}

// "10.0.0.5 > all"
template <typename Frame>
std::string Ends(const Frame& frame) {
  Scenario s;
  s.At(0s, Heartbeat{})
      .At(0s, Arp{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = "192.168.2.11"});
  s.At(1s, frame);
  nlb_flow* flow = nlb_flow_new();
  s.AddTo(flow, 3);
  const nlb_arrow arrow = nlb_flow_arrow(flow, 0);
  std::string text = std::string(arrow.from) + " > " + arrow.to;
  nlb_flow_free(flow);
  return text;
}

TEST(Flow, NamesStationsByTheirAddress) {
  const Link link{kClient, kCluster, {}};
  const std::string to_all_hosts = " > all hosts of 192.168.2.10";
  EXPECT_EQ(Ends(Arp{.link = link, .mac = kClient, .ip = "10.0.0.5"}), "10.0.0.5" + to_all_hosts);
  EXPECT_EQ(Ends(Arp{.link = link, .mac = kBox, .ip = "10.0.0.5"}), kClient + to_all_hosts)
      << "who answers for another";
  EXPECT_EQ(Ends(Arp{.link = link, .mac = kClient, .ip = "0.0.0.0"}), kClient + to_all_hosts);
  EXPECT_EQ(Ends(Changed(Request(), 12, {0x12, 0x34})), kClient + to_all_hosts);
  EXPECT_EQ(Ends(Ping{.link = link, .source = "::", .destination = "2001:db8::2"}),
            kClient + to_all_hosts);
  const std::string from_host = "host 1 of 192.168.2.10 > ";
  const Link back{kHost1, kClient, {}};
  EXPECT_EQ(Ends(Arp{.link = back, .mac = kCluster, .ip = kVip, .target = "10.0.0.5"}),
            from_host + "10.0.0.5");
  EXPECT_EQ(Ends(Arp{.link = back, .mac = kCluster, .ip = kVip}), from_host + kClient);
  EXPECT_EQ(Ends(Answer(kHost1)), from_host + "10.0.0.5");
  EXPECT_EQ(Ends(Changed(Answer(kHost1), 12, {0x12, 0x34})), from_host + kClient);
  EXPECT_EQ(Ends(Udp{.link = {kHost1, "ff:ff:ff:ff:ff:ff", {}}}), from_host + "all");
  EXPECT_EQ(Ends(Udp{.link = {kHost1, "01:00:5e:00:00:fb", {}}}), from_host + "all");
}

// Behind a router no MAC tells the cluster.
TEST(Flow, NamesTheClusterByItsAddressBehindARouter) {
  const Link link{kClient, kBox, {}};
  for (const char* vip : {kVip, "192.168.2.11"}) {
    EXPECT_EQ(Ends(Udp{.link = link, .source = "10.0.0.5", .destination = vip}),
              "10.0.0.5 > cluster 192.168.2.10");
    EXPECT_EQ(Ends(Udp{.link = link, .source = vip, .destination = "10.0.0.5"}),
              "a host of 192.168.2.10 > 10.0.0.5");
  }
}

TEST(Flow, TakesNobodyForAllWhoSendsFromTheBroadcastAddress) {
  Scenario s;
  s.At(0s, Heartbeat{.from = "ff:ff:ff:ff:ff:ff"});
  s.At(1s, Arp{.link = {kHost1, "ff:ff:ff:ff:ff:ff", {}}, .mac = kCluster, .ip = kVip});
  EXPECT_EQ(s.Flow().substr(0, 48), "2 host 1 of 192.168.2.10 > all: at 02:bf:c0:a8:0");
}

// ---- what is told -------------------------------------------------------------------------------

TEST(Flow, TellsOfHeartbeatsWhatIsUnusualAndWhichHostsComeAndGo) {
  Scenario s;
  for (int second = 0; second < 6; ++second) s.At(second * 1s, Heartbeat{});
  s.At(6s, Heartbeat{.host_id = 2});
  s.At(6s, Heartbeat{.version = 0x204}).At(6500ms, Heartbeat{.state = 2});
  EXPECT_EQ(
      s.Flow(),
      "7 host 2 of 192.168.2.10 > all: Host joined (Host joined: Host 2 (192.168.2.31) joins; "
      "the cluster was heard for 6 s)\n"
      "8 host 1 of 192.168.2.10 > all: NLB versions differ (NLB versions differ: Host 1 runs "
      "version 2.4, host 2 runs 2.6)\n"
      "9 host 1 of 192.168.2.10 > all: Convergence state changed (Convergence state changed: "
      "Host 1 (192.168.2.30) went from state 1 to 2)\n");
}

TEST(Flow, TellsOfRepeatedHeartbeatsOnlyWhenTheyStorm) {
  Scenario s;
  for (int i = 0; i < 8; ++i) s.At(1s + i * 3ms, Heartbeat{});
  EXPECT_EQ(s.Findings("capture_copy"), "");
  EXPECT_EQ(s.Flow(),
            "8 host 1 of 192.168.2.10 > all: ! Loop of switches, or a storm (Loop of switches, or "
            "a storm: What 02:01:c0:a8:02:0a sent to ff:ff:ff:ff:ff:ff comes again and again, as "
            "it was)\n");
}

TEST(Flow, TellsAgainWhatHappensAgain) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.state = 2}).At(2s, Heartbeat{.state = 1});
  EXPECT_EQ(s.Flow(),
            "2 host 1 of 192.168.2.10 > all: Convergence state changed (Convergence state changed: "
            "Host 1 (192.168.2.30) went from state 1 to 2)\n"
            "3 host 1 of 192.168.2.10 > all: Convergence state changed (Convergence state changed: "
            "Host 1 (192.168.2.30) went from state 2 to 1)\n");
}

TEST(Flow, CallsOnlyTheLostHostLost) {
  Scenario s;
  for (int second = 0; second < 7; ++second) {
    s.At(second * 1s, Heartbeat{.rule_count = static_cast<uint16_t>(second < 6 ? 2 : 3)});
    s.At(second * 1s + 1ms, Heartbeat{.host_id = 3});
    if (second == 0) s.At(2ms, Heartbeat{.host_id = 2}).At(3ms, Heartbeat{.host_id = 4});
  }
  EXPECT_EQ(s.Flow(),
            "15 host 1 of 192.168.2.10 > all: ! Port rules differ (Port rules differ: Host 1 "
            "announces 3 rules, host 3 announces 2)\n"
            "15 host 1 of 192.168.2.10 > host 2 of 192.168.2.10: ! host 2 lost (Host lost: Host 2 "
            "(192.168.2.31) has been silent for 6 s)\n"
            "15 host 1 of 192.168.2.10 > host 4 of 192.168.2.10: ! host 4 lost (Host lost: Host 4 "
            "(192.168.2.33) has been silent for 6 s)\n"
            "16 host 3 of 192.168.2.10 > all: ! Port rules differ (Port rules differ: Host 3 "
            "announces 2 rules, host 1 announces 3)\n");
}

// Each host is a column.
TEST(Flow, TellsOfAFrameOnceForEachSenderWhatItsKindIs) {
  const auto arp = [](const char* from) {
    return Arp{.link = {from, kClient, {}}, .mac = kCluster, .ip = kVip, .target = "10.0.0.5"};
  };
  const std::string inside = "at 02:bf:c0:a8:02:0a";
  const std::string says =
      inside + " (ARP sender differs from the frame's source: " + "02:bf:c0:a8:02:0a inside, ";
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, arp(kHost1)).At(2s, arp(kHost1)).At(3s, arp(kHost2));
  EXPECT_EQ(s.Flow(), "2 host 1 of 192.168.2.10 > 10.0.0.5: " + says +
                          "02:01:c0:a8:02:0a outside, as NLB sends it)\n"
                          "3 host 1 of 192.168.2.10 > 10.0.0.5: " +
                          inside + "\n4 host 2 of 192.168.2.10 > 10.0.0.5: " + says +
                          "02:02:c0:a8:02:0a outside, as NLB sends it)\n");
}

TEST(Flow, TellsOfEachClaimThatItContradicts) {
  Scenario s;
  s.At(0s, Heartbeat{});
  const Arp own{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = kVip};
  const Arp other{.link = {kBox, kClient, {}}, .mac = "02:bf:c0:a8:02:14", .ip = kVip};
  s.At(1s, own).At(2s, other).At(3s, own).At(4s, other);
  const std::string flow = s.Flow();
  EXPECT_EQ(
      flow.substr(flow.find("\n4 ")),
      "\n4 host 1 of 192.168.2.10 > 00:16:35:c4:25:96: ! at 02:bf:c0:a8:02:0a (Two MACs claim "
      "a cluster's address: 192.168.2.10 moves from 02:bf:c0:a8:02:14 to 02:bf:c0:a8:02:0a)\n"
      "5 00:15:5d:01:02:03 > 00:16:35:c4:25:96: ! at 02:bf:c0:a8:02:14 (Two MACs claim a "
      "cluster's address: 192.168.2.10 moves from 02:bf:c0:a8:02:0a to 02:bf:c0:a8:02:14)\n");
}

// The evidence is the packet itself.
TEST(Flow, NamesTheFirstFrameOfTheCapture) {
  Scenario s;
  s.At(1s, Request()).At(1001ms, CopyBy(kBox, Request()));
  EXPECT_NE(s.Flow().find(": ! frame 1 again ("), std::string::npos) << s.Flow();
}

// A tunnel's own packet may be a copy, too: heartbeats inside come every second.
TEST(Flow, LeavesQuietHeartbeatsInsideCopiesOut) {
  const Udp tunnel{.link = {kClient, kBox, {}}};
  Udp relayed = tunnel;
  relayed.link.from = kHost2;
  Scenario s;
  s.At(0s, tunnel).Inside(Heartbeat{});
  s.At(1ms, tunnel).Inside(Heartbeat{});
  s.At(2ms, relayed).Inside(Heartbeat{});
  EXPECT_EQ(s.Findings("capture_copy") + s.Findings("relayed_copy"),
            "2 capture_copy\n3 relayed_copy\n");
  EXPECT_EQ(s.Flow(), "");
}

TEST(Flow, ShowsOfATunnelTheInnermostLayerOfACluster) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Udp{.source = "10.9.0.1", .destination = "10.9.0.2"}).Inside(Request());
  s.At(2s, Request(2)).Inside(Udp{.source = "10.9.0.1", .destination = "10.9.0.2", .id = 9});
  s.At(3s, Request(3)).Inside(Answer(kHost1, 4));
  EXPECT_EQ(s.Flow(),
            "2 10.0.0.5 > all hosts of 192.168.2.10: SYN\n"
            "3 10.0.0.5 > all hosts of 192.168.2.10: SYN\n"
            "4 host 1 of 192.168.2.10 > 10.0.0.5: SYN, ACK\n");
}

TEST(Flow, TakesAPacketInsideACopyForItself) {
  const Udp tunnel{.link = {kClient, kCluster, {}}, .source = "10.9.0.1", .destination = kVip};
  Scenario s;
  s.At(0s, tunnel).Inside(Answer(kHost1));
  s.At(1ms, CopyBy(kBox, tunnel)).Inside(Answer(kHost1));
  s.At(2ms, Request(5)).Inside(Udp{});
  s.At(3ms, CopyBy(kBox, Request(5))).Inside(Udp{});
  const std::string flow = s.Flow();
  EXPECT_NE(flow.find("\n2 host 1 of 192.168.2.10 > 10.0.0.5: ! SYN, ACK ("), std::string::npos)
      << flow;
  EXPECT_NE(flow.find("\n4 FORWARDER 00:15:5d:01:02:03 > all hosts of 192.168.2.10: ! frame 3 a"),
            std::string::npos)
      << flow;
}

TEST(Flow, HasAnEmptyArrowPastTheEnd) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request());
  nlb_flow* flow = nlb_flow_new();
  s.AddTo(flow, 2);
  for (const size_t index : {size_t{1}, SIZE_MAX}) {
    const nlb_arrow arrow = nlb_flow_arrow(flow, index);
    for (const char* text : {arrow.from, arrow.to, arrow.label, arrow.comment}) {
      EXPECT_STREQ(text, "");
    }
    EXPECT_EQ(arrow.severity, NLB_CHAT);
    EXPECT_EQ(arrow.from_port, 0);
    EXPECT_EQ(arrow.to_port, 0);
  }
  nlb_flow_free(flow);
}

TEST(Flow, NamesTheLostHostWhereAnotherLayerHasFindingsToo) {
  const Heartbeat outer{.cluster_ip = "192.168.3.10", .host_ip = "192.168.3.30"};
  Heartbeat changed = outer;
  changed.state = 2;
  Scenario s;
  s.At(0s, outer).Inside(Heartbeat{.host_id = 2});
  for (int second = 1; second < 6; ++second) s.At(second * 1s, outer).Inside(Heartbeat{});
  s.At(6s, changed).Inside(Heartbeat{});
  const std::string flow = s.Flow();
  EXPECT_EQ(flow.substr(0, flow.find(" (")),
            "7 host 1 of 192.168.2.10 > host 2 of 192.168.2.10: ! host 2 lost");
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

// There are 35 columns beside the shared ones: 30 clients, all hosts and four hosts here.
TEST(Flow, HasEveryColumnThatThereIsRoomFor) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {kHost1, "ff:ff:ff:ff:ff:ff", {}}, .mac = kCluster, .ip = kVip});
  uint16_t packet = 1;
  const auto ask = [&](int client) {
    Tcp request = Request(packet);
    request.source = ClientIp(client);
    s.At(packet++ * 1s + 1s, request);
  };
  const auto answer = [&](const char* host) {
    s.At(packet * 1s + 1s, Answer(host, packet));
    ++packet;
  };
  for (int client = 0; client < 31; ++client) ask(client);
  answer("02:02:c0:a8:02:0a");
  answer("02:03:c0:a8:02:0a");
  answer("02:04:c0:a8:02:0a");
  answer("02:05:c0:a8:02:0a");
  answer("02:04:c0:a8:02:0a");
  s.At(packet * 1s + 1s, Request(packet)).At(packet * 1s + 1001ms, CopyBy(kBox, Request(packet)));
  ask(29);
  s.At(packet * 1s + 1s, Arp{.link = {kBox, "ff:ff:ff:ff:ff:ff", {}}, .mac = kCluster, .ip = kVip});
  const std::string flow = s.Flow();
  EXPECT_EQ(flow.substr(flow.find("31 ")),
            "31 10.1.0.29 > all hosts of 192.168.2.10: SYN\n"
            "32 10.1.0.30 > all hosts of 192.168.2.10: SYN\n"
            "33 other clients > all hosts of 192.168.2.10: SYN\n"
            "34 host 2 of 192.168.2.10 > other clients: SYN, ACK\n"
            "35 host 3 of 192.168.2.10 > other clients: SYN, ACK\n"
            "36 host 4 of 192.168.2.10 > other clients: SYN, ACK\n"
            "37 other hosts > other clients: SYN, ACK\n"
            "38 host 4 of 192.168.2.10 > other clients: SYN, ACK\n"
            "39 other clients > all hosts of 192.168.2.10: SYN\n"
            "40 other forwarders > all hosts of 192.168.2.10: ! frame 39 again (Sent again by a "
            "foreign router: 00:15:5d:01:02:03 repeats a packet not sent to it, TTL 64 to 63)\n"
            "41 10.1.0.30 > all hosts of 192.168.2.10: SYN\n"
            "42 other clients > all: at 02:bf:c0:a8:02:0a\n");
}

TEST(Flow, DrawsWhatAStationSendsToItself) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Udp{.link = {kHost1, "03:bf:c0:a8:02:1e", {}}});
  EXPECT_EQ(s.Flow(), "2 host 1 of 192.168.2.10 > itself: UDP, 7 bytes\n");
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
    const auto host = static_cast<uint64_t>(i % 32 + 1), net = static_cast<uint64_t>(2 + i % 2);
    const std::string from = Text(MacAddress(0x0200C0A8000A | host << 32 | net << 8));
    Tcp answer = Answer(from.c_str(), packet++);
    answer.destination = ClientIp(i);
    s.At((i + 1) * 1s, answer);
    s.At((i + 1) * 1s + 1ms, CopyBy(from.c_str(), Udp{.source = ClientIp(i), .id = packet++}));
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

// Adds a frame so many times.
void Fill(const Scenario& s, uint32_t number, uint64_t times, nlb_capture* capture,
          nlb_flow* flow) {
  nlb_report* report = nlb_report_new();
  const auto& layers = s.Layers(number);
  nlb_capture_report(capture, layers.data(), layers.size(), NLB_DETAIL_SUMMARY, report);
  for (uint64_t i = 0; i < times; ++i) nlb_flow_add(flow, capture, report);
  nlb_report_free(report);
}

TEST(Flow, SaysThatItIsFull) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request());
  nlb_flow* flow = nlb_flow_new();
  Fill(s, 2, nlb_flow::kMaxArrows, s.capture(), flow);
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

TEST(Flow, SaysOnceThatItIsFullWhereARecordHasSeveralArrows) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}).At(1s, Request());
  s.At(2s, Heartbeat{.host_id = 2, .version = 0x204, .rule_count = 3});
  nlb_flow* flow = nlb_flow_new();
  s.AddTo(flow, 4);
  EXPECT_EQ(nlb_flow_count(flow), 2u);
  nlb_flow_clear(flow);
  Fill(s, 3, nlb_flow::kMaxArrows, s.capture(), flow);
  s.AddTo(flow, 4);
  ASSERT_EQ(nlb_flow_count(flow), 1u);
  const nlb_arrow last = nlb_flow_arrow(flow, 0);
  EXPECT_STREQ(last.label, "more");
  EXPECT_STREQ(last.comment, "The graph is full: filter the capture for what comes later");
  EXPECT_EQ(last.severity, NLB_CHAT);
  nlb_flow_free(flow);
}

}  // namespace
}  // namespace nlb::test
