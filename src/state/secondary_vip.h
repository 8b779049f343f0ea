// SPDX-License-Identifier: GPL-2.0-or-later
//
// A frame to the MAC made of its own address, which ARP gave another cluster's MAC: NLB has one MAC
// for all addresses of a cluster, made of the primary one. Keeps nothing itself.
#pragma once

#include "state/tracker.h"

namespace nlb {

class SecondaryVip : public Tracker {
 public:
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain /*kind*/) const override { return false; }
};

}  // namespace nlb
