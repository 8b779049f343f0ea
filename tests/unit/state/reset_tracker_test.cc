// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/reset_tracker.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

Tcp Segment(uint8_t flags, uint16_t port = 1000) { return {.source_port = port, .flags = flags}; }

const MacAddress kForwarder = MacOf("00:15:5d:01:02:03");

Position At(const std::optional<ResetTracker::ForeignCopy>& copy) {
  return copy && copy->forwarder == kForwarder ? copy->position : 0;
}

Tcp Back(Tcp tcp) {
  std::swap(tcp.source, tcp.destination);
  std::swap(tcp.source_port, tcp.destination_port);
  return tcp;
}

TEST(ResetTracker, FindsTheCopyInTheConnectionOfAReset) {
  ResetTracker resets;
  const Seen copy(Segment(0x10), 1s);
  resets.RememberForeignCopy(*copy, {7, kForwarder});
  EXPECT_EQ(At(resets.CopyBeforeReset(*Seen(Segment(0x04), 2s))), 7u);
  EXPECT_EQ(At(resets.CopyBeforeReset(*Seen(Back(Segment(0x14)), 2s))), 7u);
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Segment(0x11), 2s)));
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Segment(0x04, 1001), 2s)));
}

TEST(ResetTracker, TellsTheCopyBeforeAResetOnce) {
  ResetTracker resets;
  World world;
  const auto told = [&](const Tcp& tcp, bool is_same) {
    const Seen seen(tcp, 2s);
    Transitions out;
    resets.Observe({.frame = *seen, .at = 9, .known = world.known, .is_same = is_same}, out);
    return out;
  };
  EXPECT_TRUE(told(Segment(0x04), false).empty()) << "no copy yet";
  resets.RememberForeignCopy(*Seen(Segment(0x10), 1s), {7, kForwarder});
  const Transitions out = told(Segment(0x04), false);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].event, Event::kResetAfterCopy);
  EXPECT_EQ(out[0].note.other, 7u);
  EXPECT_EQ(out[0].note.mac(), kForwarder);
  EXPECT_TRUE(told(Segment(0x04), true).empty()) << "a mirror shows it again";
  EXPECT_TRUE(told(Segment(0x10), false).empty());
  EXPECT_TRUE(told(Segment(0x04, 1001), false).empty());
}

TEST(ResetTracker, LearnsFromPacketsAndNotFromArp) {
  EXPECT_TRUE(ResetTracker().wants(Plain::kIp));
  EXPECT_FALSE(ResetTracker().wants(Plain::kArp));
}

TEST(ResetTracker, LooksThreeSecondsAround) {
  ResetTracker resets;
  resets.RememberForeignCopy(*Seen(Segment(0x10), 10s), {7, kForwarder});
  for (const auto time : {10s + 3s, 10s - 3s}) {
    EXPECT_EQ(At(resets.CopyBeforeReset(*Seen(Segment(0x04), time))), 7u);
  }
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Segment(0x04), 13s + 1ns)));
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Segment(0x04), 7s - 1ns)));
}

TEST(ResetTracker, RemembersTheLatestCopy) {
  ResetTracker resets;
  resets.RememberForeignCopy(*Seen(Segment(0x10), 1s), {7, kForwarder});
  resets.RememberForeignCopy(*Seen(Back(Segment(0x10)), 2s), {8, kForwarder});
  EXPECT_EQ(At(resets.CopyBeforeReset(*Seen(Segment(0x04), 3s))), 8u);
}

TEST(ResetTracker, ForgetsAConnectionWhosePlaceIsNeeded) {
  ResetTracker resets;
  for (uint32_t port = 1; port <= 20'000; ++port) {
    resets.RememberForeignCopy(*Seen(Segment(0x10, static_cast<uint16_t>(port)), 1s),
                               {port, kForwarder});
  }
  int remembered = 0;
  for (uint32_t port = 1; port <= 20'000; ++port) {
    const auto copy = resets.CopyBeforeReset(*Seen(Segment(0x04, static_cast<uint16_t>(port)), 1s));
    if (copy) {
      EXPECT_EQ(copy->position, port);
    }
    remembered += copy.has_value();
  }
  EXPECT_GT(remembered, 900);
  EXPECT_LE(remembered, 1024);
}

TEST(ResetTracker, TakesTcpOnlyAndNoLateFragment) {
  Octets fragment = Bytes(Segment(0x04));
  fragment[21] = 1;
  ResetTracker resets;
  resets.RememberForeignCopy(*Seen(Udp{}), {7, kForwarder});
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Segment(0x04))));
  resets.RememberForeignCopy(*Seen(Segment(0x10)), {8, kForwarder});
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Raw{fragment})));
  EXPECT_FALSE(resets.CopyBeforeReset(*Seen(Segment(0x04), {}, {.captured = 47})));
}

}  // namespace
}  // namespace nlb::test
