// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/refusal_tracker.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

struct Told : Observed<RefusalTracker> {
  template <typename Frame>
  Told& At(std::chrono::nanoseconds time, const Frame& frame) {
    Take(time, frame);
    return *this;
  }
};

// A clock that begins at 0, as the tables do.
TEST(RefusalTracker, TakesNoFreePlaceForAGroupThatOthersSendTo) {
  const Arp asks{.link = {"00:15:5d:00:00:01", "ff:ff:ff:ff:ff:ff", {}},
                 .mac = "03:bf:c0:a8:02:0a",
                 .ip = "192.168.2.10",
                 .reply = false,
                 .target = "192.168.2.1"};
  const Heartbeat beat{.mode = Mode::kMulticast};
  for (const bool others : {false, true}) {
    Told told;
    told.At(0s, beat);
    if (others) told.At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
    for (const auto time : {1s, 2s, 3s}) told.At(time, asks);
    EXPECT_EQ(told.out.size(), others ? 1u : 0u);
  }
}

}  // namespace
}  // namespace nlb::test
