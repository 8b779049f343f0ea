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
  Answers& At(std::chrono::nanoseconds time, const Frame& frame) {
    ++at_;
    const Seen seen(frame, time);
    world_.evidence.Learn(*seen, at_);
    tracker_.Observe({*seen, at_, world_.known}, out_);
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
    return Tcp{.link = {mac, "00:00:00:00:00:0c", {}},
               .source = "10.0." + std::to_string(cluster >> 8) + "." +
                         std::to_string(cluster & 0xFF),
               .flags = 0x12};
  };
  Answers a;
  for (uint32_t i = 0; i < 4096; ++i) a.At(0s, accepts(i));
  EXPECT_FALSE(a.overflowed());
  a.At(0s, accepts(4096));
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
