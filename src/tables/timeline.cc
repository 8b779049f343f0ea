// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/timeline.h"

#include "base/text.h"
#include "heuristics/heartbeat_words.h"
#include "heuristics/registry.h"
#include "report/analysis_report.h"

namespace nlb {
namespace {

enum class Grain { kEvent, kSecond };

// Which part of the timeline a finding belongs to. What is left out is no matter of time: it holds
// for the whole capture.
struct Part {
  FindingId finding;
  const char* name;
  Grain grain;
};

constexpr char kHosts[] = "Hosts up and down";
constexpr char kConvergence[] = "Convergence";
constexpr char kConflicts[] = "Conflicts, per second";
constexpr char kForeign[] = "Copies by a foreign router, per second";
constexpr char kOtherCopies[] = "Copies of other origin, per second";
constexpr char kResets[] = "Resets after a copy, per second";

constexpr Part kParts[] = {
    {FindingId::HostJoined, kHosts, Grain::kEvent},
    {FindingId::HostLost, kHosts, Grain::kEvent},
    {FindingId::HostReturned, kHosts, Grain::kEvent},
    {FindingId::HeartbeatLate, kHosts, Grain::kEvent},
    {FindingId::IdleHost, kHosts, Grain::kEvent},
    {FindingId::StateChanged, kConvergence, Grain::kEvent},
    {FindingId::NotConverging, kConvergence, Grain::kEvent},
    {FindingId::DefaultHostConflict, kConflicts, Grain::kSecond},
    {FindingId::DuplicateHostId, kConflicts, Grain::kSecond},
    {FindingId::RuleMismatch, kConflicts, Grain::kSecond},
    {FindingId::ModeMismatch, kConflicts, Grain::kSecond},
    {FindingId::TeamingMismatch, kConflicts, Grain::kSecond},
    {FindingId::TwoHostsAnswer, kConflicts, Grain::kSecond},
    {FindingId::VipMacConflict, kConflicts, Grain::kSecond},
    {FindingId::ForeignRouter, kForeign, Grain::kSecond},
    {FindingId::RoutingLoop, kForeign, Grain::kSecond},
    {FindingId::RoutedCopy, kOtherCopies, Grain::kSecond},
    {FindingId::RelayedCopy, kOtherCopies, Grain::kSecond},
    {FindingId::CaptureCopy, kOtherCopies, Grain::kSecond},
    {FindingId::ResetAfterCopy, kResets, Grain::kSecond},
};

const Part* PartOf(uint32_t finding) {
  for (const Part& part : kParts) {
    if (static_cast<uint32_t>(part.finding) == finding) return &part;
  }
  return nullptr;
}

// Wireshark sorts the lines by their text.
std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string EventText(Duration since_start, const char* sentence, uint32_t frame) {
  return Padded(TextSeconds(since_start, 3), 10) + " s: " + sentence + " (frame " +
         std::to_string(frame) + ")";
}

std::string SecondText(Duration since_start) {
  const auto second = std::chrono::floor<std::chrono::seconds>(since_start).count();
  return Padded(std::to_string(second), 6) + " s";
}

}  // namespace
}  // namespace nlb

void nlb_timeline::Add(const nlb::Capture& capture, std::span<const nlb_frame> layers,
                       nlb::Duration since_start) {
  moments_.clear();
  if (layers.empty()) return;
  const nlb::Knowledge known = capture.knowledge();
  const nlb::Position at = known.index.PositionOf(layers[0].number);
  std::string cluster = "No known cluster";  // the innermost that has one
  for (const nlb_frame& layer : layers) {
    nlb::FrameFacts facts;
    if (!nlb::ReadFrame(layer, facts)) continue;
    const nlb::Sighting sighting{facts, at, known};
    if (const auto tie = nlb::TieOf(sighting)) cluster = nlb::Text(tie->cluster);
    if (facts.content == nlb::Content::kHeartbeat &&
        nlb::wire::ReadMembership(facts.payload, facts.payload_wire_length)) {
      Put({cluster, "Heartbeats", nlb::Speaker(sighting)});
    }
  }
  report_.Clear();
  capture.Report(layers, report_);
  AddHits(cluster, layers[0].number, since_start);
}

void nlb_timeline::AddHits(const std::string& cluster, uint32_t frame, nlb::Duration since_start) {
  const nlb_view view = report_.View();
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb::Part* part = nlb::PartOf(view.hits[i].finding);
    if (!part) continue;
    Put({cluster, part->name,
         part->grain == nlb::Grain::kEvent ? nlb::EventText(since_start, view.hits[i].text, frame)
                                           : nlb::SecondText(since_start)});
  }
}

void nlb_timeline::Put(Path path) {
  if (known_.size() < kMostLines) {
    known_.insert(path);
  } else if (!known_.contains(path)) {
    path = {"Later", "Not listed: the timeline is full", "filter the capture for more"};
  }
  moments_.push_back(std::move(path));
}

nlb_moment nlb_timeline::At(size_t index) const {
  if (index >= moments_.size()) return {"", "", ""};
  const Path& path = moments_[index];
  return {path[0].c_str(), path[1].c_str(), path[2].c_str()};
}
