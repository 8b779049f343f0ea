// SPDX-License-Identifier: GPL-2.0-or-later
//
// A row for each cluster and host that was heard, and for each cluster that only its addresses gave
// away.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <tuple>

#include "capture.h"
#include "tables/grid.h"

namespace nlb {

class ClustersTable {
 public:
  void Add(const Capture& capture, const nlb_report& report);
  // As of the last frame that was added, to a heartbeat's period.
  auto& grid() {
    JudgeSilence();
    return grid_;
  }
  const auto& grid() const { return grid_; }

 private:
  // Cluster address, where it was heard, host ID, host address, serial.
  using Key = std::tuple<IpAddress, std::string, uint32_t, IpAddress, uint32_t>;

  void AddHeartbeat(const Sighting& sighting);
  void AddSilent(const Attribution& found);
  void JudgeSilence();
  static Key KeyOf(const Cluster& cluster, const Host& host);
  std::string StatusOf(const Cluster& cluster, const Host& host) const;
  void PutHost(const Sighting& sighting, const Cluster& cluster, const Host& host);

  Settings settings_;
  Timestamp now_;                      // of the last frame, whatever it is
  std::optional<Timestamp> judged_;    // when silent hosts were last looked for
  ClusterTracker tracker_{settings_};  // of the frames that passed the table's filter
  Transitions ignored_;
  BoundedMap<IpAddress, bool> silent_{4096};  // clusters without a heartbeat
  Grid<Key> grid_;
};

}  // namespace nlb
