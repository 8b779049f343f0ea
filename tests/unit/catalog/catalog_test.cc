// SPDX-License-Identifier: GPL-2.0-or-later
// What Wireshark's source linters would check in static tables, and the contract of names.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "nlb.h"

namespace nlb {
namespace {

std::vector<nlb_field_desc> Fields() {
  std::vector<nlb_field_desc> rows;
  for (size_t i = 0; i < nlb_field_count(); ++i) rows.push_back(*nlb_field(i));
  return rows;
}

std::vector<nlb_finding_desc> Findings() {
  std::vector<nlb_finding_desc> rows;
  for (size_t i = 0; i < nlb_finding_count(); ++i) rows.push_back(*nlb_finding(i));
  return rows;
}

std::vector<nlb_setting_desc> Settings() {
  std::vector<nlb_setting_desc> rows;
  for (size_t i = 0; i < nlb_setting_count(); ++i) rows.push_back(*nlb_setting(i));
  return rows;
}

std::string SettingName(const nlb_setting_desc& row) { return std::string("nlb.") + row.name; }

// One sentence or phrase as all tables write them.
bool IsTidy(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' ' && text.back() != ':' &&
         text.find("  ") == std::string_view::npos && text.find('\n') == std::string_view::npos;
}

std::set<std::string> Words(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : std::string(text) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      word += static_cast<char>(std::tolower(c));
    } else if (!word.empty()) {
      words.insert(word);
      word.clear();
    }
  }
  return words;
}

// ---- names --------------------------------------------------------------------------------------

TEST(Catalog, FiltersAreWellFormedAndUnique) {
  const std::regex well_formed("nlb(\\.[a-z][a-z0-9_]*)+");
  std::vector<std::string> names;
  for (const auto& row : Fields()) names.push_back(row.filter);
  // A finding may have variants that differ in severity or cure: rows that follow each other.
  for (const auto& row : Findings()) {
    if (names.empty() || names.back() != row.filter) names.emplace_back(row.filter);
  }
  for (const auto& row : Settings()) names.push_back(SettingName(row));
  std::set<std::string> seen;
  for (const std::string& name : names) {
    EXPECT_TRUE(std::regex_match(name, well_formed)) << name;
    EXPECT_TRUE(seen.insert(name).second) << name << " stands twice";
    EXPECT_NE(name, "nlb.analysis") << "is a protocol";
  }
}

TEST(Catalog, SectionsFollowTheFilter) {
  const auto expected = [](std::string_view filter) {
    return filter.starts_with("nlb.analysis.") ? NLB_SECTION_ANALYSIS : NLB_SECTION_HEARTBEAT;
  };
  for (const auto& row : Fields()) EXPECT_EQ(row.section, expected(row.filter)) << row.filter;
  for (const auto& row : Findings()) {
    const std::string_view filter = row.filter;
    if (filter == "nlb.stopped" || filter == "nlb.table_full") continue;  // of the core itself
    EXPECT_EQ(row.section, expected(filter)) << row.filter;
  }
}

// ---- wording ------------------------------------------------------------------------------------

TEST(Catalog, FieldsAreTidyAndTheirHelpAddsSomething) {
  for (const auto& row : Fields()) {
    EXPECT_TRUE(IsTidy(row.title)) << row.filter;
    EXPECT_TRUE(IsTidy(row.help)) << row.filter;
    const auto title = Words(row.title), help = Words(row.help);
    EXPECT_FALSE(std::includes(title.begin(), title.end(), help.begin(), help.end()))
        << row.filter << ": " << row.help;
  }
}

TEST(Catalog, SettingsAreTidyAndTheirHelpAddsSomething) {
  for (const auto& row : Settings()) {
    EXPECT_TRUE(IsTidy(row.title)) << row.name;
    EXPECT_TRUE(IsTidy(row.help)) << row.name;
    EXPECT_STRNE(row.title, row.help) << row.name;
    EXPECT_LE(row.lowest, row.default_value) << row.name;
    EXPECT_GE(row.highest, row.default_value) << row.name;
    if (row.is_switch) {
      EXPECT_EQ(row.lowest, 0u) << row.name;
      EXPECT_EQ(row.highest, 1u) << row.name;
      EXPECT_STREQ(row.unit, "") << row.name;
    } else {
      EXPECT_NE(std::string_view(row.title).find(std::string("(") + row.unit + ")"),
                std::string_view::npos)
          << row.name;
    }
  }
}

TEST(Catalog, FindingsAreTidyAndShort) {
  constexpr size_t kLongestSummary = 45, kLongestCure = 160, kLongestBlurb = 400;
  for (const auto& row : Findings()) {
    EXPECT_TRUE(IsTidy(row.summary)) << row.filter;
    EXPECT_LE(std::string_view(row.summary).size(), kLongestSummary) << row.summary;
    EXPECT_FALSE(std::string_view(row.summary).ends_with('.')) << row.summary;
    for (const char* sentence : {row.cause, row.remedy}) {
      EXPECT_TRUE(IsTidy(sentence)) << row.filter;
      EXPECT_TRUE(std::string_view(sentence).ends_with('.')) << sentence;
    }
    EXPECT_LE(std::string_view(row.remedy).size(), kLongestCure) << row.remedy;
    EXPECT_LE(std::string(row.cause).size() + 1 + std::string(row.remedy).size(), kLongestBlurb);
    if (*row.not_raised_when) {
      EXPECT_TRUE(std::string_view(row.not_raised_when).ends_with('.')) << row.not_raised_when;
    }
    EXPECT_TRUE(IsTidy(row.source)) << row.filter;
  }
}

TEST(Catalog, CommandsAreTidyAndHaveASource) {
  ASSERT_GT(nlb_command_count(), 30u);
  int before = 0;
  for (size_t i = 0; i < nlb_command_count(); ++i) {
    const nlb_command_desc& row = *nlb_command(i);
    EXPECT_TRUE(IsTidy(row.system)) << i;
    EXPECT_TRUE(IsTidy(row.source)) << row.system;
    EXPECT_TRUE(*row.command || *row.remark) << row.system;
    EXPECT_TRUE(*row.remark == '\0' || IsTidy(row.remark)) << row.remark;
    EXPECT_NE(row.modes, 0u) << row.command;
    EXPECT_GE(row.purpose, before) << row.command << ": not beside those of its purpose";
    before = row.purpose;
  }
  for (int purpose = 0; purpose < NLB_PURPOSE_COUNT; ++purpose) {
    EXPECT_TRUE(IsTidy(nlb_purpose_title(static_cast<nlb_purpose>(purpose))));
    EXPECT_TRUE(IsTidy(nlb_purpose_intro(static_cast<nlb_purpose>(purpose))));
  }
  EXPECT_EQ(nlb_command(nlb_command_count()), nullptr);
  EXPECT_STREQ(nlb_purpose_title(NLB_PURPOSE_COUNT), "");
  EXPECT_STREQ(nlb_purpose_intro(NLB_PURPOSE_COUNT), "");
}

TEST(Catalog, AnExampleOfACommandIsFilledIn) {
  char text[300];
  for (size_t i = 0; i < nlb_command_count(); ++i) {
    nlb_command_example(i, text, sizeof text);
    EXPECT_EQ(std::string_view(text).find('{'), std::string_view::npos) << text;
    EXPECT_EQ(*text == '\0', *nlb_command(i)->command == '\0') << i;
    EXPECT_LT(std::string_view(text).size() + 1, sizeof text) << "may be cut";
  }
  nlb_command_example(0, text, sizeof text);
  EXPECT_STREQ(text, "arp 192.168.2.10 03bf.c0a8.020a ARPA");
  nlb_command_example(0, text, 4);
  EXPECT_STREQ(text, "arp");
  nlb_command_example(nlb_command_count(), text, sizeof text);
  EXPECT_STREQ(text, "");
  nlb_command_example(0, nullptr, 0);
}

TEST(Catalog, SummariesAreUnique) {
  std::set<std::string> seen;
  for (const auto& row : Findings()) EXPECT_TRUE(seen.insert(row.summary).second) << row.summary;
}

// ---- shapes -------------------------------------------------------------------------------------

TEST(Catalog, MasksCoverTheTeamingWordWithoutOverlap) {
  uint32_t covered = 0;
  for (const auto& row : Fields()) {
    if (row.mask == 0) continue;
    EXPECT_TRUE(row.kind == NLB_KIND_UINT32 || row.kind == NLB_KIND_BOOLEAN) << row.filter;
    EXPECT_EQ(covered & row.mask, 0u) << row.filter;
    covered |= row.mask;
  }
  EXPECT_EQ(covered, 0xFFFFFFFFu);
}

TEST(Catalog, HowAValueIsShownSuitsItsKind) {
  for (const auto& row : Fields()) {
    EXPECT_LT(row.kind, NLB_KIND_COUNT) << row.filter;
    const bool number = row.kind >= NLB_KIND_UINT8 && row.kind <= NLB_KIND_UINT64;
    if (row.show == NLB_SHOW_HEX) {
      EXPECT_TRUE(number) << row.filter;
    }
    if (row.show == NLB_SHOW_VERSION) {
      EXPECT_EQ(row.kind, NLB_KIND_UINT32) << row.filter;
    }
    if (row.show == NLB_SHOW_COPY) {
      EXPECT_EQ(row.kind, NLB_KIND_FRAME) << row.filter;
    }
    if (row.kind == NLB_KIND_BOOLEAN) {
      EXPECT_NE(row.mask, 0u) << row.filter;
    }
  }
}

TEST(Catalog, EndsWhereItEnds) {
  EXPECT_EQ(nlb_field(nlb_field_count()), nullptr);
  EXPECT_EQ(nlb_finding(nlb_finding_count()), nullptr);
  EXPECT_EQ(nlb_setting(nlb_setting_count()), nullptr);
  EXPECT_EQ(nlb_setting_count(), size_t{NLB_SETTING_COUNT});
}

// ---- the contract -------------------------------------------------------------------------------
// Filter names and severities are the product's interface: analysts have saved them in colour
// rules, buttons and scripts. A change here needs a line in the CHANGELOG.

TEST(Contract, EveryFindingStandsWithItsSeverity) {
  const std::map<std::string, std::string> contract = {
      {"nlb.malformed", "Error"},
      {"nlb.stopped", "Error"},
      {"nlb.table_full", "Note"},
      {"nlb.analysis.masked_mac", "Chat"},
      {"nlb.analysis.unmasked_mac", "Warning"},
      {"nlb.analysis.cluster_mac_leak", "Warning"},
      {"nlb.analysis.mac_flapping", "Warning"},
      {"nlb.analysis.multicast_mac", "Note"},
      {"nlb.analysis.unicast_ip_group_mac", "Note"},
      {"nlb.analysis.arp_multicast_mac", "Note"},
      {"nlb.analysis.arp_sender_differs", "Chat"},
      {"nlb.analysis.inter_host_mac", "Chat"},
      {"nlb.analysis.secondary_vip_mac", "Warning"},
      {"nlb.analysis.vip_mac_conflict", "Error"},
      {"nlb.analysis.host_joined", "Chat"},
      {"nlb.analysis.heartbeat_late", "Note"},
      {"nlb.analysis.host_lost", "Warning"},
      {"nlb.analysis.host_returned", "Note"},
      {"nlb.analysis.state_changed", "Note"},
      {"nlb.analysis.not_converging", "Warning"},
      {"nlb.analysis.reconverging", "Warning"},
      {"nlb.analysis.host_keeps_mac", "Warning"},
      {"nlb.analysis.unconfigured_host", "Note"},
      {"nlb.analysis.duplicate_host_id", "Error"},
      {"nlb.analysis.rule_mismatch", "Error"},
      {"nlb.analysis.default_host_conflict", "Error"},
      {"nlb.analysis.mode_mismatch", "Error"},
      {"nlb.analysis.teaming_mismatch", "Error"},
      {"nlb.analysis.version_mismatch", "Note"},
      {"nlb.analysis.cluster_mac_differs", "Note"},
      {"nlb.analysis.idle_host", "Warning"},
      {"nlb.analysis.duplicate_reply", "Note"},
      {"nlb.analysis.two_hosts_answer", "Error"},
      {"nlb.analysis.unanswered_syn", "Warning"},
      {"nlb.analysis.igmp_report", "Chat"},
      {"nlb.analysis.igmp_no_querier", "Warning"},
      {"nlb.analysis.igmp_silent", "Warning"},
      {"nlb.analysis.routing_loop", "Error"},
      {"nlb.analysis.capture_copy", "Chat"},
      {"nlb.analysis.relayed_copy", "Note"},
      {"nlb.analysis.routed_copy", "Chat"},
      {"nlb.analysis.bridging_loop", "Warning"},
      {"nlb.analysis.unexplained_copy", "Note"},
      {"nlb.analysis.foreign_router", "Warning"},
      {"nlb.analysis.not_analysed", "Note"},
      {"nlb.analysis.connection_moved", "Warning"},
      {"nlb.analysis.cluster_flood", "Note"},
      {"nlb.analysis.router_refuses", "Warning"},
      {"nlb.analysis.reset_after_copy", "Warning"},
  };
  std::map<std::string, std::string> table;
  for (const auto& row : Findings()) table[row.filter] = nlb_severity_name(row.severity);
  EXPECT_EQ(table, contract);
}

TEST(Contract, EveryFieldStandsWithItsKind) {
  const std::map<std::string, nlb_kind> contract = {
      {"nlb.signature", NLB_KIND_UINT32},
      {"nlb.version", NLB_KIND_UINT32},
      {"nlb.host_id", NLB_KIND_UINT32},
      {"nlb.cluster_ip", NLB_KIND_IPV4},
      {"nlb.host_ip", NLB_KIND_IPV4},
      {"nlb.own_id", NLB_KIND_UINT16},
      {"nlb.default_host_id", NLB_KIND_UINT16},
      {"nlb.state", NLB_KIND_UINT16},
      {"nlb.rule_count", NLB_KIND_UINT16},
      {"nlb.rule", NLB_KIND_NONE},
      {"nlb.rule.code", NLB_KIND_UINT32},
      {"nlb.rule.start_port", NLB_KIND_UINT16},
      {"nlb.rule.end_port", NLB_KIND_UINT16},
      {"nlb.rule.map.current", NLB_KIND_UINT64},
      {"nlb.rule.map.new", NLB_KIND_UINT64},
      {"nlb.rule.map.idle", NLB_KIND_UINT64},
      {"nlb.rule.map.ready", NLB_KIND_UINT64},
      {"nlb.rule.load_weight", NLB_KIND_UINT32},
      {"nlb.host_code", NLB_KIND_UINT32},
      {"nlb.packets_handled", NLB_KIND_UINT32},
      {"nlb.packets_handled.delta", NLB_KIND_UINT32},
      {"nlb.teaming", NLB_KIND_UINT32},
      {"nlb.teaming.active", NLB_KIND_BOOLEAN},
      {"nlb.teaming.master", NLB_KIND_BOOLEAN},
      {"nlb.teaming.reverse_hash", NLB_KIND_BOOLEAN},
      {"nlb.teaming.participants", NLB_KIND_UINT32},
      {"nlb.teaming.xor_cluster_ip", NLB_KIND_UINT32},
      {"nlb.teaming.reserved", NLB_KIND_UINT32},
      {"nlb.identity.type", NLB_KIND_UINT8},
      {"nlb.identity.length", NLB_KIND_UINT8},
      {"nlb.identity.host_name", NLB_KIND_STRING},
      {"nlb.identity.family", NLB_KIND_UINT16},
      {"nlb.identity.ipv4", NLB_KIND_IPV4},
      {"nlb.identity.ipv6", NLB_KIND_IPV6},
      {"nlb.identity.unknown", NLB_KIND_BYTES},
      {"nlb.mode", NLB_KIND_STRING},
      {"nlb.previous_heartbeat", NLB_KIND_FRAME},
      {"nlb.interval", NLB_KIND_DURATION},
      {"nlb.analysis.cluster_ip", NLB_KIND_IPV4},
      {"nlb.analysis.host_id", NLB_KIND_UINT8},
      {"nlb.analysis.mode", NLB_KIND_STRING},
      {"nlb.analysis.evidence", NLB_KIND_STRING},
      {"nlb.analysis.evidence_frame", NLB_KIND_FRAME},
      {"nlb.analysis.related_frame", NLB_KIND_FRAME},
      {"nlb.analysis.copy_of", NLB_KIND_FRAME},
      {"nlb.analysis.copied_in", NLB_KIND_FRAME},
      {"nlb.analysis.copy_delta", NLB_KIND_DURATION},
      {"nlb.analysis.ttl_drop", NLB_KIND_UINT8},
      {"nlb.analysis.forwarder", NLB_KIND_ETHER},
      {"nlb.analysis.forwarder_ip", NLB_KIND_IPV4},
  };
  std::map<std::string, nlb_kind> table;
  for (const auto& row : Fields()) table[row.filter] = row.kind;
  for (const auto& [filter, kind] : contract) {
    ASSERT_TRUE(table.contains(filter)) << filter;
    EXPECT_EQ(table[filter], kind) << filter;
  }
}

TEST(Contract, EverySettingStandsWithItsDefaultAndLimits) {
  std::string table;
  for (const auto& row : Settings()) {
    std::ostringstream line;
    line << SettingName(row) << " " << row.default_value << ", " << row.lowest << ".."
         << row.highest;
    table += line.str() + "\n";
  }
  EXPECT_EQ(table,
            "nlb.replace_builtin 1, 0..1\n"
            "nlb.show_builtin 0, 0..1\n"
            "nlb.heartbeat_period 1000, 100..10000\n"
            "nlb.heartbeat_tolerance 5, 5..100\n"
            "nlb.copy_detection 1, 0..1\n"
            "nlb.copy_window 100, 1..5000\n");
}

TEST(Contract, EveryTableStandsUnderItsName) {
  std::string names;
  for (int i = 0; i < NLB_TABLE_COUNT; ++i) {
    const auto table = static_cast<nlb_table>(i);
    names += std::string(nlb_table_name(table)) + " ";
    EXPECT_TRUE(IsTidy(nlb_table_title(table)));
    for (size_t c = 0; c < nlb_table_column_count(table); ++c) {
      EXPECT_TRUE(IsTidy(nlb_table_column(table, c)->title));
    }
    EXPECT_EQ(nlb_table_column(table, nlb_table_column_count(table)), nullptr);
  }
  EXPECT_EQ(names, "clusters load findings addresses capture commands ");
  EXPECT_STREQ(nlb_table_name(NLB_TABLE_COUNT), "");
  EXPECT_STREQ(nlb_table_title(NLB_TABLE_COUNT), "");
  EXPECT_EQ(nlb_table_column_count(NLB_TABLE_COUNT), 0u);
  EXPECT_EQ(nlb_table_column(NLB_TABLE_COUNT, 0), nullptr);
}

}  // namespace
}  // namespace nlb
