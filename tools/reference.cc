// SPDX-License-Identifier: GPL-2.0-or-later
//
// Prints docs/reference.md from the tables of the core, so that the page cannot say anything else
// than the plugin does.
#include <cstdio>
#include <initializer_list>
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
    std::printf("\n### `%s`\n\n**%s** (%s)\n\n", finding.filter, finding.summary,
                nlb_severity_name(finding.severity));
    std::printf("- Cause: %s\n- Cure: %s\n- Quiet when: %s\n- Source: %s\n", finding.cause,
                finding.cure, finding.quiet, finding.source);
  }
}

void PrintSettings() {
  std::puts("| setting | default | limits | meaning |\n| --- | --- | --- | --- |");
  for (size_t i = 0; i < nlb_setting_count(); ++i) {
    const nlb_setting_desc& setting = *nlb_setting(i);
    if (setting.is_switch) {
      std::printf("| `nlb.%s` | %s | | %s |\n", setting.name, setting.fallback ? "TRUE" : "FALSE",
                  setting.help);
    } else {
      std::printf("| `nlb.%s` | %u %s | %u to %u | %s |\n", setting.name, setting.fallback,
                  setting.unit, setting.lowest, setting.highest, setting.help);
    }
  }
}

void PrintTables() {
  for (int t = 0; t < NLB_TABLE_COUNT; ++t) {
    const auto table = static_cast<nlb_table>(t);
    std::printf("- `tshark -q -z nlb,%s` (%s):", nlb_table_name(table), nlb_table_title(table));
    for (size_t c = 0; c < nlb_table_column_count(table); ++c) {
      std::printf("%s %s", c == 0 ? "" : ",", nlb_table_column(table, c)->title);
    }
    std::puts("");
  }
}

}  // namespace

int main() {
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
  std::puts(
      "\n## Statistics\n\nStatistics > NLB, or on the command line; a display filter may follow a "
      "comma.\n");
  PrintTables();
}
