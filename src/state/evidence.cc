// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/evidence.h"

#include "facts/mac_class.h"
#include "wire/heartbeat.h"

namespace nlb {
namespace {

// Clusters are found by the bytes that their MACs carry: four, or two in IGMP mode; and by the
// whole of a MAC that was set by hand and is made in another way.
constexpr uint64_t kIgmpKey = uint64_t{1} << 32;
constexpr uint64_t kWholeKey = uint64_t{1} << 63;

constexpr uint64_t TailKey(uint32_t mac_tail) { return mac_tail; }
constexpr uint64_t IgmpKey(uint32_t mac_tail) { return kIgmpKey | (mac_tail & 0xFFFF); }
constexpr uint64_t KeyOf(MacAddress mac) {
  const MacRole role = RoleOf(mac);
  return role == MacRole::kNone   ? kWholeKey | mac.bits()
         : role == MacRole::kIgmp ? IgmpKey(mac.tail())
                                  : TailKey(mac.tail());
}

constexpr bool IsClusterRole(MacRole role) {
  return role == MacRole::kCluster || role == MacRole::kMulticast || role == MacRole::kIgmp;
}

}  // namespace

void EvidenceTable::Configure(const nlb_cluster_entry& row) {
  const Bytes address(row.cluster_ip, 4);
  const IpAddress cluster = IpAddress::ReadV4(address, 0);
  const MacAddress mac = MacAddress::Read(Bytes(row.mac, 6), 0);
  constexpr Position kAlways = 1;
  Prove(TailKey(cluster.mac_tail()), cluster, Proof::kConfigured, kAlways);
  LearnMode(cluster, row.mode, kAlways);
  if (row.mode == NLB_MODE_IGMP) {
    Prove(IgmpKey(cluster.mac_tail()), cluster, Proof::kConfigured, kAlways);
  }
  if (mac != MacAddress() && !mac.is_broadcast())
    ProveMac(mac, cluster, Proof::kConfigured, kAlways);
}

void EvidenceTable::Learn(const FrameFacts& frame, Position at) {
  if (frame.content == Content::kHeartbeat) LearnHeartbeat(frame, at);
  // A further address, as far as the MAC turns out to be a cluster's.
  if (frame.claim && MayBeNlb(frame.claim->mac) && frame.claim->ip.is_unicast())
    addresses_.Add(frame.claim->ip);
  // Nothing sends from a group MAC: such a frame is made up.
  if (frame.claim && frame.has_nlb_mac && !frame.source.is_group()) {
    LearnMask(frame, at);
    LearnInterHost(frame, at);
    LearnClaim(*frame.claim, at);
  }
  if (frame.is_ip()) LearnAddress(frame, at);
  LearnMasking(frame, at);
  if (!frame.is_ip()) return;
  if (!clusters_.empty()) LearnTraffic(frame, at);
}

void EvidenceTable::LearnHeartbeat(const FrameFacts& frame, Position at) {
  const auto heartbeat = wire::ReadHeader(frame.payload, frame.payload_wire_length);
  // A host on which NLB is not set up proves no cluster.
  if (!heartbeat || heartbeat->cluster_ip.is_unspecified()) return;
  const IpAddress cluster = heartbeat->cluster_ip;
  Prove(TailKey(cluster.mac_tail()), cluster, Proof::kHeartbeat, at);
  const nlb_mode mode = ModeOfHeartbeat(frame.destination);
  LearnMode(cluster, mode, at);
  if (frame.destination.is_group() && !frame.destination.is_broadcast()) {
    ProveMac(frame.destination, cluster, Proof::kHeartbeat, at);
  }
  const MacRole role = frame.source_role;
  const auto host_id = static_cast<uint8_t>(heartbeat->host_id);
  if (role == MacRole::kNone) LearnStation(frame.source, {cluster, host_id, at, 0, 0});
  // A cluster MAC that was set by hand shows in the masked source of the cluster's own heartbeats.
  const bool own_mask =
      role == MacRole::kMaskedHost && MaskedHostId(frame.source) == heartbeat->host_id;
  if (own_mask || role == MacRole::kCluster) {
    Prove(KeyOf(frame.source), cluster, Proof::kHeartbeat, at);
  }
  if (Proofs* known = clusters_.Find(TailKey(cluster.mac_tail()))) {
    known->heard |= uint64_t{1} << (host_id & 63);
    if (known->outside == 0) known->outside = at;
  }
  if (!heartbeat->host_ip.is_unicast()) return;
  LearnOwnAddress(heartbeat->host_ip, {cluster, host_id, at, 0, 0});
  if (mode != NLB_MODE_UNICAST) return;
  KnownHost* host = hosts_.FindOrAdd(heartbeat->host_ip.mac_tail());
  const uint32_t tail = own_mask ? frame.source.tail() : cluster.mac_tail();
  if (host && host->since == 0) *host = {cluster, host_id, at, 0, tail};
}

void EvidenceTable::LearnOwnAddress(IpAddress ip, const KnownHost& host) {
  KnownHost* known = own_addresses_.FindOrAdd(ip);
  if (!known || known->since != 0) return;
  *known = host;
  further_.Exclude(ip, host.since);
}

void EvidenceTable::LearnMask(const FrameFacts& frame, Position at) {
  if (frame.source_role != MacRole::kMaskedHost) return;
  const uint32_t tail = frame.source.tail();
  const bool inside =
      RoleOf(frame.claim->mac) == MacRole::kCluster && frame.claim->mac.tail() == tail;
  const bool to = frame.destination_role == MacRole::kCluster && frame.destination.tail() == tail;
  if (!inside && !to) return;
  Position* since = masks_.FindOrAdd(tail);
  if (since && *since == 0) *since = at;
}

void EvidenceTable::LearnInterHost(const FrameFacts& frame, Position at) {
  const wire::Claim& claim = *frame.claim;
  const uint32_t address = claim.ip.mac_tail();
  if (frame.source_role != MacRole::kMaskedHost || RoleOf(claim.mac) != MacRole::kMulticast ||
      !claim.ip.is_v4() || !claim.ip.is_unicast() || !Embeds(claim.mac, address) ||
      frame.source.tail() == address) {
    return;
  }
  // A switch that answers for a multicast cluster may have such a MAC (02-04-96 is Extreme's).
  const auto cluster = ClusterOfAddress(claim.ip, at);
  if (cluster && cluster->proof != Proof::kAddress) return;
  KnownHost* host = hosts_.FindOrAdd(address);
  if (!host || host->since != 0) return;
  *host = {{}, MaskedHostId(frame.source), at, 0, frame.source.tail()};
}

void EvidenceTable::LearnStation(MacAddress mac, const KnownHost& speaker) {
  KnownHost* host = stations_.FindOrAdd(mac.bits());
  if (!host) return;
  const bool other = host->cluster != speaker.cluster || host->host_id != speaker.host_id;
  if (host->since == 0) {
    *host = speaker;
  } else if (host->until == 0 && other) {
    host->until = speaker.since;
  }
}

void EvidenceTable::LearnClaim(const wire::Claim& claim, Position at) {
  if (!claim.ip.is_unicast() || !IsClusterRole(RoleOf(claim.mac))) return;
  if (!Embeds(claim.mac, claim.ip.mac_tail()) || HostByInterHostMac(claim.mac, at)) return;
  Prove(TailKey(claim.ip.mac_tail()), claim.ip, Proof::kArp, at);
  LearnMode(claim.ip, ModeOf(RoleOf(claim.mac)), at);
  if (RoleOf(claim.mac) == MacRole::kIgmp) Prove(KeyOf(claim.mac), claim.ip, Proof::kArp, at);
}

void EvidenceTable::LearnAddress(const FrameFacts& frame, Position at) {
  const MacRole to = frame.destination_role;
  const bool four_bytes = to == MacRole::kCluster || to == MacRole::kMulticast;
  // From a host of a unicast cluster, 03-BF may be another host's own MAC: see
  // HostByInterHostMac().
  const bool may_be_inter_host = frame.source_role == MacRole::kMaskedHost &&
                                 to == MacRole::kMulticast && ClusterOfMac(frame.source, at);
  if (four_bytes && frame.ip.destination.is_unicast() && !may_be_inter_host &&
      Embeds(frame.destination, frame.ip.destination.mac_tail()) &&
      !HostByInterHostMac(frame.destination, at)) {
    Prove(KeyOf(frame.destination), frame.ip.destination, Proof::kAddress, at);
  }
  if (frame.source_role == MacRole::kCluster && frame.ip.source.is_unicast() &&
      Embeds(frame.source, frame.ip.source.mac_tail())) {
    Prove(KeyOf(frame.source), frame.ip.source, Proof::kAddress, at);
  }
}

void EvidenceTable::LearnMasking(const FrameFacts& frame, Position at) {
  const bool masked = frame.source_role == MacRole::kMaskedHost;
  const bool unmasked_beat =
      frame.source_role == MacRole::kCluster && frame.content == Content::kHeartbeat;
  if (!masked && !unmasked_beat) return;
  Proofs* known = clusters_.Find(KeyOf(frame.source));
  if (!known) return;
  Position& since = masked ? known->masked : known->unmasked_beat;
  if (since == 0) since = at;
  const bool to_station = !frame.destination.is_group() && frame.destination_role == MacRole::kNone;
  if (masked && to_station && known->masked_answer == 0) known->masked_answer = at;
  if (known->outside == 0 && (to_station || frame.content == Content::kHeartbeat)) {
    known->outside = at;
  }
}

bool EvidenceTable::IsSeenOutside(MacAddress mac, Position at) const {
  const Proofs* known = ProofsOf(KeyOf(mac));
  return known && Happened(known->outside, at);
}

bool EvidenceTable::AnswersMasked(MacAddress mac, Position at) const {
  const Proofs* known = ProofsOf(KeyOf(mac));
  return known && Happened(known->masked_answer, at);
}

bool EvidenceTable::IsMasking(MacAddress mac, Position at) const {
  const Proofs* known = ProofsOf(KeyOf(mac));
  return known && Happened(known->masked, at) && Happened(known->outside, at) &&
         !Happened(known->unmasked_beat, at);
}

void EvidenceTable::LearnTraffic(const FrameFacts& frame, Position at) {
  const auto may_be_further = [&](IpAddress ip) {
    return ip.is_unicast() && !ClusterOfAddress(ip, at) && !own_addresses_.Find(ip);
  };
  bool proven = false;
  const IpAddress to = frame.ip.destination, from = frame.ip.source;
  if (frame.destination_role != MacRole::kMaskedHost) {
    const auto cluster = ClusterOfMac(frame.destination, at);
    if (cluster && may_be_further(to) && !HostByInterHostMac(frame.destination, at)) {
      // The hosts of a group MAC answer from MACs that nothing else in the frame makes worth a
      // look.
      if (frame.destination.is_group()) addresses_.Add(to);
      proven |= further_.SeeRequest(frame, cluster->cluster, at);
    }
  }
  if (const auto sender = SenderOf(frame, at); sender && may_be_further(from)) {
    proven |= further_.SeeAnswer(frame, *sender, at);
  }
  if (!proven) return;
  for (const IpAddress ip : {to, from}) {
    if (ClusterByTraffic(ip, at)) addresses_.Add(ip);
  }
}

std::optional<FurtherAddresses::Sender> EvidenceTable::SenderOf(const FrameFacts& frame,
                                                                Position at) const {
  const bool masked = frame.source_role == MacRole::kMaskedHost;
  if (!masked && frame.source_role != MacRole::kCluster) {
    const auto host = HostByStationMac(frame.source, at);
    if (!host) return std::nullopt;
    return FurtherAddresses::Sender{host->cluster, host->host_id, true};
  }
  const Proofs* known = ProofsOf(KeyOf(frame.source));
  if (!known) return std::nullopt;
  const uint64_t host = masked ? MaskedHostId(frame.source) : 0;
  const bool heard = masked ? (known->heard >> host & 1) != 0 : known->heard != 0;
  return FurtherAddresses::Sender{known->cluster, host, heard};
}

// Of a cluster that was proven.
void EvidenceTable::LearnMode(IpAddress cluster, nlb_mode mode, Position at) {
  Proofs* known = clusters_.Find(TailKey(cluster.mac_tail()));
  if (!known || known->cluster != cluster || mode == NLB_MODE_UNKNOWN) return;
  if (known->modes[mode] == 0) known->modes[mode] = at;
}

Position EvidenceTable::SeenInMode(IpAddress cluster, nlb_mode mode, Position at) const {
  const Proofs* known = ProofsOf(TailKey(cluster.mac_tail()));
  if (!known || known->cluster != cluster) return 0;
  return known->modes[mode] <= at ? known->modes[mode] : 0;
}

void EvidenceTable::ProveMac(MacAddress mac, IpAddress cluster, Proof proof, Position at) {
  if (RoleOf(mac) == MacRole::kNone) knows_whole_macs_ = true;
  Prove(KeyOf(mac), cluster, proof, at);
}

void EvidenceTable::Prove(uint64_t key, IpAddress cluster, Proof proof, Position at) {
  Proofs* known = clusters_.FindOrAdd(key);
  if (!known) return;
  if (known->cluster.version() == 0) known->cluster = cluster;
  Position& first = known->first[static_cast<size_t>(proof)];
  if (first != 0) return;  // nothing new
  first = at;
  addresses_.Add(cluster);
}

std::optional<Evidence> EvidenceTable::Lookup(uint64_t key, Position at) const {
  const Proofs* known = ProofsOf(key);
  if (!known) return std::nullopt;
  for (int i = 0; i < kProofs; ++i) {
    const Proof proof = static_cast<Proof>(i);
    const Position first = known->first[static_cast<size_t>(i)];
    if (proof == Proof::kConfigured && first != 0) return Evidence{known->cluster, proof, 0};
    if (first != 0 && first <= at) return Evidence{known->cluster, proof, first};
  }
  return std::nullopt;
}

std::optional<Evidence> EvidenceTable::ClusterOfMac(MacAddress mac, Position at) const {
  if (clusters_.empty() || (!knows_whole_macs_ && RoleOf(mac) == MacRole::kNone)) {
    return std::nullopt;
  }
  return Lookup(KeyOf(mac), at);
}

std::optional<Evidence> EvidenceTable::ClusterOfAddress(IpAddress ip, Position at) const {
  if (clusters_.empty() || ip.version() == 0) return std::nullopt;
  const auto found = Lookup(TailKey(ip.mac_tail()), at);
  return found && found->cluster == ip ? found : std::nullopt;
}

std::optional<Evidence> EvidenceTable::ClusterByTraffic(IpAddress ip, Position at) const {
  const auto known = further_.Find(ip, at);
  if (!known) return std::nullopt;
  return Evidence{known->cluster, Proof::kTraffic, known->since};
}

std::optional<KnownHost> EvidenceTable::HostByMac(MacAddress mac, Position at) const {
  if (RoleOf(mac) != MacRole::kMaskedHost) return HostByStationMac(mac, at);
  const auto cluster = ClusterOfMac(mac, at);
  if (!cluster) return std::nullopt;
  return KnownHost{cluster->cluster, MaskedHostId(mac), cluster->since, 0, mac.tail()};
}

nlb_mode EvidenceTable::OtherMode(IpAddress cluster, nlb_mode mode, Position at) const {
  if (mode == NLB_MODE_UNKNOWN) return NLB_MODE_UNKNOWN;
  nlb_mode other = NLB_MODE_UNKNOWN;
  for (const nlb_mode seen : {NLB_MODE_UNICAST, NLB_MODE_MULTICAST, NLB_MODE_IGMP}) {
    if (SeenInMode(cluster, seen, at) == 0) continue;
    if (seen == mode || other != NLB_MODE_UNKNOWN) return NLB_MODE_UNKNOWN;
    other = seen;
  }
  return other;
}

bool EvidenceTable::CameToMode(IpAddress cluster, nlb_mode mode, Position after,
                               Position at) const {
  return SeenInMode(cluster, mode, at) > after;
}

std::optional<KnownHost> EvidenceTable::HostByInterHostMac(MacAddress mac, Position at) const {
  if (hosts_.empty() || RoleOf(mac) != MacRole::kMulticast) return std::nullopt;
  const KnownHost* known = hosts_.Find(mac.tail());
  if (!known || known->since > at) return std::nullopt;
  KnownHost host = *known;
  if (host.cluster.version() != 0) return host;
  // By its ARP alone. The address may turn out to be a cluster's, and the mask somebody's MAC.
  const auto address = Lookup(TailKey(mac.tail()), at);
  if (address && address->proof <= Proof::kHeartbeat) return std::nullopt;
  if (const auto cluster = Lookup(TailKey(host.mac_tail), at)) {
    host.cluster = cluster->cluster;
    return host;
  }
  const Position* mask = masks_.Find(host.mac_tail);
  return mask && *mask <= at ? std::optional(host) : std::nullopt;
}

std::optional<KnownHost> EvidenceTable::HostByStationMac(MacAddress mac, Position at) const {
  if (stations_.empty()) return std::nullopt;
  const KnownHost* host = stations_.Find(mac.bits());
  if (!host || host->since > at || (host->until != 0 && host->until <= at)) return std::nullopt;
  return *host;
}

uint64_t EvidenceTable::HeardHosts(IpAddress cluster) const {
  const Proofs* known = ProofsOf(TailKey(cluster.mac_tail()));
  return known && known->cluster == cluster ? known->heard : 0;
}

bool EvidenceTable::IsHostAddress(IpAddress ip, Position at) const {
  const KnownHost* host = hosts_.Find(ip.mac_tail());
  return host && ip.is_v4() && host->since <= at;
}

}  // namespace nlb
