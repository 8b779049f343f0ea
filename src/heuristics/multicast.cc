// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/multicast.h"

#include "base/text.h"
#include "facts/mac_class.h"
#include "state/flood_tracker.h"

namespace nlb::multicast {
namespace {

bool IsUnicastIpToGroup(const Sighting& s) {
  const MacAddress to = s.frame.destination;
  return s.frame.is_ip() && to.is_group() && !to.is_broadcast() &&
         s.frame.ip.destination.is_unicast() && !s.known.evidence.HostByInterHostMac(to, s.at);
}

// Whether the cluster is proven to be in the mode that this MAC is made for. One that was set by
// hand is made for none.
bool IsOfMode(const Sighting& s) {
  const auto evidence = s.known.evidence.ClusterOfMac(s.frame.destination, s.at);
  const nlb_mode mode = ModeOf(s.frame.destination_role);
  if (!evidence || mode == NLB_MODE_UNKNOWN) return evidence.has_value();
  const IpAddress ip = s.frame.ip.destination;
  const IpAddress cluster = s.known.evidence.ClusterOfAddress(ip, s.at) ? ip : evidence->cluster;
  return s.known.evidence.CameToMode(cluster, mode, 0, s.at);
}

// Group MACs that a standard prescribes for unicast addresses, and addresses that stay inside a
// machine or a device.
bool IsPrescribed(const FrameFacts& frame) {
  constexpr uint64_t kBfdOnLinkBundles = 0x01005E900001;  // RFC 7130 2.2
  const IpAddress ip = frame.ip.destination;
  const bool loopback = ip.is_v4() ? ip.v4() >> 24 == 127 : ip == IpAddress::V6(0, 1);
  return loopback || frame.destination.bits() == kBfdOnLinkBundles;
}

// A router may keep an ARP entry of the mode before.
std::optional<std::string> OtherModeText(const Sighting& s, IpAddress cluster) {
  const IpAddress ip = s.frame.ip.destination;
  if (s.known.evidence.ClusterOfAddress(ip, s.at)) cluster = ip;
  const nlb_mode other =
      s.known.evidence.OtherMode(cluster, ModeOf(s.frame.destination_role), s.at);
  if (other == NLB_MODE_UNKNOWN) return std::nullopt;
  const std::string mode(other == NLB_MODE_IGMP ? "IGMP" : ModeName(other));
  return Text(ip) + " goes to " + Text(s.frame.destination) + ", the mode is " + mode;
}

}  // namespace

bool MatchesMulticast(const Sighting& s) { return IsUnicastIpToGroup(s) && IsOfMode(s); }

bool MatchesStale(const Sighting& s) {
  return IsUnicastIpToGroup(s) && s.known.evidence.ClusterOfMac(s.frame.destination, s.at) &&
         !IsOfMode(s);
}

std::string DescribeStale(const Sighting& s, const Note& note) {
  const auto evidence = s.known.evidence.ClusterOfMac(s.frame.destination, s.at);
  const auto stale = evidence ? OtherModeText(s, evidence->cluster) : std::nullopt;
  return stale ? *stale : DescribeOtherGroup(s, note);
}

bool MatchesOtherGroup(const Sighting& s) {
  return IsUnicastIpToGroup(s) && !IsPrescribed(s.frame) &&
         !s.known.evidence.ClusterOfMac(s.frame.destination, s.at);
}

std::string DescribeFlood(const Sighting& s, const Note& note) {
  const Flood flood = Flood::Unpack(note);
  return "This port gets " + std::to_string(flood.packets) + " packets, " +
         std::to_string(flood.bytes) + " bytes in " + Text(flood.lasts) + ", from " +
         std::to_string(flood.clients) + " clients to " + Text(s.frame.ip.destination);
}

FieldValue FloodPackets(const Sighting&, const Note& note) {
  return uint64_t{Flood::Unpack(note).packets};
}
FieldValue FloodBytes(const Sighting&, const Note& note) {
  return uint64_t{Flood::Unpack(note).bytes};
}
FieldValue FloodClients(const Sighting&, const Note& note) {
  return uint64_t{Flood::Unpack(note).clients};
}

std::string DescribeOtherGroup(const Sighting& s, const Note&) {
  return GroupMacText(s.frame.ip.destination, " is reached by", s.frame.destination);
}

}  // namespace nlb::multicast
