// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is drawn of the analysis for one Ethernet layer of a frame: findings, the cluster it belongs
// to, copies.
#pragma once

#include <optional>

#include "heuristics/heuristic.h"
#include "report/attribution.h"
#include "report/report.h"
#include "state/note_store.h"

namespace nlb {

// Appends the findings and fields of this layer. Without a finding the cluster's fields are hidden:
// they answer filters and columns, and nlb.analysis stays what it says, a frame with a finding.
void ReportAnalysis(const Sighting& sighting, NoteStore::Range notes,
                    const std::optional<Attribution>& attribution, nlb_report& report);

// "Copied in frame N", known once N was read: a link, not a finding of this frame.
void ReportCopiedIn(const Sighting& sighting, NoteStore::Range later, nlb_report& report);

// The line of the tree: the gravest finding's summary, and the cure of what is wrong. Findings in
// words, gravest first, are hidden items: they are there for columns and filters.
void SummarizeAnalysis(nlb_report& report);

}  // namespace nlb
