// SPDX-License-Identifier: GPL-2.0-or-later
// What heuristics/connections_test.cc does not tell: what ends a connection, and what the table
// forgets.
#include "state/connection_tracker.h"

#include <gtest/gtest.h>

#include "state/cluster_notes.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kHost2 = "02:02:c0:a8:02:0a";
constexpr const char* kStation1 = "00:15:5d:00:00:01";
constexpr const char* kStation2 = "00:15:5d:00:00:02";
constexpr uint8_t kSyn = 0x02, kSynAck = 0x12, kReset = 0x04, kAck = 0x10;

// A segment of the cluster's side.
Tcp Send(const char* from, uint8_t flags, uint16_t port = 1000) {
  return {.link = {from, kClient, {}},
          .source = "192.168.2.10",
          .destination = "192.168.9.9",
          .source_port = 80,
          .destination_port = port,
          .sequence = 77,
          .acknowledgment = 2,
          .flags = flags,
          .payload = flags == kAck ? "data" : ""};
}

struct Connections : Observed<ConnectionTracker> {
  template <typename Frame>
  Connections& At(std::chrono::nanoseconds time, const Frame& frame, bool is_copy = false) {
    Take(time, frame, {}, is_copy);
    return *this;
  }
  Connections& Gap(std::chrono::nanoseconds end) {
    tracker.NoteGap({end.count()}, ConnectionTracker::kReuse);
    return *this;
  }
  // Whose connections were moved, with the frame it speaks of; and forgets them.
  std::string Dump() {
    std::string text;
    for (const Transition& t : out) {
      const auto other = OtherHost::Unpack(t.note.detail);
      text += "host " + std::to_string(other.host_id) + " see " + std::to_string(t.note.other);
      text += other.word != 0 ? " opened\n" : "\n";
    }
    out.clear();
    return text;
  }
};

// Both hosts are heard: frames 1 and 2.
struct Heard : Connections {
  Heard() { At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}); }
};

TEST(ConnectionTracker, TellsConnectionsApartByTheirPorts) {
  Heard c;
  c.At(1s, Send(kHost1, kSynAck, 1000)).At(2s, Send(kHost2, kAck, 1001));
  EXPECT_EQ(c.Dump(), "");
}

TEST(ConnectionTracker, RemembersSeveralConnections) {
  Heard c;
  for (uint16_t port = 1000; port < 1004; ++port) c.At(1s, Send(kHost1, kSynAck, port));
  for (uint16_t port = 1000; port < 1004; ++port) c.At(2s, Send(kHost2, kAck, port));
  EXPECT_EQ(c.Dump(), "host 1 see 3\nhost 1 see 4\nhost 1 see 5\nhost 1 see 6\n");
}

TEST(ConnectionTracker, IgnoresCopies) {
  Heard c;
  c.At(1s, Send(kHost1, kSynAck)).At(2s, Send(kHost2, kAck), true);
  EXPECT_EQ(c.Dump(), "");
}

TEST(ConnectionTracker, TakesNoResetForThatOfAnotherConnection) {
  Heard c;
  c.At(1s, Send(kHost1, kSynAck));
  for (uint16_t i = 0; i < 30'000; ++i) {  // 4,096 places
    Tcp reset = Send(kClient, kReset, static_cast<uint16_t>(i + 2000));
    std::swap(reset.source, reset.destination);
    std::swap(reset.source_port, reset.destination_port);
    c.At(2s, reset);
  }
  c.At(3s, Send(kHost2, kAck));
  EXPECT_EQ(c.Dump(), "host 1 see 3\n");
}

TEST(ConnectionTracker, IsEndedByAResetOfTheHostThatAcceptedAndByNothingElseOfIt) {
  for (const uint8_t flags : {kReset, kAck}) {
    Heard c;
    c.At(1s, Send(kHost1, kSynAck)).At(2s, Send(kHost1, flags)).At(3s, Send(kHost2, kAck));
    EXPECT_EQ(c.Dump(), flags == kReset ? "" : "host 1 see 3\n") << int{flags};
  }
}

TEST(ConnectionTracker, IsDisputedOnceAnotherHostAccepts) {
  for (const char* again : {kHost1, kHost2}) {
    Heard c;
    c.At(1s, Send(kHost1, kSynAck)).At(2s, Send(again, kSynAck)).At(3s, Send(kHost2, kAck));
    EXPECT_EQ(c.Dump(), again == kHost2 ? "" : "host 1 see 3\n");
    c.At(4s, Send(kHost1, kAck));
    EXPECT_EQ(c.Dump(), "") << again;
  }
}

TEST(ConnectionTracker, BelongsToTheHostThatAcceptsTheNextOne) {
  Tcp next = Send(kHost2, kSynAck);
  next.acknowledgment = 500;
  Heard c;
  c.At(1s, Send(kHost1, kSynAck)).At(2s, next).At(3s, Send(kHost1, kAck));
  EXPECT_EQ(c.Dump(), "host 2 see 4\n");
}

// By chance both have the same number.
TEST(ConnectionTracker, TellsAConnectionThatTheClusterAcceptsFromOneThatItOpened) {
  Tcp accept = Send(kHost2, kSynAck);
  accept.acknowledgment = 77;
  Heard c;
  c.At(1s, Send(kHost1, kSyn)).At(2s, accept).At(3s, Send(kHost1, kAck));
  EXPECT_EQ(c.Dump(), "host 2 see 4\n");
}

TEST(ConnectionTracker, KnowsAConnectionThatBeginsWhereAGapEnds) {
  for (const auto accepted : {60s - 1ns, 60s + 0ns}) {
    Heard c;
    c.Gap(60s).At(accepted, Send(kHost1, kSynAck)).At(61s, Send(kHost2, kAck));
    EXPECT_EQ(c.Dump(), accepted == 60s ? "host 1 see 3\n" : "");
  }
}

TEST(ConnectionTracker, IgnoresAHostOfAnotherCluster) {
  Heard c;
  c.At(0s, Heartbeat{.host_id = 3, .cluster_ip = "192.168.2.20"});
  c.At(1s, Send(kHost1, kSynAck)).At(2s, Send("02:03:c0:a8:02:14", kAck));
  EXPECT_EQ(c.Dump(), "");
}

TEST(ConnectionTracker, IgnoresAnotherMacOfTheSameHost) {
  Heard c;
  c.At(0s, Heartbeat{.from = kStation1}).At(1s, Send(kHost1, kSynAck));
  c.At(2s, Send(kStation1, kAck));
  EXPECT_EQ(c.Dump(), "");
}

TEST(ConnectionTracker, WaitsForTheHeartbeatOfTheHostThatAccepted) {
  Connections c;
  c.At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
  c.At(1s, Send(kStation1, kSynAck)).At(2s, Send(kStation2, kAck));
  EXPECT_EQ(c.Dump(), "");
  c.At(3s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(c.Dump(), "host 1 see 3\n");
}

TEST(ConnectionTracker, IsToldLaterByAHeartbeatOfOneOfTheTwoOnly) {
  Connections c;
  c.At(0s, Send(kHost1, kSynAck)).At(1s, Send(kHost2, kAck));
  c.At(2s, Heartbeat{.host_id = 3}).At(2s, Send(kHost1, kAck)).At(2s, Send(kHost2, kAck, 1001));
  EXPECT_EQ(c.Dump(), "");
  c.At(3s, Heartbeat{.host_id = 2});
  EXPECT_EQ(c.Dump(), "host 1 see 2\n");
}

}  // namespace
}  // namespace nlb::test
