// SPDX-License-Identifier: GPL-2.0-or-later
//
// The report in words: a verdict, each problem with its cause and cure, what looks odd but is
// normal, what this capture point cannot show, the clusters, and the commands filled in for them.
//
// Bounded as the tables it is made of; it lists at most 64 hosts, and the commands of four
// clusters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capture.h"
#include "tables/capture_table.h"
#include "tables/clusters_table.h"
#include "tables/document.h"
#include "tables/findings_table.h"

struct nlb_diagnosis {
 public:
  void Clear() { tables_.reset(); }
  void Add(const nlb::Capture& capture, const nlb_report& report);
  // Valid until the next call.
  const std::string& Text(nlb_markup markup);

 private:
  using Found = std::vector<const nlb::FindingsTable::Tally*>;

  nlb::Document Write();
  Found OfSeverity(nlb_severity lowest, nlb_severity highest);
  std::string Verdict();
  static void WriteProblems(const char* title, const Found& found, size_t& number,
                            nlb::Document& out);
  static void WriteOdd(const Found& found, nlb::Document& out);
  static void WriteUnproven(nlb::Document& out);
  void WriteClusters(nlb::Document& out);
  void WriteCommands(nlb::Document& out);

  struct Tables {
    nlb::FindingsTable findings;
    nlb::ClustersTable clusters;
    nlb::CaptureTable capture;
  };
  Tables& tables() { return tables_ ? *tables_ : tables_.emplace(); }

  std::optional<Tables> tables_;
  std::string text_;
};
