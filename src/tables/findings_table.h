// SPDX-License-Identifier: GPL-2.0-or-later
//
// A row for each finding: how grave, how often, where first, and what to do.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "capture.h"
#include "report/report.h"
#include "tables/grid.h"

namespace nlb {

class FindingsTable {
 public:
  void Add(const Capture& capture, const nlb_report& report);
  auto& grid() { return grid_; }
  const auto& grid() const { return grid_; }

  struct Tally {
    uint32_t finding = 0;
    uint64_t count = 0;
    uint32_t first_frame = 0;
    std::string sentence;  // of the first frame: it names the MACs and addresses
  };
  const std::map<uint32_t, Tally>& tallies() const { return tallies_; }  // by finding

 private:
  void Count(const nlb_hit& hit, uint32_t frame);

  std::map<uint32_t, Tally> tallies_;
  Grid<std::pair<int, uint32_t>> grid_;  // gravest first, then the order of the registry
};

}  // namespace nlb
