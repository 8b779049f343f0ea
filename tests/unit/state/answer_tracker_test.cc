// SPDX-License-Identifier: GPL-2.0-or-later
// What heuristics/answers_test.cc does not tell: which packets count, and what the tables forget.
#include "state/answer_tracker.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

class Answers {
 public:
  Answers() { world_.evidence.Learn(*Seen(Heartbeat{}), 1); }
  template <typename Frame>
  Answers& At(std::chrono::nanoseconds time, const Frame& frame, Where where = {},
              bool is_copy = false) {
    ++at_;
    const Seen seen(frame, time, where);
    world_.evidence.Learn(*seen, at_);
    tracker_.Observe({*seen, at_, world_.known, is_copy}, out_);
    return *this;
  }
  bool overflowed() const { return tracker_.overflowed(); }
  // Position and kind of what was noticed, with the frame it speaks of.
  std::string Dump() const {
    std::string text;
    for (const Transition& t : out_) {
      text += t.event == Event::kTwoHostsAnswer   ? "two hosts"
              : t.event == Event::kDuplicateReply ? "duplicate reply"
              : t.event == Event::kUnansweredSyn  ? "unanswered"
                                                  : "?";
      text += " see " + std::to_string(t.note.other) + "\n";
    }
    return text;
  }

 private:
  AnswerTracker tracker_;
  World world_;
  Transitions out_;
  Position at_ = 0;
};

const Ping kReply{
    .link = {.from = "00:00:00:00:00:0a"}, .source = "192.168.2.10", .id = 0, .reply = true};

Ping From(const char* mac, Ping ping = kReply) {
  ping.link.from = mac;
  return ping;
}

TEST(AnswerTracker, NoticesASecondReply) {
  Answers a;
  a.At(0s, kReply).At(0s, From("00:00:00:00:00:0b"));
  EXPECT_EQ(a.Dump(), "duplicate reply see 1\n");
}

TEST(AnswerTracker, KeepsTheFirstAnswerForAllThatFollow) {
  Answers a;
  a.At(0s, kReply).At(0s, From("00:00:00:00:00:0b")).At(0s, From("00:00:00:00:00:0c"));
  EXPECT_EQ(a.Dump(), "duplicate reply see 1\nduplicate reply see 1\n");
}

TEST(AnswerTracker, TellsAReplyFromATcpAnswerWithTheSameNumbers) {
  const Tcp answer{.source = "192.168.2.10",
                   .source_port = 7,
                   .destination_port = 1,
                   .acknowledgment = 1,
                   .flags = 0x12};
  Answers a;
  a.At(0s, kReply).At(0s, answer);
  EXPECT_EQ(a.Dump(), "");
}

TEST(AnswerTracker, IgnoresLateFragmentsAndCutHeaders) {
  Octets fragment = Bytes(From("00:00:00:00:00:0b"));
  fragment[21] = 1;
  Octets cut = Bytes(From("00:00:00:00:00:0c"));
  cut.resize(14 + 20 + 7);
  Answers a;
  a.At(0s, kReply).At(0s, Raw{fragment}).At(0s, Raw{cut});
  EXPECT_EQ(a.Dump(), "");
}

TEST(AnswerTracker, IgnoresCopies) {
  Answers a;
  a.At(0s, kReply).At(0s, From("00:00:00:00:00:0b"), {}, true);
  EXPECT_EQ(a.Dump(), "");
}

TEST(AnswerTracker, ComparesTheRepliesOfStrangersOnOneInterface) {
  Answers a;
  a.At(0s, kReply, {.interface_id = 1}).At(0s, From("00:00:00:00:00:0b"), {.interface_id = 2});
  EXPECT_EQ(a.Dump(), "");
}

TEST(AnswerTracker, TellsPingsApart) {
  Ping other_id = From("00:00:00:00:00:0b");
  other_id.echo_id ^= 0x8000;
  Ping other_address = From("00:00:00:00:00:0b");
  other_address.source = "192.168.2.77";
  Answers a;
  a.At(0s, other_id).At(0s, other_address).At(0s, kReply);
  EXPECT_EQ(a.Dump(), "");
}

const Tcp kAccept{.link = {.from = "00:00:00:00:00:0a"},
                  .source = "192.168.2.10",
                  .source_port = 80,
                  .destination_port = 1000,
                  .sequence = 5,
                  .acknowledgment = 2,
                  .flags = 0x12};

Tcp AcceptOf(const char* mac, uint32_t sequence, Tcp tcp = kAccept) {
  tcp.link.from = mac;
  tcp.sequence = sequence;
  return tcp;
}

TEST(AnswerTracker, TellsConnectionsApart) {
  Tcp second = AcceptOf("00:00:00:00:00:0b", 9);
  Tcp other_address = second, other_client = second, other_port = second;
  other_address.source = "192.168.2.77";
  other_client.destination = "10.0.0.3";
  other_port.source_port = 443;
  Answers a;
  a.At(0s, other_address).At(0s, other_client).At(0s, other_port).At(0s, kAccept);
  EXPECT_EQ(a.Dump(), "");
  a.At(0s, second);
  EXPECT_EQ(a.Dump(), "two hosts see 4\n");
}

TEST(AnswerTracker, TellsTheConnectionsOfKnownHostsApart) {
  Answers a;
  for (uint16_t port = 1000; port < 1016; ++port) {
    Tcp accept = AcceptOf(port % 2 == 0 ? "02:01:c0:a8:02:0a" : "02:02:c0:a8:02:0a", port);
    accept.destination_port = port;
    a.At(0s, accept);
  }
  EXPECT_EQ(a.Dump(), "");
}

// Its first answer came before its first heartbeat.
TEST(AnswerTracker, ComparesWithTheAnswerOfOneWhoWasNotKnownToBeAHost) {
  const Heartbeat second{.host_id = 2, .from = "00:00:00:00:00:0b"};
  Answers a;
  a.At(0s, kAccept).At(1s, second).At(2s, AcceptOf("00:00:00:00:00:0b", 9));
  EXPECT_EQ(a.Dump(), "two hosts see 1\n");
}

TEST(AnswerTracker, ComparesAHostWithAnotherHostBeforeAStranger) {
  Tcp by_another_way = AcceptOf("02:02:c0:a8:02:0a", 9);
  by_another_way.link.to = "00:00:00:00:00:03";
  Answers a;
  a.At(0s, kAccept).At(0s, by_another_way).At(0s, AcceptOf("02:03:c0:a8:02:0a", 13));
  EXPECT_EQ(a.Dump(), "two hosts see 2\n");
}

TEST(AnswerTracker, RemembersWhatAnswersForEachOf64AddressesUntilItIsProven) {
  const auto address = [](int i) { return "10.1.1." + std::to_string(i); };
  Answers a;
  for (const char* mac : {"00:00:00:00:00:0a", "00:00:00:00:00:0b"}) {
    for (int i = 1; i <= 8; ++i) {
      Ping reply = From(mac);
      reply.source = address(i);
      a.At(0s, reply);
    }
  }
  for (int i = 1; i <= 8; ++i) a.At(1s, Heartbeat{.cluster_ip = address(i)});
  const std::string dump = a.Dump();
  EXPECT_GT(std::count(dump.begin(), dump.end(), '\n'), 4);
}

TEST(AnswerTracker, TellsOfTheFirstOfSeveralSecondAnswersOnceTheAddressIsProven) {
  Answers a;
  for (const char* mac : {"00:00:00:00:00:0a", "00:00:00:00:00:0b", "00:00:00:00:00:0c"}) {
    Ping reply = From(mac);
    reply.source = "10.1.1.1";
    a.At(0s, reply);
  }
  a.At(1s, Heartbeat{.cluster_ip = "10.1.1.1"});
  EXPECT_EQ(a.Dump(), "duplicate reply see 2\n");
}

const Tcp kSyn{.link = {.from = "00:00:00:00:00:0c", .to = "02:bf:c0:a8:02:0a"},
               .destination = "192.168.2.10",
               .flags = 0x02};

// To the same station, on another port.
Tcp AnswerToOther(uint16_t port, uint8_t flags = 0x12) {
  Tcp tcp = kAccept;
  tcp.link = {"02:01:c0:a8:02:0a", kSyn.link.from, {}};
  tcp.destination = kSyn.source;
  tcp.destination_port = port;
  tcp.flags = flags;
  return tcp;
}

TEST(AnswerTracker, TakesNoAnswerForThatOfAnotherConnection) {
  Answers a;
  a.At(0s, AnswerToOther(2000)).At(1s, kSyn);
  for (uint16_t i = 0; i < 30'000; ++i) a.At(1s, AnswerToOther(i + 2000, 0x04));  // 4,096 places
  a.At(2s, kSyn).At(4s, kSyn);
  EXPECT_EQ(a.Dump(), "unanswered see 2\n");
}

TEST(AnswerTracker, CountsNoRequestFromBeforeTheAddressWasKnown) {
  const char* const kLater = "192.168.2.20";
  Tcp syn = kSyn;
  syn.link.to = "01:00:5e:7f:02:14";
  syn.destination = kLater;
  Tcp accept = AnswerToOther(2000);
  accept.source = kLater;
  Answers a;
  a.At(0s, syn).At(0s, Heartbeat{.mode = Mode::kIgmp, .cluster_ip = kLater}).At(0s, accept);
  a.At(1s, syn).At(2s, syn);
  EXPECT_EQ(a.Dump(), "");
  a.At(4s, syn);
  EXPECT_EQ(a.Dump(), "unanswered see 4\n");
}

TEST(AnswerTracker, CountsTheRequestToAFurtherAddressThatCameBeforeItsProof) {
  const char* const kFurther = "192.168.2.11";
  Tcp syn = kSyn, accept = AnswerToOther(2000), again = accept;
  syn.destination = accept.source = again.source = kFurther;
  again.link.from = "02:02:c0:a8:02:0a";
  again.destination_port = 2001;
  Answers a;
  a.At(0s, syn).At(100ms, accept).At(200ms, again);
  a.At(1s, syn).At(3s, syn);
  EXPECT_EQ(a.Dump(), "unanswered see 1\n");
}

// The cluster is known by its MAC alone, and two of its hosts are seen to accept.
TEST(AnswerTracker, TellsOneHostThatAcceptsFromAnyOther) {
  const char* const kCluster = "192.168.3.3";
  const auto by = [&](int host) {
    char mac[18];
    std::snprintf(mac, sizeof mac, "02:%02x:c0:a8:03:03", host);
    Tcp accept = AnswerToOther(static_cast<uint16_t>(2000 + host));
    accept.link.from = mac;
    accept.source = kCluster;
    return accept;
  };
  Tcp syn = kSyn;
  syn.link.to = "02:bf:c0:a8:03:03";
  syn.destination = kCluster;
  for (int host = 1; host <= 32; ++host) {
    Tcp first = by(1);
    first.link.to = "00:00:00:00:00:0d";
    Answers a;
    a.At(0s, syn).At(0s, first).At(0s, by(host)).At(1s, syn).At(3s, syn);
    EXPECT_EQ(a.Dump(), host == 1 ? "" : "unanswered see 1\n") << host;
  }
}

TEST(AnswerTracker, SpreadsAnswersOverAllItsPlaces) {
  const auto numbered = [](const char* mac, uint16_t sequence) {
    Ping ping = From(mac);
    ping.sequence = sequence;
    return ping;
  };
  Answers a;
  for (uint16_t i = 0; i < 1000; ++i) a.At(0s, numbered("00:00:00:00:00:0a", i));
  for (uint16_t i = 0; i < 1000; ++i) a.At(0s, numbered("00:00:00:00:00:0b", i));
  const std::string dump = a.Dump();
  EXPECT_GT(std::count(dump.begin(), dump.end(), '\n'), 700);  // e^(-1000/4096) of a thousand
}

TEST(AnswerTracker, KnowsWhatItSeesOfNoMoreClustersThanItHasRoomFor) {
  const auto accepts = [](uint32_t cluster) {
    char mac[18];
    std::snprintf(mac, sizeof mac, "02:bf:0a:00:%02x:%02x", cluster >> 8 & 0xFF, cluster & 0xFF);
    return Tcp{
        .link = {mac, "00:00:00:00:00:0c", {}},
        .source = "10.0." + std::to_string(cluster >> 8) + "." + std::to_string(cluster & 0xFF),
        .flags = 0x12};
  };
  Answers a;
  for (uint32_t i = 0; i < 4096; ++i) a.At(0s, accepts(i));
  EXPECT_FALSE(a.overflowed());
  a.At(0s, accepts(4096));
  EXPECT_TRUE(a.overflowed());
  for (const uint32_t cluster : {4096u, 4095u}) {
    const Tcp accept = accepts(cluster);
    Tcp syn = kSyn;
    syn.link.to = accept.link.from;
    syn.destination = accept.source;
    syn.destination_port = accept.source_port;
    a.At(1s, syn).At(2s, syn).At(4s, syn);
    EXPECT_EQ(a.Dump(), cluster == 4096 ? "" : "unanswered see 4101\n");
  }
}

TEST(AnswerTracker, KnowsNoMoreServicesThanItHasRoomFor) {
  Answers a;
  Tcp accept = AnswerToOther(2000);
  for (accept.source_port = 0; accept.source_port < 16'384; ++accept.source_port) a.At(0s, accept);
  EXPECT_FALSE(a.overflowed());
  a.At(0s, accept);
  EXPECT_TRUE(a.overflowed());
}

TEST(AnswerTracker, ForgetsAnAnswerWhosePlaceIsNeeded) {
  Answers a;
  a.At(0s, kReply);
  for (uint32_t i = 0; i < 60'000; ++i) {  // 4,096 places
    Ping other = kReply;
    other.echo_id = static_cast<uint16_t>(i);
    other.sequence = 2;
    a.At(0s, other);
  }
  a.At(0s, From("00:00:00:00:00:0b"));
  EXPECT_EQ(a.Dump(), "");
}

}  // namespace
}  // namespace nlb::test
