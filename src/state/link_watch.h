// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether the capture holds frames of a link type that is not analysed. Keeps one bit.
#pragma once

#include "state/tracker.h"

namespace nlb {

class LinkWatch : public Tracker {
 public:
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain /*kind*/) const override { return false; }
  bool saw_other() const { return saw_other_; }

 private:
  bool saw_other_ = false;
};

}  // namespace nlb
