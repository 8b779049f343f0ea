// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/load_table.h"

#include <functional>

#include "base/text.h"
#include "facts/mac_class.h"
#include "state/cluster_address.h"
#include "wire/transport.h"

namespace nlb {
namespace {

// The cluster's own address, where one further address of it is meant.
IpAddress ClusterOf(const Sighting& s) {
  const auto* answer = s.known.neighbours.AnsweredWith(s.frame.ip.source, s.at);
  const auto evidence = answer ? s.known.evidence.Of(answer->mac, s.at) : std::nullopt;
  return evidence ? evidence->cluster : s.frame.ip.source;
}

// The host by its masked MAC, or by the MAC that its heartbeats come from.
std::string HostOf(const Sighting& s) {
  if (s.frame.source_role == MacRole::kMaskedHost && s.known.evidence.Of(s.frame.source, s.at)) {
    return std::to_string(MaskedHostId(s.frame.source));
  }
  const auto host = s.known.evidence.Station(s.frame.source, s.at);
  return host ? std::to_string(host->host_id) : "unknown";
}

}  // namespace

void LoadTable::Add(const Capture& capture, const nlb_report& report) {
  if (report.layers().empty() || capture.IsCopy(report.frames()[0].number)) return;
  const Knowledge known = capture.knowledge();
  const Position at = known.index.PositionOf(report.frames()[0].number);
  for (const auto& [facts, attribution] : report.layers()) {
    if (!facts.is_ip() || facts.ip.protocol != wire::kTcp) continue;
    const auto tcp = wire::ParseTcp(facts.ip.transport);
    if (!tcp || !facts.ip.has_transport_header()) continue;
    const Sighting sighting{facts, at, known};
    if (!IsClusterAddress(facts.ip.source, known.evidence, known.neighbours, at)) continue;
    AddAnswer(sighting, *tcp, {ClusterOf(sighting), tcp->source_port, HostOf(sighting)});
  }
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
  const uint64_t client =
      Mix(s.frame.ip.destination.Hash(cluster.Hash(port)) ^ std::hash<std::string>{}(host));
  if (IsNew(client)) ++load.clients;
  if (!IsNew(Mix(client + tcp.destination_port + 1) ^ Mix(tcp.acknowledgment))) return;
  ++connections_[{cluster, port}];
  ++load.connections;
  PutPort(cluster, port);
}

// A new connection changes the shares of all hosts of the port.
void LoadTable::PutPort(IpAddress cluster, uint16_t port) {
  const auto is_of_port = [&](const Key& key) {
    return std::get<0>(key) == cluster && std::get<1>(key) == port;
  };
  for (auto row = loads_.lower_bound({cluster, port, ""});
       row != loads_.end() && is_of_port(row->first); ++row) {
    PutRow(row->first, row->second);
  }
}

void LoadTable::PutRow(const Key& key, const Load& load) {
  const auto& [cluster, port, host] = key;
  const uint64_t total = connections_[{cluster, port}];
  const double share =
      total == 0 ? 0.0 : 100.0 * static_cast<double>(load.connections) / static_cast<double>(total);
  grid_.Put(key, CellsOf(Text(cluster), uint64_t{port}, host, load.connections, load.clients,
                         load.bytes, share));
}

}  // namespace nlb
