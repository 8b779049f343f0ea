// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/cluster_conflicts.h"

#include <cstdio>

#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/heartbeat_words.h"
#include "state/cluster_notes.h"

namespace nlb::conflicts {
namespace {

std::string Id(uint32_t id) { return std::to_string(id); }

std::string Hex(uint32_t word) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", word);
  return text;
}

// "Host 3 announces 2 rules, host 1 announces 3"
std::string BothSides(const Sighting& s, const Note& note, const std::string& verb,
                      const std::string& here, const std::string& there) {
  return "Host " + Id(Membership(s).header.host_id) + verb + here + ", host " +
         Id(OtherHost::Unpack(note.detail).host_id) + verb + there;
}

// The MAC in a heartbeat that should be made of the cluster IP and is not.
std::optional<MacAddress> MacOfOtherBytes(const Sighting& s) {
  const auto& header = s.frame.heartbeat;
  // What stands there in a cluster of IPv6 addresses alone is not known.
  if (!header || !header->cluster_ip.is_unicast()) return std::nullopt;
  const bool mine =
      s.frame.source_role == MacRole::kCluster || (s.frame.source_role == MacRole::kMaskedHost &&
                                                   MaskedHostId(s.frame.source) == header->host_id);
  const uint32_t tail = header->cluster_ip.mac_tail();
  if (mine && !Embeds(s.frame.source, tail)) return s.frame.source;
  const bool destination_differs =
      s.frame.destination_role != MacRole::kNone && !Embeds(s.frame.destination, tail);
  return destination_differs ? std::optional(s.frame.destination) : std::nullopt;
}

}  // namespace

std::string DescribeDuplicate(const Sighting& s, const Note& note) {
  const TwoWords other = TwoWords::Unpack(note.detail);
  const wire::Membership here = Membership(s);
  const std::string id = Id(here.header.host_id);
  if (here.header.host_ip.v4() == other.first) {
    return "Host " + id + " has code " + Hex(here.host_code) +
           " here and another host with that ID has " + Hex(other.second);
  }
  return Text(here.header.host_ip) + " and " + TextV4(other.first) + " are both host " + id;
}

FieldValue TwinId(const Sighting& s, const Note&) { return uint64_t{Membership(s).header.host_id}; }

FieldValue TwinIp(const Sighting&, const Note& note) {
  return IpAddress::V4(TwoWords::Unpack(note.detail).first);
}

std::string DescribeRules(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  if (other.extra != 0) {
    return "Port rule " + Id(other.extra) + " of host " + Id(Membership(s).header.host_id) +
           " differs from host " + Id(other.host_id) + "'s";
  }
  return BothSides(s, note, " announces ", Count(Membership(s).rule_count, "rule"), Id(other.word));
}

std::string DescribeDefaultHost(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  const wire::Membership here = Membership(s);
  return "Host " + Id(here.header.host_id) + " says the default host is " +
         Id(here.default_host_id + 1u) + ", host " + Id(other.host_id) + " says " +
         Id(other.word + 1);
}

std::string DescribeMode(const Sighting& s, const Note& note) {
  const auto there = static_cast<nlb_mode>(OtherHost::Unpack(note.detail).word);
  return BothSides(s, note, " uses ", std::string(ModeName(ModeOfHeartbeat(s.frame.destination))),
                   std::string(ModeName(there)));
}

std::string DescribeTeaming(const Sighting& s, const Note& note) {
  return BothSides(s, note, " has ", "teaming " + Hex(Membership(s).teaming),
                   Hex(OtherHost::Unpack(note.detail).word));
}

std::string DescribeVersion(const Sighting& s, const Note& note) {
  return BothSides(s, note, " runs ", "version " + TextVersion(Membership(s).header.version),
                   TextVersion(OtherHost::Unpack(note.detail).word));
}

std::string DescribeFlapping(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  return Text(s.frame.source) + " is host " + Id(Membership(s).header.host_id) +
         " here and was host " + Id(other.host_id) + " before";
}

bool MatchesClusterMac(const Sighting& s) { return MacOfOtherBytes(s).has_value(); }

std::string DescribeClusterMac(const Sighting& s, const Note&) {
  return Text(MacOfOtherBytes(s).value_or(MacAddress{})) + " is not made of the cluster IP " +
         Text(s.frame.heartbeat.value_or(wire::Header{}).cluster_ip);
}

}  // namespace nlb::conflicts
