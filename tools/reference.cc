// SPDX-License-Identifier: GPL-2.0-or-later
//
// Prints docs/reference.md from the tables of the core, so that the page cannot say anything else
// than the plugin does; with the argument "commands", what docs/guide.md says of the vendors'
// commands.
#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include "nlb.h"

namespace {

const char* KindName(nlb_kind kind) {
  constexpr const char* kNames[NLB_KIND_COUNT] = {
      "heading", "uint8", "uint16", "uint32", "uint64",   "boolean", "string",
      "MAC",     "IPv4",  "IPv6",   "frame",  "duration", "bytes"};
  return kNames[kind];
}

void PrintFields(nlb_section section) {
  std::puts("| filter | type | shown as | what |\n| --- | --- | --- | --- |");
  for (size_t i = 0; i < nlb_field_count(); ++i) {
    const nlb_field_desc& field = *nlb_field(i);
    if (field.section != section) continue;
    std::printf("| `%s` | %s | %s | %s |\n", field.filter, KindName(field.kind), field.title,
                field.help);
  }
}

void PrintFindings() {
  for (size_t i = 0; i < nlb_finding_count(); ++i) {
    const nlb_finding_desc& finding = *nlb_finding(i);
    // Variants of one finding follow each other.
    const bool variant = i > 0 && std::string_view(nlb_finding(i - 1)->filter) == finding.filter;
    if (!variant) std::printf("\n### `%s`\n", finding.filter);
    std::printf("\n**%s** (%s)\n\n", finding.summary, nlb_severity_name(finding.severity));
    std::printf("- Cause: %s\n- Cure: %s\n- Quiet when: %s\n- Source: %s\n", finding.cause,
                finding.remedy, finding.not_raised_when, finding.source);
  }
}

void PrintSettings() {
  std::puts("| setting | default | limits | meaning |\n| --- | --- | --- | --- |");
  for (size_t i = 0; i < nlb_setting_count(); ++i) {
    const nlb_setting_desc& setting = *nlb_setting(i);
    if (setting.is_switch) {
      std::printf("| `nlb.%s` | %s | | %s |\n", setting.name,
                  setting.default_value ? "TRUE" : "FALSE", setting.help);
    } else {
      std::printf("| `nlb.%s` | %u %s | %u to %u | %s |\n", setting.name, setting.default_value,
                  setting.unit, setting.lowest, setting.highest, setting.help);
    }
  }
}

// The rows of Wireshark's user tables, whose columns are the plugin's.
void PrintUserTables() {
  std::puts(
      "\nTwo tables hold a row for each cluster or router. They stand on the same page of the "
      "preferences, in the\n"
      "files `nlb_clusters` and `nlb_routers` of the profile, and on the command line, a row each "
      "time:\n\n"
      "| table | row | what it does |\n| --- | --- | --- |\n"
      "| Known clusters | `-o 'uat:nlb_clusters:\"192.168.2.10\",\"Unicast\",\"\"'` | A cluster "
      "that the capture does not prove: primary address; Unicast, Multicast or IGMP multicast; "
      "MAC, only if it was set by hand |\n"
      "| Expected routers | `-o 'uat:nlb_routers:\"00:15:5d:01:02:03\",\"edge\"'` | A router that "
      "may send the clusters' packets on: MAC and name. Its copies are `routed_copy`, never "
      "`foreign_router` |");
}

void PrintTables() {
  for (int t = 0; t < NLB_TABLE_COUNT; ++t) {
    const auto table = static_cast<nlb_table>(t);
    std::printf("- NLB %s, `tshark -q -z nlb,%s`:", nlb_table_title(table), nlb_table_name(table));
    for (size_t c = 0; c < nlb_table_column_count(table); ++c) {
      std::printf("%s %s", c == 0 ? "" : ",", nlb_table_column(table, c)->title);
    }
    std::puts("");
  }
  std::puts(
      "- NLB Timeline, `tshark -q -z nlb,timeline`: a tree for each cluster with heartbeats of "
      "each "
      "host, hosts up and down, convergence, conflicts, copies and resets, each per second\n"
      "- NLB Report, `tshark -q -z nlb,report` or `-z nlb,report,markdown`, in Wireshark Tools > "
      "NLB "
      "> Report: all of\n"
      "  it in words, with the commands filled in");
}

// ---- the vendors' commands ----

// "`vlan 112`, then `ip igmp enable`"
std::string StepsInMarkdown(const std::string& steps) {
  std::string text;
  for (const char c : steps) text += c == '\n' ? std::string("`, then `") : std::string(1, c);
  return text.empty() ? "" : "`" + text + "`";
}

void PrintCommand(size_t index) {
  const nlb_command_desc& command = *nlb_command(index);
  std::string steps(512, '\0');
  nlb_command_example(index, steps.data(), steps.size());
  std::string how = StepsInMarkdown(steps.c_str());
  if (*command.remark) how += (how.empty() ? "" : "; ") + std::string(command.remark);
  std::printf("| %s | %s | %s |\n", command.system, how.c_str(), command.source);
}

void PrintCommands() {
  for (int p = 0; p < NLB_PURPOSE_COUNT; ++p) {
    const auto purpose = static_cast<nlb_purpose>(p);
    std::printf("%s### %s\n\n%s\n\n", p == 0 ? "" : "\n", nlb_purpose_title(purpose),
                nlb_purpose_intro(purpose));
    std::printf("| %s | how | source |\n| --- | --- | --- |\n",
                purpose == NLB_PURPOSE_WINDOWS ? "what" : "system");
    for (size_t i = 0; i < nlb_command_count(); ++i) {
      if (nlb_command(i)->purpose == purpose) PrintCommand(i);
    }
  }
}

// ---- sources ----

struct Source {
  std::string_view key;
  const char* where;
};

// What the sources of findings are short for.
constexpr Source kSources[] = {
    {"IEEE 802.1D", "standards.ieee.org"},
    {"KB193598", "github.com/jeffpar/kbarchive, kb/193/Q193598/README.md"},
    {"KB193599", "github.com/jeffpar/kbarchive, kb/193/Q193599/README.md"},
    {"KB193601", "github.com/jeffpar/kbarchive, kb/193/Q193601/README.md"},
    {"KB193602", "github.com/jeffpar/kbarchive, kb/193/Q193602/README.md"},
    {"KB197863", "github.com/jeffpar/kbarchive, kb/197/Q197863/README.md"},
    {"KB198496", "github.com/jeffpar/kbarchive, kb/198/Q198496/README.md"},
    {"KB198552", "github.com/jeffpar/kbarchive, kb/198/Q198552/README.md"},
    {"KB227812", "github.com/jeffpar/kbarchive, kb/227/Q227812/README.md"},
    {"KB232454", "github.com/jeffpar/kbarchive, kb/232/Q232454/README.md"},
    {"KB232711", "github.com/jeffpar/kbarchive, kb/232/Q232711/README.md"},
    {"KB232997", "github.com/jeffpar/kbarchive, kb/232/Q232997/README.md"},
    {"KB258609", "github.com/jeffpar/kbarchive, kb/258/Q258609/README.md"},
    {"KB283028", "support.microsoft.com/en-us/help/283028"},
    {"KB556068", "mskb.pkisolutions.com/kb/556068"},
    {"KB812870", "ftp.zx.net.nz/pub/archive/ftp.microsoft.com/MISC/KB/en-us/812/870.HTM"},
    {"KB838408", "mskb.pkisolutions.com/kb/838408"},
    {"MSBLOG-PRI",
     "blogs.technet.microsoft.com/networking/2008/12/11/"
     "windows-server-2008-nlb-uses-only-the-primary-cluster-network-address/"},
    {"MSFAQ2", "Microsoft's library (TechNet, now learn.microsoft.com), document cc739690"},
    {"MSHOST-BDA", "Microsoft's library (TechNet, now learn.microsoft.com), document dd348817"},
    {"MSNLB16",
     "github.com/MicrosoftDocs/windowsserverdocs, "
     "WindowsServerDocs/networking/technologies/Network-Load-Balancing.md"},
    {"SAMURAJ-CZ", "samuraj-cz.com, article of 2010-08-09, in Czech"},
    {"inferred", "no document: from what public captures show"},
    {"UNA-ICMP", "Microsoft's library (TechNet, now learn.microsoft.com), document cc709622"},
    {"VMW1556", "knowledge.broadcom.com/external/article?legacyId=1556"},
};

// A document of this project and an RFC say themselves where they are.
bool SpeaksForItself(std::string_view key) {
  return key.starts_with("docs/") || key.starts_with("RFC ");
}

const Source* FindSource(std::string_view key) {
  for (const Source& source : kSources) {
    if (source.key == key) return &source;
  }
  return nullptr;
}

// Every word between commas in the sources of all findings.
std::set<std::string_view> SourceKeys() {
  std::set<std::string_view> keys;
  for (size_t i = 0; i < nlb_finding_count(); ++i) {
    std::string_view rest = nlb_finding(i)->source;
    while (!rest.empty()) {
      const size_t comma = rest.find(", ");
      keys.insert(rest.substr(0, comma));
      rest = comma == rest.npos ? "" : rest.substr(comma + 2);
    }
  }
  return keys;
}

// False when a finding names a source that nobody could look up.
bool PrintSources() {
  bool all_known = true;
  std::puts("| source | where |\n| --- | --- |");
  for (const std::string_view key : SourceKeys()) {
    if (SpeaksForItself(key)) continue;
    const std::string name(key);
    if (const Source* source = FindSource(key)) {
      std::printf("| %s | %s |\n", name.c_str(), source->where);
    } else {
      std::fprintf(stderr, "kSources in tools/reference.cc lacks the source \"%s\"\n",
                   name.c_str());
      all_known = false;
    }
  }
  return all_known;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "commands") {
    PrintCommands();
    return 0;
  }
  std::puts(
      "<!-- Generated from the tables in src/ by `./dev doc`. Do not edit. -->\n"
      "# Reference: filters, findings, settings\n\n"
      "Severity: Chat is normal NLB behaviour explained; Note is unusual but legal; Warning is "
      "probably\n"
      "misconfigured; Error contradicts the protocol.\n\n"
      "## Heartbeat fields (`nlb`)\n");
  PrintFields(NLB_SECTION_HEARTBEAT);
  std::puts("\n## Analysis fields (`nlb.analysis`)\n");
  PrintFields(NLB_SECTION_ANALYSIS);
  std::puts(
      "\n## Findings\n\nEvery finding is an expert item; its filter is its name. A frame with at "
      "least one finding\n"
      "matches `nlb.analysis`.");
  PrintFindings();
  std::puts("\n## Settings\n\nPreferences > Protocols > NLB, or `-o nlb.<name>:<value>`.\n");
  PrintSettings();
  PrintUserTables();
  std::puts(
      "\n## Statistics\n\nIn Wireshark's menu Statistics, or on the command line; a display filter "
      "may follow a comma.\n");
  PrintTables();
  std::puts(
      "\n## Sources\n\nKB are articles of Microsoft's Knowledge Base, as far as possible in "
      "public archives. An RFC is found at\n"
      "rfc-editor.org.\n");
  return PrintSources() ? 0 : 1;
}
