// SPDX-License-Identifier: GPL-2.0-or-later
//
// Who is told which MAC: for each address of a cluster and of its hosts, and for each station that
// talks to it, what ARP or ND told that station, which MACs frames come from, and to which its
// requests go. In NLB these are three different MACs by design.
//
// Bounded by the grid's 4,096 rows: further stations are left out. Three MACs in a cell; what is
// behind a router is one row.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "capture.h"
#include "tables/grid.h"
#include "tables/seen_clusters.h"

namespace nlb {

class AddressesTable {
 public:
  void Add(const Capture& capture, const nlb_report& report);
  auto& grid() { return grid_; }
  const auto& grid() const { return grid_; }

 private:
  static constexpr size_t kMaxMacs = 3;
  // Cluster, address, MAC of the station that talks to it.
  using Key = std::tuple<IpAddress, IpAddress, MacAddress>;
  struct Row {
    std::string of;  // "cluster", "further address", "host 1"
    uint32_t first_frame = 0;
    IpAddress asker;      // the first address that was seen behind the MAC
    IpAddress neighbour;  // the station's own, by ARP
    bool others = false;  // there are more addresses behind it
    std::vector<MacAddress> told, from, to;
    bool shown = false;  // memory may run out between here and the grid
  };
  struct Owner {
    IpAddress cluster;
    std::string of;
  };

  void AddLayer(const Sighting& sighting, const std::optional<Attribution>& attribution);
  void AddClaim(const Sighting& sighting);
  void AddPacket(const Sighting& sighting);
  std::optional<Owner> OwnerOf(const Sighting& sighting, IpAddress ip) const;
  // The row of an address and the station at the other end; nullptr where there is none.
  Row* RowOf(const Sighting& sighting, IpAddress ip, MacAddress station, Key& key);
  static bool TakeAsker(const Sighting& sighting, IpAddress ip, MacAddress station, Row& row);
  static bool Take(MacAddress mac, std::vector<MacAddress>& macs);
  void Put(const Key& key, Row& row, bool changed);

  uint32_t frame_ = 0;  // number of the record that is being added
  SeenClusters clusters_;
  std::map<Key, Row> rows_;
  Grid<Key> grid_;
};

}  // namespace nlb
