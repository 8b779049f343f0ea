// SPDX-License-Identifier: GPL-2.0-or-later
// Unicast IP addresses behind group MACs.
#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/registry.h"

namespace nlb {
namespace {

bool IsUnicastIpToGroup(const Sighting& s) {
  const MacAddress to = s.frame.destination;
  return s.frame.is_ip() && to.is_group() && !to.is_broadcast() &&
         s.frame.ip.destination.is_unicast();
}

bool IsInterHost(const Sighting& s) {
  return s.known.evidence.InterHost(s.frame.destination, s.at).has_value();
}

// A router may keep an ARP entry of the mode before.
std::optional<std::string> OtherModeText(const Sighting& s, IpAddress cluster) {
  const IpAddress ip = s.frame.ip.destination;
  if (ip.is_v6()) return std::nullopt;  // no room
  if (s.known.evidence.OfAddress(ip, s.at)) cluster = ip;
  const nlb_mode other =
      s.known.evidence.OtherMode(cluster, ModeOf(s.frame.destination_role), s.at);
  if (other == NLB_MODE_UNKNOWN) return std::nullopt;
  const std::string mode(other == NLB_MODE_IGMP ? "IGMP" : ModeName(other));
  return Text(ip) + " goes to " + Text(s.frame.destination) + ", the mode is " + mode;
}

std::optional<std::string> CheckMulticast(const Sighting& s) {
  if (!IsUnicastIpToGroup(s) || IsInterHost(s)) return std::nullopt;
  const auto evidence = s.known.evidence.Of(s.frame.destination, s.at);
  if (!evidence) return std::nullopt;
  if (auto stale = OtherModeText(s, evidence->cluster)) return stale;
  return GroupMacText(s.frame.ip.destination, " is reached by", s.frame.destination);
}

std::optional<std::string> CheckOtherGroup(const Sighting& s) {
  if (!IsUnicastIpToGroup(s) || IsInterHost(s) || s.known.evidence.Of(s.frame.destination, s.at))
    return std::nullopt;
  return GroupMacText(s.frame.ip.destination, " is reached by", s.frame.destination);
}

}  // namespace

constinit const Heuristic kMulticastMac{
    .finding =
        {"nlb.analysis.multicast_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
         "Unicast IP to the cluster's group MAC",
         "Switches flood this frame to every port of the VLAN, as multicast mode needs; in another "
         "mode the sender's ARP entry is wrong.",
         "Give the cluster its own VLAN, static MAC entries or IGMP mode; mend stale ARP entries.",
         "The group is a real IP multicast group, or two hosts of a unicast cluster talk.",
         "KB232711, KB283028", NLB_SECTION_ANALYSIS},
    .check = &CheckMulticast};

constinit const Heuristic kUnicastIpGroupMac{
    .finding =
        {"nlb.analysis.unicast_ip_group_mac", NLB_NOTE, NLB_GROUP_PROTOCOL,
         "Unicast IP to a group MAC",
         "A cluster other than a known NLB one, or a static ARP entry, sends one address to many "
         "ports.",
         "Find who answers ARP for the address with a group MAC; contain the flood in a VLAN.",
         "nlb.analysis.multicast_mac fires, or the frame is a broadcast.", "RFC 1812 3.3.2",
         NLB_SECTION_ANALYSIS},
    .check = &CheckOtherGroup};

}  // namespace nlb
