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

std::string DescribeClusterMac(const Sighting& s, const Note& note) {
  return Text(note.mac()) + " is not made of the cluster IP " +
         Text(Membership(s).header.cluster_ip);
}

// A MAC that the user's table gives to the cluster, or with which ARP answers for it alone, was set
// by hand, and is not the host's own.
bool IsNotTheClusters(const Sighting& s, const Transition& transition) {
  if (transition.note.detail != 0) return true;
  const MacAddress mac = transition.note.mac();
  const auto owner = s.known.neighbours.AddressOf(s.frame.segment, mac, s.at);
  const auto header = s.frame.heartbeat.value_or(wire::Header{});
  return !s.known.evidence.ClusterOfMac(mac, s.at) && owner != header.cluster_ip;
}

std::string DescribeKeepsMac(const Sighting& s, const Note& note) {
  return Speaker(s) + " sends from its own MAC " + Text(note.mac());
}

std::string DescribeUnconfigured(const Sighting&, const Note& note) {
  return Text(note.mac()) + " names no cluster: NLB is not set up there";
}

}  // namespace nlb::conflicts
