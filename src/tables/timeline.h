// SPDX-License-Identifier: GPL-2.0-or-later
//
// What happened when: for each record the lines of the timeline that it counts for. A line is a
// cluster, a part of its life, and one event or one second. Keeps nothing but which lines there
// are, so that their number has a cap; who draws them counts them.
#pragma once

#include <array>
#include <set>
#include <string>
#include <vector>

#include "capture.h"
#include "report/report.h"

struct nlb_timeline {
 public:
  // A capture of days must not make a tree of a million lines; what comes later is counted in one.
  static constexpr size_t kMaxLines = 4096;

  // Replaces the moments of the record before. since_start: since the first frame of the file.
  void Add(const nlb::Capture& capture, const nlb_report& report, nlb::Duration since_start);
  size_t size() const { return moments_.size(); }
  nlb_moment At(size_t index) const;

 private:
  using Path = std::array<std::string, 3>;

  void AddHits(const std::string& cluster, const nlb_report& report, nlb::Duration since_start);
  void Put(Path path);

  std::vector<Path> moments_;
  std::set<Path> known_;
};
