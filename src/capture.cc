// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture.h"

#include <algorithm>
#include <optional>

#include "catalog/fields.h"
#include "heuristics/copy_detail.h"
#include "heuristics/registry.h"
#include "report/analysis_report.h"
#include "report/attribution.h"
#include "state/cluster_notes.h"

namespace nlb {
namespace {

Fingerprint FingerprintOf(const FrameFacts& frame) {
  return {frame.time,   frame.source,    frame.destination, frame.segment.vlan,
          frame.ip.ttl, DigestOf(frame), EndsOf(frame.ip)};
}

}  // namespace

Capture::Capture(const nlb_config& config)
    : settings_(ReadSettings(config)), copies_(settings_.copy_window), clusters_(settings_) {
  const size_t clusters = config.clusters ? config.cluster_count : 0;
  const size_t routers = config.routers ? config.router_count : 0;
  for (Tracker* tracker : trackers_) {
    if (tracker->wants(Plain::kIp)) ip_trackers_.push_back(tracker);
    if (tracker->wants(Plain::kArp)) arp_trackers_.push_back(tracker);
  }
  for (size_t i = 0; i < clusters; ++i) evidence_.Configure(config.clusters[i]);
  for (size_t i = 0; i < routers; ++i) routers_.Add(config.routers[i]);
}

bool Capture::Analyse(const nlb_frame& frame, bool is_ordinary) {
  FrameFacts facts;
  if (!ReadFrame(frame, facts)) return false;
  transitions_.clear();
  const Knowledge known = knowledge();
  if (Track(facts, known, is_ordinary)) NoteFullTables();
  return Judge(facts, known);
}

bool Capture::Track(const FrameFacts& frame, const Knowledge& known, bool is_ordinary) {
  evidence_.Learn(frame, at_);
  Sighting sighting{frame, at_, known};
  if (!is_ordinary && settings_.copy_detection) TrackCopies(sighting);
  if (is_ordinary) NoteDoubleDelivery(sighting);
  if (frame.is_ip()) outer_is_copy_ = sighting.is_copy;
  bool is_full = evidence_.overflowed() || copies_.overflowed();
  for (Tracker* tracker : TrackersFor(frame)) {
    tracker->Observe(sighting, transitions_);
    is_full |= tracker->overflowed();
  }
  return is_full;
}

void Capture::TrackCopies(Sighting& sighting) {
  const FrameFacts& frame = sighting.frame;
  if (outer_is_copy_) {
    sighting.is_copy = true;
    return;
  }
  const Fingerprint fingerprint = FingerprintOf(frame);
  if (!fingerprint.digest) return;
  if (!FindCopy(fingerprint, frame)) {
    if (frame.is_ip()) NoteDoubleDelivery(sighting);
    return;
  }
  sighting.is_copy = true;
  sighting.is_same = copy_->IsUnchanged(fingerprint);
  if (sighting.is_same)
    copy_->delivered_twice = deliveries_.ObserveAgain(sighting, copy_->has_identification);
  Transition seen{Event::kCopy, {}, &*copy_};
  const CopyDetail detail = CopyDetail::Of(frame, *copy_);
  seen.note.other = copy_->other.position;
  seen.note.detail = detail.Pack();
  seen.note.set_mac(detail.copy_came_first ? copy_->other.from : frame.source);
  transitions_.push_back(seen);
}

bool Capture::FindCopy(const Fingerprint& fingerprint, const FrameFacts& frame) {
  if (copies_.RememberNew(fingerprint, at_)) return false;
  copy_ = copies_.ObserveAgain(fingerprint, at_);
  return copy_ && !copy_->IsMaybeAnotherSender(fingerprint) && !IsOfAnotherHost(*copy_, frame);
}

// Without an identification two hosts answer one ping with the same bytes, each by its gateway.
bool Capture::IsOfAnotherHost(const Copy& copy, const FrameFacts& frame) const {
  if (copy.has_identification || copy.other.ttl != frame.ip.ttl) return false;
  const auto one = evidence_.HostByMac(copy.other.from, at_);
  const auto other = evidence_.HostByMac(frame.source, at_);
  return one && other && one->cluster == other->cluster && one->host_id != other->host_id;
}

void Capture::NoteDoubleDelivery(const Sighting& sighting) {
  const auto request = deliveries_.ObserveFirst(sighting);
  if (!request) return;
  Transition seen{Event::kDeliveredTwice, {}};
  CopyDetail detail;
  detail.is_answer = true;
  seen.note.other = *request;
  seen.note.detail = detail.Pack();
  seen.note.set_mac(sighting.frame.source);
  transitions_.push_back(seen);
}

bool Capture::Judge(const FrameFacts& frame, const Knowledge& known) {
  const Sighting sighting{frame, at_, known};
  bool found = false;
  for (const Transition& transition : transitions_) {
    Note note = transition.note;
    note.at = at_;
    note.layer = static_cast<uint8_t>(frame.segment.layer);
    if (transition.event == Event::kHeartbeatLink) {
      links_.Add(note);
      continue;
    }
    const auto finding = FindingOf(sighting, transition);
    if (!finding) continue;
    found = true;
    note.finding = static_cast<uint8_t>(*finding);
    notes_.Add(note);
    if (transition.event == Event::kCopy) {
      copy_reach_ = std::max(copy_reach_, note.at - note.other);
      copied_.Add(note.other);
    }
    if (*finding == Finding("nlb.analysis.foreign_router")) {
      resets_.RememberForeignCopy(frame, {at_, note.mac()});
    }
  }
  found = found || HasStatelessFinding(sighting);
  if (!found && !AttributionOf(sighting)) return false;
  if (found) found_.Add(at_);
  reportable_.Add(at_);
  return true;
}

bool Capture::IsCopy(uint32_t number) const {
  for (const Note& note : notes_.At(index_.PositionOf(number))) {
    if (nlb::IsCopy(note)) return true;
  }
  return false;
}

// Among which are all that say that the record was copied later, unless the window is so busy that
// more notes lie between: then this extra link is lost.
NoteStore::Range Capture::NotesOfCopies(Position at) const {
  constexpr size_t kNearest = 256;
  return notes_.After(at, copy_reach_, kNearest);
}

bool Capture::HasVisibleCopy(Position at) const {
  for (const Note& note : NotesOfCopies(at)) {
    if (note.other == at && nlb::IsCopy(note) && index_.NumberOf(note.at)) return true;
  }
  return false;
}

void Capture::NoteFullTables() {
  const auto note = [this](Table table) {
    if (!MayReport(table)) return;
    full_reported_ |= uint32_t{1} << static_cast<int>(table);
    Transition full{Event::kTableFull, {}};
    full.note.detail = static_cast<uint64_t>(table);
    transitions_.push_back(full);
  };
  if (evidence_.overflowed()) note(Table::kEvidence);
  if (copies_.overflowed()) note(Table::kCopies);
  for (const Tracker* tracker : trackers_) {
    if (tracker->overflowed()) note(tracker->table());
  }
}

void Capture::LinkHeartbeat(const nlb_frame& frame, nlb_report& report) const {
  for (const Note& link : links_.At(index_.PositionOf(frame.number))) {
    if (link.layer != frame.layer) continue;
    const auto previous = index_.NumberOf(link.other);
    const HeartbeatLink since = HeartbeatLink::Unpack(link);
    const auto place = nlb_report::Generated();
    if (previous) report.AddNumber(Field("nlb.previous_heartbeat"), place, *previous);
    report.AddDuration(Field("nlb.interval"), place, since.interval);
    if (since.has_packets) {
      report.AddNumber(Field("nlb.packets_handled.delta"), place, since.packets);
    }
  }
}

void Capture::NoteStopped(const nlb_frame& frame) noexcept {
  Note note;
  note.at = index_.PositionOf(frame.number);
  note.finding = static_cast<uint8_t>(Finding("nlb.stopped"));
  stopped_ = note;
}

void Capture::Report(std::span<const nlb_frame> layers, nlb_detail detail,
                     nlb_report& report) const {
  report.Begin(layers, detail);
  if (layers.empty() || !IsReportable(layers[0].number)) return;
  const Position at = index_.PositionOf(layers[0].number);
  const auto notes = notes_.At(at);
  const bool links_copies = report.wants_items() && WasCopied(at);
  const Knowledge known = knowledge();
  for (const nlb_frame& layer : layers) {
    auto& [facts, attribution] = report.AddLayer();
    if (!ReadFrame(layer, facts)) {
      report.DropLastLayer();
      continue;
    }
    const Sighting sighting{facts, at, known};
    if (report.wants_attribution()) attribution = AttributionOf(sighting);
    ReportAnalysis(sighting, notes, attribution, report);
    if (links_copies) ReportCopiedIn(sighting, NotesOfCopies(at), report);
  }
  if (stopped_ && stopped_->at == at) {
    const FrameFacts nothing;
    report.AddHit(stopped_->finding, RuleOf(*stopped_).describe({nothing, at, known}, *stopped_));
  }
  if (report.hit_count() > 0) SummarizeAnalysis(report);
}

}  // namespace nlb
