// SPDX-License-Identifier: GPL-2.0-or-later
//
// The commands for switches, routers, hypervisors and Windows, filled in for each cluster that the
// frames show: a row for each step.
//
// Bounded by the grid's 4,096 rows, about a hundred clusters; further ones get no commands. IPv6
// clusters get none: the vendors' documents speak of IPv4.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "capture.h"
#include "tables/command_text.h"
#include "tables/grid.h"
#include "tables/seen_clusters.h"

namespace nlb {

// What is filled in for a cluster; at most kMaxPorts of its hosts are named.
inline constexpr size_t kMaxPorts = 8;
CommandValues ValuesOf(const SeenCluster& cluster);

class CommandsTable {
 public:
  void Add(const Capture& capture, const nlb_report& report);
  // For an owner that observes the clusters itself.
  void Put(const SeenCluster& cluster);
  auto& grid() { return grid_; }
  const auto& grid() const { return grid_; }

 private:
  // Cluster, row of the catalogue, step.
  using Key = std::tuple<IpAddress, size_t, size_t>;

  bool HasRows(const SeenCluster& cluster) const;
  void PutCommand(const SeenCluster& cluster, size_t row, const std::vector<std::string>& steps);

  SeenClusters clusters_;
  std::map<IpAddress, nlb_mode> modes_;  // that the rows are made for
  Grid<Key> grid_;
};

}  // namespace nlb
