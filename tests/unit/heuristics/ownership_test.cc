// SPDX-License-Identifier: GPL-2.0-or-later
// Whose an address is must be proven: a MAC that is made of it is a pattern.
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kGroup = "01:00:5e:7f:02:0a";

// A packet to the group MAC, and one hop older from a stranger to somebody else.
void TellCopy(Scenario& s, std::chrono::nanoseconds at) {
  Udp packet{.link = {"00:16:35:c4:25:96", kGroup, {}},
             .source = "192.168.2.100",
             .destination = "192.168.2.10"};
  s.At(at, packet);
  packet.link = {"00:15:5d:01:02:03", "00:1a:6c:11:22:33", {}};
  --packet.ttl;
  s.At(at + 1ms, packet);
}

TEST(Ownership, NeedsEvidence) {
  Scenario s;
  TellCopy(s, 0s);
  EXPECT_EQ(s.Findings("foreign_router"), "");
}

TEST(Ownership, IsProvenByAHeartbeat) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kIgmp});
  TellCopy(s, 1s);
  EXPECT_EQ(s.Findings("foreign_router"), "3 foreign_router\n");
}

}  // namespace
}  // namespace nlb::test
