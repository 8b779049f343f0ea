// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/leak_tracker.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

struct Told : Observed<LeakTracker> {
  template <typename Frame>
  Told& At(const Frame& frame) {
    Take({}, frame);
    return *this;
  }
};

Raw Leak(uint32_t cluster) {
  const std::string mac = Text(UnicastClusterMac(cluster));
  return {Ethernet({mac, "ff:ff:ff:ff:ff:ff", {}}, 0x88CC, Octets(46))};
}

Heartbeat Beat(uint32_t cluster) { return {.cluster_ip = TextV4(cluster)}; }

constexpr uint32_t kOne = 0xC0A8020A, kOthers = 0x0A000000;

TEST(LeakTracker, TellsOfNoOtherClusterThanTheOneThatLeaked) {
  Told told;
  told.At(Leak(kOne));
  for (uint32_t i = 0; i < 2000; ++i) told.At(Beat(kOthers + i));
  EXPECT_TRUE(told.out.empty());
  told.At(Beat(kOne)).At(Beat(kOne));
  EXPECT_EQ(told.out.size(), 1u);
}

TEST(LeakTracker, ForgetsWhenOthersNeedThePlace) {
  Told told;
  told.At(Leak(kOne));
  for (uint32_t i = 0; i < 2000; ++i) told.At(Leak(kOthers + i));
  told.At(Beat(kOne));
  EXPECT_TRUE(told.out.empty());
}

}  // namespace
}  // namespace nlb::test
