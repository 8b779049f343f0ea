// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/link_watch.h"

#include "state/sighting.h"

namespace nlb {

void LinkWatch::Observe(const Sighting& s, Transitions& out) {
  if (s.frame.is_analysed || saw_other_) return;
  saw_other_ = true;
  out.push_back({Event::kNotAnalysed, {}});
}

}  // namespace nlb
