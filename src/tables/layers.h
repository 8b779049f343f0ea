// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a table does with each Ethernet layer of a record.
#pragma once

#include <algorithm>
#include <optional>

#include "capture.h"

namespace nlb {

// Whether any layer of the record is of a link type that is analysed.
inline bool IsLookedAt(const nlb_report& report) {
  const auto frames = report.frames();
  return std::any_of(frames.begin(), frames.end(),
                     [](const nlb_frame& frame) { return frame.link != NLB_LINK_OTHER; });
}

// Calls take(sighting, attribution) for every layer that has an Ethernet header. Of a record with
// nothing to report the facts are read here; it belongs to no cluster.
template <typename Take>
void ForEachLayer(const Capture& capture, const nlb_report& report, Take take) {
  if (report.frames().empty()) return;
  const Knowledge known = capture.knowledge();
  const Position at = known.index.PositionOf(report.frames()[0].number);
  for (const auto& [facts, attribution] : report.layers()) {
    take(Sighting{facts, at, known}, attribution);
  }
  if (!report.layers().empty()) return;
  for (const nlb_frame& frame : report.frames()) {
    FrameFacts facts;
    if (ReadFrame(frame, facts)) take(Sighting{facts, at, known}, std::nullopt);
  }
}

}  // namespace nlb
