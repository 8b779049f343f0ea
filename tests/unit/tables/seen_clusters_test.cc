// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/seen_clusters.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kRouter = "00:00:0c:00:00:01";
constexpr const char* kCluster = "02:bf:c0:a8:02:0a";
constexpr const char* kMulticast = "03:bf:c0:a8:02:0a";
constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kVip = "192.168.2.10";
constexpr const char* kOtherCluster = "02:bf:c0:a8:02:14";
constexpr const char* kOtherVip = "192.168.2.20";

// "192.168.2.10 unicast 02:bf:c0:a8:02:0a seen, VLAN 5; host 1 02:01:c0:a8:02:0a 192.168.2.30: 2;
// also 192.168.2.11; 2 heartbeats, 1 to, 0 from"
std::string Dump(const SeenCluster& cluster) {
  std::string text = Text(cluster.ip) + " " + std::string(ModeName(cluster.mode)) + " " +
                     Text(cluster.mac) + (cluster.mac_was_seen ? " seen" : "");
  if (cluster.vlan != 0) text += ", VLAN " + std::to_string(cluster.vlan);
  for (const auto& [id, host] : cluster.hosts) {
    text += "; host " + std::to_string(id) + " " + Text(host.mac);
    if (host.ip.version() != 0) text += " " + Text(host.ip);
    text += ": " + std::to_string(host.heartbeats);
  }
  for (const IpAddress ip : cluster.further) text += "; also " + Text(ip);
  return text + "; " + std::to_string(cluster.heartbeats) + " heartbeats, " +
         std::to_string(cluster.requests) + " to, " + std::to_string(cluster.answers) + " from";
}

// Frames one after the other, as a table sees them.
class Clusters {
 public:
  template <typename Frame>
  std::string See(const Frame& frame, Where where = {}) {
    return Take(frame, where, [](const Sighting& s) { return AttributionOf(s); });
  }
  // As of this cluster and host, whatever the frame itself tells.
  template <typename Frame>
  std::string SeeAs(const char* cluster, uint8_t host_id, nlb_mode mode, const Frame& frame) {
    return Take(frame, {}, [&](const Sighting&) {
      return std::optional(Attribution{IpOf(cluster), host_id, mode, std::nullopt});
    });
  }
  // A frame of which nothing was said.
  template <typename Frame>
  std::string SeePlain(const Frame& frame) {
    return Take(frame, {}, [](const Sighting&) { return std::optional<Attribution>(); });
  }
  std::string operator[](const char* ip) const {
    const SeenCluster* cluster = clusters.Find(IpOf(ip));
    return cluster ? Dump(*cluster) : "-";
  }
  std::string OwnerOf(const char* ip) const {
    const auto* owner = clusters.OwnerOf(IpOf(ip));
    return owner ? std::to_string(owner->host_id) + " of " + Text(owner->cluster) : "-";
  }

  SeenClusters clusters;
  World world;

 private:
  template <typename Frame, typename Attribute>
  std::string Take(const Frame& frame, Where where, Attribute attribute) {
    const Seen seen(frame, {}, where);
    ++at_;
    world.evidence.Learn(*seen, at_);
    if (seen->claim) world.neighbours.Learn(*seen, at_);
    const Sighting sighting{*seen, at_, world.known};
    const auto observed = clusters.Observe(sighting, attribute(sighting));
    if (!observed.cluster) return observed.changed ? "none, changed" : "none";
    return Text(observed.cluster->ip) + (observed.changed ? " changed" : "");
  }

  Position at_ = 0;
};

Udp Request(std::vector<uint16_t> vlans = {}) {
  return {.link = {kClient, kCluster, std::move(vlans)}, .source = "10.0.0.5", .destination = kVip};
}

// To the address of a cluster, by way of a router: no MAC tells the cluster.
Udp Routed(const char* source, const char* destination, std::vector<uint16_t> vlans = {}) {
  return {
      .link = {kClient, kRouter, std::move(vlans)}, .source = source, .destination = destination};
}

// ---- heartbeats ---------------------------------------------------------------------------------

TEST(SeenClusters, CountsTheHeartbeatsOfEachHost) {
  Clusters c;
  EXPECT_EQ(c[kVip], "-");
  EXPECT_EQ(c.See(Heartbeat{}), "192.168.2.10 changed");
  EXPECT_EQ(c.See(Heartbeat{}), "192.168.2.10");
  EXPECT_EQ(c.See(Heartbeat{.host_id = 32}), "192.168.2.10 changed");
  EXPECT_EQ(c.See(Heartbeat{.host_id = 32}), "192.168.2.10");
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 1 02:01:c0:a8:02:0a 192.168.2.30: 2; "
            "host 32 02:20:c0:a8:02:0a 192.168.2.61: 2; 4 heartbeats, 0 to, 0 from");
  EXPECT_EQ(c.OwnerOf("192.168.2.61"), "32 of 192.168.2.10");
  EXPECT_EQ(c.OwnerOf("192.168.2.62"), "-");
}

TEST(SeenClusters, FollowAHostToAnotherAddress) {
  Clusters c;
  c.See(Heartbeat{});
  EXPECT_EQ(c.See(Heartbeat{.host_ip = "192.168.2.77"}), "192.168.2.10 changed");
  EXPECT_EQ(c.OwnerOf("192.168.2.30"), "1 of 192.168.2.10");
  EXPECT_EQ(c.OwnerOf("192.168.2.77"), "1 of 192.168.2.10");
  EXPECT_EQ(c.See(Heartbeat{.cluster_ip = kOtherVip, .host_ip = "192.168.2.77"}),
            "192.168.2.20 changed");
  EXPECT_EQ(c.OwnerOf("192.168.2.77"), "1 of 192.168.2.20");
}

TEST(SeenClusters, TakeNoHostsAddressThatIsNone) {
  Clusters c;
  c.See(Heartbeat{});
  const Heartbeat nameless{.host_id = 2, .host_ip = "0.0.0.0", .from = kCluster};
  EXPECT_EQ(c.See(nameless), "192.168.2.10 changed");
  EXPECT_EQ(c.See(nameless), "192.168.2.10");
  EXPECT_EQ(c.OwnerOf("0.0.0.0"), "-");
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 1 02:01:c0:a8:02:0a 192.168.2.30: 1; "
            "host 2 00:00:00:00:00:00: 2; 3 heartbeats, 0 to, 0 from");
}

TEST(SeenClusters, HaveNoneWhereNlbIsNotSetUp) {
  Clusters c;
  EXPECT_EQ(c.See(Heartbeat{.cluster_ip = "0.0.0.0", .from = kClient}), "none");
  EXPECT_EQ(c.clusters.size(), 0u);
}

TEST(SeenClusters, CountNoHeartbeatWithoutAHost) {
  Clusters c;
  c.See(Heartbeat{});
  Octets cut = Bytes(Heartbeat{});
  for (const uint8_t id : {uint8_t{0}, uint8_t{33}}) {
    EXPECT_EQ(c.SeeAs(kVip, id, NLB_MODE_UNICAST, Heartbeat{}), kVip) << int{id};
  }
  cut.resize(30);
  EXPECT_EQ(c.SeeAs(kVip, 1, NLB_MODE_UNICAST, Raw{cut}), kVip);
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 1 02:01:c0:a8:02:0a 192.168.2.30: 1; "
            "1 heartbeats, 0 to, 0 from");
}

// ---- whose frame --------------------------------------------------------------------------------

TEST(SeenClusters, KnowTheClusterByEitherAddress) {
  Clusters c;
  EXPECT_EQ(c.SeePlain(Routed("10.0.0.5", kVip)), "none");
  c.See(Heartbeat{.host_id = 2});
  EXPECT_EQ(c.SeePlain(Routed("10.0.0.5", kVip)), kVip);
  EXPECT_EQ(c.SeePlain(Routed(kVip, "10.0.0.5")), kVip);
  EXPECT_EQ(c.SeePlain(Routed("10.0.0.5", "10.0.0.6")), "none");
  EXPECT_EQ(c.SeePlain(Arp{.ip = kVip, .target = kVip}), "none") << "no IP packet";
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 2 02:02:c0:a8:02:0a 192.168.2.31: 1; "
            "1 heartbeats, 1 to, 1 from");
}

TEST(SeenClusters, KnowTheSendersClusterFirst) {
  Clusters c;
  c.See(Heartbeat{});
  c.See(Heartbeat{.cluster_ip = kOtherVip, .host_ip = "192.168.2.40"});
  EXPECT_EQ(c.SeePlain(Routed(kOtherVip, kVip)), kOtherVip);
  EXPECT_EQ(c.SeePlain(Routed(kVip, kOtherVip)), kVip);
}

TEST(SeenClusters, AskNoAddressWhereTheClusterIsKnown) {
  Clusters c;
  c.See(Heartbeat{});
  c.See(Heartbeat{.cluster_ip = kOtherVip, .host_ip = "192.168.2.40"});
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN, Routed("10.0.0.5", kOtherVip)), kVip);
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN, Routed("10.0.0.5", "10.0.0.6")), kVip);
}

TEST(SeenClusters, CountPacketsInEachDirection) {
  Clusters c;
  c.See(Heartbeat{});
  c.See(Request());
  c.See(Request());
  c.See(Udp{.link = {kHost1, kClient, {}}, .source = kVip, .destination = "10.0.0.5"});
  c.See(Udp{.link = {kHost1, kClient, {}}, .source = "192.168.2.30", .destination = "10.0.0.5"});
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a seen; host 1 02:01:c0:a8:02:0a 192.168.2.30: "
            "1; 1 heartbeats, 2 to, 1 from");
}

TEST(SeenClusters, LeaveOutTheClustersBeyondTheirCap) {
  Clusters c;
  const auto see = [&](size_t number) {
    const std::string ip =
        "10.1." + std::to_string(number / 256) + "." + std::to_string(number % 256);
    return c.SeeAs(ip.c_str(), 1, NLB_MODE_UNICAST, Udp{});
  };
  for (size_t i = 1; i <= SeenClusters::kMaxClusters; ++i) {
    ASSERT_NE(see(i), "none") << i;
  }
  EXPECT_EQ(see(SeenClusters::kMaxClusters + 1), "none");
  EXPECT_EQ(see(1), "10.1.0.1");
  EXPECT_EQ(c.clusters.size(), SeenClusters::kMaxClusters);
}

// ---- mode ---------------------------------------------------------------------------------------

TEST(SeenClusters, TakeTheModeFromHeartbeatsFirst) {
  Clusters c;
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN, Udp{}), "192.168.2.10 changed");
  EXPECT_EQ(c[kVip], "192.168.2.10 unknown 00:00:00:00:00:00; 0 heartbeats, 0 to, 0 from");
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_MULTICAST, Udp{}), "192.168.2.10 changed");
  EXPECT_EQ(c[kVip], "192.168.2.10 multicast 03:bf:c0:a8:02:0a; 0 heartbeats, 0 to, 0 from");
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_UNICAST, Udp{}), kVip) << "only a packet";
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN, Udp{}), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 multicast 03:bf:c0:a8:02:0a; 0 heartbeats, 0 to, 0 from");
  c.SeeAs(kVip, 0, NLB_MODE_UNICAST, Heartbeat{});
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a; 0 heartbeats, 0 to, 0 from");
  EXPECT_EQ(c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN, Heartbeat{}), kVip);
}

// ---- the cluster's MAC --------------------------------------------------------------------------

TEST(SeenClusters, SeeTheMacInRequests) {
  Clusters c;
  c.See(Heartbeat{});
  EXPECT_EQ(c.See(Routed("10.0.0.5", kVip)), kVip) << "a router's MAC";
  EXPECT_EQ(c.See(Udp{.link = {kClient, kCluster, {}}}), kVip) << "another address";
  c.See(Udp{.link = {kCluster, kRouter, {}}, .source = "10.0.0.5", .destination = kVip});
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 1 02:01:c0:a8:02:0a 192.168.2.30: 1; "
            "1 heartbeats, 2 to, 0 from");
  EXPECT_EQ(c.See(Request()), kVip) << "it is the MAC that was expected";
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a seen; host 1 02:01:c0:a8:02:0a 192.168.2.30: "
            "1; 1 heartbeats, 3 to, 0 from");
}

TEST(SeenClusters, SeeAMacThatWasSetByHand) {
  constexpr const char* kByHand = "02:bf:11:22:33:44";
  const std::string others = "host 1 02:01:11:22:33:44 192.168.2.30: 1; 1 heartbeats, ";
  Clusters c;
  c.See(Heartbeat{.from = "02:01:11:22:33:44"});
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a; " + others + "0 to, 0 from");
  const Udp request{.link = {kClient, kByHand, {}}, .source = "10.0.0.5", .destination = kVip};
  EXPECT_EQ(c.See(request), "192.168.2.10 changed");
  EXPECT_EQ(c.See(request), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:11:22:33:44 seen; " + others + "2 to, 0 from");
}

TEST(SeenClusters, SeeTheMacInClaims) {
  const std::string heartbeats =
      "; host 1 02:01:c0:a8:02:0a 192.168.2.30: 1; 1 heartbeats, 0 to, 0 from";
  Clusters c;
  c.See(Heartbeat{});
  EXPECT_EQ(c.See(Arp{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = "192.168.2.30"}), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a" + heartbeats) << "not its address";
  EXPECT_EQ(c.See(Arp{.link = {kHost1, kClient, {}}, .mac = kHost1, .ip = kVip}), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a" + heartbeats) << "a masked one";
  EXPECT_EQ(c.See(Arp{.link = {kHost1, kClient, {}}, .mac = kMulticast, .ip = kVip}), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a" + heartbeats) << "another mode's";
  EXPECT_EQ(c.See(Arp{.link = {kHost1, kClient, {}}, .mac = kOtherCluster, .ip = kVip}), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a" + heartbeats) << "nobody's";
  EXPECT_EQ(c.See(Arp{.link = {kHost1, kClient, {}}, .mac = kCluster, .ip = kVip}), kVip);
  EXPECT_EQ(c[kVip], "192.168.2.10 unicast 02:bf:c0:a8:02:0a seen" + heartbeats);
}

TEST(SeenClusters, SeeNoMacOfAnotherCluster) {
  Clusters c;
  c.See(Heartbeat{});
  c.See(Heartbeat{.cluster_ip = kOtherVip, .host_ip = "192.168.2.40"});
  c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN,
          Udp{.link = {kClient, kOtherCluster, {}}, .source = "10.0.0.5", .destination = kVip});
  EXPECT_EQ(c[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 1 02:01:c0:a8:02:0a 192.168.2.30: 1; "
            "1 heartbeats, 1 to, 0 from");
}

// The MAC between hosts is made of a host's address, which here is the cluster's own.
TEST(SeenClusters, TakeTheMacBetweenHostsForNoClustersMac) {
  Clusters c;
  c.See(Heartbeat{.host_ip = kVip});
  c.See(Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
  EXPECT_EQ(c[kVip].substr(0, 47), "192.168.2.10 multicast 03:bf:c0:a8:02:0a; host ");
}

TEST(SeenClusters, SeeTheMacInHeartbeatsToAGroup) {
  Clusters multicast, igmp, unicast;
  multicast.See(Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(multicast[kVip],
            "192.168.2.10 multicast 03:bf:c0:a8:02:0a seen; host 1 00:15:5d:00:00:01 "
            "192.168.2.30: 1; 1 heartbeats, 0 to, 0 from");
  igmp.See(Heartbeat{.mode = Mode::kIgmp});
  EXPECT_EQ(igmp[kVip],
            "192.168.2.10 IGMP multicast 01:00:5e:7f:02:0a seen; host 1 00:15:5d:00:00:01 "
            "192.168.2.30: 1; 1 heartbeats, 0 to, 0 from");
  unicast.See(Heartbeat{});
  unicast.See(Heartbeat{.to = kCluster});
  EXPECT_EQ(unicast[kVip],
            "192.168.2.10 unicast 02:bf:c0:a8:02:0a; host 1 02:01:c0:a8:02:0a 192.168.2.30: 2; "
            "2 heartbeats, 0 to, 0 from");
}

TEST(SeenClusters, SeeAGroupThatWasSetByHand) {
  Clusters c;
  c.See(Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(c.See(Heartbeat{.mode = Mode::kMulticast, .to = "01:00:5e:01:02:03"}),
            "192.168.2.10 changed");
  EXPECT_EQ(c[kVip],
            "192.168.2.10 multicast 01:00:5e:01:02:03 seen; host 1 00:15:5d:00:00:01 "
            "192.168.2.30: 2; 2 heartbeats, 0 to, 0 from");
}

TEST(SeenClusters, KeepAMacThatWasSeenWhenTheModeChanges) {
  Clusters c;
  c.See(Heartbeat{});
  c.See(Request());
  c.SeeAs(kVip, 0, NLB_MODE_MULTICAST, Heartbeat{});
  EXPECT_EQ(c[kVip].substr(0, 45), "192.168.2.10 multicast 02:bf:c0:a8:02:0a seen");
}

// ---- VLAN ---------------------------------------------------------------------------------------

std::string VlanOf(const Clusters& c) {
  const SeenCluster* cluster = c.clusters.Find(IpOf(kVip));
  return cluster ? std::to_string(cluster->vlan) : "-";
}

TEST(SeenClusters, TakeTheFirstVlan) {
  Clusters c;
  c.See(Heartbeat{});
  EXPECT_EQ(VlanOf(c), "0");
  EXPECT_EQ(c.See(Heartbeat{.vlans = {100, 4095}}), "192.168.2.10 changed");
  EXPECT_EQ(VlanOf(c), "4095") << "the inner one";
  EXPECT_EQ(c.See(Heartbeat{.vlans = {7}}), kVip);
  EXPECT_EQ(VlanOf(c), "4095");
}

// From, to, and inside a claim; the MACs of the cluster and of a host.
TEST(SeenClusters, TakeTheVlanOfTheClustersMacs) {
  constexpr const char* kStation = "00:15:5d:00:00:01";
  const auto vlan_by = [](Mode mode, const auto& frame) {
    Clusters c;
    c.See(Heartbeat{.mode = mode});
    c.See(Heartbeat{.mode = mode,
                    .cluster_ip = kOtherVip,
                    .host_ip = "192.168.2.40",
                    .from = mode == Mode::kUnicast ? "" : "00:15:5d:00:00:09"});
    c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN, frame);
    return VlanOf(c);
  };
  const auto packet = [](const char* from, const char* to) {
    return Udp{.link = {from, to, {5}}, .source = "10.0.0.5", .destination = kVip};
  };
  EXPECT_EQ(vlan_by(Mode::kUnicast, packet(kClient, kCluster)), "5");
  EXPECT_EQ(vlan_by(Mode::kUnicast, packet(kHost1, kClient)), "5");
  EXPECT_EQ(vlan_by(Mode::kMulticast, packet(kClient, kStation)), "5");
  EXPECT_EQ(vlan_by(Mode::kMulticast, packet(kStation, kClient)), "5");
  EXPECT_EQ(vlan_by(Mode::kUnicast, Arp{.link = {kClient, kRouter, {5}}, .mac = kCluster}), "5");
  EXPECT_EQ(vlan_by(Mode::kUnicast, packet(kClient, kRouter)), "0") << "behind a router";
  EXPECT_EQ(vlan_by(Mode::kUnicast, Arp{.link = {kClient, kRouter, {5}}, .mac = kClient}), "0");
  EXPECT_EQ(vlan_by(Mode::kUnicast, packet(kClient, kOtherCluster)), "0") << "another cluster's";
  EXPECT_EQ(vlan_by(Mode::kMulticast, packet("00:15:5d:00:00:09", kClient)), "0");
}

TEST(SeenClusters, TakeTheVlanOfAnyHeartbeat) {
  Clusters c;
  c.See(Heartbeat{.mode = Mode::kMulticast, .from = kClient, .to = kRouter, .vlans = {6}});
  EXPECT_EQ(VlanOf(c), "6");
  Clusters other;
  other.SeeAs(kVip, 0, NLB_MODE_UNKNOWN,
              Heartbeat{.cluster_ip = kOtherVip, .host_ip = "192.168.2.40", .vlans = {6}});
  EXPECT_EQ(VlanOf(other), "6");
}

// ---- hosts and their MACs -----------------------------------------------------------------------

TEST(SeenClusters, KnowAHostByTheFirstMacThatIsItsOwn) {
  Clusters c;
  const auto hosts = [&] {
    const std::string text = c[kVip];
    const size_t from = text.find("; ") + 2;
    return text.substr(from, text.find("; 0 heartbeats") - from);
  };
  const auto see_from = [&](uint8_t id, const char* mac) {
    return c.SeeAs(kVip, id, NLB_MODE_UNICAST, Udp{.link = {.from = mac}});
  };
  see_from(1, kHost1);
  EXPECT_EQ(see_from(32, kCluster), "192.168.2.10 changed") << "a host without a MAC";
  EXPECT_EQ(see_from(32, kCluster), kVip);
  EXPECT_EQ(hosts(), "host 1 02:01:c0:a8:02:0a: 0; host 32 00:00:00:00:00:00: 0");
  EXPECT_EQ(see_from(32, kClient), "192.168.2.10 changed");
  EXPECT_EQ(see_from(32, kRouter), kVip);
  EXPECT_EQ(see_from(0, kRouter), kVip);
  EXPECT_EQ(see_from(33, kRouter), kVip);
  EXPECT_EQ(hosts(), "host 1 02:01:c0:a8:02:0a: 0; host 32 00:16:35:c4:25:96: 0");
}

// ---- further addresses --------------------------------------------------------------------------

TEST(SeenClusters, CollectFurtherAddressesUpToTheirCap) {
  Clusters c;
  c.See(Heartbeat{});
  const auto claim = [&](const std::string& ip, const char* mac = kCluster) {
    return c.See(Arp{.link = {kHost1, kClient, {}}, .mac = mac, .ip = ip});
  };
  EXPECT_EQ(claim(kVip), kVip) << "its first";
  EXPECT_EQ(claim("192.168.2.30"), kVip) << "a host's own";
  EXPECT_EQ(claim("192.168.2.99", kRouter), kVip) << "not the cluster's MAC";
  EXPECT_EQ(c[kVip].find("also"), std::string::npos);
  const auto ip = [](size_t number) { return "192.168.2." + std::to_string(100 + number); };
  for (size_t i = 0; i < SeenClusters::kMaxFurther; ++i) {
    EXPECT_EQ(claim(ip(i)), "192.168.2.10 changed") << i;
    EXPECT_EQ(claim(ip(i)), kVip) << i;
  }
  EXPECT_EQ(claim(ip(SeenClusters::kMaxFurther)), kVip);
  const SeenCluster& cluster = *c.clusters.Find(IpOf(kVip));
  EXPECT_EQ(cluster.further.size(), SeenClusters::kMaxFurther);
  EXPECT_TRUE(cluster.further.contains(IpOf("192.168.2.115")));
}

// A packet is no claim, and what a claim says of another cluster is not this one's.
TEST(SeenClusters, TakeNoAddressOfAnotherCluster) {
  Clusters c;
  c.See(Heartbeat{});
  c.See(Heartbeat{.cluster_ip = kOtherVip, .host_ip = "192.168.2.40"});
  EXPECT_EQ(
      c.SeeAs(kVip, 0, NLB_MODE_UNKNOWN,
              Arp{.link = {kClient, kRouter, {}}, .mac = kOtherCluster, .ip = "192.168.2.99"}),
      kVip);
  EXPECT_EQ(c[kVip].find("also"), std::string::npos);
}

// ---- where hosts are heard ----------------------------------------------------------------------

bool AreApart(std::initializer_list<std::pair<uint32_t, Where>> heard,
              const std::vector<std::vector<uint16_t>>& vlans = {}) {
  Clusters c;
  size_t i = 0;
  for (const auto& [id, where] : heard) {
    Heartbeat heartbeat{.host_id = id};
    if (i < vlans.size()) heartbeat.vlans = vlans[i];
    c.See(heartbeat, where);
    ++i;
  }
  return AreHostsHeardApart(*c.clusters.Find(IpOf(kVip)));
}

TEST(SeenClusters, TellWhereHostsAreHeardApart) {
  const Where here{}, there{.interface_id = 1};
  EXPECT_FALSE(AreApart({{1, here}}));
  EXPECT_FALSE(AreApart({{1, here}, {2, here}}));
  EXPECT_TRUE(AreApart({{1, here}, {2, there}}));
  EXPECT_TRUE(AreApart({{1, here}, {2, there}, {3, here}}));
  EXPECT_FALSE(AreApart({{1, here}, {2, there}, {1, there}})) << "one is heard on both";
  EXPECT_FALSE(AreApart({{1, here}, {2, there}, {1, there}, {1, here}})) << "and was";
  EXPECT_TRUE(AreApart({{1, here}, {2, here}}, {{10}, {20}}));
  EXPECT_FALSE(AreApart({{1, here}, {2, here}}, {{10}, {10}}));
  EXPECT_FALSE(AreApart({{1, here}, {2, here}}, {{10}, {}})) << "a tag may be left out";
  EXPECT_TRUE(AreApart({{1, here}, {2, there}}, {{10}, {10}}));
}

TEST(SeenClusters, HearNothingOfAHostThatOnlySends) {
  Clusters c;
  c.See(Heartbeat{}, {.interface_id = 1});
  c.See(Udp{.link = {"02:02:c0:a8:02:0a", kClient, {}}, .source = kVip, .destination = "10.0.0.5"});
  EXPECT_FALSE(AreHostsHeardApart(*c.clusters.Find(IpOf(kVip))));
}

}  // namespace
}  // namespace nlb::test
