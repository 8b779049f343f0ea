// SPDX-License-Identifier: GPL-2.0-or-later
//
// The C face. The only file that catches: nothing that is thrown inside leaves the core.
#include <array>
#include <cstdio>
#include <new>
#include <string>
#include <utility>

#include "base/text.h"
#include "capture_feed.h"
#include "catalog/commands.h"
#include "catalog/fields.h"
#include "catalog/settings.h"
#include "catalog/tables.h"
#include "heuristics/registry.h"
#include "nlb.h"
#include "report/heartbeat_report.h"
#include "report/report.h"
#include "tables/command_text.h"
#include "tables/conversation.h"
#include "tables/diagnosis.h"
#include "tables/flow.h"
#include "tables/summary.h"
#include "tables/timeline.h"
#include "wire/heartbeat.h"

struct nlb_capture {
  explicit nlb_capture(const nlb_config& config) : core(config) {}
  nlb::Capture core;
};

namespace {

// Runs a function that may allocate; false when memory ran out.
template <typename Function>
bool Succeeds(Function&& function) noexcept {
  try {
    std::forward<Function>(function)();
    return true;
  } catch (...) {
    return false;
  }
}

template <typename T, typename... Args>
T* MakeOrNull(Args&&... args) noexcept {
  T* made = nullptr;
  Succeeds([&] { made = new T(std::forward<Args>(args)...); });
  return made;
}

bool IsSound(const nlb_frame* frame) {
  return frame && (frame->bytes || frame->captured_len == 0) &&
         frame->captured_len <= frame->wire_len;
}

bool AreSound(const nlb_frame* layers, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!IsSound(layers + i)) return false;
  }
  return layers || count == 0;
}

template <typename Table>
auto* Row(const Table& table, size_t index) {
  return index < table.size() ? &table[index] : nullptr;
}

}  // namespace

size_t nlb_field_count(void) { return nlb::kFields.size(); }
const nlb_field_desc* nlb_field(size_t index) { return Row(nlb::kFields, index); }
size_t nlb_finding_count(void) { return nlb::kHeuristics.size(); }
const nlb_finding_desc* nlb_finding(size_t index) {
  const auto* rule = Row(nlb::kHeuristics, index);
  return rule ? &rule->finding : nullptr;
}
size_t nlb_setting_count(void) { return nlb::kSettings.size(); }
const nlb_setting_desc* nlb_setting(size_t index) { return Row(nlb::kSettings, index); }

const char* nlb_severity_name(nlb_severity severity) { return nlb::SeverityName(severity); }

void nlb_show_version(uint32_t version, char* out, size_t size) {
  if (out && size > 0) std::snprintf(out, size, "%s", nlb::TextVersion(version).c_str());
}

size_t nlb_command_count(void) { return nlb::kCommands.size(); }
const nlb_command_desc* nlb_command(size_t index) { return Row(nlb::kCommands, index); }

const char* nlb_purpose_title(nlb_purpose purpose) {
  const auto* row = Row(nlb::kPurposes, static_cast<size_t>(purpose));
  return row ? row->title : "";
}

const char* nlb_purpose_intro(nlb_purpose purpose) {
  const auto* row = Row(nlb::kPurposes, static_cast<size_t>(purpose));
  return row ? row->intro : "";
}

void nlb_command_example(size_t index, char* out, size_t size) {
  if (!out || size == 0) return;
  out[0] = '\0';
  const nlb_command_desc* command = Row(nlb::kCommands, index);
  if (!command) return;
  Succeeds([&] { std::snprintf(out, size, "%s", nlb::ExampleOf(*command).c_str()); });
}

const char* nlb_broken_filter(void) { return nlb::kBrokenFilter; }

void nlb_config_defaults(nlb_config* config) {
  if (!config) return;
  *config = {};
  for (size_t i = 0; i < nlb::kSettings.size(); ++i)
    config->value[i] = nlb::kSettings[i].default_value;
}

nlb_capture* nlb_capture_new(const nlb_config* config) {
  nlb_config defaults;
  nlb_config_defaults(&defaults);
  return MakeOrNull<nlb_capture>(config ? *config : defaults);
}

void nlb_capture_free(nlb_capture* capture) { delete capture; }

nlb_status nlb_capture_feed(nlb_capture* capture, const nlb_frame* frame) {
  if (!capture || !IsSound(frame)) return NLB_ERR_ARGUMENT;
  if (capture->core.stopped()) return NLB_ERR_STOPPED;
  // By hand: Succeeds() would be a call more for every packet.
  try {
    return capture->core.Feed(*frame) ? NLB_REPORTABLE : NLB_OK;
  } catch (...) {
    capture->core.NoteStopped(*frame);
    return NLB_ERR_STOPPED;
  }
}

nlb_report* nlb_report_new(void) { return MakeOrNull<nlb_report>(); }
void nlb_report_free(nlb_report* report) { delete report; }

nlb_view nlb_report_view(const nlb_report* report) {
  return report ? report->View() : nlb_view{nullptr, 0, nullptr, 0, ""};
}

int nlb_capture_is_reportable(const nlb_capture* capture, uint32_t number) {
  return capture && capture->core.IsReportable(number);
}

int nlb_capture_has_finding(const nlb_capture* capture, uint32_t number) {
  return capture && capture->core.HasFinding(number);
}

nlb_status nlb_capture_report(const nlb_capture* capture, const nlb_frame* layers,
                              size_t layer_count, nlb_detail detail, nlb_report* report) {
  if (!report) return NLB_ERR_ARGUMENT;
  report->Clear();
  if (!capture || !AreSound(layers, layer_count)) return NLB_ERR_ARGUMENT;
  if (Succeeds([&] { capture->core.Report({layers, layer_count}, detail, *report); })) {
    return NLB_OK;
  }
  report->Clear();
  return NLB_ERR_STOPPED;
}

int nlb_is_heartbeat(const uint8_t* payload, size_t captured_len) {
  return payload && nlb::wire::ReadSignature(nlb::Bytes(payload, captured_len)).has_value();
}

nlb_status nlb_decode(const uint8_t* payload, size_t captured_len, size_t wire_len,
                      const uint8_t* destination, nlb_detail detail, nlb_report* report) {
  if (!report) return NLB_ERR_ARGUMENT;
  report->Clear();
  if (!nlb_is_heartbeat(payload, captured_len)) return NLB_ERR_ARGUMENT;
  const nlb::Bytes bytes(payload, captured_len);
  if (Succeeds([&] { nlb::DecodeHeartbeat(bytes, wire_len, destination, detail, *report); })) {
    return NLB_OK;
  }
  report->Clear();
  return NLB_ERR_STOPPED;
}

nlb_status nlb_capture_link_heartbeat(const nlb_capture* capture, const nlb_frame* frame,
                                      nlb_report* report) {
  if (!capture || !IsSound(frame) || !report) return NLB_ERR_ARGUMENT;
  return Succeeds([&] { capture->core.LinkHeartbeat(*frame, *report); }) ? NLB_OK : NLB_ERR_STOPPED;
}

const char* nlb_table_name(nlb_table table) {
  const auto* row = Row(nlb::kTables, static_cast<size_t>(table));
  return row ? row->name : "";
}

const char* nlb_table_title(nlb_table table) {
  const auto* row = Row(nlb::kTables, static_cast<size_t>(table));
  return row ? row->title : "";
}

size_t nlb_table_column_count(nlb_table table) {
  const auto* row = Row(nlb::kTables, static_cast<size_t>(table));
  return row ? row->columns.size() : 0;
}

const nlb_column_desc* nlb_table_column(nlb_table table, size_t column) {
  const auto* row = Row(nlb::kTables, static_cast<size_t>(table));
  return row ? Row(row->columns, column) : nullptr;
}

nlb_summary* nlb_summary_new(nlb_table table) { return MakeOrNull<nlb_summary>(table); }
void nlb_summary_free(nlb_summary* summary) { delete summary; }

void nlb_summary_clear(nlb_summary* summary) {
  if (summary) Succeeds([&] { summary->Clear(); });
}

nlb_status nlb_summary_add(nlb_summary* summary, const nlb_capture* capture,
                           const nlb_report* report) {
  if (!summary || !capture || !report) return NLB_ERR_ARGUMENT;
  if (Succeeds([&] { summary->Add(capture->core, *report); })) return NLB_OK;
  return NLB_ERR_STOPPED;
}

size_t nlb_summary_row_count(const nlb_summary* summary) {
  return summary ? summary->row_count() : 0;
}

uint64_t nlb_summary_looked_at(const nlb_summary* summary) {
  return summary ? summary->looked_at() : 0;
}

void nlb_summary_changes(nlb_summary* summary, size_t* first, size_t* end) {
  if (!first || !end) return;
  std::pair<size_t, size_t> changes{};
  if (summary) Succeeds([&] { changes = summary->TakeChanges(); });
  *first = changes.first;
  *end = changes.second;
}

nlb_cell nlb_summary_cell(nlb_summary* summary, size_t row, size_t column) {
  nlb_cell cell{"", 0, 0.0};
  if (summary) Succeeds([&] { cell = summary->At(row, column); });
  return cell;
}

nlb_diagnosis* nlb_diagnosis_new(void) { return MakeOrNull<nlb_diagnosis>(); }
void nlb_diagnosis_free(nlb_diagnosis* diagnosis) { delete diagnosis; }

void nlb_diagnosis_clear(nlb_diagnosis* diagnosis) {
  if (diagnosis) diagnosis->Clear();
}

nlb_status nlb_diagnosis_add(nlb_diagnosis* diagnosis, const nlb_capture* capture,
                             const nlb_report* report) {
  if (!diagnosis || !capture || !report) return NLB_ERR_ARGUMENT;
  if (Succeeds([&] { diagnosis->Add(capture->core, *report); })) return NLB_OK;
  return NLB_ERR_STOPPED;
}

const char* nlb_diagnosis_text(nlb_diagnosis* diagnosis, nlb_markup markup) {
  const char* text = "";
  if (diagnosis) Succeeds([&] { text = diagnosis->Text(markup).c_str(); });
  return text;
}

nlb_timeline* nlb_timeline_new(void) { return MakeOrNull<nlb_timeline>(); }
void nlb_timeline_free(nlb_timeline* timeline) { delete timeline; }

nlb_status nlb_timeline_add(nlb_timeline* timeline, const nlb_capture* capture,
                            const nlb_report* report, int64_t since_start_ns) {
  if (!timeline || !capture || !report) return NLB_ERR_ARGUMENT;
  if (Succeeds([&] { timeline->Add(capture->core, *report, nlb::Duration(since_start_ns)); })) {
    return NLB_OK;
  }
  return NLB_ERR_STOPPED;
}

size_t nlb_timeline_count(const nlb_timeline* timeline) { return timeline ? timeline->size() : 0; }

nlb_moment nlb_timeline_moment(const nlb_timeline* timeline, size_t index) {
  return timeline ? timeline->At(index) : nlb_moment{"", "", ""};
}

nlb_flow* nlb_flow_new(void) { return MakeOrNull<nlb_flow>(); }
void nlb_flow_free(nlb_flow* flow) { delete flow; }

void nlb_flow_clear(nlb_flow* flow) {
  if (flow) flow->Clear();
}

nlb_status nlb_flow_add(nlb_flow* flow, const nlb_capture* capture, const nlb_report* report) {
  if (!flow || !capture || !report) return NLB_ERR_ARGUMENT;
  if (Succeeds([&] { flow->Add(capture->core, *report); })) return NLB_OK;
  return NLB_ERR_STOPPED;
}

size_t nlb_flow_count(const nlb_flow* flow) { return flow ? flow->size() : 0; }

nlb_arrow nlb_flow_arrow(const nlb_flow* flow, size_t index) {
  return flow ? flow->At(index) : nlb_arrow{"", "", "", "", NLB_CHAT, 0, 0};
}

const char* nlb_conversation_title(nlb_conversation which) {
  static constexpr std::array<const char*, NLB_CONVERSATION_COUNT> kTitles = {
      "NLB cluster", "NLB host", "NLB forwarder"};
  const auto* title = Row(kTitles, static_cast<size_t>(which));
  return title ? *title : "";
}

nlb_belonging nlb_capture_belonging(const nlb_capture* capture, const nlb_report* report) {
  if (!capture || !report) return {};
  return nlb::BelongingOf(capture->core, *report);
}

size_t nlb_conversation_filter(const nlb_belonging* belonging, nlb_conversation which, char* out,
                               size_t size) {
  size_t length = 0;
  if (out && size > 0) out[0] = '\0';
  if (!belonging) return 0;
  Succeeds([&] {
    const std::string filter = nlb::ConversationFilter(*belonging, which);
    if (out && size > 0) std::snprintf(out, size, "%s", filter.c_str());
    length = filter.size();
  });
  return length;
}
