// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/attribution.h"

#include <utility>

#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/heuristic.h"
#include "state/cluster_address.h"

namespace nlb {
namespace {

std::optional<Attribution> ByHeartbeat(const Sighting& s) {
  const auto& heartbeat = s.frame.heartbeat;
  if (!heartbeat) return std::nullopt;
  const IpAddress cluster = heartbeat->cluster_ip;
  return Attribution{cluster, static_cast<uint8_t>(heartbeat->host_id),
                     ModeOfHeartbeat(s.frame.destination),
                     s.known.evidence.ClusterOfAddress(cluster, s.at)};
}

// The address that the frame's cluster MAC stands for.
IpAddress AddressBehindMac(const Sighting& s) {
  if (s.frame.claim) return s.frame.claim->ip;
  if (s.frame.content != Content::kHeartbeat) return s.frame.ip.destination;
  const auto& heartbeat = s.frame.heartbeat;
  return heartbeat ? heartbeat->cluster_ip : IpAddress{};
}

// Clusters whose addresses end alike share an IGMP MAC: there the address tells which one.
std::optional<Evidence> EvidenceOf(const Sighting& s, MacAddress mac) {
  if (RoleOf(mac) == MacRole::kIgmp) {
    const IpAddress ip = AddressBehindMac(s);
    auto evidence = s.known.evidence.ClusterOfAddress(ip, s.at);
    if (evidence && Embeds(mac, ip.mac_tail())) return evidence;
  }
  return s.known.evidence.ClusterOfMac(mac, s.at);
}

std::optional<Attribution> ByMac(const Sighting& s, MacAddress mac) {
  if (const auto host = s.known.evidence.HostByInterHostMac(mac, s.at)) {
    return Attribution{host->cluster, 0, NLB_MODE_UNICAST,
                       s.known.evidence.ClusterOfAddress(host->cluster, s.at)};
  }
  auto evidence = EvidenceOf(s, mac);
  if (!evidence) return std::nullopt;
  const nlb_mode mode = ModeOf(RoleOf(mac));
  const nlb_mode other = s.known.evidence.OtherMode(evidence->cluster, mode, s.at);
  return Attribution{evidence->cluster, 0, other == NLB_MODE_UNKNOWN ? mode : other,
                     std::move(evidence)};
}

// A frame from a host's station MAC, or from a router, still belongs to a cluster by its addresses.
std::optional<Attribution> ByAddress(const Sighting& s) {
  if (!s.frame.is_ip()) return std::nullopt;
  for (const IpAddress ip : {s.frame.ip.source, s.frame.ip.destination}) {
    if (auto evidence = ClusterOfAddress(ip, s.known.evidence, s.known.neighbours, s.at)) {
      return Attribution{evidence->cluster, 0, NLB_MODE_UNKNOWN, std::move(evidence)};
    }
  }
  return std::nullopt;
}

// A MAC that belongs to a known cluster, in words. Wireshark's own name for it, MS-NLB-PhysServer
// or MS-NLB-VirtServer, goes by the first two bytes alone.
std::optional<std::string> NameOf(const Sighting& s, MacAddress mac) {
  auto host = s.known.evidence.HostByInterHostMac(mac, s.at);
  if (!host) host = s.known.evidence.HostByStationMac(mac, s.at);
  if (host) return HostName(host->host_id, ClusterText(*host));
  const auto evidence = EvidenceOf(s, mac);
  if (!evidence) return std::nullopt;
  const std::string cluster = Text(evidence->cluster);
  if (RoleOf(mac) == MacRole::kMaskedHost) return HostName(MaskedHostId(mac), cluster);
  return "all hosts of " + cluster;
}

std::optional<Attribution> WithStation(const Sighting& s, std::optional<Attribution> found) {
  if (!found) return std::nullopt;
  const auto host = s.known.evidence.HostByStationMac(s.frame.source, s.at);
  if (host && host->cluster == found->cluster) found->host_id = host->host_id;
  return found;
}

// By whatever else than the source MAC.
std::optional<Attribution> ByOtherThanSource(const Sighting& s) {
  std::optional<Attribution> found;
  // A masked MAC is never an address to send to.
  if (s.frame.destination_role != MacRole::kMaskedHost) found = ByMac(s, s.frame.destination);
  if (!found && s.frame.claim) found = ByMac(s, s.frame.claim->mac);
  if (!found) found = ByAddress(s);
  return WithStation(s, std::move(found));
}

}  // namespace

std::string HostName(unsigned id, const std::string& cluster) {
  return "host " + std::to_string(id) + " of " + cluster;
}

std::optional<Attribution> AttributionOf(const Sighting& s) {
  if (s.frame.content == Content::kHeartbeat) return ByHeartbeat(s);
  if (!s.frame.has_nlb_mac && !s.known.evidence.knows_whole_macs()) {
    const bool may_be = s.frame.is_ip() && s.known.evidence.MayKnow(EndsOf(s.frame.ip));
    return may_be ? WithStation(s, ByAddress(s)) : std::nullopt;
  }
  // A group address is never a source.
  auto found = s.frame.source.is_group() ? std::nullopt : ByMac(s, s.frame.source);
  if (!found) return ByOtherThanSource(s);
  if (s.frame.source_role == MacRole::kMaskedHost) found->host_id = MaskedHostId(s.frame.source);
  if (const auto host = s.known.masks.HostBeforeMasking(s.frame.source, s.at)) {
    found->host_id = *host;
  }
  return found;
}

// A heartbeat names its sender, whatever its MAC; a frame from the cluster's own MAC hides it.
std::optional<std::string> SourceName(const Sighting& s) {
  if (const auto& heartbeat = s.frame.heartbeat) {
    return HostName(heartbeat->host_id, Text(heartbeat->cluster_ip));
  }
  const auto evidence = s.known.evidence.ClusterOfMac(s.frame.source, s.at);
  const MacRole role = s.frame.source_role;
  if (const auto host = s.known.masks.HostBeforeMasking(s.frame.source, s.at); host && evidence) {
    return HostName(*host, Text(evidence->cluster));
  }
  if (evidence && (role == MacRole::kCluster || role == MacRole::kNone)) {
    return "a host of " + Text(evidence->cluster);
  }
  return NameOf(s, s.frame.source);
}

std::optional<std::string> DestinationName(const Sighting& s) {
  return NameOf(s, s.frame.destination);
}

}  // namespace nlb
