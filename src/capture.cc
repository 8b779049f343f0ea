// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture.h"

#include <algorithm>
#include <optional>

#include "catalog/fields.h"
#include "facts/first_look.h"
#include "facts/mac_class.h"
#include "heuristics/copies.h"
#include "heuristics/registry.h"
#include "report/analysis_report.h"
#include "state/cluster_notes.h"

namespace nlb {
namespace {

Passage PassageOf(const FrameFacts& frame) {
  return {frame.time,   frame.source,    frame.destination, frame.segment.vlan,
          frame.ip.ttl, DigestOf(frame), EndsOf(frame.ip)};
}

}  // namespace

Capture::Capture(const nlb_config& config)
    : settings_(ReadSettings(config)), copies_(settings_.copy_window), clusters_(settings_) {
  const size_t clusters = config.clusters ? config.cluster_count : 0;
  const size_t routers = config.routers ? config.router_count : 0;
  for (size_t i = 0; i < clusters; ++i) evidence_.Configure(config.clusters[i]);
  for (size_t i = 0; i < routers; ++i) routers_.Add(config.routers[i]);
}

// A record is fed layer by layer; the same record and layer again, as a GUI read filter does, is
// not new.
bool Capture::IsNew(const nlb_frame& frame) {
  if (started_ && frame.record == last_record_) {
    if (frame.layer <= last_layer_) return false;
  } else {
    const Position position = index_.Add(frame.number);
    outer_is_copy_ = false;
    quiet_ = position != at_;  // the last position is shared, and so is what was found there
    at_ = position;
  }
  started_ = true;
  last_record_ = frame.record;
  last_layer_ = frame.layer;
  return true;
}

// Whoever is missing behind a hole in the capture may have spoken in it.
void Capture::KeepTime(Timestamp now) {
  const Duration gap = now - time_;
  if (started_ && gap > settings_.tolerance) [[unlikely]] {
    clusters_.NoteGap(now);
    igmp_.NoteGap(now, gap);
  }
  time_ = now;
}

void Capture::Feed(const nlb_frame& frame) {
  KeepTime({frame.time_ns});
  if (!IsNew(frame)) return;
  Passage passage;
  const bool passed =
      ReadPassage(frame, passage) &&
      (!settings_.copy_detection || !passage.digest || copies_.RememberNew(passage, at_));
  if (passed && MayBeOfCluster(passage.ends)) quiet_ = false;
  if (!passed || (copies_.overflowed() && !full_was_said_)) LookCloser(frame, passed);
}

void Capture::LookCloser(const nlb_frame& frame, bool passed) {
  quiet_ = false;
  FrameFacts facts;
  if (!ReadFrame(frame, facts)) return;
  transitions_.clear();
  if (!passed) Track(facts);
  if (!full_was_said_ && overflowed()) {
    full_was_said_ = true;
    transitions_.push_back({Event::kTableFull, {}});
  }
  if (!transitions_.empty()) Judge(facts);
}

void Capture::Track(const FrameFacts& frame) {
  if (frame.may_be_nlb()) TrackNlb(frame);
  if (frame.is_ip()) TrackIp(frame);
}

void Capture::TrackNlb(const FrameFacts& frame) {
  evidence_.Learn(frame, at_);
  if (frame.claim) TrackClaim(frame);
  if (frame.content == Content::kHeartbeat) clusters_.Observe(frame, at_, transitions_);
  if (frame.is_ip()) TrackSecondaryVip(frame);
  igmp_.Observe(frame, at_, evidence_, transitions_);
}

void Capture::TrackClaim(const FrameFacts& frame) {
  // A host's own address has two MACs by design: the cluster's for outsiders, its own for other
  // hosts.
  const bool host_address = evidence_.IsHostAddress(frame.claim->ip, at_);
  const auto conflict = neighbours_.Learn(frame, at_);
  if (!conflict || host_address) return;
  Transition seen{Event::kVipMacConflict, {}};
  seen.note.other = conflict->at;
  seen.note.detail = PackDuration(conflict->age);
  seen.note.set_mac(conflict->before);
  transitions_.push_back(seen);
}

void Capture::TrackIp(const FrameFacts& frame) {
  const bool is_copy = settings_.copy_detection && TrackCopies(frame);
  if (frame.segment.layer == 0) outer_is_copy_ = is_copy;
  if (!is_copy && wire::IsRequestOrAnswer(frame.ip))
    answers_.Observe(frame, at_, evidence_, neighbours_, transitions_);
  if (const auto copy = resets_.CopyBeforeReset(frame)) {
    Transition seen{Event::kResetAfterCopy, {}};
    seen.note.other = copy->position;
    seen.note.set_mac(copy->forwarder);
    transitions_.push_back(seen);
  }
}

bool Capture::TrackCopies(const FrameFacts& frame) {
  if (frame.segment.layer > 0 && outer_is_copy_) return true;
  const Passage passage = PassageOf(frame);
  if (!passage.digest) return false;
  copy_ = copies_.Observe(passage, at_);
  if (!copy_ || copy_->IsMaybeAnotherSender(passage)) return false;
  Transition seen{Event::kCopy, {}, &*copy_};
  const CopyDetail detail = CopyDetail::Of(frame, *copy_);
  seen.note.other = copy_->other.position;
  seen.note.detail = detail.Pack();
  seen.note.set_mac(detail.copy_came_first ? copy_->other.from : frame.source);
  transitions_.push_back(seen);
  return true;
}

// A frame to the MAC made of its own address, which ARP gave another cluster's MAC.
void Capture::TrackSecondaryVip(const FrameFacts& frame) {
  const MacRole role = frame.destination_role;
  if (role != MacRole::kCluster && role != MacRole::kMulticast) return;
  const IpAddress vip = frame.ip.destination;
  if (!Embeds(frame.destination, vip.mac_tail()) || evidence_.InterHost(frame.destination, at_))
    return;
  const auto* answer = neighbours_.AnsweredWith(vip, at_);
  if (!answer || answer->mac == frame.destination || RoleOf(answer->mac) == MacRole::kNone) return;
  if (evidence_.CameToMode(vip, ModeOf(role), answer->at, at_)) return;
  Transition seen{Event::kSecondaryVipMac, {}};
  seen.note.other = answer->at;
  seen.note.set_mac(answer->mac);
  transitions_.push_back(seen);
}

void Capture::Judge(const FrameFacts& frame) {
  const Knowledge known = knowledge();
  const Sighting sighting{frame, at_, known};
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
    note.finding = static_cast<uint8_t>(*finding);
    notes_.Add(note);
    if (transition.event == Event::kCopy) {
      copy_reach_ = std::max(copy_reach_, note.at - note.other);
    }
    if (*finding == FindingId::ForeignRouter) resets_.RememberForeignCopy(frame, {at_, note.mac()});
  }
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

bool Capture::WasCopied(Position at) const {
  for (const Note& note : NotesOfCopies(at)) {
    if (note.other == at && nlb::IsCopy(note)) return true;
  }
  return false;
}

bool Capture::overflowed() const {
  return evidence_.overflowed() || neighbours_.overflowed() || copies_.overflowed() ||
         clusters_.overflowed() || igmp_.overflowed() || answers_.overflowed();
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
  note.finding = static_cast<uint8_t>(FindingId::Stopped);
  stopped_ = note;
}

bool Capture::MayReport(std::span<const nlb_frame> layers) const {
  if (stopped_) return true;
  if (layers.empty()) return false;
  const Position at = index_.PositionOf(layers[0].number);
  if (notes_.HasAt(at) || WasCopied(at)) return true;
  for (const nlb_frame& layer : layers) {
    const Bytes bytes(layer.bytes, layer.captured_len);
    if (bytes.Has(0, wire::kEthernetHeader) && MayReport(bytes)) return true;
  }
  return false;
}

// What no note is needed for.
bool Capture::MayReport(Bytes frame) const {
  if (MayHaveDatedFinding(frame)) return true;
  Ends ends;
  return evidence_.knows_clusters() && ReadEnds(frame, ends) && MayBeOfCluster(ends);
}

void Capture::Report(std::span<const nlb_frame> layers, nlb_report& report) const {
  if (layers.empty()) return;
  const Position at = index_.PositionOf(layers[0].number);
  const bool has_notes = notes_.HasAt(at);
  const bool was_copied = WasCopied(at);
  const Knowledge known = knowledge();
  for (const nlb_frame& layer : layers) {
    const Bytes bytes(layer.bytes, layer.captured_len);
    if (!bytes.Has(0, wire::kEthernetHeader)) continue;
    if (!has_notes && !was_copied && !MayReport(bytes)) continue;
    FrameFacts facts;
    if (!ReadFrame(layer, facts)) continue;
    const Sighting sighting{facts, at, known};
    ReportAnalysis(sighting, has_notes ? notes_.At(at) : NoteStore::Range{}, report);
    if (was_copied) ReportCopiedIn(sighting, NotesOfCopies(at), report);
  }
  if (stopped_ && stopped_->at == at) {
    const FrameFacts nothing;
    report.AddHit(stopped_->finding, kStopped.tell({nothing, at, known}, *stopped_));
  }
  if (report.View().hit_count > 0) SummarizeAnalysis(report);
}

}  // namespace nlb
