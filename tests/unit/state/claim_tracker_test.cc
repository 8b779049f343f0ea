// SPDX-License-Identifier: GPL-2.0-or-later
// What heuristics/arp_test.cc does not tell: which segments count, and what the tables forget.
#include "state/claim_tracker.h"

#include <gtest/gtest.h>

#include "state/cluster_notes.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kVip = "192.168.2.10";
constexpr const char* kStranger = "00:0e:0c:00:00:77";
constexpr const char* kStation = "00:15:5d:00:00:01";
constexpr const char* kEveryone = "ff:ff:ff:ff:ff:ff";

Arp Claim(const char* mac = kStranger, const std::string& ip = kVip) {
  return {.link = {mac, kEveryone, {}}, .mac = mac, .ip = ip, .reply = false, .target = ip};
}

struct Claims : Observed<ClaimTracker> {
  template <typename Frame>
  Claims& See(const Frame& frame, Where where = {}, bool is_copy = false) {
    Take({}, frame, where, is_copy);
    return *this;
  }
  // As the user's table says.
  Claims& Configure() {
    world.evidence.Configure({{192, 168, 2, 10}, NLB_MODE_UNICAST, {}});
    return *this;
  }
  // What other trackers noticed of the next frame.
  Claims& Noticed(Event event) {
    out.push_back({event, {}});
    return *this;
  }
  // Position, and the frame it speaks of; and forgets them.
  std::string Dump() {
    std::string text;
    for (const Transition& t : out) {
      if (t.event != Event::kVipMacConflict) continue;
      const bool earlier = MacConflict::Unpack(t.note.detail).earlier;
      text += (earlier ? "earlier " : "stranger ") + std::to_string(t.note.other) + "\n";
    }
    out.clear();
    return text;
  }
};

TEST(ClaimTracker, TellsAStrangerOfWhomNothingElseIsKnown) {
  Claims c;
  c.See(Heartbeat{}).See(Claim());
  EXPECT_EQ(c.Dump(), "stranger 0\n");
}

TEST(ClaimTracker, TellsAStrangerOnAnySegmentWhereTheClusterIsNotHeardAtAll) {
  Claims c;
  c.Configure().See(Claim(), {.interface_id = 7});
  EXPECT_EQ(c.Dump(), "stranger 0\n");
}

TEST(ClaimTracker, IgnoresCopies) {
  Claims c;
  c.See(Heartbeat{}).See(Claim(), {}, true);
  EXPECT_EQ(c.Dump(), "");
}

TEST(ClaimTracker, TellsAClaimOnce) {
  Claims c;
  c.See(Heartbeat{}).Noticed(Event::kVipMacConflict).See(Claim());
  EXPECT_EQ(c.Dump(), "stranger 0\n");
  c.Noticed(Event::kCopy).See(Claim());
  EXPECT_EQ(c.Dump(), "stranger 0\n");
}

TEST(ClaimTracker, IgnoresAStrangerInATunnelInWhichTheClusterIsNotHeard) {
  Claims c;
  c.See(Heartbeat{}).See(Claim(), {.layer = 1});
  EXPECT_EQ(c.Dump(), "");
}

TEST(ClaimTracker, TakesTheIgmpMacOfAnotherClusterForAStrangers) {
  Claims c;
  c.See(Heartbeat{.mode = Mode::kIgmp}).See(Claim("01:00:5e:7f:02:0a"));
  EXPECT_EQ(c.Dump(), "");
  c.See(Claim("01:00:5e:7f:02:14"));
  EXPECT_EQ(c.Dump(), "stranger 0\n");
}

TEST(ClaimTracker, IgnoresTheMacsOfTheClustersHosts) {
  Claims c;
  c.See(Heartbeat{}).See(Claim("02:01:c0:a8:02:0a")).See(Claim("03:bf:c0:a8:02:1e"));
  EXPECT_EQ(c.Dump(), "");
}

TEST(ClaimTracker, IgnoresMacsThatNoStationHas) {
  Claims c;
  c.See(Claim("01:23:45:67:89:ab")).See(Claim(kEveryone)).See(Heartbeat{}).See(Claim(kEveryone));
  EXPECT_EQ(c.Dump(), "");
}

// A host on which NLB is not set up names no cluster.
TEST(ClaimTracker, IgnoresClaimsOfNoAddress) {
  Claims c;
  c.See(Claim(kStranger, "0.0.0.0")).See(Heartbeat{.cluster_ip = "0.0.0.0", .from = kStation});
  EXPECT_EQ(c.Dump(), "");
}

TEST(ClaimTracker, KnowsFourSegmentsOfACluster) {
  Claims c;
  for (const uint32_t interface_id : {0, 0, 0, 0, 0, 1, 2, 3, 9}) {
    c.See(Heartbeat{}, {.interface_id = interface_id});
  }
  for (const uint32_t interface_id : {0, 1, 2, 3, 9}) {
    c.See(Claim(), {.interface_id = interface_id});
    EXPECT_EQ(c.Dump(), interface_id < 9 ? "stranger 0\n" : "") << interface_id;
  }
}

TEST(ClaimTracker, KnowsTheMacOfTheHeartbeatsBesideMaskedOnes) {
  Claims c;
  c.See(Heartbeat{.from = kStation}).See(Heartbeat{.host_id = 2}).See(Claim(kStation));
  EXPECT_EQ(c.Dump(), "");
}

// In multicast mode a host tells all the cluster's MAC from its own.
TEST(ClaimTracker, TakesNoMacForTheClustersThatSendsNoHeartbeatsToAll) {
  Arp own = Claim("03:bf:c0:a8:02:0a");
  own.link.from = kStation;
  Claims c;
  c.See(Heartbeat{.mode = Mode::kMulticast}).See(own).See(Claim(kStation));
  EXPECT_EQ(c.Dump(), "stranger 0\n");
}

TEST(ClaimTracker, RemembersSeveralClaimsUntilTheirAddressesAreProven) {
  const auto address = [](int i) { return "10.1.1." + std::to_string(i); };
  Claims c;
  for (int i = 1; i <= 4; ++i) c.See(Claim(kStranger, address(i)));
  for (int i = 1; i <= 4; ++i) {
    c.See(Heartbeat{.cluster_ip = address(i), .from = kStation});
    EXPECT_EQ(c.Dump(), "earlier " + std::to_string(i) + "\n");
  }
}

TEST(ClaimTracker, TellsNoEarlierClaimOfAnotherSegment) {
  Claims c;
  c.See(Claim(), {.interface_id = 1}).See(Heartbeat{});
  EXPECT_EQ(c.Dump(), "");
}

TEST(ClaimTracker, TakesNoClaimForThatOfAnotherAddress) {
  Claims c;
  c.See(Claim());
  for (int i = 0; i < 5000; ++i) {  // 1,024 places
    const std::string ip = "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1);
    c.See(Heartbeat{.cluster_ip = ip, .from = kStation});
  }
  EXPECT_EQ(c.Dump(), "");
}

}  // namespace
}  // namespace nlb::test
