// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/multicast.h"

#include "base/text.h"
#include "facts/mac_class.h"

namespace nlb::multicast {
namespace {

bool IsUnicastIpToGroup(const Sighting& s) {
  const MacAddress to = s.frame.destination;
  return s.frame.is_ip() && to.is_group() && !to.is_broadcast() &&
         s.frame.ip.destination.is_unicast() && !s.known.evidence.InterHost(to, s.at);
}

// A router may keep an ARP entry of the mode before.
std::optional<std::string> OtherModeText(const Sighting& s, IpAddress cluster) {
  const IpAddress ip = s.frame.ip.destination;
  if (s.known.evidence.OfAddress(ip, s.at)) cluster = ip;
  const nlb_mode other =
      s.known.evidence.OtherMode(cluster, ModeOf(s.frame.destination_role), s.at);
  if (other == NLB_MODE_UNKNOWN) return std::nullopt;
  const std::string mode(other == NLB_MODE_IGMP ? "IGMP" : ModeName(other));
  return Text(ip) + " goes to " + Text(s.frame.destination) + ", the mode is " + mode;
}

}  // namespace

bool MatchesMulticast(const Sighting& s) {
  return IsUnicastIpToGroup(s) && s.known.evidence.Of(s.frame.destination, s.at);
}

std::string DescribeMulticast(const Sighting& s, const Note& note) {
  const auto evidence = s.known.evidence.Of(s.frame.destination, s.at);
  const auto stale = evidence ? OtherModeText(s, evidence->cluster) : std::nullopt;
  return stale ? *stale : DescribeOtherGroup(s, note);
}

bool MatchesOtherGroup(const Sighting& s) {
  return IsUnicastIpToGroup(s) && !s.known.evidence.Of(s.frame.destination, s.at);
}

std::string DescribeOtherGroup(const Sighting& s, const Note&) {
  return GroupMacText(s.frame.ip.destination, " is reached by", s.frame.destination);
}

}  // namespace nlb::multicast
