// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/self.h"

#include "heuristics/malformed.h"

namespace nlb::self {
namespace {

std::vector<Fault> FaultsIn(const FrameFacts& frame) {
  if (frame.content != Content::kHeartbeat) return {};
  const auto view = wire::HeartbeatView::Of(frame.payload, frame.payload_wire_length);
  return view ? FaultsOf(*view) : std::vector<Fault>{};
}

}  // namespace

// The decoder shows each fault at its bytes; the frame has the finding once, with the first.
bool MatchesMalformed(const Sighting& s) { return !FaultsIn(s.frame).empty(); }

std::string DescribeMalformed(const Sighting& s, const Note&) {
  return FaultsIn(s.frame).front().text;
}

std::string DescribeStopped(const Sighting&, const Note&) {
  return "The analysis stopped here: out of memory";
}

std::string DescribeTableFull(const Sighting&, const Note&) {
  return "A table is full from here on: what is new is not tracked";
}

}  // namespace nlb::self
