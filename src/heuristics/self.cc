// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/self.h"

#include <array>

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

std::string DescribeTableFull(const Sighting&, const Note& note) {
  constexpr std::array<const char*, static_cast<size_t>(Table::kCount)> kLosses = {
      "A table is full: what is new is not followed",
      "Proofs of clusters: further clusters and hosts are not known",
      "Table of copies: its oldest packet is forgotten, a copy of it missed",
      "Neighbours: further addresses of ARP and discovery are not kept",
      "Clusters and hosts: the one silent longest is forgotten",
      "IGMP groups: further clusters are not watched",
      "Answers: further requests are not followed",
  };
  return kLosses[note.detail < kLosses.size() ? note.detail : 0];
}

}  // namespace nlb::self
