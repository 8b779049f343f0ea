// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts of one cluster that contradict each other: shown on every heartbeat that does.
#include <cstdio>

#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/heartbeat_words.h"
#include "heuristics/registry.h"
#include "state/cluster_notes.h"

namespace nlb {
namespace {

std::string Id(uint32_t id) { return std::to_string(id); }

std::string Hex(uint32_t word) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", word);
  return text;
}

// "Host 3 announces 2 rules, host 1 announces 3: frame 41"
std::string BothSides(const Sighting& s, const Note& note, const std::string& verb,
                      const std::string& here, const std::string& there) {
  return "Host " + Id(Membership(s).header.host_id) + verb + here + ", host " +
         Id(OtherHost::Unpack(note.detail).host_id) + verb + there + ": " +
         FrameText(s, note.other);
}

std::string TellDuplicate(const Sighting& s, const Note& note) {
  const TwoWords other = TwoWords::Unpack(note.detail);
  const wire::Membership here = Membership(s);
  const std::string id = Id(here.header.host_id);
  if (here.header.host_ip.v4() == other.first) {
    return "Host " + id + " has code " + Hex(here.host_code) + " here and " + Hex(other.second) +
           " in " + FrameText(s, note.other);
  }
  return Text(here.header.host_ip) + " and " + TextV4(other.first) + " are both host " + id + ": " +
         FrameText(s, note.other);
}

std::string TellRules(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  if (other.extra != 0) {
    return "Port rule " + Id(other.extra) + " of host " + Id(Membership(s).header.host_id) +
           " differs from host " + Id(other.host_id) + "'s: " + FrameText(s, note.other);
  }
  return BothSides(s, note, " announces ", Count(Membership(s).rule_count, "rule"), Id(other.word));
}

std::string TellDefaultHost(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  const wire::Membership here = Membership(s);
  return "Host " + Id(here.header.host_id) + " says the default host is " +
         Id(here.default_host_id + 1u) + ", host " + Id(other.host_id) + " says " +
         Id(other.word + 1) + ": " + FrameText(s, note.other);
}

std::string TellMode(const Sighting& s, const Note& note) {
  const auto there = static_cast<nlb_mode>(OtherHost::Unpack(note.detail).word);
  return BothSides(s, note, " uses ", std::string(ModeName(ModeOfHeartbeat(s.frame.destination))),
                   std::string(ModeName(there)));
}

std::string TellTeaming(const Sighting& s, const Note& note) {
  return BothSides(s, note, " has ", "teaming " + Hex(Membership(s).teaming),
                   Hex(OtherHost::Unpack(note.detail).word));
}

std::string TellVersion(const Sighting& s, const Note& note) {
  return BothSides(s, note, " runs ", "version " + TextVersion(Membership(s).header.version),
                   TextVersion(OtherHost::Unpack(note.detail).word));
}

std::string TellFlapping(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  return Text(s.frame.source) + " is host " + Id(Membership(s).header.host_id) + " here and host " +
         Id(other.host_id) + " in " + FrameText(s, note.other);
}

std::optional<std::string> CheckClusterMac(const Sighting& s) {
  if (s.frame.content != Content::kHeartbeat) return std::nullopt;
  const auto header = wire::ReadHeader(s.frame.payload, s.frame.payload_wire_length);
  // What stands there in a cluster of IPv6 addresses alone is not known.
  if (!header || !header->cluster_ip.is_unicast()) return std::nullopt;
  const bool mine =
      s.frame.source_role == MacRole::kCluster || (s.frame.source_role == MacRole::kMaskedHost &&
                                                   MaskedHostId(s.frame.source) == header->host_id);
  const uint32_t tail = header->cluster_ip.mac_tail();
  const bool source_differs = mine && !Embeds(s.frame.source, tail);
  const bool destination_differs =
      s.frame.destination_role != MacRole::kNone && !Embeds(s.frame.destination, tail);
  if (!source_differs && !destination_differs) return std::nullopt;
  const MacAddress mac = source_differs ? s.frame.source : s.frame.destination;
  return Text(mac) + " is not made of the cluster IP " + Text(header->cluster_ip);
}

}  // namespace

constinit const Heuristic kDuplicateHostId{
    .finding = {"nlb.analysis.duplicate_host_id", NLB_ERROR, NLB_GROUP_PROTOCOL,
                "Two hosts with one ID",
                "Two hosts of the cluster have the same priority: convergence never ends.",
                "Give each host a priority of its own, 1 to 32 (NLB Manager, host properties).",
                "One host, by its host code, changed its NIC or its dedicated address.", "KB193599",
                NLB_SECTION_ANALYSIS},
    .event = Event::kDuplicateHostId,
    .tell = &TellDuplicate};

constinit const Heuristic kRuleMismatch{
    .finding = {"nlb.analysis.rule_mismatch", NLB_ERROR, NLB_GROUP_PROTOCOL, "Port rules differ",
                "Hosts of the cluster announce different port rules: the newcomer is not accepted.",
                "Make number, ports, protocol and filtering of the rules identical on all hosts.",
                "The other host is not alive.", "KB198496, KB193599", NLB_SECTION_ANALYSIS},
    .event = Event::kRuleMismatch,
    .tell = &TellRules};

constinit const Heuristic kDefaultHostConflict{
    .finding = {"nlb.analysis.default_host_conflict", NLB_ERROR, NLB_GROUP_PROTOCOL,
                "Split cluster",
                "For more than 10 s hosts have named different default hosts: they do not hear "
                "each other.",
                "Check VLAN, trunk and broadcast filtering between the ports of these hosts.",
                "A convergence of up to 10 s.", "KB197863, KB812870", NLB_SECTION_ANALYSIS},
    .event = Event::kDefaultHostConflict,
    .tell = &TellDefaultHost};

constinit const Heuristic kModeMismatch{
    .finding = {"nlb.analysis.mode_mismatch", NLB_ERROR, NLB_GROUP_PROTOCOL, "Cluster modes differ",
                "Hosts of one cluster run in different modes, which is not supported.",
                "Set one mode, unicast, multicast or IGMP multicast, on all hosts.",
                "The other host is not alive, or a destination MAC tells no mode.",
                "MSNLB16, KB556068", NLB_SECTION_ANALYSIS},
    .event = Event::kModeMismatch,
    .tell = &TellMode};

constinit const Heuristic kTeamingMismatch{
    .finding = {"nlb.analysis.teaming_mismatch", NLB_ERROR, NLB_GROUP_PROTOCOL, "Teaming differs",
                "Hosts disagree on bidirectional affinity: the cluster keeps converging.",
                "Make the team settings (BDATeaming) of all hosts equal.",
                "Both words are 0, or only reserved bits differ.", "MSHOST-BDA",
                NLB_SECTION_ANALYSIS},
    .event = Event::kTeamingMismatch,
    .tell = &TellTeaming};

constinit const Heuristic kVersionMismatch{
    .finding = {"nlb.analysis.version_mismatch", NLB_NOTE, NLB_GROUP_PROTOCOL,
                "NLB versions differ", "Hosts of one cluster run different versions of Windows.",
                "Accepted while upgrading host by host; finish the upgrade.",
                "The other host is not alive.", "KB232711", NLB_SECTION_ANALYSIS},
    .event = Event::kVersionMismatch,
    .tell = &TellVersion};

constinit const Heuristic kMacFlapping{
    .finding =
        {"nlb.analysis.mac_flapping", NLB_WARN, NLB_GROUP_PROTOCOL, "Two hosts behind one MAC",
         "Two hosts send heartbeats with one source MAC: the switch moves it from port to port.",
         "Set MaskSourceMAC=1 on all hosts, and make host priorities unique.",
         "One host was given another ID.", "KB193602", NLB_SECTION_ANALYSIS},
    .event = Event::kMacFlapping,
    .tell = &TellFlapping};

constinit const Heuristic kClusterMacDiffers{
    .finding = {"nlb.analysis.cluster_mac_differs", NLB_NOTE, NLB_GROUP_PROTOCOL,
                "Cluster MAC set by hand",
                "The cluster MAC is not made of the cluster IP: it was set by hand.",
                "Make sure that all hosts, static ARP and MAC entries use this MAC.",
                "The MAC carries the bytes of the cluster IP.", "KB232454", NLB_SECTION_ANALYSIS},
    .check = &CheckClusterMac};

}  // namespace nlb
