// SPDX-License-Identifier: GPL-2.0-or-later
//
// What proves that a MAC address belongs to an NLB cluster, and since when. A proof remembers the
// position of the record that gave it first, so a question about any frame, at any time, in any
// pass, gets the same answer: only proofs from that frame or before count.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bounded_map.h"
#include "base/ip.h"
#include "base/mac.h"
#include "facts/fingerprint.h"
#include "facts/frame_facts.h"
#include "state/address_filter.h"
#include "state/frame_index.h"
#include "state/further_addresses.h"

namespace nlb {

// Strongest first.
enum class Proof : uint8_t {
  kConfigured,  // the user's cluster table
  kHeartbeat,   // a valid heartbeat named the cluster
  kArp,         // an ARP or ND body mapped the address to its own cluster MAC
  kAddress,     // an IP frame to or from the cluster MAC carried the address the MAC is made of
  kTraffic,     // a further address: packets to it go to the cluster MAC, and a host sends from it
};
inline constexpr int kProofs = 5;

constexpr std::string_view ProofName(Proof proof) {
  constexpr std::array<std::string_view, kProofs> kNames = {"configured", "heartbeat", "arp",
                                                            "address", "traffic"};
  return kNames[static_cast<size_t>(proof)];
}

struct Evidence {
  IpAddress cluster;
  Proof proof = Proof::kAddress;  // the strongest there is
  Position since = 0;             // record that gave it; 0 when configured
};

// A host of a cluster, as its heartbeats, or its ARP to another host, made it known.
struct KnownHost {
  IpAddress cluster;  // none while no more than the cluster's MAC is known
  uint8_t host_id = 0;
  Position since = 0;     // 0: not known
  Position until = 0;     // another host has used the same from there on; 0: none has
  uint32_t mac_tail = 0;  // unicast: the bytes in the cluster MAC and in the host's masked one
};

class EvidenceTable {
 public:
  // What is refused when full: no finding that needs evidence appears for further clusters or
  // hosts.
  static constexpr size_t kMaxClusters = 16384;
  static constexpr size_t kMaxHosts = 65536;

  void Configure(const nlb_cluster_entry& row);
  // Learns what this frame proves. Cheap for frames without an NLB-like MAC, an ARP body or a
  // heartbeat.
  void Learn(const FrameFacts& frame, Position at);

  // The cluster a MAC belongs to, as known at a position.
  std::optional<Evidence> ClusterOfMac(MacAddress mac, Position at) const;
  // The same for a cluster's own address.
  std::optional<Evidence> ClusterOfAddress(IpAddress ip, Position at) const;
  // The cluster that an address is a further one of, by traffic alone.
  std::optional<Evidence> ClusterByTraffic(IpAddress ip, Position at) const;
  // The host that sends from a MAC: by its masked MAC, or as HostByStationMac().
  std::optional<KnownHost> HostByMac(MacAddress mac, Position at) const;
  // The mode of a cluster that is known to be in one mode, and not in this one: by heartbeats, ARP
  // or the user's table.
  nlb_mode OtherMode(IpAddress cluster, nlb_mode mode, Position at) const;
  // Whether the cluster was first seen in this mode behind one position and not behind the other.
  bool CameToMode(IpAddress cluster, nlb_mode mode, Position after, Position at) const;
  // The host of a unicast cluster whose dedicated address an inter-host MAC (03-BF-w-x-y-z) is made
  // of. Its heartbeats prove it, or its own ARP: 03-BF and the claimed address inside, and outside
  // the masked MAC of a cluster that is not made of that address, when that cluster is known or its
  // 02-BF was inside or addressed in such an ARP. No pattern proves anything alone; in multicast
  // mode, where 03-BF is the cluster's, no source is masked.
  std::optional<KnownHost> HostByInterHostMac(MacAddress mac, Position at) const;
  // The host whose heartbeats come from this MAC, a station's own. A MAC that was heard of two
  // hosts tells nothing from then on.
  std::optional<KnownHost> HostByStationMac(MacAddress mac, Position at) const;
  // The hosts of a cluster whose heartbeats were heard, a bit for each.
  uint64_t HeardHosts(IpAddress cluster) const;
  // Whether the address is a host's own in a unicast cluster.
  bool IsHostAddress(IpAddress ip, Position at) const;
  // Whether the hosts of the cluster that a MAC belongs to hide it when they send, as far as seen.
  bool IsMasking(MacAddress mac, Position at) const;
  // Whether this point sees the hosts of the cluster that a MAC belongs to from outside, as the
  // wire does. On a host itself NLB keeps all heartbeats to itself, and masks what is sent behind
  // the capture point; of the other hosts no more is seen than what they send to all and to it.
  bool IsSeenOutside(MacAddress mac, Position at) const;
  // Whether a masked frame of the cluster that a MAC belongs to went to a station.
  bool AnswersMasked(MacAddress mac, Position at) const;
  bool knows_clusters() const { return !clusters_.empty(); }
  // Whether MACs were told to be a cluster's that are not of NLB's pattern.
  bool knows_whole_macs() const { return knows_whole_macs_; }
  // False for most addresses, given by their last four bytes, at the cost of one look:
  // ClusterOfAddress() will not know them.
  bool MayKnowAddress(uint32_t last_bytes) const { return addresses_.MayHold(last_bytes); }
  // The same of both ends of a packet.
  bool MayKnow(const Ends& ends) const {
    return MayKnowAddress(ends.source) || MayKnowAddress(ends.destination);
  }

  bool overflowed() const { return overflowed_; }

 private:
  static constexpr size_t kModes = NLB_MODE_IGMP + 1;

  struct Proofs {
    IpAddress cluster;
    std::array<Position, kProofs> first{};  // 0: none (kConfigured: 1 when configured)
    std::array<Position, kModes> modes{};   // since when each was seen; 0: not
    uint64_t heard = 0;                     // a bit for each host whose heartbeats were heard
    Position masked = 0;                    // a host sent from its masked MAC; 0: not seen
    Position masked_answer = 0;             // such a frame went to a station; 0: not seen
    Position unmasked_beat = 0;             // a heartbeat came from the cluster's MAC; 0: not seen
    Position outside = 0;  // a heartbeat, or a masked frame to a station; 0: not seen
  };

  void LearnHeartbeat(const FrameFacts& frame, Position at);
  void LearnStation(MacAddress mac, const KnownHost& speaker);
  void LearnOwnAddress(IpAddress ip, const KnownHost& host);
  void LearnMask(const FrameFacts& frame, Position at);
  void LearnInterHost(const FrameFacts& frame, Position at);
  void LearnClaim(const wire::Claim& claim, Position at);
  void LearnAddress(const FrameFacts& frame, Position at);
  void LearnMasking(const FrameFacts& frame, Position at);
  void LearnTraffic(const FrameFacts& frame, Position at);
  std::optional<FurtherAddresses::Sender> SenderOf(const FrameFacts& frame, Position at) const;
  void LearnMode(IpAddress cluster, nlb_mode mode, Position at);
  // Since when, as known at a position; 0: not.
  Position SeenInMode(IpAddress cluster, nlb_mode mode, Position at) const;
  void ProveMac(MacAddress mac, IpAddress cluster, Proof proof, Position at);
  void Prove(uint64_t key, IpAddress cluster, Proof proof, Position at);
  std::optional<Evidence> Lookup(uint64_t key, Position at) const;
  // A frame asks for its cluster a dozen times over.
  const Proofs* ProofsOf(uint64_t key) const {
    if (!asked_ || asked_key_ != key) {
      asked_ = clusters_.Find(key);
      asked_key_ = key;
    }
    return asked_;
  }

  bool overflowed_ = false;
  BoundedMap<uint64_t, Proofs> clusters_{kMaxClusters, overflowed_};
  mutable const Proofs* asked_ = nullptr;  // of those, none is ever taken out: the last asked for
  mutable uint64_t asked_key_ = 0;
  bool knows_whole_macs_ = false;  // MACs of no NLB role are among those
  AddressFilter addresses_;        // of the clusters, and what ARP told to be behind such a MAC
  // In unicast mode, by the dedicated address.
  BoundedMap<uint64_t, KnownHost> hosts_{kMaxHosts, overflowed_};
  // By the MAC of the heartbeats.
  BoundedMap<uint64_t, KnownHost> stations_{kMaxHosts, overflowed_};
  // Since when a masked MAC was seen together with the cluster MAC of the same bytes, by these.
  BoundedMap<uint64_t, Position> masks_{kMaxClusters, overflowed_};
  // The hosts' own addresses, in all modes. What does not fit may be taken for a further one.
  BoundedMap<IpAddress, KnownHost> own_addresses_{kMaxHosts};
  FurtherAddresses further_{overflowed_};
};

}  // namespace nlb
