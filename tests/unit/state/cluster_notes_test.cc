// SPDX-License-Identifier: GPL-2.0-or-later
// What is kept of a finding comes back as it was put in.
#include "state/cluster_notes.h"

#include <gtest/gtest.h>

#include "heuristics/copy_detail.h"

namespace nlb {
namespace {

TEST(ClusterNotes, KeepAnotherHostsWord) {
  const OtherHost host = OtherHost::Unpack(OtherHost{32, 0xFFFFFFFF, 33}.Pack());
  EXPECT_EQ(host.host_id, 32);
  EXPECT_EQ(host.word, 0xFFFFFFFF);
  EXPECT_EQ(host.extra, 33);
}

TEST(ClusterNotes, KeepTwoWords) {
  const TwoWords words = TwoWords::Unpack(TwoWords{0xC0A8021E, 0xFFFFFFFF}.Pack());
  EXPECT_EQ(words.first, 0xC0A8021E);
  EXPECT_EQ(words.second, 0xFFFFFFFF);
}

TEST(ClusterNotes, KeepDurationsOfAnySign) {
  for (const int64_t ns : {int64_t{0}, int64_t{-5}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(UnpackDuration(PackDuration(Duration(ns))), Duration(ns));
  }
}

TEST(ClusterNotes, KeepALinkBetweenHeartbeats) {
  for (const bool has_packets : {false, true}) {
    Note note;
    HeartbeatLink{Duration(-7), 0xFFFFFFFF, has_packets}.Pack(note);
    const HeartbeatLink link = HeartbeatLink::Unpack(note);
    EXPECT_EQ(link.interval, Duration(-7));
    EXPECT_EQ(link.packets, 0xFFFFFFFF);
    EXPECT_EQ(link.has_packets, has_packets);
  }
}

TEST(ClusterNotes, KeepAConflictOfTwoClaims) {
  for (const bool stranger : {false, true}) {
    for (const bool earlier : {false, true}) {
      const MacConflict conflict =
          MacConflict::Unpack(MacConflict{Duration(7), stranger, earlier}.Pack());
      EXPECT_EQ(conflict.age, Duration(7));
      EXPECT_EQ(conflict.stranger, stranger);
      EXPECT_EQ(conflict.earlier, earlier);
    }
  }
}

TEST(ClusterNotes, KeepACopyWithinTheLongestWindow) {
  using namespace std::chrono_literals;
  for (const Duration delta : {Duration(0), Duration(5s), Duration(-5s), Duration(-1)}) {
    for (const bool reversed : {false, true}) {
      const CopyDetail detail = CopyDetail::Unpack(CopyDetail{delta, 255, reversed}.Pack());
      EXPECT_EQ(detail.delta, delta);
      EXPECT_EQ(detail.ttl_drop, 255);
      EXPECT_EQ(detail.copy_came_first, reversed);
    }
  }
}

}  // namespace
}  // namespace nlb
