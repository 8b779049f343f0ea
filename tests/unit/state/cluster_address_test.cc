// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_address.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

class Addresses : public World {
 public:
  template <typename Frame>
  Addresses& Learn(Position at, const Frame& frame) {
    const Seen seen(frame);
    evidence.Learn(*seen, at);
    if (seen->claim) neighbours.Learn(*seen, at);
    return *this;
  }
  bool IsClusters(const char* ip) const {
    return IsClusterAddress(IpOf(ip), evidence, neighbours, 1000);
  }
};

Arp Answer(const char* ip) { return {.mac = "02:bf:c0:a8:02:0a", .ip = ip}; }

TEST(ClusterAddress, IsWhatArpAnswersWithTheClustersMacUnlessItIsAHostsOwn) {
  Addresses t;
  t.Learn(1, Heartbeat{}).Learn(2, Answer("192.168.2.11")).Learn(3, Answer("192.168.2.30"));
  EXPECT_TRUE(t.IsClusters("192.168.2.10"));
  EXPECT_TRUE(t.IsClusters("192.168.2.11"));
  EXPECT_FALSE(t.IsClusters("192.168.2.30")) << "host 1's";
}

TEST(ClusterAddress, IsNoGroup) {
  for (const char* ip : {"239.1.2.3", "255.255.255.255"}) {
    Addresses t;
    t.Learn(1, Heartbeat{.cluster_ip = ip});
    ASSERT_TRUE(t.evidence.ClusterOfAddress(IpOf(ip), 1000)) << ip;
    EXPECT_FALSE(t.IsClusters(ip)) << ip;
  }
}

}  // namespace
}  // namespace nlb::test
