// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which cluster an IP address is one of: its primary address by evidence, a further one that ARP or
// neighbour discovery answered with a known cluster's MAC, or one that traffic proves.
#pragma once

#include "state/evidence.h"
#include "state/neighbours.h"

namespace nlb {

inline std::optional<Evidence> ClusterOfAddress(IpAddress ip, const EvidenceTable& evidence,
                                                const Neighbours& neighbours, Position at) {
  if (!evidence.MayKnowAddress(static_cast<uint32_t>(ip.low()))) return std::nullopt;
  if (!ip.is_unicast() || !evidence.knows_clusters()) return std::nullopt;
  if (auto own = evidence.ClusterOfAddress(ip, at)) return own;
  // In unicast mode the hosts' own addresses are answered with the cluster's MAC, too.
  if (evidence.IsHostAddress(ip, at)) return std::nullopt;
  if (const auto* answer = neighbours.AnsweredWith(ip, at)) {
    const auto cluster = evidence.ClusterOfMac(answer->mac, at);
    if (cluster) return Evidence{cluster->cluster, Proof::kArp, answer->since};
  }
  return evidence.ClusterByTraffic(ip, at);
}

inline bool IsClusterAddress(IpAddress ip, const EvidenceTable& evidence,
                             const Neighbours& neighbours, Position at) {
  return ClusterOfAddress(ip, evidence, neighbours, at).has_value();
}

}  // namespace nlb
