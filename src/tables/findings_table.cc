// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/findings_table.h"

#include "heuristics/registry.h"

namespace nlb {

void FindingsTable::Add(const Capture&, const nlb_report& report) {
  const nlb_view view = report.View();
  for (size_t i = 0; i < view.hit_count; ++i) Count(view.hits[i], report.frames()[0].number);
}

void FindingsTable::Count(const nlb_hit& hit, uint32_t frame) {
  Tally& tally = tallies_[hit.finding];
  if (tally.count++ == 0) {
    tally.finding = hit.finding;
    tally.first_frame = frame;
    tally.sentence = hit.text;
  }
  const nlb_finding_desc& row = kHeuristics[hit.finding].finding;
  grid_.Put({-row.severity, hit.finding},
            CellsOf(SeverityName(row.severity), row.filter, tally.count,
                    uint64_t{tally.first_frame}, tally.sentence, row.remedy));
}

}  // namespace nlb
