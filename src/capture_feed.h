// SPDX-License-Identifier: GPL-2.0-or-later
//
// Feeding a frame, inline in the one function that does it: it runs once per captured packet.
#pragma once

#include "capture.h"
#include "facts/fast_path.h"

namespace nlb {

// A record is fed layer by layer; the same record and layer again, as a GUI read filter does, is
// not new.
[[gnu::always_inline]] inline bool Capture::IsNew(const nlb_frame& frame) {
  if (frame.record == last_record_ && started_) {
    if (frame.layer <= last_layer_) return false;
  } else {
    at_ = index_.Add(frame.number);
    outer_is_copy_ = false;
  }
  started_ = true;
  last_record_ = frame.record;
  last_layer_ = frame.layer;
  return true;
}

inline void Capture::KeepTime(Timestamp now) {
  const Duration gap = now - time_;
  if (gap > settings_.pause && started_) [[unlikely]] {
    for (Tracker* tracker : trackers_) tracker->NoteGap(now, gap);
  }
  time_ = now;
}

// Ordinary frames teach nothing but what their copies are recognised by, unless they come from or
// go to an address of a cluster. As long as a flood is suspected, they also tell who talks to whom
// here.
[[gnu::always_inline]] inline bool Capture::Feed(const nlb_frame& frame) {
  KeepTime({frame.time_ns});
  if (!IsNew(frame)) return reportable_.Has(at_);
  Fingerprint fingerprint;
  const bool is_ordinary =
      ReadFingerprint(frame, fingerprint) &&
      (!settings_.copy_detection || !fingerprint.digest || copies_.RememberNew(fingerprint, at_));
  if (is_ordinary && flood_.wants_pairs())
    flood_.ObservePair(fingerprint.source, fingerprint.destination);
  const bool may_be_of_cluster =
      !is_ordinary || deliveries_.MayWatch(fingerprint.ends) || evidence_.MayKnow(fingerprint.ends);
  return (may_be_of_cluster || (copies_.overflowed() && MayReport(Table::kCopies))) &&
         Analyse(frame, is_ordinary);
}

}  // namespace nlb
