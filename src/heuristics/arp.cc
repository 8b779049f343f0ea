// SPDX-License-Identifier: GPL-2.0-or-later
// What NLB does to ARP and neighbour discovery.
#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/registry.h"
#include "state/cluster_notes.h"

namespace nlb {
namespace {

std::optional<std::string> CheckGroupMac(const Sighting& s) {
  const auto& claim = s.frame.claim;
  if (!claim || !claim->mac.is_group() || claim->mac.is_broadcast() || !claim->ip.is_unicast()) {
    return std::nullopt;
  }
  if (s.known.evidence.InterHost(claim->mac, s.at)) return std::nullopt;
  return GroupMacText(claim->ip, " is mapped to", claim->mac);
}

// The outside that NLB puts around a cluster MAC inside: the masked MAC of the same cluster in
// unicast mode, and the host's own station MAC in the multicast modes. Any stranger has a station
// MAC, and may give the cluster's to a gateway: it must be the one that heartbeats come from, or
// speak for the cluster's own address.
bool ExplainsOutside(const Sighting& s, const Evidence& inside) {
  const wire::Claim& claim = *s.frame.claim;
  const MacAddress outside = s.frame.source;
  if (s.frame.source_role == MacRole::kMaskedHost) return outside.tail() == claim.mac.tail();
  if (s.frame.source_role != MacRole::kNone || outside.is_group() || !claim.mac.is_group()) {
    return false;
  }
  if (claim.ip == inside.cluster || Embeds(claim.mac, claim.ip.mac_tail())) return true;
  const auto host = s.known.evidence.Station(outside, s.at);
  return host && host->cluster == inside.cluster;
}

std::optional<std::string> CheckSenderDiffers(const Sighting& s) {
  const auto& claim = s.frame.claim;
  if (!claim || claim->mac == s.frame.source) return std::nullopt;
  if (const auto host = s.known.evidence.InterHost(claim->mac, s.at)) {
    const bool member =
        s.frame.source_role == MacRole::kMaskedHost && s.frame.source.tail() == host->mac_tail;
    if (!member) return std::nullopt;
    return "Host " + std::to_string(host->host_id) + " of " + ClusterText(*host) +
           " tells another host its own MAC";
  }
  if (RoleOf(claim->mac) == MacRole::kMaskedHost) return std::nullopt;
  const auto evidence = s.known.evidence.Of(claim->mac, s.at);
  if (!evidence || !ExplainsOutside(s, *evidence)) return std::nullopt;
  return Text(claim->mac) + " inside, " + Text(s.frame.source) + " outside: NLB, no spoofing";
}

std::optional<std::string> CheckInterHost(const Sighting& s) {
  auto host = s.known.evidence.InterHost(s.frame.destination, s.at);
  if (!host && s.frame.claim) host = s.known.evidence.InterHost(s.frame.claim->mac, s.at);
  if (!host) return std::nullopt;
  return "Traffic between hosts of " + ClusterText(*host) + ": this is host " +
         std::to_string(host->host_id) + "'s MAC";
}

// Claims that follow each other more slowly are a change of the set-up, not a quarrel.
constexpr Duration kQuarrel = std::chrono::seconds(60);

bool AcceptConflict(const Sighting&, const Transition& t) {
  return UnpackDuration(t.note.detail) < kQuarrel;
}

std::string TellConflict(const Sighting& s, const Note& note) {
  // The frame had a claim when it was fed; another pass may unwrap its record in another way.
  const wire::Claim claim = s.frame.claim.value_or(wire::Claim{});
  return Text(claim.ip) + " moves from " + Text(note.mac()) + " to " + Text(claim.mac);
}

std::string TellSecondary(const Sighting& s, const Note& note) {
  return Text(s.frame.ip.destination) + " was answered with " + Text(note.mac()) + " in " +
         FrameText(s, note.other);
}

}  // namespace

constinit const Heuristic kVipMacConflict{
    .finding =
        {"nlb.analysis.vip_mac_conflict", NLB_ERROR, NLB_GROUP_PROTOCOL,
         "Two cluster MACs claim one address",
         "Two clusters, or hosts of one with different settings, claim the same virtual address.",
         "Enter the same cluster IP, mode and MAC on all hosts; give each cluster its own address.",
         "The claims are 60 s or more apart, or the address is a host's own.", "KB193598",
         NLB_SECTION_ANALYSIS},
    .event = Event::kVipMacConflict,
    .accept = &AcceptConflict,
    .tell = &TellConflict};

constinit const Heuristic kSecondaryVipMac{
    .finding = {"nlb.analysis.secondary_vip_mac", NLB_WARN, NLB_GROUP_PROTOCOL,
                "MAC of another address or mode",
                "NLB has one MAC for all addresses, made of the primary one and of its mode; the "
                "sender has a wrong ARP entry.",
                "On the gateway, map every address of the cluster to the MAC that ARP answers.",
                "ARP answered the address with this MAC, or nobody asked.", "MSBLOG-PRI",
                NLB_SECTION_ANALYSIS},
    .event = Event::kSecondaryVipMac,
    .tell = &TellSecondary};

constinit const Heuristic kInterHostMac{
    .finding = {"nlb.analysis.inter_host_mac", NLB_CHAT, NLB_GROUP_PROTOCOL, "Host to host MAC",
                "In unicast mode hosts reach each other by a MAC of their own, 03-BF and the "
                "dedicated IP.",
                "Nothing to do.",
                "Neither heartbeats nor the host's own ARP prove the address in the MAC a host's.",
                "SAMURAJ-CZ", NLB_SECTION_ANALYSIS},
    .routine = true,
    .check = &CheckInterHost};

constinit const Heuristic kArpMulticastMac{
    .finding = {"nlb.analysis.arp_multicast_mac", NLB_WARN, NLB_GROUP_PROTOCOL,
                "ARP maps a unicast IP to a group MAC",
                "Hosts accept this, routers must refuse it, asked or asking: the address is dead "
                "from other subnets.",
                "Add a static ARP entry for the address on the gateway, and a static MAC entry on "
                "switches.",
                "nlb.analysis.inter_host_mac fires.", "RFC 1812 3.3.2", NLB_SECTION_ANALYSIS},
    .check = &CheckGroupMac};

constinit const Heuristic kArpSenderDiffers{
    .finding = {"nlb.analysis.arp_sender_differs", NLB_CHAT, NLB_GROUP_PROTOCOL,
                "ARP sender differs from the frame's source",
                "NLB answers ARP with the cluster MAC but sends the frame from another; this is "
                "not spoofing.",
                "Nothing to do; where ARP inspection drops it, exempt the cluster's ports.",
                "NLB does not explain the two MACs.", "KB193602", NLB_SECTION_ANALYSIS},
    .check = &CheckSenderDiffers};

}  // namespace nlb
