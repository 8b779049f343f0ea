// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/commands_table.h"

#include "base/text.h"
#include "catalog/commands.h"
#include "tables/layers.h"

namespace nlb {
namespace {

std::string PortOf(uint8_t id, const SeenHost& host) {
  if (host.mac != MacAddress()) return "<port of " + Text(host.mac) + ">";
  return "<port of host " + std::to_string(id) + ">";
}

}  // namespace

CommandValues ValuesOf(const SeenCluster& cluster) {
  CommandValues values;
  values.ip = cluster.ip;
  values.mac = cluster.mac;
  values.vlan = cluster.vlan;
  for (const auto& [id, host] : cluster.hosts) {
    if (values.ports.size() == kMaxPorts) {
      values.ports.push_back("<ports of the other hosts>");
      break;
    }
    values.ports.push_back(PortOf(id, host));
  }
  return values;
}

void CommandsTable::Add(const Capture& capture, const nlb_report& report) {
  if (report.frames().empty() || capture.IsCopy(report.frames()[0].number)) return;
  ForEachLayer(capture, report, [&](const Sighting& sighting, const auto& attribution) {
    const auto seen = clusters_.Observe(sighting, attribution);
    // Also when memory ran out while its rows were made.
    if (seen.cluster && (seen.changed || !HasRows(*seen.cluster))) Put(*seen.cluster);
  });
}

// A cluster whose mode is not known could be given the wrong MAC.
void CommandsTable::Put(const SeenCluster& cluster) {
  if (!cluster.ip.is_v4() || cluster.mode == NLB_MODE_UNKNOWN) return;
  nlb_mode& mode = modes_[cluster.ip];
  if (mode != cluster.mode) {
    grid_.EraseIf([&](const Key& key) { return std::get<0>(key) == cluster.ip; });
  }
  mode = NLB_MODE_UNKNOWN;
  const CommandValues values = ValuesOf(cluster);
  for (size_t row = 0; row < kCommands.size(); ++row) {
    if (kCommands[row].modes >> cluster.mode & 1) {
      PutCommand(cluster, row, FillSteps(kCommands[row], values));
    }
  }
  mode = cluster.mode;
}

bool CommandsTable::HasRows(const SeenCluster& cluster) const {
  const auto found = modes_.find(cluster.ip);
  return found != modes_.end() && found->second == cluster.mode;
}

void CommandsTable::PutCommand(const SeenCluster& cluster, size_t row,
                               const std::vector<std::string>& steps) {
  const nlb_command_desc& command = kCommands[row];
  const auto put = [&](size_t step, std::string text) {
    const Key key{cluster.ip, row, step};
    if (!grid_.Takes(key)) return;
    grid_.Put(key, CellsOf(Text(cluster.ip), kPurposes[command.purpose].title, command.system,
                           std::move(text), step == 0 ? command.remark : "", command.source));
  };
  if (steps.empty()) put(0, "-");
  for (size_t step = 0; step < steps.size(); ++step) put(step, steps[step]);
}

}  // namespace nlb
