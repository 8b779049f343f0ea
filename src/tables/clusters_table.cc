// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/clusters_table.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/tables.h"
#include "facts/mac_class.h"
#include "tables/document.h"

namespace nlb {
namespace {

std::string UtcOf(Timestamp time) {
  using namespace std::chrono;
  std::string text = TextUtc(floor<seconds>(nanoseconds(time.ns)).count());
  return text.substr(0, text.size() - 4);  // the zone stands in the column's title
}

double Seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

// "VLAN 10, interface 1, inner": where it is not the plain wire of the first interface.
std::string PlaceOf(const Segment& segment) {
  std::string text;
  const auto add = [&](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  for (int i = segment.vlan.count - 1; i >= 0; --i) {
    add("VLAN " + std::to_string(segment.vlan.ids >> (16 * i) & 0xFFF));
  }
  if (segment.interface_id != 0) add("interface " + std::to_string(segment.interface_id));
  if (segment.layer != 0) add("inner");
  return text;
}

std::string NameOf(IpAddress cluster, const std::string& place) {
  return place.empty() ? Text(cluster) : Text(cluster) + " (" + place + ")";
}

}  // namespace

void ClustersTable::Add(const Capture& capture, const nlb_report& report) {
  if (report.frames().empty()) return;
  settings_ = capture.settings();
  ++frames_since_judged_;
  now_ = {report.frames()[0].time_ns};
  const Knowledge known = capture.knowledge();
  const Position at = known.index.PositionOf(report.frames()[0].number);
  for (const auto& [facts, attribution] : report.layers()) {
    if (facts.content == Content::kHeartbeat) {
      AddHeartbeat({facts, at, known});
    } else if (attribution) {
      AddSilent(*attribution);
    }
  }
}

void ClustersTable::AddHeartbeat(const Sighting& s) {
  ignored_.clear();
  const auto heard = tracker_.Hear(s.frame, s.at, ignored_);
  if (!heard.host) return;
  const Cluster& cluster = *heard.cluster;
  if (bool* silent = silent_.FindOrAdd(cluster.ip); silent && !*silent) {
    *silent = true;  // from now on it is not one
    grid_.Erase({cluster.ip, "", 0, {}, 0});
  }
  if (heard.absorbed) {
    for (const Host& host : heard.absorbed->hosts) grid_.Erase(KeyOf(*heard.absorbed, host));
    for (const Host& host : cluster.hosts) PutHost(s, cluster, host);
  }
  PutHost(s, cluster, *heard.host);
  PutStatuses(cluster);
}

// Of the other hosts, when what all rows of the cluster show has changed.
void ClustersTable::PutStatuses(const Cluster& cluster) {
  const auto flags = static_cast<uint8_t>(cluster.split_raised + 2 * cluster.unsettled_raised);
  uint8_t* shown = shown_.FindOrAdd(cluster.serial);
  if (!shown || *shown == flags) return;
  *shown = flags;
  for (const Host& host : cluster.hosts) {
    grid_.PutCell(KeyOf(cluster, host), kClusterStatus, StatusOf(cluster, host));
  }
}

ClustersTable::Key ClustersTable::KeyOf(const Cluster& cluster, const Host& host) {
  return {cluster.ip, PlaceOf(cluster.segments.front()), host.id, host.ip, host.serial};
}

// What is worst about a host or its cluster.
std::string ClustersTable::StatusOf(const Cluster& cluster, const Host& host) const {
  if (!host.IsHeard()) return "only named";
  if (cluster.ip.is_unspecified()) return "not set up";
  if (!tracker_.IsLive(cluster, host, now_)) {
    const Duration silence = std::max(now_ - host.last_heard, Duration(0));
    return "silent for " + Text(floor<std::chrono::seconds>(silence));
  }
  if (cluster.split_raised) return "live, split";
  return cluster.unsettled_raised ? "live, unsettled" : "live";
}

// A host falls silent without a heartbeat that could tell it: whoever reads the table asks. A
// dialog asks after every frame, so not more often than hosts speak.
void ClustersTable::JudgeSilence() {
  if (judged_ && AbsDiff(now_, *judged_) < settings_.heartbeat_period) return;
  frames_since_judged_ = hosts_judged_ = 0;
  for (const Cluster& cluster : tracker_.clusters()) {
    hosts_judged_ += cluster.hosts.size();
    for (const Host& host : cluster.hosts) {
      if (!host.IsHeard()) continue;
      grid_.PutCell(KeyOf(cluster, host), kClusterStatus, StatusOf(cluster, host));
    }
  }
  judged_ = now_;
}

void ClustersTable::Settle() {
  if (judged_ != now_) {
    judged_.reset();
    JudgeSilence();
  }
  grid_.Sort();
}

void ClustersTable::PutHost(const Sighting& s, const Cluster& cluster, const Host& host) {
  const Key key = KeyOf(cluster, host);
  if (!grid_.Takes(key)) return;
  const auto evidence = s.known.evidence.ClusterOfAddress(cluster.ip, s.at);
  const auto& last = host.last;
  const auto number = [&](wire::Slot slot, uint64_t value) {
    return last.Has(slot) ? std::to_string(value) : std::string("?");
  };
  const uint64_t gaps = host.heartbeats > 1 ? host.heartbeats - 1 : 1;
  grid_.Put(key, CellsOf(NameOf(cluster.ip, std::get<std::string>(key)), std::to_string(host.id),
                         StatusOf(cluster, host), Text(host.ip), std::string(ModeName(host.mode)),
                         SafeName(host.name), Text(host.source), host.heartbeats,
                         Seconds(host.summed_intervals) / static_cast<double>(gaps),
                         Seconds(host.longest_interval), number(wire::slot::kState, last.state),
                         number(wire::slot::kDefaultHostId, last.default_host_id + 1u),
                         number(wire::slot::kRuleCount, last.rule_count),
                         number(wire::slot::kPacketsHandled, last.packets_handled),
                         UtcOf(host.first_heard), UtcOf(host.last_heard),
                         evidence ? std::string(ProofName(evidence->proof)) : ""));
}

// A cluster that ARP, an address or the user's table names, but that no heartbeat was heard of.
void ClustersTable::AddSilent(const Attribution& found) {
  if (!found.evidence || found.evidence->proof == Proof::kHeartbeat) return;
  // By the addresses alone the mode is not known, and a row is written once.
  if (found.mode == NLB_MODE_UNKNOWN) return;
  bool* known = silent_.FindOrAdd(found.cluster);
  if (!known || *known) return;
  grid_.Put({found.cluster, "", 0, {}, 0},
            CellsOf(Text(found.cluster), "-", "no heartbeat", "-",
                    std::string(ModeName(found.mode)), "", "-", uint64_t{0}, 0.0, 0.0, "-", "-",
                    "-", "-", "-", "-", std::string(ProofName(found.evidence->proof))));
}

}  // namespace nlb
