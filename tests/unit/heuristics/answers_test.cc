// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kHost2 = "02:02:c0:a8:02:0a";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr const char* kClientIp = "192.168.9.9";

constexpr uint8_t kSyn = 0x02, kSynAck = 0x12, kReset = 0x04;

// A story in which the cluster is known from the start, as the user's table says.
struct Known : Scenario {
  Known() : Scenario(Config()) {}
  static nlb_config Config() {
    static const nlb_cluster_entry cluster{{192, 168, 2, 10}, NLB_MODE_UNICAST, {}};
    nlb_config config = Defaults();
    config.clusters = &cluster;
    config.cluster_count = 1;
    return config;
  }
};

// ---- duplicate_reply ----------------------------------------------------------------------------

Ping Reply(const char* from, uint16_t id) {
  return {.link = {from, kClient, {}},
          .source = kVip,
          .destination = kClientIp,
          .id = id,
          .reply = true};
}

TEST(DuplicateReply, FiresWhenASecondHostAnswersOnePing) {
  Known s;
  s.At(0s, Reply(kHost1, 1)).At(1ms, Reply(kHost2, 2));
  EXPECT_EQ(s.Findings("duplicate_reply"), "2 duplicate_reply\n");
  EXPECT_EQ(s.Sentence(2, "duplicate_reply"),
            "02:02:c0:a8:02:0a answers too, 02:01:c0:a8:02:0a did before");
}

TEST(DuplicateReply, FiresForEveryFurtherHost) {
  Known s;
  s.At(0s, Reply(kHost1, 1)).At(1ms, Reply(kHost2, 2)).At(2ms, Reply("02:03:c0:a8:02:0a", 3));
  EXPECT_EQ(s.Findings("duplicate_reply"), "2 duplicate_reply\n3 duplicate_reply\n");
}

TEST(DuplicateReply, StaysQuietForTheSameSource) {
  Known s;
  s.At(0s, Reply(kHost1, 1)).At(1ms, Reply(kHost1, 2));
  EXPECT_EQ(s.Findings("duplicate_reply"), "");
}

TEST(DuplicateReply, StaysQuietForAnotherRequest) {
  Ping next = Reply(kHost2, 2);
  next.sequence = 2;
  Ping other_ping = Reply(kHost2, 3);
  other_ping.echo_id = 8;
  Ping other_client = Reply(kHost2, 4);
  other_client.destination = "192.168.9.8";
  Known s;
  s.At(0s, Reply(kHost1, 1)).At(1ms, next).At(2ms, other_ping).At(3ms, other_client);
  EXPECT_EQ(s.Findings("duplicate_reply"), "");
}

TEST(DuplicateReply, StaysQuietForRequests) {
  Ping first = Reply(kHost1, 1), second = Reply(kHost2, 2);
  first.reply = second.reply = false;
  Known s;
  s.At(0s, first).At(1ms, second);
  EXPECT_EQ(s.Findings("duplicate_reply"), "");
}

// One ping seen before and behind a router by two taps, and one that crossed a slow line.
TEST(DuplicateReply, StaysQuietForAReplyThatIsRouted) {
  Ping routed = Reply("00:15:5d:01:02:03", 1);
  routed.link.to = "00:16:35:c4:25:97";
  routed.ttl = 63;
  Known taps;
  taps.At(0s, Reply(kHost1, 1), 0).At(1ms, routed, 1);
  EXPECT_EQ(taps.Findings("duplicate_reply"), "");
  Known slow;
  slow.At(0s, Reply(kHost1, 1)).At(180ms, routed);
  EXPECT_EQ(slow.Findings("duplicate_reply"), "");
}

TEST(DuplicateReply, StaysQuietForACopyThatComesLate) {
  Known s;
  s.At(0s, Reply(kHost1, 1)).At(150ms, Reply("00:15:5d:01:02:03", 1));
  EXPECT_EQ(s.Findings("duplicate_reply"), "");
}

TEST(DuplicateReply, StaysQuietWithoutEvidence) {
  Scenario s;
  s.At(0s, Reply(kHost1, 1)).At(1ms, Reply(kHost2, 2));
  EXPECT_EQ(s.Findings("duplicate_reply"), "");
}

// Two hosts that answer alike send the same bytes: IPv6 has no identification.
TEST(DuplicateReply, IsFoundForIpv6) {
  constexpr const char* kVip6 = "2001:db8::10";
  const auto reply = [&](const char* from) {
    Ping ping = Reply(from, 0);
    ping.source = kVip6;
    ping.destination = "2001:db8::99";
    return ping;
  };
  Scenario s;
  s.At(0s, Advertisement{.link = {kHost1, kClient, {}}, .mac = "02:bf:20:01:0d:a8", .ip = kVip6});
  s.At(1s, reply(kHost1)).At(1001ms, reply(kHost2));
  EXPECT_EQ(s.Findings("duplicate_reply"), "3 duplicate_reply\n");
  EXPECT_EQ(s.Findings("relayed_copy"), "");
}

// Each by a gateway of its own: no MAC is the same, and no bridge changed them.
TEST(DuplicateReply, IsFoundForIpv6ByTwoGateways) {
  const auto reply = [](const char* from, const char* to) {
    Ping ping = Reply(from, 0);
    ping.link.to = to;
    ping.source = "fd00:2::11";
    ping.destination = "2001:db8::99";
    return ping;
  };
  const Advertisement further{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = "fd00:2::11"};
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}).At(500ms, further);
  s.At(1s, reply(kHost1, "00:1a:6c:7f:d8:40")).At(1001ms, reply(kHost2, "00:1a:6c:7f:d8:41"));
  EXPECT_EQ(s.Findings("duplicate_reply"), "5 duplicate_reply\n");
  EXPECT_EQ(s.Findings("relayed_copy"), "");
  Scenario elsewhere;  // the hosts are not of one cluster
  elsewhere.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .cluster_ip = "192.168.3.10"});
  elsewhere.At(500ms, further).At(1s, reply(kHost1, kClient));
  elsewhere.At(1001ms, reply("02:02:c0:a8:03:0a", "00:0d:b9:4a:00:02"));
  EXPECT_EQ(elsewhere.Findings("relayed_copy"), "5 relayed_copy\n");
  Scenario bridged;  // by whom no host is known
  bridged.At(0s, Heartbeat{}).At(500ms, further);
  bridged.At(1s, reply(kHost1, kClient))
      .At(1001ms, reply("00:0d:b9:4a:00:01", "00:0d:b9:4a:00:02"));
  EXPECT_EQ(bridged.Findings("relayed_copy"), "4 relayed_copy\n");
}

TEST(DuplicateReply, StaysQuietForACopyOfTheReply) {
  Ping copy = Reply("00:15:5d:01:02:03", 1);
  copy.ttl = 63;
  Known s;
  s.At(0s, Reply(kHost1, 1)).At(1ms, copy);
  EXPECT_EQ(s.Findings("duplicate_reply"), "");
}

TEST(DuplicateReply, IsLookedForDuringThreeSeconds) {
  Known exactly;
  exactly.At(0s, Reply(kHost1, 1)).At(3s, Reply(kHost2, 2));
  EXPECT_EQ(exactly.Findings("duplicate_reply"), "2 duplicate_reply\n");
  Known beyond;
  beyond.At(0s, Reply(kHost1, 1)).At(3s + 1ns, Reply(kHost2, 2));
  EXPECT_EQ(beyond.Findings("duplicate_reply"), "");
}

TEST(DuplicateReply, IsFoundWhenTheClockRunsBackwards) {
  Known s;
  s.At(1s, Reply(kHost1, 1)).At(999ms, Reply(kHost2, 2));
  EXPECT_EQ(s.Findings("duplicate_reply"), "2 duplicate_reply\n");
}

// ---- two_hosts_answer ---------------------------------------------------------------------------

Tcp Accept(const char* from, uint16_t id, uint32_t sequence) {
  return {.link = {from, kClient, {}},
          .source = kVip,
          .destination = kClientIp,
          .id = id,
          .source_port = 80,
          .destination_port = 1000,
          .sequence = sequence,
          .acknowledgment = 2,
          .flags = kSynAck};
}

TEST(TwoHostsAnswer, FiresForASecondSynAckWithAnotherSequenceNumber) {
  Known s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, Accept(kHost2, 2, 200));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "2 two_hosts_answer\n");
  EXPECT_EQ(s.Sentence(2, "two_hosts_answer"),
            "02:02:c0:a8:02:0a accepts too, 02:01:c0:a8:02:0a did before");
}

TEST(TwoHostsAnswer, StaysQuietForTheSameSequenceNumber) {
  Known s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, Accept(kHost2, 2, 100));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, StaysQuietForTheSameSource) {
  Known s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, Accept(kHost1, 2, 200));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, StaysQuietForAnotherConnection) {
  Tcp other_port = Accept(kHost2, 2, 200);
  other_port.destination_port = 1001;
  Tcp other_syn = Accept(kHost2, 3, 200);  // the client tried again with the same port
  other_syn.acknowledgment = 3;
  Known s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, other_port).At(2ms, other_syn);
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, StaysQuietForWhatIsNoSynAck) {
  Tcp ack = Accept(kHost2, 2, 200);
  ack.flags = 0x10;
  Tcp reset = Accept(kHost2, 3, 200);
  reset.flags = 0x16;
  Known s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, ack).At(2ms, reset);
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, IsLookedForDuringThreeSeconds) {
  Known exactly;
  exactly.At(0s, Accept(kHost1, 1, 100)).At(3s, Accept(kHost2, 2, 200));
  EXPECT_EQ(exactly.Findings("two_hosts_answer"), "2 two_hosts_answer\n");
  Known beyond;
  beyond.At(0s, Accept(kHost1, 1, 100)).At(3s + 1ns, Accept(kHost2, 2, 200));
  EXPECT_EQ(beyond.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, IsFoundForIpv6) {
  Tcp first = Accept(kHost1, 0, 100), second = Accept(kHost2, 0, 200);
  first.source = second.source = "2001:db8::10";
  first.destination = second.destination = "2001:db8::99";
  Scenario s;
  s.At(0s, Advertisement{
               .link = {kHost1, kClient, {}}, .mac = "02:bf:20:01:0d:a8", .ip = "2001:db8::10"});
  s.At(0s, first).At(1ms, second);
  EXPECT_EQ(s.Findings("two_hosts_answer"), "3 two_hosts_answer\n");
}

// The hosts use different gateways, and so answer to different MACs; one identification is chance.
TEST(TwoHostsAnswer, FiresForKnownHostsWhereverTheirAnswersGo) {
  Tcp second = Accept(kHost2, 1, 200);
  second.link.to = "00:07:b4:00:01:02";
  Known s;
  s.At(0s, Accept(kHost1, 1, 100), 0).At(1ms, second, 1);
  EXPECT_EQ(s.Findings("two_hosts_answer"), "2 two_hosts_answer\n");
}

// A SYN proxy answers with a number of its own, then opens the server with the client's.
TEST(TwoHostsAnswer, StaysQuietForAProxyThatAnswersInBetween) {
  Tcp server = Accept(kHost1, 1, 100);
  server.link.to = "00:09:0f:00:00:01";
  Known s;
  s.At(0s, Accept("00:09:0f:00:00:01", 7, 5000)).At(1ms, server);
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, StaysQuietWithoutEvidence) {
  Scenario s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, Accept(kHost2, 2, 200));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(TwoHostsAnswer, IsNotAnnouncedForALateFragment) {
  // A SYN-ACK's bytes at fragment offset 8 are payload.
  Octets bytes = Bytes(Accept(kHost2, 2, 200));
  bytes[20] = 0x00;
  bytes[21] = 0x01;
  Known s;
  s.At(0s, Accept(kHost1, 1, 100)).At(1ms, Raw{bytes});
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

// In IGMP mode no request proves the cluster: it is known from its heartbeats on.
TEST(TwoHostsAnswer, IsToldByTheFrameThatProvesTheAddress) {
  const Arp arp{.link = {"00:15:5d:00:00:01", kClient, {}}, .mac = "01:00:5e:7f:02:0a", .ip = kVip};
  for (const bool by_heartbeat : {true, false}) {
    Scenario s;
    s.At(0s, Accept("00:15:5d:00:00:01", 1, 100)).At(1ms, Accept("00:15:5d:00:00:02", 2, 200));
    s.At(1s, Heartbeat{.mode = Mode::kIgmp, .cluster_ip = "192.168.2.20"});
    if (by_heartbeat)
      s.At(2s, Heartbeat{.mode = Mode::kIgmp}).At(3s, Heartbeat{.mode = Mode::kIgmp});
    if (!by_heartbeat) s.At(2s, arp).At(3s, arp);
    EXPECT_EQ(s.Findings("two_hosts_answer"), "4 two_hosts_answer\n") << by_heartbeat;
    EXPECT_EQ(s.Field(4, "related_frame"), "2");
    EXPECT_EQ(s.Sentence(4, "two_hosts_answer"),
              "00:15:5d:00:00:02 accepted too, 00:15:5d:00:00:01 did before: a cluster's address");
  }
}

TEST(TwoHostsAnswer, IsNotToldLaterOfOneAnswer) {
  Scenario s;  // a copy, and the same host again
  s.At(0s, Accept("00:15:5d:00:00:01", 1, 100)).At(1ms, Accept("00:15:5d:00:00:02", 2, 100));
  s.At(2ms, Accept("00:15:5d:00:00:01", 3, 300)).At(1s, Heartbeat{.mode = Mode::kIgmp});
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

TEST(DuplicateReply, IsToldByTheFrameThatProvesTheAddress) {
  Scenario s;
  s.At(0s, Reply("00:15:5d:00:00:01", 1)).At(1ms, Reply("00:15:5d:00:00:02", 2));
  s.At(1s, Heartbeat{.mode = Mode::kIgmp});
  EXPECT_EQ(s.Findings("duplicate_reply"), "3 duplicate_reply\n");
  EXPECT_EQ(s.Field(3, "related_frame"), "2");
  EXPECT_EQ(s.Sentence(3, "duplicate_reply"),
            "00:15:5d:00:00:02 answered a ping too, 00:15:5d:00:00:01 did before: a cluster's "
            "address");
}

// ---- unanswered_syn -----------------------------------------------------------------------------

Tcp Syn(uint16_t id, uint16_t port = 1000, uint32_t sequence = 1) {
  return {.link = {kClient, kCluster, {}},
          .source = kClientIp,
          .destination = kVip,
          .id = id,
          .source_port = port,
          .destination_port = 80,
          .sequence = sequence,
          .flags = kSyn};
}

Tcp Answer(uint16_t port, uint8_t flags = kSynAck) {
  Tcp tcp = Accept(kHost1, 900, 5);
  tcp.destination_port = port;
  tcp.flags = flags;
  return tcp;
}

// The cluster answers the connection from port 2000 at 0 s, and nobody the one from port 1000.
Scenario& Ignore(Scenario& s, std::chrono::nanoseconds first) {
  s.At(0s, Heartbeat{}).At(0s, Syn(900, 2000)).At(0s, Answer(2000));
  return s.At(first, Syn(1)).At(first + 1s, Syn(2)).At(first + 3s, Syn(3));  // frames 4 to 6
}

TEST(UnansweredSyn, FiresOnTheThirdSynOfAConnectionThatNobodyAnswers) {
  Scenario s;
  Ignore(s, 1s).At(8s, Syn(4));
  EXPECT_EQ(s.Findings("unanswered_syn"), "6 unanswered_syn\n");
  EXPECT_EQ(s.Sentence(6, "unanswered_syn"),
            "No host of 192.168.2.10 answers 192.168.9.9, which sends its SYN again");
}

TEST(UnansweredSyn, StaysQuietForTwoSyns) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Answer(2000)).At(1s, Syn(1)).At(2s, Syn(2));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, StaysQuietWhenTheConnectionIsAnswered) {
  for (const uint8_t flags : {kSynAck, kReset, uint8_t{0x14}}) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(0s, Answer(2000)).At(1s, Syn(1)).At(1500ms, Answer(1000, flags));
    s.At(2s, Syn(2)).At(4s, Syn(3));
    EXPECT_EQ(s.Findings("unanswered_syn"), "") << int{flags};
  }
}

TEST(UnansweredSyn, IsNotSilencedByAResetOfTheClient) {
  Tcp reset = Syn(7);
  reset.flags = kReset;
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Answer(2000)).At(1s, Syn(1)).At(1500ms, reset);
  s.At(2s, Syn(2)).At(4s, Syn(3));
  EXPECT_EQ(s.Findings("unanswered_syn"), "6 unanswered_syn\n");
}

TEST(UnansweredSyn, StaysQuietWhenTheClusterWasNotSeenToAnswerForSixtySeconds) {
  Scenario exactly;
  Ignore(exactly, 57s);  // third SYN at 60 s
  EXPECT_EQ(exactly.Findings("unanswered_syn"), "6 unanswered_syn\n");
  Scenario beyond;
  Ignore(beyond, 57s + 1ns);
  EXPECT_EQ(beyond.Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, StaysQuietWhenTheAnswersOfTheClusterAreNotVisible) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Syn(1)).At(2s, Syn(2)).At(4s, Syn(3));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, StaysQuietForAPortOnWhichTheClusterAnswersNobody) {
  const auto closed = [](uint16_t id) {
    Tcp syn = Syn(id);
    syn.destination_port = 8443;
    return syn;
  };
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Answer(2000)).At(1s, closed(1)).At(2s, closed(2)).At(4s, closed(3));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

// ---- unanswered_syn: what this capture point shows

Tcp By(const char* station, Tcp tcp) {
  (tcp.flags == kSyn ? tcp.link.from : tcp.link.to) = station;
  return tcp;
}

Scenario& BothBeat(Scenario& s) { return s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}); }

Scenario& Lost(Scenario& s) { return s.At(1s, Syn(1)).At(2s, Syn(2)).At(4s, Syn(3)); }

TEST(UnansweredSyn, StaysQuietOnThePortOfAnotherClient) {
  Scenario s;
  BothBeat(s).At(100ms, By("00:16:35:c4:25:97", Answer(2000)));
  EXPECT_EQ(Lost(s).Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, StaysQuietOnThePortOfOneHost) {
  Scenario s;
  BothBeat(s).At(100ms, By("00:16:35:c4:25:97", Answer(2000))).At(200ms, Answer(2001));
  EXPECT_EQ(Lost(s).Findings("unanswered_syn"), "");
}

// What is found where host 1 answers two clients, and host 2 sends a frame.
template <typename Frame>
std::string FoundWhereHost2Sends(const Frame& frame) {
  Scenario s;
  BothBeat(s).At(100ms, By("00:16:35:c4:25:97", Answer(2000))).At(200ms, Answer(2001));
  s.At(300ms, frame);
  return Lost(s).Findings("unanswered_syn");
}

TEST(UnansweredSyn, FiresWhereAHostIsSeenToAnswerArp) {
  const Arp answer{.link = {kHost2, kClient, {}}, .mac = kCluster, .ip = kVip};
  EXPECT_EQ(FoundWhereHost2Sends(answer), "8 unanswered_syn\n");
}

TEST(UnansweredSyn, StaysQuietWhereNoMoreThanFloodedFramesOfAHostAreSeen) {
  for (const char* to : {"ff:ff:ff:ff:ff:ff", "02:bf:c0:a8:02:14"}) {
    EXPECT_EQ(FoundWhereHost2Sends(Arp{.link = {kHost2, to, {}}, .mac = kCluster, .ip = kVip}), "");
  }
}

TEST(UnansweredSyn, StaysQuietWhereAHostIsSeenToSendWhatIsNoAnswer) {
  EXPECT_EQ(FoundWhereHost2Sends(Udp{.link = {kHost2, kClient, {}}, .source = kVip}), "");
}

// Any host may have sent what comes from the cluster's MAC.
TEST(UnansweredSyn, FiresWhereTheHostsDoNotMask) {
  Tcp first = By("00:16:35:c4:25:97", Answer(2000)), second = Answer(2001);
  first.link.from = second.link.from = kCluster;
  Scenario s;
  BothBeat(s).At(100ms, first).At(200ms, second);
  EXPECT_EQ(Lost(s).Findings("unanswered_syn"), "7 unanswered_syn\n");
}

// The MAC was set by hand, and all hosts send from it: what one of them answers for itself was
// taken for a connection of others, thus the port of one host for a mirror.
TEST(UnansweredSyn, IsNotTakenForAMirrorByAHostThatSendsFromAMacSetByHand) {
  const std::string mac = "00:11:22:33:44:55";
  Tcp first = By("00:16:35:c4:25:97", Answer(2000)), second = By("00:16:35:c4:25:98", Answer(2001));
  Tcp own = By("00:16:35:c4:25:97", Answer(2002));
  own.source = "192.168.2.30";  // host 1's own address
  first.link.from = second.link.from = own.link.from = mac;
  Scenario s;
  s.At(0s, Heartbeat{.from = mac}).At(0s, Heartbeat{.host_id = 2, .from = mac});
  s.At(100ms, first).At(200ms, second).At(300ms, own);
  EXPECT_EQ(Lost(s).Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, FiresWhereEachHostIsSeenToAnswerSomebody) {
  Tcp second = By("00:16:35:c4:25:97", Answer(2000));
  second.link.from = kHost2;
  Scenario s;
  BothBeat(s).At(100ms, By("00:16:35:c4:25:98", Answer(2001))).At(200ms, second);
  EXPECT_EQ(Lost(s).Findings("unanswered_syn"), "7 unanswered_syn\n");
}

// A capture filter left no heartbeat: one host's port, or a mirror that shows two of them.
TEST(UnansweredSyn, NeedsTwoHostsWhereNoHeartbeatTellsHowManyThereAre) {
  for (const char* other : {kHost1, kHost2}) {
    Tcp second = By("00:16:35:c4:25:97", Answer(2001));
    second.link.from = other;
    Scenario s;
    s.At(0s, By("00:16:35:c4:25:98", Syn(9, 3000)));
    s.At(100ms, By("00:16:35:c4:25:98", Answer(2000))).At(200ms, second);
    EXPECT_EQ(Lost(s).Findings("unanswered_syn"), other == kHost2 ? "6 unanswered_syn\n" : "");
  }
}

// In multicast mode nothing shows that the one who accepts is a host.
TEST(UnansweredSyn, StaysQuietOnThePortOfOneHostThatIsNotHeard) {
  constexpr const char* kMulticast = "03:bf:c0:a8:02:0a";
  const auto multicast = [](Tcp tcp) {
    (tcp.flags == kSyn ? tcp.link.to : tcp.link.from) =
        tcp.flags == kSyn ? kMulticast : "00:15:5d:00:00:01";
    return tcp;
  };
  Scenario s;
  s.At(0s, multicast(By("00:16:35:c4:25:98", Syn(9, 3000))));
  s.At(100ms, multicast(By("00:16:35:c4:25:98", Answer(2000))));
  s.At(200ms, multicast(By("00:16:35:c4:25:97", Answer(2001))));
  s.At(1s, multicast(Syn(1))).At(2s, multicast(Syn(2))).At(4s, multicast(Syn(3)));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

// What is found beside a connection with a server that is no host.
std::string FoundBeside(const Tcp& with_server) {
  Scenario s;
  BothBeat(s).At(100ms, By("00:16:35:c4:25:97", Answer(2000))).At(200ms, Answer(2001));
  s.At(300ms, with_server).At(400ms, Ping{.source = "192.168.2.77"});
  return Lost(s).Findings("unanswered_syn");
}

Tcp AcceptOfServer(const char* to) {
  Tcp accepts = Answer(445);
  accepts.link = {"00:50:56:9a:11:22", to, {}};
  accepts.source = "192.168.2.77";
  return accepts;
}

TEST(UnansweredSyn, FiresWhereOthersAcceptEachOthersConnections) {
  EXPECT_EQ(FoundBeside(AcceptOfServer("00:16:35:c4:25:98")), "9 unanswered_syn\n");
}

TEST(UnansweredSyn, StaysQuietWhereOthersDoNotAcceptEachOthersConnections) {
  for (const uint8_t flags : {kSyn, kReset}) {
    Tcp other = AcceptOfServer("00:16:35:c4:25:98");
    other.flags = flags;
    EXPECT_EQ(FoundBeside(other), "") << int{flags};
  }
}

// A connection that the host itself opened, to a database.
TEST(UnansweredSyn, IsNotTakenForAMirrorByAConnectionOfTheHost) {
  EXPECT_EQ(FoundBeside(AcceptOfServer(kHost1)), "");
}

TEST(UnansweredSyn, IsNotTakenForAMirrorByAConnectionOfAHostInMulticastMode) {
  constexpr const char* kStation = "00:15:5d:00:00:01";
  const auto accept = [](const char* to, uint16_t port) {
    Tcp tcp = By(to, Answer(port));
    tcp.link.from = kStation;
    return tcp;
  };
  const auto syn = [](uint16_t id) {
    Tcp tcp = Syn(id);
    tcp.link.to = "03:bf:c0:a8:02:0a";
    return tcp;
  };
  for (const char* station : {kStation, "00:16:35:c4:25:98"}) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = Mode::kMulticast});
    s.At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
    s.At(100ms, accept("00:16:35:c4:25:97", 2000)).At(200ms, accept(kClient, 2001));
    s.At(300ms, AcceptOfServer(station)).At(1s, syn(1)).At(2s, syn(2)).At(4s, syn(3));
    EXPECT_EQ(s.Findings("unanswered_syn"), station == kStation ? "" : "8 unanswered_syn\n");
  }
}

TEST(UnansweredSyn, IsNotTakenForAMirrorByAHostOfAClusterThatIsNotHeard) {
  Tcp accepts = AcceptOfServer("00:16:35:c4:25:98");
  accepts.link.from = "02:01:c0:a8:02:4d";
  EXPECT_EQ(FoundBeside(accepts), "");
}

// The capture begins with an answer of the cluster, of which nothing is known yet.
TEST(UnansweredSyn, IsNotTakenForAMirrorByAnAnswerBeforeTheFirstHeartbeat) {
  Tcp before = Answer(3000);
  before.link.from = "00:15:5d:00:00:01";
  Scenario s;
  s.At(0s, before);
  BothBeat(s).At(100ms, By("00:16:35:c4:25:97", Answer(2000))).At(200ms, Answer(2001));
  EXPECT_EQ(Lost(s).Findings("unanswered_syn"), "");
}

// Answers to this machine, which asks: in cooked captures the receiver's MAC is not kept.
TEST(UnansweredSyn, FiresOnTheMachineThatAsks) {
  for (const uint32_t index : {0u, 2u}) {
    Scenario s;
    s.On(index == 0 ? NLB_LINK_COOKED : NLB_LINK_COOKED2);
    const auto to_us = [&](auto frame) { return Cooked{Bytes(frame), 0, index}; };
    const auto from_us = [&](auto frame) { return Cooked{Bytes(frame), 4, index}; };
    s.At(0s, Cooked{Bytes(Heartbeat{}), 1, index}).At(0s, to_us(Answer(2000)));
    s.At(1s, from_us(Syn(1))).At(2s, from_us(Syn(2))).At(4s, from_us(Syn(3)));
    EXPECT_EQ(s.Findings("unanswered_syn"), "5 unanswered_syn\n");
  }
}

TEST(UnansweredSyn, StaysQuietOnAMachineThatSeesNoAnswersToTheOneWhoAsks) {
  struct Row {
    uint16_t answers, asks;  // to us 0, others 3, from us 4
  };
  for (const Row& row : {Row{3, 4}, Row{0, 3}}) {
    Scenario s;
    s.On(NLB_LINK_COOKED).At(0s, Cooked{Bytes(Heartbeat{}), 1});
    s.At(0s, Cooked{Bytes(Answer(2000)), row.answers});
    for (const uint16_t i : {1, 2, 4}) s.At(i * 1s, Cooked{Bytes(Syn(i)), row.asks});
    EXPECT_EQ(s.Findings("unanswered_syn"), "") << row.answers << row.asks;
  }
}

TEST(UnansweredSyn, StaysQuietForAnAddressThatIsNoCluster) {
  const auto elsewhere = [](Tcp tcp) {
    (tcp.flags == kSyn ? tcp.destination : tcp.source) = "10.1.1.1";
    (tcp.flags == kSyn ? tcp.link.to : tcp.link.from) = "00:15:5d:01:01:01";
    return tcp;
  };
  Scenario s;
  s.At(0s, elsewhere(Answer(2000))).At(1s, elsewhere(Syn(1)));
  s.At(2s, elsewhere(Syn(2))).At(4s, elsewhere(Syn(3)));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, FiresForAFurtherAddressThatArpAnsweredWithTheClusterMac) {
  const auto further = [](Tcp tcp) {
    (tcp.flags == kSyn ? tcp.destination : tcp.source) = "192.168.2.11";
    return tcp;
  };
  Scenario s;
  s.At(0s, Heartbeat{})
      .At(0s, Arp{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = "192.168.2.11"});
  s.At(0s, further(Answer(2000))).At(1s, further(Syn(1)));
  s.At(2s, further(Syn(2))).At(4s, further(Syn(3)));
  EXPECT_EQ(s.Findings("unanswered_syn"), "6 unanswered_syn\n");
}

TEST(UnansweredSyn, StaysQuietForSynsThatFollowEachOtherTooFast) {
  for (const auto gap : {499'999'999ns, 500'000'000ns}) {  // below half a second it is a copy
    Scenario s;
    s.At(0s, Heartbeat{}).At(0s, Answer(2000)).At(1s, Syn(1)).At(1s + gap, Syn(2)).At(3s, Syn(3));
    EXPECT_EQ(s.Findings("unanswered_syn"), gap < 500ms ? "" : "5 unanswered_syn\n");
  }
}

// Windows tries a refused connection three times within a second. Where refusals go another way
// than the capture sees, nothing else tells them from silence.
TEST(UnansweredSyn, StaysQuietForARefusalThatGoesAnotherWay) {
  for (const auto last : {1'499'999'999ns, 1'500'000'000ns}) {
    Scenario s;
    s.At(0s, Heartbeat{})
        .At(0s, Answer(2000))
        .At(1s, Syn(1))
        .At(1500ms, Syn(2))
        .At(1s + last, Syn(3));
    EXPECT_EQ(s.Findings("unanswered_syn"), last < 1500ms ? "" : "5 unanswered_syn\n");
  }
}

TEST(UnansweredSyn, StaysQuietForThreeConnectionsFromOnePort) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Answer(2000));
  s.At(1s, Syn(1, 1000, 1)).At(2s, Syn(2, 1000, 2)).At(4s, Syn(3, 1000, 3));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

TEST(UnansweredSyn, StaysQuietWhenOtherSynsTookItsPlaceInTheTable) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Answer(2000)).At(1s, Syn(1)).At(2s, Syn(2));
  for (uint16_t i = 0; i < 50'000; ++i) {  // 4,096 places
    s.Unseen(3s, Syn(static_cast<uint16_t>(i + 10), static_cast<uint16_t>(i + 10'000)));
  }
  s.At(4s, Syn(3));
  EXPECT_EQ(s.Findings("unanswered_syn"), "");
}

// ---- further addresses, known by traffic alone --------------------------------------------------

constexpr const char* kStation1 = "00:15:5d:00:00:01";
constexpr const char* kStation2 = "00:15:5d:00:00:02";
constexpr const char* kGroup = "03:bf:c0:a8:02:0a";

// The hosts of a multicast cluster, and a request to its further address, as from a router with
// static entries: frames 1 to 3.
struct Further : Scenario {
  explicit Further(const char* address) : address_(address) {
    At(0s, Heartbeat{.host_id = 1, .mode = Mode::kMulticast});
    At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
    At(500ms, OfAddress(Syn(800, 3000)));
  }
  template <typename Frame>
  Frame OfAddress(Frame frame, const char* from = nullptr) const {
    const bool v6 = std::string_view(address_).find(':') != std::string_view::npos;
    const bool answer = from != nullptr;
    (answer ? frame.source : frame.destination) = address_;
    (answer ? frame.destination : frame.source) = v6 ? "fd00::9" : kClientIp;
    if (answer) frame.link.from = from;
    if (!answer) frame.link.to = kGroup;
    frame.ttl = 128;
    return frame;
  }

 private:
  const char* address_;
};

TEST(TwoHostsAnswer, FiresAtAFurtherAddress) {
  for (const char* address : {"192.168.2.11", "fd00::11"}) {
    Further s(address);
    s.At(1s, s.OfAddress(Accept(kHost1, 1, 5), kStation1));
    s.At(1001ms, s.OfAddress(Accept(kHost2, 2, 9), kStation2));
    EXPECT_EQ(s.Findings("two_hosts_answer"), "5 two_hosts_answer\n") << address;
    EXPECT_EQ(s.Field(4, "evidence"), "traffic");
    EXPECT_EQ(s.Field(4, "cluster_ip"), "192.168.2.10");
    EXPECT_EQ(s.Field(4, "host_id"), "1");
  }
}

TEST(DuplicateReply, FiresAtAFurtherAddress) {
  Further s("192.168.2.11");
  s.At(1s, s.OfAddress(Reply(kHost1, 1), kStation1));
  s.At(1001ms, s.OfAddress(Reply(kHost2, 2), kStation2));
  EXPECT_EQ(s.Findings("duplicate_reply"), "5 duplicate_reply\n");
}

TEST(UnansweredSyn, FiresAtAFurtherAddress) {
  Further s("192.168.2.11");
  s.At(1s, s.OfAddress(Answer(3000), kStation1));
  s.At(2s, s.OfAddress(Syn(1))).At(3s, s.OfAddress(Syn(2))).At(5s, s.OfAddress(Syn(3)));
  EXPECT_EQ(s.Findings("unanswered_syn"), "7 unanswered_syn\n");
}

// In unicast mode without heartbeats the second host's answer is the proof.
TEST(TwoHostsAnswer, FiresOnTheAnswerThatProvesTheAddress) {
  const auto further = [](Tcp tcp) {
    (tcp.flags == kSyn ? tcp.destination : tcp.source) = "192.168.2.11";
    return tcp;
  };
  Scenario s;
  s.At(0s, Arp{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = kVip});
  s.At(1s, further(Syn(1))).At(1001ms, further(Accept(kHost1, 1, 5)));
  s.At(1002ms, further(Accept(kHost2, 2, 9)));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "4 two_hosts_answer\n");
}

// Later traffic, or the next question, proves the further address, by its two ends.
TEST(TwoHostsAnswer, IsToldByTheTrafficThatProvesAFurtherAddress) {
  Further s("192.168.2.11");
  s.At(1s, s.OfAddress(Accept(kHost1, 1, 5), "00:0c:29:5b:10:01"));
  s.At(1001ms, s.OfAddress(Accept(kHost2, 2, 9), "00:0c:29:5b:10:02"));
  s.At(2s, s.OfAddress(Answer(3000), kStation1)).At(3s, s.OfAddress(Answer(3001), kStation1));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "6 two_hosts_answer\n");
  EXPECT_EQ(s.Field(6, "related_frame"), "5");
}

TEST(TwoHostsAnswer, IsToldByTheRequestThatProvesAFurtherAddress) {
  Scenario s;
  const Further f("192.168.2.11");
  s.At(0s, Heartbeat{.host_id = 1, .mode = Mode::kMulticast});
  s.At(1s, f.OfAddress(Accept(kHost1, 1, 5), "00:0c:29:5b:10:01"));
  s.At(1001ms, f.OfAddress(Accept(kHost2, 2, 9), "00:0c:29:5b:10:02"));
  s.At(2s, f.OfAddress(Answer(3000), kStation1)).At(3s, f.OfAddress(Syn(1, 3001)));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "5 two_hosts_answer\n");
}

TEST(TwoHostsAnswer, StaysQuietAtAnAddressThatStrangersAnswerFor) {
  Further s("192.168.2.11");
  s.At(1s, s.OfAddress(Accept(kHost1, 1, 5), "00:0c:29:5b:10:01"));
  s.At(1001ms, s.OfAddress(Accept(kHost2, 2, 9), "00:0c:29:5b:10:02"));
  s.At(2s, s.OfAddress(Syn(1))).At(3s, s.OfAddress(Answer(3000), "00:0c:29:5b:10:01"));
  EXPECT_EQ(s.Findings("two_hosts_answer"), "");
}

// ---- reset_after_copy ---------------------------------------------------------------------------

constexpr const char* kStranger = "00:15:5d:01:02:03";

// A request that a foreign router doubles at 1 s and 1.001 s: frames 1 and 2.
Scenario& Double(Scenario& s) {
  Tcp request = Syn(1);
  request.flags = 0x18;
  Tcp again = request;
  again.link.from = kStranger;
  again.ttl = 63;
  return s.At(1s, request).At(1001ms, again);
}

Tcp Reset(bool from_server) {
  Tcp reset = from_server ? Answer(1000, 0x14) : Syn(9);
  if (!from_server) reset.flags = kReset;
  return reset;
}

TEST(ResetAfterCopy, FiresForAResetOfEitherEnd) {
  for (const bool from_server : {false, true}) {
    Scenario s;
    Double(s).At(2s, Reset(from_server));
    EXPECT_EQ(s.Findings("foreign_router"), "2 foreign_router\n");
    EXPECT_EQ(s.Findings("reset_after_copy"), "3 reset_after_copy\n");
    EXPECT_EQ(s.Field(3, "related_frame"), "2");
  }
  Scenario s;
  Double(s).At(2s, Reset(true));
  EXPECT_EQ(s.Sentence(3, "reset_after_copy"),
            "192.168.2.10 resets after 00:15:5d:01:02:03 sent a packet of the connection again");
}

// A script finds all that a box does by its MAC, the connections it breaks too.
TEST(ResetAfterCopy, NamesTheForwarderInAField) {
  Scenario s;
  Double(s).At(2s, Reset(true));
  EXPECT_EQ(s.Field(3, "forwarder"), kStranger);
}

TEST(ResetAfterCopy, NamesTheForwarderOnceWhereTheResetIsACopyToo) {
  Scenario s;
  Double(s);
  Tcp reset = Reset(false);
  s.At(2s, reset);
  --reset.ttl;
  reset.link.from = kStranger;
  s.At(2s + 400us, reset);
  EXPECT_EQ(s.Findings("reset_after_copy"), "3 reset_after_copy\n4 reset_after_copy\n");
  const std::string fields = s.Fields(4);
  const size_t first = fields.find("forwarder 00:15:5d:01:02:03\n");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(fields.find("forwarder 00:15:5d:01:02:03\n", first + 1), std::string::npos);
}

TEST(ResetAfterCopy, TellsAResetOnceThatAMirrorShowsTwice) {
  Scenario s;
  Double(s).At(2s, Reset(true)).At(2s + 5us, Reset(true));
  EXPECT_EQ(s.Findings("reset_after_copy"), "3 reset_after_copy\n");
  EXPECT_EQ(s.Findings("capture_copy"), "4 capture_copy\n");
}

TEST(ResetAfterCopy, StaysQuietAfterThreeSeconds) {
  Scenario exactly;
  Double(exactly).At(4001ms, Reset(true));
  EXPECT_EQ(exactly.Findings("reset_after_copy"), "3 reset_after_copy\n");
  Scenario beyond;
  Double(beyond).At(4001ms + 1ns, Reset(true));
  EXPECT_EQ(beyond.Findings("reset_after_copy"), "");
}

TEST(ResetAfterCopy, StaysQuietForAnotherConnection) {
  Tcp reset = Reset(true);
  reset.destination_port = 1001;
  Scenario s;
  Double(s).At(2s, reset);
  EXPECT_EQ(s.Findings("reset_after_copy"), "");
}

TEST(ResetAfterCopy, StaysQuietForASegmentThatIsNoReset) {
  Scenario s;
  Double(s).At(2s, Answer(1000, 0x11));
  EXPECT_EQ(s.Findings("reset_after_copy"), "");
}

TEST(ResetAfterCopy, StaysQuietAfterACopyByAnOrdinaryRouter) {
  Tcp request = Syn(1);
  request.link.to = kStranger;
  Tcp again = request;
  again.link = {kStranger, kHost1, {}};
  again.ttl = 63;
  Scenario s;
  s.At(1s, request).At(1001ms, again).At(2s, Reset(true));
  EXPECT_EQ(s.Findings("routed_copy"), "2 routed_copy\n");
  EXPECT_EQ(s.Findings("reset_after_copy"), "");
}

TEST(ResetAfterCopy, StaysQuietForAForeignCopyOfUdp) {
  Udp request{.link = {kClient, kCluster, {}}, .source = kClientIp, .destination = kVip};
  Udp again = request;
  again.link.from = kStranger;
  again.ttl = 63;
  Scenario s;
  s.At(1s, request).At(1001ms, again).At(2s, Reset(true));
  EXPECT_EQ(s.Findings("reset_after_copy"), "");
}

TEST(DuplicateReply, StaysQuietForTwoTapsAroundABoxThatChangesTheSource) {
  const Ping outside = Reply("00:15:5d:01:02:03", 1), inside = Reply("00:15:5d:01:02:04", 1);
  Known one_tap, two_taps;
  one_tap.At(0s, outside)
      .At(1ms, Ping{.link = {"00:15:5d:01:02:04", kClient, {}},
                    .source = kVip,
                    .destination = kClientIp,
                    .id = 2,
                    .reply = true});
  two_taps.At(0s, outside, 1).At(1ms, inside, 2);
  EXPECT_EQ(one_tap.Findings("duplicate_reply"), "2 duplicate_reply\n");
  EXPECT_EQ(two_taps.Findings("duplicate_reply"), "");
}

}  // namespace
}  // namespace nlb::test
