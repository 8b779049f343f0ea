// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which further addresses a cluster has, by traffic alone: on one segment a packet to the address
// went to the cluster's MAC, and a host of that cluster sends from the address. That is all there
// is where routers have static entries and nobody asks.
//
// A host that routes sends from addresses that are not its own. What it sends on has lost some of
// its TTL; what it made itself starts with one of the values that stacks start with.
//
// Bounded: 4,096 places for addresses that one half of the proof was seen of; an address that needs
// the place of another makes that one start anew. 4,096 proven addresses; further ones are not
// learned, and no finding speaks of them. A cluster that answers from more than 64 addresses is
// taken for a proxy that speaks in others' names: the 65th and all behind it are not learned.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/frame_index.h"

namespace nlb {

class FurtherAddresses {
 public:
  static constexpr size_t kMaxEntries = 4096;
  static constexpr size_t kMaxOfOneCluster = 64;

  // The flag is set when an address was refused, and outlives this.
  explicit FurtherAddresses(bool& overflowed) : known_(kMaxEntries, overflowed) {}

  // A host of a cluster, as far as it can be told: 0 when only the cluster is known.
  struct Sender {
    IpAddress cluster;
    uint64_t host = 0;
    // Heartbeats told which address is the host's own, or it has a MAC of its own for that.
    bool own_address_is_known = false;
  };
  struct Known {
    IpAddress cluster;
    Position since = 0;
    Position until = 0;  // found to be a host's own address there; 0: not
  };

  // A packet to the address went to a MAC of the cluster. True when that completes the proof.
  bool SeeRequest(const FrameFacts& frame, IpAddress cluster, Position at);
  // A host sends from the address. True when that completes the proof.
  bool SeeAnswer(const FrameFacts& frame, const Sender& sender, Position at);
  // The address is a host's own.
  void Exclude(IpAddress ip, Position at);

  std::optional<Known> Find(IpAddress ip, Position at) const;

 private:
  static constexpr size_t kSlots = 4096;

  // Of one interface and one level of encapsulation.
  struct Candidate {
    IpAddress ip;
    uint32_t interface_id = 0;
    uint32_t layer = 0;
    IpAddress requested_of;  // the cluster; none until a request was seen
    IpAddress sent_by;       // the cluster; none until an answer was seen
    wire::VlanStack request_vlan, answer_vlan;
    uint64_t host = 0;
    bool two_hosts = false;
    bool own_address_is_known = false;
  };

  Candidate& CandidateOf(IpAddress ip, const Segment& segment);
  bool Judge(const Candidate& candidate, Position at);

  std::vector<Candidate> candidates_;  // made with the first
  BoundedMap<IpAddress, Known> known_;
  BoundedMap<IpAddress, uint32_t> counts_{kMaxEntries};  // proven addresses, by cluster
};

}  // namespace nlb
