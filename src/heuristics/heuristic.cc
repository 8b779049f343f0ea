// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/heuristic.h"

#include <array>

#include "base/text.h"
#include "facts/mac_class.h"

namespace nlb {

const char* SeverityName(nlb_severity severity) {
  constexpr std::array<const char*, 4> kNames = {"Chat", "Note", "Warning", "Error"};
  const auto index = static_cast<size_t>(severity);
  return index < kNames.size() ? kNames[index] : "";
}

std::string GroupMacText(IpAddress ip, const char* what, MacAddress mac) {
  return Text(ip) + what + " group MAC " + Text(mac);
}

std::string ClusterText(const KnownHost& host) {
  if (host.cluster.version() != 0) return Text(host.cluster);
  return Text(UnicastClusterMac(host.mac_tail));
}

bool Owns(const Sighting& sighting, MacAddress mac, IpAddress ip) {
  if (!ip.is_unicast()) return false;
  if (Embeds(mac, ip.mac_tail()) && sighting.known.evidence.ClusterOfMac(mac, sighting.at))
    return true;
  const auto* answer = sighting.known.neighbours.AnsweredWith(ip, sighting.at);
  if (answer && answer->mac == mac) return true;
  const auto cluster = sighting.known.evidence.ClusterByTraffic(ip, sighting.at);
  const auto its = cluster ? sighting.known.evidence.ClusterOfMac(mac, sighting.at) : std::nullopt;
  return its && its->cluster == cluster->cluster;
}

}  // namespace nlb
