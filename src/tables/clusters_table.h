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
  // As of the last frame that was added, to a heartbeat's period at best: a large table is looked
  // through less often.
  auto& grid() {
    if (frames_since_judged_ * kHostsPerFrame >= hosts_judged_) JudgeSilence();
    return grid_;
  }
  const auto& grid() const { return grid_; }
  // As of the last frame that was added, and sorted.
  void Settle();

 private:
  // Hosts whose silence may be judged for each frame: what a dialog that asks after every frame
  // costs does not grow with the table.
  static constexpr size_t kHostsPerFrame = 16;

  // Cluster address, where it was heard, host ID, host address, serial.
  using Key = std::tuple<IpAddress, std::string, uint32_t, IpAddress, uint32_t>;

  void AddHeartbeat(const Sighting& sighting);
  void AddSilent(const Attribution& found);
  void JudgeSilence();
  void PutStatuses(const Cluster& cluster);
  static Key KeyOf(const Cluster& cluster, const Host& host);
  std::string StatusOf(const Cluster& cluster, const Host& host) const;
  void PutHost(const Sighting& sighting, const Cluster& cluster, const Host& host);

  Settings settings_;
  Timestamp now_;                    // of the last frame, whatever it is
  std::optional<Timestamp> judged_;  // when silent hosts were last looked for
  size_t frames_since_judged_ = 0;
  size_t hosts_judged_ = 0;
  ClusterTracker tracker_{settings_};  // of the frames that passed the table's filter
  Transitions ignored_;
  BoundedMap<IpAddress, bool> silent_{4096};  // clusters without a heartbeat
  // What every row of a cluster shows: split, unsettled. By its serial; a cluster that finds no
  // room finds none in the grid.
  BoundedMap<uint64_t, uint8_t> shown_{Grid<Key>::kMaxRows};
  Grid<Key> grid_;
};

}  // namespace nlb
