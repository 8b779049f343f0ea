// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/diagnosis.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "catalog/commands.h"
#include "catalog/tables.h"
#include "heuristics/registry.h"
#include "tables/commands_table.h"

namespace nlb {
namespace {

constexpr size_t kMaxHosts = 64;
constexpr size_t kMaxClusters = 4;

// The number of a column of the table of clusters, by its title.
consteval size_t Column(std::string_view title) {
  for (size_t i = 0; i < kClusterColumns.size(); ++i) {
    if (title == kClusterColumns[i].title) return i;
  }
  throw "no such column in catalog/tables.h";
}

const nlb_finding_desc& RowOf(const FindingsTable::Tally& tally) {
  return kHeuristics[tally.finding].finding;
}

std::string Times(uint64_t count) { return count == 1 ? "once" : std::to_string(count) + " times"; }

// "2 errors and 1 warning"
std::string Counts(size_t errors, size_t warnings) {
  std::string text = errors > 0 ? Count(errors, "error") : "";
  if (errors > 0 && warnings > 0) text += " and ";
  return warnings > 0 ? text + Count(warnings, "warning") : text;
}

std::string CellText(const Cells& row, size_t column) {
  const auto* text = std::get_if<std::string>(&row[column]);
  return text && !text->empty() ? *text : "-";
}

std::string ClusterLine(const Cells& row) {
  return CellText(row, Column("Cluster")) + ", " + CellText(row, Column("Mode")) + " (known by " +
         CellText(row, Column("Evidence")) + ")";
}

std::string HostLine(const Cells& row) {
  const std::string id = CellText(row, Column("Host"));
  if (id == "-") return "  " + CellText(row, Column("Status"));
  std::string line = "  host " + id;
  for (const size_t column : {Column("Host IP"), Column("Source MAC")}) {
    line += "  " + CellText(row, column);
  }
  const std::string name = CellText(row, Column("Name"));
  if (name != "-") line += "  " + name;
  return line + "  " + CellText(row, Column("Status"));
}

// A blank label: the system of the line before.
void WriteCommand(const nlb_command_desc& command, const CommandValues& values, Document& out) {
  std::string label = command.system;
  const auto put = [&](std::string text) { out.Line(std::exchange(label, " "), std::move(text)); };
  for (std::string& step : FillSteps(command, values)) put(std::move(step));
  if (*command.remark) put("(" + std::string(command.remark) + ")");
}

// All addresses of a cluster have the MAC of the primary one, and routers need an entry for each.
void WriteFurther(const SeenCluster& cluster, Document& out) {
  if (cluster.further.empty()) return;
  std::string addresses;
  for (const IpAddress ip : cluster.further)
    addresses += (addresses.empty() ? "" : ", ") + Text(ip);
  out.Paragraph(
      "A static ARP entry is needed for each of its further addresses as well, with the "
      "same MAC: " +
      addresses + ".");
}

void WriteCommandsOf(const SeenCluster& cluster, Document& out) {
  const CommandValues values = ValuesOf(cluster);
  nlb_purpose purpose = NLB_PURPOSE_COUNT;
  for (const nlb_command_desc& command : kCommands) {
    if (!(command.modes >> cluster.mode & 1)) continue;
    if (command.purpose != purpose) out.Line(kPurposes[command.purpose].title);
    purpose = command.purpose;
    WriteCommand(command, values, out);
  }
}

}  // namespace
}  // namespace nlb

void nlb_diagnosis::Add(const nlb::Capture& capture, const nlb_report& report) {
  Tables& to = tables();
  to.findings.Add(capture, report);
  to.clusters.Add(capture, report);
  to.capture.Add(capture, report);
}

const std::string& nlb_diagnosis::Text(nlb_markup markup) {
  const nlb::Document document = Write();
  text_ = markup == NLB_MARKDOWN ? document.Markdown() : document.Plain();
  return text_;
}

nlb::Document nlb_diagnosis::Write() {
  nlb::Document out;
  out.Title("NLB report");
  out.Paragraph(Verdict());
  if (tables().capture.records() == 0) return out;
  size_t number = 0;
  WriteProblems("What is wrong", OfSeverity(NLB_WARN, NLB_ERROR), number, out);
  WriteProblems("What is unusual", OfSeverity(NLB_NOTE, NLB_NOTE), number, out);
  WriteOdd(OfSeverity(NLB_CHAT, NLB_CHAT), out);
  out.Section("What this capture point cannot show");
  for (const std::string& sentence : tables().capture.Blind()) out.Bullet(sentence);
  out.Bullet("Which entries switches and routers hold: only what follows from them is seen.");
  if (tables().capture.clusters().size() == 0) {
    WriteUnproven(out);
  } else {
    WriteClusters(out);
    WriteCommands(out);
  }
  return out;
}

// The gravest first, and of those the order of the findings.
nlb_diagnosis::Found nlb_diagnosis::OfSeverity(nlb_severity lowest, nlb_severity highest) {
  Found found;
  for (const auto& [finding, tally] : tables().findings.tallies()) {
    const nlb_severity severity = nlb::RowOf(tally).severity;
    if (severity >= lowest && severity <= highest) found.push_back(&tally);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto* a, const auto* b) {
    return nlb::RowOf(*a).severity > nlb::RowOf(*b).severity;
  });
  return found;
}

std::string nlb_diagnosis::Verdict() {
  if (tables().capture.records() == 0) {
    return "Nothing was looked at: no frame is of a link type that is analysed. This says nothing "
           "about NLB.";
  }
  const Found broken = OfSeverity(NLB_WARN, NLB_ERROR);
  if (!broken.empty()) {
    const size_t errors = OfSeverity(NLB_ERROR, NLB_ERROR).size();
    return "Something is wrong, " + nlb::Counts(errors, broken.size() - errors) +
           ", first of all: " + broken[0]->sentence + ".";
  }
  const size_t clusters = tables().capture.clusters().size();
  if (clusters == 0) {
    return "No NLB cluster is proven in this capture, so hardly anything could be judged. That is "
           "not the same as healthy.";
  }
  const size_t notes = OfSeverity(NLB_NOTE, NLB_NOTE).size();
  return "Nothing wrong was found" +
         (notes > 0 ? ", " + nlb::Count(notes, "thing") + " unusual" : std::string()) + ". " +
         nlb::Count(clusters, "cluster") + (clusters == 1 ? " is" : " are") +
         " proven; what cannot be judged from here stands below.";
}

void nlb_diagnosis::WriteProblems(const char* title, const Found& found, size_t& number,
                                  nlb::Document& out) {
  if (found.empty()) return;
  out.Section(title);
  for (const auto* tally : found) {
    const nlb_finding_desc& row = nlb::RowOf(*tally);
    out.Heading(std::to_string(++number) + ". " + nlb::SeverityName(row.severity) + ": " +
                row.summary + ", " + nlb::Times(tally->count) + ", first in frame " +
                std::to_string(tally->first_frame));
    out.Said("seen", tally->sentence);
    out.Labelled("why", row.cause);
    out.Labelled("do", row.remedy);
    out.Said("filter", row.filter);
  }
}

void nlb_diagnosis::WriteOdd(const Found& found, nlb::Document& out) {
  if (found.empty()) return;
  out.Section("What looks odd but is normal");
  for (const auto* tally : found) {
    const nlb_finding_desc& row = nlb::RowOf(*tally);
    out.Bullet(std::string(row.summary) + ", " + nlb::Times(tally->count) + ": " + row.cause);
  }
}

void nlb_diagnosis::WriteUnproven(nlb::Document& out) {
  out.Section("If there is a cluster");
  out.Paragraph(
      "Enter it: Edit > Preferences > Protocols > NLB > Known clusters, with its primary address "
      "and mode. For tshark the same as an option:");
  out.Line("-o 'uat:nlb_clusters:\"192.168.2.10\",\"Unicast\",\"\"'");
  out.Paragraph(
      "A capture taken on a host of the cluster shows no heartbeats: capture on a mirror port of "
      "the switch instead, on the port of one host and that of the router.");
}

void nlb_diagnosis::WriteClusters(nlb::Document& out) {
  out.Section("Clusters and hosts");
  tables().clusters.Settle();
  const auto& rows = tables().clusters.grid();
  std::string last;
  for (size_t i = 0; i < rows.size() && i < nlb::kMaxHosts; ++i) {
    const std::string cluster = nlb::ClusterLine(rows.row(i));
    if (cluster != last) out.Line(cluster);
    last = cluster;
    out.Line(nlb::HostLine(rows.row(i)));
  }
  if (rows.size() == 0) out.Line("known by their addresses only: see Statistics > NLB Addresses");
  if (rows.size() > nlb::kMaxHosts) out.Line("and more: see Statistics > NLB Clusters");
}

void nlb_diagnosis::WriteCommands(nlb::Document& out) {
  size_t written = 0;
  for (const auto& [ip, cluster] : tables().capture.clusters()) {
    if (!ip.is_v4() || cluster.mode == NLB_MODE_UNKNOWN || written == nlb::kMaxClusters) continue;
    if (written++ == 0) {
      out.Section("Commands");
      out.Paragraph(
          "Not run here: they are taken from the vendors' public documents, which Statistics > "
          "NLB Commands and the guide name. Look them up for your release before you type.");
    }
    out.Heading("For " + nlb::Text(ip) + ", " + std::string(nlb::ModeName(cluster.mode)));
    if (cluster.mode != NLB_MODE_UNICAST) nlb::WriteFurther(cluster, out);
    nlb::WriteCommandsOf(cluster, out);
  }
}
