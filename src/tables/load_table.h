// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which host of a cluster takes the connections: a row for each cluster, server port and host.
//
// Bounded: 4,096 rows; a million connections and a million clients, beyond which the same one may
// count twice.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/bounded_map.h"
#include "capture.h"
#include "tables/grid.h"

namespace nlb {

class LoadTable {
 public:
  void Add(const Capture& capture, const nlb_report& report);
  auto& grid() { return grid_; }
  const auto& grid() const { return grid_; }

 private:
  using Key = std::tuple<IpAddress, uint16_t, std::string>;  // cluster, port, host
  struct Load {
    uint64_t connections = 0;
    uint64_t clients = 0;
    uint64_t bytes = 0;
  };
  static constexpr size_t kMostSeen = 1'000'000;

  void AddAnswer(const Sighting& sighting, const wire::Tcp& tcp, const Key& key);
  void CountConnection(const Sighting& sighting, const wire::Tcp& tcp, const Key& key, Load& load);
  void PutPort(IpAddress cluster, uint16_t port);
  void PutRow(const Key& key, const Load& load);
  bool IsNew(uint64_t key);

  std::map<Key, Load> loads_;
  std::map<std::pair<IpAddress, uint16_t>, uint64_t> connections_;  // of all hosts of a port
  BoundedMap<uint64_t, bool> seen_{2 * kMostSeen};                  // connections and clients
  Grid<Key> grid_;
};

}  // namespace nlb
