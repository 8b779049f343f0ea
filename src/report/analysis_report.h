// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is drawn of the analysis for one Ethernet layer of a frame: findings, the cluster it belongs
// to, copies.
#pragma once

#include <optional>
#include <string>

#include "heuristics/heuristic.h"
#include "report/report.h"
#include "state/note_store.h"

namespace nlb {

// The cluster a frame belongs to, told by its heartbeat, its MACs, its ARP body or its addresses.
struct Tie {
  IpAddress cluster;
  uint8_t host_id = 0;  // the sending host; 0 when it is not known or not a host
  nlb_mode mode = NLB_MODE_UNKNOWN;
  std::optional<Evidence> evidence;
};

std::optional<Tie> TieOf(const Sighting& sighting);

// Appends the findings and fields of this layer. Without a finding the cluster's fields are hidden:
// they answer filters and columns, and nlb.analysis stays what it says, a frame with a finding.
void ReportAnalysis(const Sighting& sighting, NoteStore::Range notes, nlb_report& report);

// "Copied in frame N", known once N was read: a link, not a finding of this frame.
void ReportCopiedIn(const Sighting& sighting, NoteStore::Range later, nlb_report& report);

// The line of the tree: the gravest finding's summary, and the cure of what is wrong. Findings in
// words, gravest first, are hidden items: they are there for columns and filters.
void SummarizeAnalysis(nlb_report& report);

}  // namespace nlb
