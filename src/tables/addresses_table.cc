// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/addresses_table.h"

#include <algorithm>

#include "base/text.h"
#include "tables/layers.h"

namespace nlb {
namespace {

// Whom a claim is for: ARP says it in the target protocol address.
IpAddress AskerOf(const FrameFacts& frame) {
  constexpr size_t kTarget = 24;
  if (frame.content != Content::kArp) return frame.ip.destination;
  return frame.payload.Has(kTarget, 4) ? IpAddress::ReadV4(frame.payload, kTarget) : IpAddress{};
}

std::string TextOf(const std::vector<MacAddress>& macs, size_t most) {
  std::string text;
  for (size_t i = 0; i < macs.size() && i < most; ++i) text += (i ? ", " : "") + Text(macs[i]);
  return macs.size() > most ? text + ", ..." : text.empty() ? "-" : text;
}

}  // namespace

void AddressesTable::Add(const Capture& capture, const nlb_report& report) {
  if (report.frames().empty() || capture.IsCopy(report.frames()[0].number)) return;
  frame_ = report.frames()[0].number;
  ForEachLayer(capture, report, [&](const Sighting& sighting, const auto& attribution) {
    AddLayer(sighting, attribution);
  });
}

void AddressesTable::AddLayer(const Sighting& s, const std::optional<Attribution>& attribution) {
  clusters_.Observe(s, attribution);
  if (s.frame.claim) {
    AddClaim(s);
  } else if (s.frame.is_ip()) {
    AddPacket(s);
  }
}

std::optional<AddressesTable::Owner> AddressesTable::OwnerOf(const Sighting& s,
                                                             IpAddress ip) const {
  if (const auto* host = clusters_.OwnerOf(ip)) {
    return Owner{host->cluster, "host " + std::to_string(host->host_id)};
  }
  const auto cluster = ClusterOfAddress(s, ip);
  if (!cluster) return std::nullopt;
  return Owner{*cluster, *cluster == ip ? "cluster" : "further address"};
}

AddressesTable::Row* AddressesTable::RowOf(const Sighting& s, IpAddress ip, MacAddress station,
                                           Key& key) {
  const auto owner = OwnerOf(s, ip);
  if (!owner) return nullptr;
  key = {owner->cluster, ip, station};
  if (!grid_.Takes(key)) return nullptr;
  Row& row = rows_[key];
  if (row.first_frame == 0) {
    row.of = owner->of;
    row.first_frame = frame_;
  }
  return &row;
}

void AddressesTable::AddClaim(const Sighting& s) {
  Key key;
  const MacAddress station = s.frame.destination;
  Row* row = RowOf(s, s.frame.claim->ip, station, key);
  if (!row) return;
  bool changed = TakeAsker(s, AskerOf(s.frame), station, *row);
  changed |= Take(s.frame.claim->mac, row->told);
  changed |= Take(s.frame.source, row->from);
  Put(key, *row, changed);
}

void AddressesTable::AddPacket(const Sighting& s) {
  if (!s.frame.ip.source.is_unicast() || !s.frame.ip.destination.is_unicast()) return;
  Key key;
  if (Row* row = RowOf(s, s.frame.ip.source, s.frame.destination, key)) {
    bool changed = TakeAsker(s, s.frame.ip.destination, s.frame.destination, *row);
    changed |= Take(s.frame.source, row->from);
    Put(key, *row, changed);
  }
  if (Row* row = RowOf(s, s.frame.ip.destination, s.frame.source, key)) {
    bool changed = TakeAsker(s, s.frame.ip.source, s.frame.source, *row);
    changed |= Take(s.frame.destination, row->to);
    Put(key, *row, changed);
  }
}

bool AddressesTable::TakeAsker(const Sighting& s, IpAddress ip, MacAddress station, Row& row) {
  const auto neighbour = s.known.neighbours.AddressOf(s.frame.segment, station, s.at);
  bool changed = false;
  if (neighbour && row.neighbour == IpAddress()) {
    row.neighbour = *neighbour;
    changed = true;
  }
  if (!ip.is_unicast() || station.is_group()) return changed;
  const IpAddress first = row.neighbour != IpAddress() ? row.neighbour : row.asker;
  if (row.asker == IpAddress()) {
    row.asker = ip;
    changed = true;
  }
  if (first == IpAddress() || first == ip || row.others) return changed;
  return row.others = true;
}

// One more than is shown tells that there are more.
bool AddressesTable::Take(MacAddress mac, std::vector<MacAddress>& macs) {
  if (macs.size() > kMaxMacs || std::find(macs.begin(), macs.end(), mac) != macs.end()) {
    return false;
  }
  macs.push_back(mac);
  return true;
}

void AddressesTable::Put(const Key& key, Row& row, bool changed) {
  if (!changed && row.shown) return;
  const auto& [cluster, address, station] = key;
  const bool known = row.neighbour != IpAddress();
  std::string asker = station.is_group()         ? "all"
                      : known                    ? Text(row.neighbour)
                      : row.asker == IpAddress() ? "-"
                                                 : Text(row.asker);
  if (row.others) asker += known ? " and behind it" : " and others";
  grid_.Put(key, CellsOf(Text(cluster), Text(address), row.of, std::move(asker), Text(station),
                         TextOf(row.told, kMaxMacs), TextOf(row.from, kMaxMacs),
                         TextOf(row.to, kMaxMacs), uint64_t{row.first_frame}));
  row.shown = true;
}

}  // namespace nlb
