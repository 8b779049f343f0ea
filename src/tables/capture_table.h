// SPDX-License-Identifier: GPL-2.0-or-later
//
// What this capture point shows, and what therefore cannot be judged from it: not seen is not
// absent.
//
// Bounded: of 1,024 clusters and 1,024 stations that report groups; numbers of 64 interfaces.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "capture.h"
#include "tables/grid.h"
#include "tables/seen_clusters.h"

namespace nlb {

class CaptureTable {
 public:
  CaptureTable();

  void Add(const Capture& capture, const nlb_report& report);
  auto& grid() {
    Refresh();
    return grid_;
  }
  const auto& grid() const { return grid_; }

  uint64_t records() const { return records_; }
  const SeenClusters& clusters() const { return clusters_; }
  // What cannot be judged, a sentence each, without repetition.
  std::vector<std::string> Blind();

 private:
  enum Row : uint8_t { kLinks, kLength, kInterfaces, kTags, kCopies, kArp, kGroups, kRows };
  // Of the whole capture, then two for each cluster.
  using Key = std::tuple<IpAddress, uint8_t>;
  struct Words {
    std::string what, seen, blind;
  };

  void AddLayer(const Sighting& sighting, const std::optional<Attribution>& attribution);
  void AddIgmp(const FrameFacts& frame);
  void Refresh();
  void PutCluster(const SeenCluster& cluster);
  void Put(const Key& key, Words words);
  Words WordsOf(Row row) const;
  Words LinkWords() const;
  Words LengthWords() const;
  Words InterfaceWords() const;
  Words TagWords() const;
  Words IgmpWords() const;
  static Words HeartbeatWords(const SeenCluster& cluster);
  static Words TrafficWords(const SeenCluster& cluster);

  static constexpr size_t kLinkTypes = NLB_LINK_OTHER + 1;

  uint64_t records_ = 0;  // that were analysed
  std::array<uint64_t, kLinkTypes> by_link_{};
  uint64_t inside_ = 0, cut_ = 0, copies_ = 0, claims_ = 0, tagged_ = 0;
  uint64_t reports_ = 0, queries_ = 0;
  uint32_t longest_kept_ = 0;  // of what was cut
  Timestamp first_, last_;
  std::set<uint32_t> interfaces_;
  std::set<MacAddress> reporters_;
  std::bitset<4096> vlans_;
  SeenClusters clusters_;

  std::bitset<kRows> stale_;
  std::set<IpAddress> stale_clusters_;
  Grid<Key> grid_;
};

}  // namespace nlb
