// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/load_table.h"

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "facts/mac_class.h"
#include "tables/layers.h"
#include "tables/seen_clusters.h"
#include "wire/transport.h"

namespace nlb {
namespace {

constexpr char kNobody[] = "none seen";

// The host by its masked MAC, or by the MAC that its heartbeats come from.
std::string HostOf(const Sighting& s) {
  if (s.frame.source_role == MacRole::kMaskedHost &&
      s.known.evidence.ClusterOfMac(s.frame.source, s.at)) {
    return std::to_string(MaskedHostId(s.frame.source));
  }
  if (const auto host = s.known.masks.HostBeforeMasking(s.frame.source, s.at)) {
    return std::to_string(*host);
  }
  const auto host = s.known.evidence.HostByStationMac(s.frame.source, s.at);
  return host ? std::to_string(host->host_id) : "unknown";
}

}  // namespace

void LoadTable::Add(const Capture& capture, const nlb_report& report) {
  if (report.frames().empty() || capture.IsCopy(report.frames()[0].number)) return;
  ForEachLayer(capture, report, [&](const Sighting& sighting, const auto&) {
    const FrameFacts& frame = sighting.frame;
    const auto tcp = wire::TcpOf(frame.ip);
    if (!tcp) return;
    if (const auto cluster = ClusterOfAddress(sighting, frame.ip.source)) {
      AddAnswer(sighting, *tcp, {*cluster, tcp->source_port, HostOf(sighting)});
    }
    AddRequest(sighting, *tcp);
  });
}

bool LoadTable::IsNew(uint64_t key) {
  bool* seen = seen_.FindOrAdd(key);
  if (!seen) return true;
  return !std::exchange(*seen, true);
}

void LoadTable::AddAnswer(const Sighting& s, const wire::Tcp& tcp, const Key& key) {
  if (!grid_.Takes(key)) return;
  // A server answers from its port; a row for each ephemeral port of an outgoing connection would
  // bury that.
  const bool known_port = loads_.contains(key);
  if (!known_port && !tcp.is_syn_ack()) return;
  Load& load = loads_[key];
  load.bytes += s.frame.ip.total_length;
  if (tcp.is_syn_ack()) CountConnection(s, tcp, key, load);
  PutRow(key, load);
}

void LoadTable::CountConnection(const Sighting& s, const wire::Tcp& tcp, const Key& key,
                                Load& load) {
  const auto& [cluster, port, host] = key;
  Requests& requests = requests_[{cluster, port}];
  if (!std::exchange(requests.answered, true) && loads_.contains({cluster, port, kNobody})) {
    loads_.erase({cluster, port, kNobody});
    grid_.Erase({cluster, port, kNobody});
    --unanswered_;
  }
  const uint64_t client =
      Mix(s.frame.ip.destination.Hash(cluster.Hash(port)) ^ std::hash<std::string>{}(host));
  if (IsNew(client)) ++load.clients;
  if (!IsNew(Mix(client + tcp.destination_port + 1) ^ Mix(tcp.acknowledgment))) return;
  ++requests.connections;
  ++load.connections;
  PutPort({cluster, port});
}

// A port that is asked for without being known gets a row of its own, as long as nobody answers.
void LoadTable::AddRequest(const Sighting& s, const wire::Tcp& tcp) {
  const auto cluster = ClusterOfAddress(s, s.frame.ip.destination);
  if (!cluster) return;
  const Port port{*cluster, tcp.destination_port};
  auto requests = requests_.find(port);
  if (requests == requests_.end()) {
    const Key key{port.first, port.second, kNobody};
    if (!tcp.is_syn() || unanswered_ >= kMaxUnanswered || !grid_.Takes(key)) return;
    loads_[key] = {};
    requests = requests_.try_emplace(port).first;
    ++unanswered_;
    PutRow(key, {});
  }
  requests->second.bytes += s.frame.ip.total_length;
  stale_.insert(port);
}

// Requests change the rows of all hosts of their port: not before somebody looks.
void LoadTable::Refresh() {
  for (const Port& port : stale_) PutPort(port);
  stale_.clear();
}

// A new connection changes the shares of all hosts of the port.
void LoadTable::PutPort(const Port& port) {
  const auto is_of_port = [&](const Key& key) {
    return Port{std::get<0>(key), std::get<1>(key)} == port;
  };
  for (auto row = loads_.lower_bound({port.first, port.second, ""});
       row != loads_.end() && is_of_port(row->first); ++row) {
    PutRow(row->first, row->second);
  }
}

void LoadTable::PutRow(const Key& key, const Load& load) {
  const auto& [cluster, port, host] = key;
  const Requests& requests = requests_[{cluster, port}];
  const uint64_t total = std::max<uint64_t>(requests.connections, 1);
  const uint64_t share = (200 * load.connections + total) / (2 * total);  // rounded
  grid_.Put(key, CellsOf(Text(cluster), uint64_t{port}, host, load.connections, load.clients, share,
                         load.bytes, requests.bytes));
}

}  // namespace nlb
