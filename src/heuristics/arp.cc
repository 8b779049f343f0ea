// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/arp.h"

#include "base/text.h"
#include "facts/mac_class.h"
#include "state/cluster_address.h"
#include "state/cluster_notes.h"

namespace nlb::arp {
namespace {

// Claims that follow each other more slowly are a change of the set-up, not a quarrel.
constexpr Duration kQuarrel = std::chrono::seconds(60);

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
  const auto host = s.known.evidence.HostByStationMac(outside, s.at);
  return host && host->cluster == inside.cluster;
}

bool IsMaskOf(const Sighting& s, const KnownHost& host) {
  return s.frame.source_role == MacRole::kMaskedHost && s.frame.source.tail() == host.mac_tail;
}

// The host that an inter-host MAC of this frame, outside or inside, is made of.
std::optional<KnownHost> InterHostOf(const Sighting& s) {
  const auto host = s.known.evidence.HostByInterHostMac(s.frame.destination, s.at);
  if (host || !s.frame.claim) return host;
  return s.known.evidence.HostByInterHostMac(s.frame.claim->mac, s.at);
}

// Whose MAC it is, as far as known: "00:0e:0c:00:00:77 (192.168.2.9)".
std::string OwnerText(const Sighting& s, MacAddress mac, IpAddress claimed) {
  if (const auto host = s.known.evidence.HostByStationMac(mac, s.at)) {
    return Text(mac) + " (host " + std::to_string(host->host_id) + " of " + ClusterText(*host) +
           ")";
  }
  const auto ip = s.known.neighbours.AddressOf(s.frame.segment, mac, s.at);
  return ip && *ip != claimed ? Text(mac) + " (" + Text(*ip) + ")" : Text(mac);
}

}  // namespace

bool AcceptsRefusedAnswer(const Sighting&, const Transition& t) { return t.note.detail == 0; }

std::string DescribeRefusedAnswer(const Sighting& s, const Note& note) {
  const wire::Claim claim = s.frame.claim.value_or(wire::Claim{});
  return Text(s.frame.source) + " (" + Text(claim.ip) + ") refuses " + Text(note.mac()) +
         " and asks for " + Text(claim.target) + " again";
}

std::string DescribeRefusedQuestion(const Sighting& s, const Note& note) {
  const wire::Claim claim = s.frame.claim.value_or(wire::Claim{});
  const auto host = s.known.evidence.HostByStationMac(s.frame.source, s.at);
  const std::string who = host ? "host " + std::to_string(host->host_id) + " of " : "";
  return Text(claim.target) + " never answers " + who + Text(claim.ip) + ", whose ARP names " +
         Text(note.mac());
}

bool MatchesGroupMac(const Sighting& s) {
  const auto& claim = s.frame.claim;
  return claim && claim->mac.is_group() && !claim->mac.is_broadcast() && claim->ip.is_unicast() &&
         claim->mac != s.frame.source && !s.known.evidence.HostByInterHostMac(claim->mac, s.at);
}

std::string DescribeGroupMac(const Sighting& s, const Note&) {
  return GroupMacText(s.frame.claim->ip, " is mapped to", s.frame.claim->mac);
}

bool MatchesSenderDiffers(const Sighting& s) {
  const auto& claim = s.frame.claim;
  if (!claim || claim->mac == s.frame.source) return false;
  if (const auto host = s.known.evidence.HostByInterHostMac(claim->mac, s.at))
    return IsMaskOf(s, *host);
  if (RoleOf(claim->mac) == MacRole::kMaskedHost) return false;
  const auto evidence = s.known.evidence.ClusterOfMac(claim->mac, s.at);
  return evidence && ExplainsOutside(s, *evidence);
}

std::string DescribeSenderDiffers(const Sighting& s, const Note&) {
  const MacAddress inside = s.frame.claim->mac;
  if (const auto host = s.known.evidence.HostByInterHostMac(inside, s.at)) {
    return "Host " + std::to_string(host->host_id) + " of " + ClusterText(*host) +
           " tells another host its own MAC";
  }
  return Text(inside) + " inside, " + Text(s.frame.source) + " outside, as NLB sends it";
}

bool MatchesInterHost(const Sighting& s) { return InterHostOf(s).has_value(); }

std::string DescribeInterHost(const Sighting& s, const Note&) {
  const KnownHost host = InterHostOf(s).value_or(KnownHost{});
  return "Traffic between hosts of " + ClusterText(host) + ": this is host " +
         std::to_string(host.host_id) + "'s MAC";
}

bool AcceptsConflict(const Sighting& s, const Transition& t) {
  const auto conflict = MacConflict::Unpack(t.note.detail);
  if (conflict.stranger) return true;
  if (conflict.age >= kQuarrel || !s.frame.claim) return false;
  // Flipped bits in a damaged capture are no two cluster MACs.
  const auto is_nlb = [](MacAddress mac) { return RoleOf(mac) != MacRole::kNone; };
  return is_nlb(t.note.mac()) || is_nlb(s.frame.claim->mac) ||
         IsClusterAddress(s.frame.claim->ip, s.known.evidence, s.known.neighbours, s.at);
}

std::string DescribeConflict(const Sighting& s, const Note& note) {
  const auto conflict = MacConflict::Unpack(note.detail);
  if (conflict.earlier) {
    const IpAddress ip = s.frame.heartbeat ? s.frame.heartbeat->cluster_ip
                         : s.frame.claim   ? s.frame.claim->ip
                                           : s.frame.ip.destination;
    return OwnerText(s, note.mac(), ip) + " claimed " + Text(ip) + ", a cluster's address, before";
  }
  // The frame had a claim when it was fed; another pass may unwrap its record in another way.
  const wire::Claim claim = s.frame.claim.value_or(wire::Claim{});
  if (conflict.stranger) {
    return OwnerText(s, claim.mac, claim.ip) + " claims " + Text(claim.ip) +
           ", a cluster's address" + (note.mac() == MacAddress() ? "" : " at " + Text(note.mac()));
  }
  return Text(claim.ip) + " moves from " + Text(note.mac()) + " to " + Text(claim.mac);
}

std::string DescribeSecondary(const Sighting& s, const Note& note) {
  return Text(s.frame.ip.destination) + " goes to " + Text(s.frame.destination) +
         ", ARP answered it with " + Text(note.mac());
}

}  // namespace nlb::arp
