// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_index.h"

#include <algorithm>

namespace nlb {
namespace {

bool OnOnePort(const Segment& a, const Segment& b) {
  return a.interface_id == b.interface_id && a.layer == b.layer;
}

bool Contradicts(const Segment& a, const Segment& b) {
  return OnOnePort(a, b) && wire::InDifferentVlans(a.vlan, b.vlan);
}

bool IsOnPortOf(const Cluster& cluster, const Segment& segment) {
  return std::any_of(cluster.segments.begin(), cluster.segments.end(),
                     [&](const Segment& other) { return OnOnePort(other, segment); });
}

}  // namespace

bool TagsContradict(const Cluster& a, const Cluster& b) {
  for (const Segment& one : a.segments) {
    for (const Segment& other : b.segments) {
      if (Contradicts(one, other)) return true;
    }
  }
  return false;
}

Cluster* ClusterIndex::OnSegment(IpAddress ip, const Segment& segment) const {
  Cluster* const* found = by_segment_.Find({ip, segment});
  return found ? *found : nullptr;
}

const ClusterIndex::Sighting* ClusterIndex::OfHost(IpAddress cluster, uint32_t id, IpAddress ip,
                                                   std::optional<uint32_t> code) const {
  return by_host_.Find({cluster, ip, id, code});
}

Cluster* ClusterIndex::BesideTag(IpAddress ip, const Segment& segment) const {
  const Port* port = by_port_.Find(PortOf(ip, segment));
  if (!port || !port->only) return nullptr;
  const auto contradicts = [&](const Segment& other) { return Contradicts(other, segment); };
  const auto& segments = port->only->segments;
  return std::any_of(segments.begin(), segments.end(), contradicts) ? nullptr : port->only;
}

void ClusterIndex::AddSegment(Cluster& cluster, const Segment& segment) {
  if (cluster.segments.size() >= kMaxSegments) return;
  const bool is_new_port = !IsOnPortOf(cluster, segment);
  // First, so that no cluster is found on a segment that it does not know when memory runs out.
  cluster.segments.push_back(segment);
  if (Port* port = by_port_.FindOrAdd(PortOf(cluster.ip, segment))) {
    if (is_new_port) ++port->clusters;
    port->only = port->clusters == 1 ? &cluster : nullptr;
  }
  if (Cluster** entry = by_segment_.FindOrAdd({cluster.ip, segment})) *entry = &cluster;
}

void ClusterIndex::HeardHost(Cluster& cluster, const Host& host, Timestamp now) {
  if (Sighting* entry = by_host_.FindOrAdd(KeyOf(cluster, host))) *entry = {&cluster, now};
}

void ClusterIndex::RemoveHost(const Cluster& cluster, const Host& host) {
  const HostKey key = KeyOf(cluster, host);
  const Sighting* entry = by_host_.Find(key);
  if (entry && entry->cluster == &cluster) by_host_.Erase(key);
}

void ClusterIndex::Remove(const Cluster& cluster) {
  for (size_t i = 0; i < cluster.segments.size(); ++i) {
    const Segment& segment = cluster.segments[i];
    by_segment_.Erase({cluster.ip, segment});
    const auto begin = cluster.segments.begin();
    const bool counted =
        std::any_of(begin, begin + static_cast<std::ptrdiff_t>(i),
                    [&](const Segment& other) { return OnOnePort(other, segment); });
    Port* port = counted ? nullptr : by_port_.Find(PortOf(cluster.ip, segment));
    // Which one is left when two were is not known; it is not looked for, as such captures are
    // rare.
    if (port && --port->clusters == 0) by_port_.Erase(PortOf(cluster.ip, segment));
  }
  for (const Host& host : cluster.hosts) RemoveHost(cluster, host);
}

}  // namespace nlb
