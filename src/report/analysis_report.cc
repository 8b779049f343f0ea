// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/analysis_report.h"

#include <string_view>
#include <utility>

#include "base/text.h"
#include "catalog/fields.h"
#include "facts/mac_class.h"
#include "heuristics/copy_detail.h"
#include "heuristics/registry.h"

namespace nlb {
namespace {

const nlb_finding_desc& FindingOf(const nlb_hit& hit) { return kHeuristics[hit.finding].finding; }

void AddNames(const Sighting& s, uint8_t flags, nlb_report& report) {
  const auto place = nlb_report::Place{0, 0, 0, flags};
  if (auto name = SourceName(s)) {
    report.AddText(Field("nlb.analysis.source"), place, std::move(*name));
  }
  if (auto name = DestinationName(s)) {
    report.AddText(Field("nlb.analysis.destination"), place, std::move(*name));
  }
}

void AddAttribution(const Sighting& s, const Attribution& found, uint8_t flags,
                    nlb_report& report) {
  const auto place = nlb_report::Place{0, 0, 0, flags};
  if (found.cluster.is_v4()) report.AddIp(Field("nlb.analysis.cluster_ip"), place, found.cluster);
  if (found.host_id != 0) report.AddNumber(Field("nlb.analysis.host_id"), place, found.host_id);
  if (found.mode != NLB_MODE_UNKNOWN) {
    report.AddText(Field("nlb.analysis.mode"), place, std::string(ModeName(found.mode)));
  }
  if (!found.evidence) return;
  report.AddText(Field("nlb.analysis.evidence"), place,
                 std::string(ProofName(found.evidence->proof)));
  if (const auto frame = s.known.index.NumberOf(found.evidence->since); frame && *frame != 0) {
    report.AddNumber(Field("nlb.analysis.evidence_frame"), place, *frame);
  }
}

// Writes the value of a field that a finding fills, whatever its type.
class FieldWriter {
 public:
  FieldWriter(const FrameIndex& index, uint16_t field, nlb_report& report)
      : index_(index), field_(field), report_(report) {}

  void operator()(std::monostate) const {}
  void operator()(uint64_t number) const { report_.AddNumber(field_, kPlace, number); }
  void operator()(Duration duration) const { report_.AddDuration(field_, kPlace, duration); }
  // A reset may be a copy itself: both findings name the box. What stands for a MAC that was not
  // captured is none.
  void operator()(MacAddress mac) const {
    if (mac.is_seen() && !report_.Has(field_, mac)) report_.AddMac(field_, kPlace, mac);
  }
  void operator()(std::string text) const { report_.AddText(field_, kPlace, std::move(text)); }
  void operator()(IpAddress ip) const {
    const bool is_v4_field = kFields[field_].kind == NLB_KIND_IPV4;
    if (ip.is_v4() == is_v4_field) report_.AddIp(field_, kPlace, ip);
  }
  void operator()(FrameLink link) const {
    const auto number = index_.NumberOf(link.position);
    if (number && *number != 0) report_.AddNumber(field_, kPlace, *number);
  }

 private:
  static constexpr nlb_report::Place kPlace = nlb_report::Generated();
  const FrameIndex& index_;
  uint16_t field_;
  nlb_report& report_;
};

void AddFinding(const Sighting& s, size_t id, const Note& note, nlb_report& report) {
  const Heuristic& rule = kHeuristics[id];
  if (!report.wants_sentences()) {
    report.AddKeptHit(static_cast<uint32_t>(id), rule.finding.summary);
    return;
  }
  report.AddHit(static_cast<uint32_t>(id), rule.describe(s, note));
  if (!report.wants_items()) return;
  for (const FindingField& field : rule.fields) {
    std::visit(FieldWriter(s.known.index, field.field, report), field.value(s, note));
  }
}

void AddStateless(const Sighting& s, nlb_report& report) {
  for (const auto& [id, matches] : StatelessRules(s.frame)) {
    if (matches(s)) AddFinding(s, id, Note{}, report);
  }
}

}  // namespace

void ReportAnalysis(const Sighting& s, NoteStore::Range notes,
                    const std::optional<Attribution>& attribution, nlb_report& report) {
  const size_t hits_before = report.hit_count();
  for (const Note& note : notes) {
    if (note.layer == s.frame.segment.layer) AddFinding(s, note.finding, note, report);
  }
  AddStateless(s, report);
  const bool found = report.hit_count() > hits_before;
  if (attribution && report.wants_items()) {
    const unsigned hidden = found ? 0 : NLB_ITEM_HIDDEN;
    const auto flags = static_cast<uint8_t>(NLB_ITEM_GENERATED | hidden);
    AddNames(s, flags, report);
    AddAttribution(s, *attribution, flags, report);
  }
}

void ReportCopiedIn(const Sighting& s, NoteStore::Range later, nlb_report& report) {
  for (const Note& note : later) {
    if (note.other != s.at || note.layer != s.frame.segment.layer || !IsCopy(note)) continue;
    const bool reversed = CopyDetail::Unpack(note.detail).copy_came_first;
    const uint16_t link =
        reversed ? Field("nlb.analysis.copy_of") : Field("nlb.analysis.copied_in");
    const auto number = s.known.index.NumberOf(note.at);
    if (!number) continue;
    report.AddNumber(link, nlb_report::Generated(), *number);
  }
}

void SummarizeAnalysis(nlb_report& report) {
  report.OrderHits([](const nlb_hit& a, const nlb_hit& b) {
    if (FindingOf(a).severity != FindingOf(b).severity) {
      return FindingOf(a).severity > FindingOf(b).severity;
    }
    return !kHeuristics[a.finding].routine && kHeuristics[b.finding].routine;
  });
  const nlb_view view = report.View();
  const nlb_finding_desc& gravest = FindingOf(view.hits[0]);
  report.SetKeptSummary(gravest.summary);
  if (!report.wants_items()) return;
  constexpr nlb_report::Place kHidden{0, 0, 0, NLB_ITEM_GENERATED | NLB_ITEM_HIDDEN};
  for (size_t i = 0; i < view.hit_count; ++i) {
    if (kHeuristics[view.hits[i].finding].routine) continue;
    report.AddKept(Field("nlb.analysis.finding"), kHidden, FindingOf(view.hits[i]).summary);
  }
  report.AddKept(Field("nlb.analysis.message"), kHidden, view.hits[0].text);
  report.AddKept(Field("nlb.analysis.severity"), kHidden, SeverityName(gravest.severity));
  report.AddNumber(Field("nlb.analysis.severity_level"), kHidden, gravest.severity);
  if (gravest.severity < NLB_NOTE) return;
  report.AddKeptFirst(nlb_report::Generated(), {Field("nlb.analysis.cause"), gravest.cause},
                      {Field("nlb.analysis.cure"), gravest.remedy});
}

}  // namespace nlb
