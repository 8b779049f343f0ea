// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which host of a cluster takes the connections: a row for each cluster, server port and host, and
// one without a host for a port whose requests nobody was seen to answer. What goes in is the same
// for all hosts of a port: each of them gets every request, as NLB works by flooding.
//
// Bounded: 4,096 rows, of which 64 without a host; a million connections and a million clients,
// beyond which the same one may count twice.
#pragma once

#include <cstdint>
#include <map>
#include <set>
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
  auto& grid() {
    Refresh();
    return grid_;
  }
  const auto& grid() const { return grid_; }

 private:
  using Key = std::tuple<IpAddress, uint16_t, std::string>;  // cluster, port, host
  struct Load {
    uint64_t connections = 0;
    uint64_t clients = 0;
    uint64_t bytes = 0;
  };
  using Port = std::pair<IpAddress, uint16_t>;
  struct Requests {
    uint64_t connections = 0;  // that all hosts took
    uint64_t bytes = 0;
    bool answered = false;  // a host has a row
  };
  static constexpr size_t kMaxSeen = 1'000'000;
  static constexpr size_t kMaxUnanswered = 64;

  void AddAnswer(const Sighting& sighting, const wire::Tcp& tcp, const Key& key);
  void CountConnection(const Sighting& sighting, const wire::Tcp& tcp, const Key& key, Load& load);
  void AddRequest(const Sighting& sighting, const wire::Tcp& tcp);
  void Refresh();
  void PutPort(const Port& port);
  void PutRow(const Key& key, const Load& load);
  bool IsNew(uint64_t key);

  std::map<Key, Load> loads_;
  std::map<Port, Requests> requests_;
  std::set<Port> stale_;  // of whose requests the rows do not know yet
  size_t unanswered_ = 0;
  BoundedMap<uint64_t, bool> seen_{2 * kMaxSeen};  // connections and clients
  Grid<Key> grid_;
};

}  // namespace nlb
