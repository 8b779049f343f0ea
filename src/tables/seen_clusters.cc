// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/seen_clusters.h"

#include "facts/mac_class.h"
#include "state/cluster_address.h"
#include "tables/command_text.h"
#include "wire/heartbeat.h"

namespace nlb {
namespace {

template <typename T>
bool Set(T& value, const T& now) {
  if (value == now) return false;
  value = now;
  return true;
}

// A MAC that stands for all hosts of this cluster, told by evidence.
bool IsMacOf(const Sighting& s, MacAddress mac, IpAddress cluster) {
  if (RoleOf(mac) == MacRole::kMaskedHost || s.known.evidence.HostByInterHostMac(mac, s.at))
    return false;
  const auto evidence = s.known.evidence.ClusterOfMac(mac, s.at);
  return evidence && evidence->cluster == cluster;
}

// A router is on the way of frames that belong to the cluster by their addresses alone: their tag
// may be another VLAN's.
bool IsInClustersVlan(const Sighting& s, IpAddress cluster) {
  if (s.frame.content == Content::kHeartbeat) return true;
  const MacAddress claimed = s.frame.claim ? s.frame.claim->mac : MacAddress{};
  for (const MacAddress mac : {s.frame.source, s.frame.destination, claimed}) {
    const auto evidence = s.known.evidence.ClusterOfMac(mac, s.at);
    if (evidence && evidence->cluster == cluster) return true;
    const auto host = s.known.evidence.HostByStationMac(mac, s.at);
    if (host && host->cluster == cluster) return true;
  }
  return false;
}

bool AreApart(const Segment& a, const Segment& b) {
  return a.interface_id != b.interface_id || wire::InDifferentVlans(a.vlan, b.vlan);
}

}  // namespace

bool AreHostsHeardApart(const SeenCluster& cluster) {
  const SeenHost* first = nullptr;
  bool apart = false;
  for (const auto& [id, host] : cluster.hosts) {
    if (host.heartbeats == 0) continue;
    if (host.on_two_segments) return false;
    if (!first) first = &host;
    apart |= AreApart(first->segment, host.segment);
  }
  return apart;
}

std::optional<IpAddress> ClusterOfAddress(const Sighting& s, IpAddress ip) {
  const auto evidence = ClusterOfAddress(ip, s.known.evidence, s.known.neighbours, s.at);
  return evidence ? std::optional(evidence->cluster) : std::nullopt;
}

const SeenCluster* SeenClusters::Find(IpAddress ip) const {
  const auto found = clusters_.find(ip);
  return found == clusters_.end() ? nullptr : &found->second;
}

SeenCluster* SeenClusters::FindOrAdd(IpAddress ip, bool& changed) {
  const auto found = clusters_.find(ip);
  if (found != clusters_.end()) return &found->second;
  if (clusters_.size() >= kMaxClusters) return nullptr;
  changed = true;
  SeenCluster& cluster = clusters_[ip];
  cluster.ip = ip;
  return &cluster;
}

SeenClusters::Observation SeenClusters::Observe(const Sighting& s, std::optional<Attribution> of) {
  if (!of && s.frame.is_ip()) {
    auto cluster = ClusterOfAddress(s, s.frame.ip.source);
    if (!cluster) cluster = ClusterOfAddress(s, s.frame.ip.destination);
    if (cluster) of = Attribution{*cluster, 0, NLB_MODE_UNKNOWN, std::nullopt};
  }
  const bool is_heartbeat = s.frame.content == Content::kHeartbeat;
  if (!of || !of->cluster.is_unicast()) return {};
  Observation seen;
  seen.cluster = FindOrAdd(of->cluster, seen.changed);
  if (!seen.cluster) return {};
  if (is_heartbeat) seen.changed |= ObserveHeartbeat(s, *of, *seen.cluster);
  seen.changed |= LearnMode(*of, is_heartbeat, *seen.cluster);
  seen.changed |= LearnMac(s, *seen.cluster);
  seen.changed |= LearnVlan(s, *seen.cluster);
  seen.changed |= LearnHost(s, *of, *seen.cluster);
  if (s.frame.claim) seen.changed |= LearnAddress(s, *seen.cluster);
  if (s.frame.is_ip()) Count(s, *seen.cluster);
  return seen;
}

bool SeenClusters::ObserveHeartbeat(const Sighting& s, const Attribution& of,
                                    SeenCluster& cluster) {
  const auto& header = s.frame.heartbeat;
  if (!header || of.host_id == 0 || of.host_id > wire::kHighestHostId) return false;
  ++cluster.heartbeats;
  SeenHost& host = cluster.hosts[of.host_id];
  if (++host.heartbeats == 1) host.segment = s.frame.segment;
  host.on_two_segments |= AreApart(host.segment, s.frame.segment);
  if (!header->host_ip.is_unicast() || !Set(host.ip, header->host_ip)) {
    return host.heartbeats == 1;
  }
  if (Owner* owner = owners_.FindOrAdd(header->host_ip)) *owner = {cluster.ip, of.host_id};
  return true;
}

// A heartbeat tells the mode best; addresses alone do not.
bool SeenClusters::LearnMode(const Attribution& of, bool from_heartbeat, SeenCluster& cluster) {
  if (of.mode == NLB_MODE_UNKNOWN) return false;
  if (cluster.mode != NLB_MODE_UNKNOWN && !from_heartbeat) return false;
  if (!Set(cluster.mode, of.mode)) return false;
  if (!cluster.mac_was_seen) cluster.mac = ClusterMacOf(cluster.mode, cluster.ip);
  return true;
}

bool SeenClusters::LearnMac(const Sighting& s, SeenCluster& cluster) {
  const auto take = [&](MacAddress mac) {
    if (!IsMacOf(s, mac, cluster.ip)) return false;
    // A stale entry of another mode is no MAC of this cluster's.
    const nlb_mode mode = ModeOf(RoleOf(mac));
    if (mode != NLB_MODE_UNKNOWN && mode != cluster.mode) return false;
    cluster.mac_was_seen = true;
    return Set(cluster.mac, mac);
  };
  if (s.frame.claim && s.frame.claim->ip == cluster.ip) return take(s.frame.claim->mac);
  if (s.frame.content == Content::kHeartbeat) {
    return s.frame.destination.is_group() && take(s.frame.destination);
  }
  return s.frame.is_ip() && s.frame.ip.destination == cluster.ip && take(s.frame.destination);
}

bool SeenClusters::LearnVlan(const Sighting& s, SeenCluster& cluster) {
  const wire::VlanStack& vlan = s.frame.segment.vlan;
  if (cluster.vlan != 0 || vlan.count == 0 || !IsInClustersVlan(s, cluster.ip)) return false;
  cluster.vlan = static_cast<uint16_t>(vlan.ids & 0xFFF);
  return true;
}

bool SeenClusters::LearnHost(const Sighting& s, const Attribution& of, SeenCluster& cluster) {
  if (of.host_id == 0 || of.host_id > wire::kHighestHostId) return false;
  const bool is_new = !cluster.hosts.contains(of.host_id);
  SeenHost& host = cluster.hosts[of.host_id];
  const bool tells = s.frame.source_role != MacRole::kCluster;
  return (tells && host.mac == MacAddress() && Set(host.mac, s.frame.source)) || is_new;
}

// A further address is one that ARP gives the cluster's MAC, and that is no host's own.
bool SeenClusters::LearnAddress(const Sighting& s, SeenCluster& cluster) {
  const IpAddress ip = s.frame.claim->ip;
  if (ip == cluster.ip || cluster.further.size() >= kMaxFurther) return false;
  return ClusterOfAddress(s, ip) == cluster.ip && cluster.further.insert(ip).second;
}

void SeenClusters::Count(const Sighting& s, SeenCluster& cluster) {
  if (ClusterOfAddress(s, s.frame.ip.destination) == cluster.ip) ++cluster.requests;
  if (ClusterOfAddress(s, s.frame.ip.source) == cluster.ip) ++cluster.answers;
}

}  // namespace nlb
