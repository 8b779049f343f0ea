// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/findings_table.h"

#include "facts/frame_facts.h"
#include "heuristics/registry.h"
#include "report/heartbeat_report.h"

namespace nlb {

void FindingsTable::Add(const Capture& capture, std::span<const nlb_frame> layers) {
  if (layers.empty()) return;
  report_.Clear();
  capture.Report(layers, report_);
  for (const nlb_frame& layer : layers) CountMalformed(layer);
  const nlb_view view = report_.View();
  for (size_t i = 0; i < view.hit_count; ++i) Count(view.hits[i], layers[0].number);
}

// What the decoder finds wrong in a heartbeat is no finding of the capture's, but belongs in the
// sum.
void FindingsTable::CountMalformed(const nlb_frame& layer) {
  FrameFacts facts;
  if (!ReadFrame(layer, facts) || facts.content != Content::kHeartbeat) return;
  DecodeHeartbeat(facts.payload, facts.payload_wire_length, nullptr, NLB_DETAIL_SUMMARY, report_);
}

void FindingsTable::Count(const nlb_hit& hit, uint32_t frame) {
  Tally& tally = tallies_[hit.finding];
  if (tally.count++ == 0) {
    tally.first_frame = frame;
    tally.sentence = hit.text;
  }
  const nlb_finding_desc& row = kHeuristics[hit.finding]->finding;
  grid_.Put({-row.severity, hit.finding},
            CellsOf(SeverityName(row.severity), row.filter, tally.count,
                    uint64_t{tally.first_frame}, tally.sentence, row.cure));
}

}  // namespace nlb
