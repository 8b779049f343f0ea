// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/timeline.h"

#include "base/text.h"
#include "heuristics/heartbeat_words.h"
#include "heuristics/registry.h"

namespace nlb {
namespace {

enum class Grain { kEvent, kSecond };

struct PartText {
  Part part;
  const char* name;
  Grain grain;
};

constexpr PartText kParts[] = {
    {Part::kHosts, "Hosts up and down", Grain::kEvent},
    {Part::kConvergence, "Convergence", Grain::kEvent},
    {Part::kConflicts, "Conflicts, per second", Grain::kSecond},
    {Part::kForeign, "Copies by a foreign router, per second", Grain::kSecond},
    {Part::kOtherCopies, "Copies of other origin, per second", Grain::kSecond},
    {Part::kResets, "Resets after a copy, per second", Grain::kSecond},
};

const PartText* PartOf(uint32_t finding) {
  for (const PartText& text : kParts) {
    if (text.part == kHeuristics[finding].part) return &text;
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

void nlb_timeline::Add(const nlb::Capture& capture, const nlb_report& report,
                       nlb::Duration since_start) {
  moments_.clear();
  if (report.layers().empty()) return;
  const nlb::Knowledge known = capture.knowledge();
  const nlb::Position at = known.index.PositionOf(report.frames()[0].number);
  std::string cluster = "No known cluster";  // the innermost that has one
  for (const auto& [facts, attribution] : report.layers()) {
    if (attribution) cluster = nlb::Text(attribution->cluster);
    if (facts.membership) Put({cluster, "Heartbeats", nlb::Speaker({facts, at, known})});
  }
  AddHits(cluster, report, since_start);
}

void nlb_timeline::AddHits(const std::string& cluster, const nlb_report& report,
                           nlb::Duration since_start) {
  const nlb_view view = report.View();
  const uint32_t frame = report.frames()[0].number;
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb::PartText* part = nlb::PartOf(view.hits[i].finding);
    if (!part) continue;
    Put({cluster, part->name,
         part->grain == nlb::Grain::kEvent ? nlb::EventText(since_start, view.hits[i].text, frame)
                                           : nlb::SecondText(since_start)});
  }
}

void nlb_timeline::Put(Path path) {
  if (known_.size() < kMaxLines) {
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
