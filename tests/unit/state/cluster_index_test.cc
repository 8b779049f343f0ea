// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_index.h"

#include <gtest/gtest.h>

#include "support/facts.h"

namespace nlb::test {
namespace {

const IpAddress kIp = IpOf("192.168.2.10");

constexpr Segment On(uint32_t interface_id, wire::VlanStack vlan = {}, uint32_t layer = 0) {
  return {interface_id, layer, vlan};
}
constexpr wire::VlanStack Tag(uint64_t id) { return {id, 1}; }
constexpr wire::VlanStack Tags(uint64_t outer, uint64_t inner) { return {outer << 16 | inner, 2}; }

Cluster Heard(std::vector<Segment> segments = {}) {
  Cluster cluster;
  cluster.ip = kIp;
  cluster.segments = std::move(segments);
  return cluster;
}

TEST(TagsContradict, OnOneInterfaceAndLevelOnly) {
  const Cluster tagged = Heard({On(0, Tag(10))});
  EXPECT_TRUE(TagsContradict(tagged, Heard({On(1), On(0, Tag(20))})));
  EXPECT_FALSE(TagsContradict(tagged, Heard({On(0, Tag(10))})));
  EXPECT_FALSE(TagsContradict(tagged, Heard({On(0)})));
  EXPECT_FALSE(TagsContradict(tagged, Heard({On(1, Tag(20))})));
  EXPECT_FALSE(TagsContradict(tagged, Heard({On(0, Tag(20), 1)})));
}

class Indexed {
 public:
  Indexed& Add(Cluster& cluster, const Segment& segment) {
    index.AddSegment(cluster, segment);
    return *this;
  }
  const Cluster* Beside(const Segment& segment) const { return index.BesideTag(kIp, segment); }

  ClusterIndex index{8, 8};
  Cluster a = Heard(), b = Heard(), c = Heard();
};

TEST(ClusterIndex, FindsTheOnlyClusterOfAnInterfaceUnderTagsThatDoNotContradict) {
  Indexed t;
  t.Add(t.a, On(0, Tag(20))).Add(t.a, On(0, Tags(10, 20)));
  EXPECT_EQ(t.Beside(On(0)), &t.a);
  EXPECT_EQ(t.Beside(On(0, Tags(30, 20))), nullptr);
  EXPECT_EQ(t.Beside(On(0, Tag(30))), nullptr);
  EXPECT_EQ(t.Beside(On(1)), nullptr);
  EXPECT_EQ(t.Beside(On(0, {}, 1)), nullptr);
}

TEST(ClusterIndex, FindsNoneOfTwoClustersOnOneInterface) {
  Indexed t;
  t.Add(t.a, On(0, Tag(10))).Add(t.b, On(0, Tag(20)));
  EXPECT_EQ(t.Beside(On(0)), nullptr);
}

TEST(ClusterIndex, ForgetsAClusterOnAllItsSegments) {
  Indexed t;
  const Segment segments[] = {On(0), On(0, Tag(10)), On(1), On(0, {}, 1)};
  for (const Segment& segment : segments) t.Add(t.a, segment);
  t.index.Remove(t.a);
  for (const Segment& segment : segments) {
    EXPECT_EQ(t.index.OnSegment(kIp, segment), nullptr);
    EXPECT_EQ(t.Beside(segment), nullptr);
  }
  t.Add(t.b, On(0, Tag(20)));  // the next one there is the only one
  EXPECT_EQ(t.Beside(On(0)), &t.b);
}

TEST(ClusterIndex, CountsTheClustersThatAreLeftOnAnInterface) {
  Indexed t;
  t.Add(t.a, On(0, Tag(10))).Add(t.a, On(0, Tags(5, 10))).Add(t.b, On(0, Tag(20)));
  t.index.Remove(t.a);
  EXPECT_EQ(t.Beside(On(0)), nullptr);  // which one is left is not looked for
  t.Add(t.c, On(0, Tag(30)));
  EXPECT_EQ(t.Beside(On(0)), nullptr);
}

TEST(ClusterIndex, ForgetsAHostOfTheClusterThatHeardItLastOnly) {
  Indexed t;
  Host host;
  host.id = 1;
  host.ip = IpOf("192.168.2.30");
  const auto found = [&] { return t.index.OfHost(kIp, host.id, host.ip, host.code); };
  t.index.HeardHost(t.a, host, {1});
  t.index.HeardHost(t.b, host, {2});
  t.index.RemoveHost(t.a, host);
  ASSERT_NE(found(), nullptr);
  EXPECT_EQ(found()->cluster, &t.b);
  EXPECT_EQ(found()->heard, Timestamp{2});
  t.index.RemoveHost(t.b, host);
  EXPECT_EQ(found(), nullptr);
}

}  // namespace
}  // namespace nlb::test
