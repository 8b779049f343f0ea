// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/mac_class.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb {
namespace {

using test::IpOf;
using test::MacOf;

// "unicast cluster 192.168.2.10", "host 5 of 192.168.2.10", "-" for a MAC that is none of NLB's.
std::string Describe(MacAddress mac) {
  switch (RoleOf(mac)) {
    case MacRole::kNone:
      return "-";
    case MacRole::kCluster:
      return "unicast cluster " + TextV4(mac.tail());
    case MacRole::kMaskedHost:
      return "host " + std::to_string(MaskedHostId(mac)) + " of " + TextV4(mac.tail());
    case MacRole::kMulticast:
      return "multicast cluster " + TextV4(mac.tail());
    case MacRole::kIgmp:
      return "IGMP cluster ?.?." + std::to_string(mac.octet(4)) + "." +
             std::to_string(mac.octet(5));
  }
  return "?";
}

struct Row {
  const char* mac;
  const char* expected;
};

TEST(MacClass, TellsTheRoleByThePattern) {
  const Row rows[] = {
      {"02:bf:c0:a8:02:0a", "unicast cluster 192.168.2.10"},
      {"03:bf:c0:a8:02:0a", "multicast cluster 192.168.2.10"},
      {"01:00:5e:7f:02:0a", "IGMP cluster ?.?.2.10"},
      {"02:01:c0:a8:02:0a", "host 1 of 192.168.2.10"},
      {"02:20:c0:a8:02:0a", "host 32 of 192.168.2.10"},
      {"02:00:c0:a8:02:0a", "-"},                    // there is no host 0
      {"02:21:c0:a8:02:0a", "-"},                    // nor a host 33
      {"02:04:96:00:00:01", "host 4 of 150.0.0.1"},  // Extreme Networks: why evidence is needed
      {"02:42:ac:11:00:02", "-"},                    // Docker
      {"00:bf:c0:a8:02:0a", "-"},                    // early WLBS
      {"03:01:c0:a8:02:0a", "-"},
      {"01:00:5e:7e:02:0a", "-"},
      {"01:00:5e:ff:02:0a", "-"},  // no IP multicast MAC
      {"01:01:5e:7f:02:0a", "-"},
      {"ff:ff:ff:ff:ff:ff", "-"},
      {"00:00:00:00:00:00", "-"},
      {"00:15:5d:01:02:03", "-"},
  };
  for (const Row& row : rows) EXPECT_EQ(Describe(MacOf(row.mac)), row.expected) << row.mac;
}

TEST(MacClass, KnowsWhichAddressAMacIsMadeOf) {
  struct Made {
    const char* mac;
    const char* ip;
    bool expected;
  };
  const Made rows[] = {
      {"02:bf:c0:a8:02:0a", "192.168.2.10", true},
      {"02:bf:c0:a8:02:0a", "192.168.2.11", false},
      {"02:05:c0:a8:02:0a", "192.168.2.10", true},
      {"03:bf:c0:a8:02:0a", "192.168.2.10", true},
      {"01:00:5e:7f:02:0a", "192.168.2.10", true},
      {"01:00:5e:7f:02:0a", "10.99.2.10", true},  // two bytes survive
      {"01:00:5e:7f:02:0a", "192.168.3.10", false},
      {"00:15:c0:a8:02:0a", "192.168.2.10", false},  // no pattern of NLB's
      {"02:bf:20:01:0d:b9", "2001:db8::1", true},
  };
  for (const Made& row : rows) {
    EXPECT_EQ(Embeds(MacOf(row.mac), IpOf(row.ip).mac_tail()), row.expected)
        << row.mac << " " << row.ip;
  }
}

TEST(MacClass, TellsTheModeByTheRole) {
  const Row rows[] = {
      {"02:bf:c0:a8:02:0a", "unicast"},   {"02:01:c0:a8:02:0a", "unicast"},
      {"03:bf:c0:a8:02:0a", "multicast"}, {"01:00:5e:7f:02:0a", "IGMP multicast"},
      {"00:15:5d:01:02:03", "unknown"},
  };
  for (const Row& row : rows) EXPECT_EQ(ModeName(ModeOf(RoleOf(MacOf(row.mac)))), row.expected);
}

TEST(MacClass, TellsTheModeByTheDestinationOfAHeartbeat) {
  const Row rows[] = {
      {"ff:ff:ff:ff:ff:ff", "unicast"},        {"03:bf:c0:a8:02:0a", "multicast"},
      {"01:00:5e:7f:02:0a", "IGMP multicast"}, {"02:bf:c0:a8:02:0a", "unknown"},
      {"01:00:5e:01:02:03", "unknown"},        {"00:15:5d:01:02:03", "unknown"},
  };
  for (const Row& row : rows) EXPECT_EQ(ModeName(ModeOfHeartbeat(MacOf(row.mac))), row.expected);
}

TEST(MacClass, KnowsTheMacsThatSeveralRoutersShare) {
  struct Shared {
    const char* mac;
    bool expected;
  };
  const Shared rows[] = {
      {"00:00:5e:00:01:00", true},  {"00:00:5e:00:01:ff", true},   // VRRP
      {"00:00:5e:00:02:0a", true},  {"00:00:5e:00:03:0a", false},  // VRRP for IPv6
      {"00:00:5e:00:00:0a", false}, {"00:00:0c:07:ac:00", true},
      {"00:00:0c:07:ac:ff", true},  // HSRP
      {"00:00:0c:07:ad:00", false}, {"00:00:0c:9f:f0:00", true},
      {"00:00:0c:9f:ff:ff", true},  // HSRP version 2
      {"00:00:0c:9f:ef:ff", false}, {"00:07:b4:00:01:02", true},
      {"00:07:b5:00:01:02", false},  // GLBP
      {"00:15:5d:01:02:03", false},
  };
  for (const Shared& row : rows)
    EXPECT_EQ(IsVirtualRouter(MacOf(row.mac)), row.expected) << row.mac;
}

}  // namespace
}  // namespace nlb
