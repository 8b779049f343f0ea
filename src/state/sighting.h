// SPDX-License-Identifier: GPL-2.0-or-later
//
// One frame, and everything known besides it: what trackers and findings may read.
#pragma once

#include "facts/frame_facts.h"
#include "state/evidence.h"
#include "state/frame_index.h"
#include "state/mask_watch.h"
#include "state/neighbours.h"
#include "state/routers.h"
#include "state/settings.h"

namespace nlb {

// Read-only.
struct Knowledge {
  const EvidenceTable& evidence;
  const Neighbours& neighbours;
  const Routers& routers;
  const FrameIndex& index;
  const Settings& settings;
  const MaskWatch& masks;
};

struct Sighting {
  const FrameFacts& frame;
  Position at;
  const Knowledge& known;
  // The frame is a copy of an earlier one, or lies inside one: what is counted was counted then.
  // Known to trackers only, while the frame is fed.
  bool is_copy = false;
  // That copy is the frame just as it was: a mirror shows it twice, and it was judged then.
  bool is_same = false;
};

}  // namespace nlb
