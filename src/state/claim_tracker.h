// SPDX-License-Identifier: GPL-2.0-or-later
//
// Who claims a cluster's address with a MAC that is not the cluster's: the address was bound
// without NLB, a team balances its ARP, another machine has it, or somebody lies.
//
// A router that answers for the cluster in another VLAN (proxy ARP) does no wrong: only segments
// count on which the cluster itself was heard. Nor is the MAC a stranger's from which a host sends
// its heartbeats to all: in unicast mode that is the cluster's, set by hand, or
// nlb.analysis.host_keeps_mac tells it.
//
// Bounded: 4,096 clusters with four segments each, of further ones a claim on any segment counts;
// 1,024 claims that may turn out to be of a cluster's address, of which one that needs the place of
// another makes that one forgotten.
#pragma once

#include <array>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"

namespace nlb {

class ClaimTracker : public Tracker {
 public:
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kArp; }

 private:
  static constexpr size_t kMaxClusters = 4096;
  static constexpr size_t kSlots = 1024;

  struct Homes {
    std::array<Segment, 4> segments;
    size_t count = 0;
    MacAddress beats_from;  // the source of its latest heartbeat to all, unless of NLB's making
  };
  struct Early {
    IpAddress ip;
    MacAddress mac;
    Segment segment;
    Position at = 0;
  };

  void ObserveOwn(const FrameFacts& frame, IpAddress ip, IpAddress cluster, Transitions& out);
  void ObserveTraffic(const Sighting& s, Transitions& out);
  void TellEarly(const FrameFacts& frame, IpAddress ip, IpAddress cluster, Transitions& out);
  bool BeatsFrom(MacAddress mac, IpAddress cluster) const;
  static void ObserveStranger(const Sighting& s, Transitions& out);
  bool IsHome(const Segment& segment, IpAddress cluster) const;
  Early& PlaceOf(IpAddress ip) { return early_[(ip.Hash(0) >> 8) % kSlots]; }

  BoundedMap<IpAddress, Homes> homes_{kMaxClusters};  // a full one is no loss that is told
  std::vector<Early> early_;
};

}  // namespace nlb
