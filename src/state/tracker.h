// SPDX-License-Identifier: GPL-2.0-or-later
//
// What all trackers have in common. A tracker compares a frame with earlier ones, remembers what it
// needs in bounded tables, and says what it noticed; which finding that is, and in which words, is
// decided in heuristics/. To add one: one file, and one line in Capture::trackers_.
#pragma once

#include "base/time.h"
#include "facts/frame_facts.h"
#include "state/transition.h"

namespace nlb {

struct Sighting;

class Tracker {
 public:
  virtual ~Tracker() = default;

  // Takes in one layer of a record, once, in the order of the capture. Not called for the many
  // frames that can matter to no tracker (facts/fast_path.h).
  virtual void Observe(const Sighting& sighting, Transitions& out) = 0;
  // False for a tracker that learns nothing from plain frames of this kind: it gets none. All get
  // those that are not plain.
  virtual bool wants(Plain /*kind*/) const { return true; }
  // The capture was silent until `end`, for longer than one and a half heartbeat periods: who is
  // missing may have spoken meanwhile.
  virtual void NoteGap(Timestamp /*end*/, Duration /*gap*/) {}
  // Which table that is, for the sentence of nlb.table_full.
  virtual Table table() const { return Table::kOther; }
  // A table refused or forgot something. Asked of every tracker after every frame.
  bool overflowed() const { return overflowed_; }

 protected:
  bool overflowed_ = false;
};

}  // namespace nlb
