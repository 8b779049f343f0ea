// SPDX-License-Identifier: GPL-2.0-or-later
//
// Frames from a cluster's MAC that came before anything proved that it is one, or that its hosts
// hide it when they send: the frame that brings the proof tells of the first of them. What goes to
// a station in the service of the cluster is left to MaskWatch.
//
// Bounded: 256 MACs; one that needs the place of another makes that one's early frames forgotten.
#pragma once

#include <vector>

#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"

namespace nlb {

// What NLB itself lets through: IP and ARP, even where the capture cut their headers, and
// heartbeats.
bool IsClusterTraffic(const FrameFacts& frame);
// RARP whose sender or target is the very MAC it comes from: what ESX sends for a virtual NIC that
// owns the cluster MAC. It proves itself.
bool RarpNamesItsSource(const FrameFacts& frame);

class LeakTracker : public Tracker {
 public:
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain /*kind*/) const override { return false; }

 private:
  static constexpr size_t kSlots = 256;

  struct Early {
    MacAddress mac;
    Position first = 0;
    uint64_t payload = 0;         // hashed
    bool other_protocol = false;  // is a leak however the hosts send
  };

  void Remember(const Sighting& s);
  Early& PlaceOf(MacAddress mac) { return early_[Mix(mac.bits()) % kSlots]; }

  std::vector<Early> early_;
};

}  // namespace nlb
