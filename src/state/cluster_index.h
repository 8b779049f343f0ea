// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which cluster a heartbeat belongs to. One address may be used in several networks, as by copies
// of a cluster in laboratories; and one cluster may be heard on several interfaces and under
// several tags, by mirror ports, bonds and ports that keep the tag in one direction only. What
// tells them apart is who is heard: segments with a host in common are one.
//
// Knows no rules and owns no cluster. Bounded by its owner: every entry belongs to a cluster that
// is kept. A cluster keeps kMaxSegments segments; on further ones it is known by its hosts alone.
#pragma once

#include <cstdint>
#include <optional>

#include "base/erasable_map.h"
#include "state/cluster.h"

namespace nlb {

class ClusterIndex {
 public:
  static constexpr size_t kMaxSegments = 16;

  ClusterIndex(size_t most_clusters, size_t most_hosts)
      : by_segment_(most_clusters * kMaxSegments),
        by_host_(most_clusters * most_hosts),
        by_port_(most_clusters * kMaxSegments) {}

  // Where a host was heard last.
  struct Sighting {
    Cluster* cluster = nullptr;
    Timestamp heard;
  };

  Cluster* OnSegment(IpAddress ip, const Segment& segment) const;
  const Sighting* OfHost(IpAddress cluster, uint32_t id, IpAddress ip,
                         std::optional<uint32_t> code) const;
  // The cluster on the same interface and level whose tags do not contradict: tags that are absent
  // match all. Nothing when there are several.
  Cluster* BesideTag(IpAddress ip, const Segment& segment) const;

  void AddSegment(Cluster& cluster, const Segment& segment);
  void HeardHost(Cluster& cluster, const Host& host, Timestamp now);
  void RemoveHost(const Cluster& cluster, const Host& host);
  // All of it.
  void Remove(const Cluster& cluster);

 private:
  struct SegmentKey {
    IpAddress ip;
    Segment segment;
    bool operator==(const SegmentKey&) const = default;
    uint64_t Hash(uint64_t salt) const { return HashOf(segment, ip.Hash(salt)); }
  };
  struct HostKey {
    IpAddress cluster, ip;
    uint32_t id = 0;
    std::optional<uint32_t> code;
    bool operator==(const HostKey&) const = default;
    uint64_t Hash(uint64_t salt) const {
      const uint64_t words = id | uint64_t{code.value_or(0)} << 32;
      return Mix(ip.Hash(cluster.Hash(salt)) ^ words);
    }
  };
  // The clusters of one address on one interface.
  struct Port {
    Cluster* only = nullptr;  // nothing when there are several
    uint32_t clusters = 0;
  };

  static SegmentKey PortOf(IpAddress ip, const Segment& segment) {
    return {ip, {segment.interface_id, segment.layer, {}}};
  }
  static HostKey KeyOf(const Cluster& cluster, const Host& host) {
    return {cluster.ip, host.ip, host.id, host.code};
  }

  ErasableMap<SegmentKey, Cluster*> by_segment_;
  ErasableMap<HostKey, Sighting> by_host_;
  ErasableMap<SegmentKey, Port> by_port_;
};

// Whether both were heard on one interface under tags that differ: two networks, as far as tags
// tell.
bool TagsContradict(const Cluster& a, const Cluster& b);

}  // namespace nlb
