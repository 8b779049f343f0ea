// SPDX-License-Identifier: GPL-2.0-or-later
//
// One opened file: owns the state, leads each frame through facts, trackers and heuristics, and
// reports.
#pragma once

#include <optional>
#include <span>

#include "heuristics/heuristic.h"
#include "nlb.h"
#include "report/report.h"
#include "state/answer_tracker.h"
#include "state/cluster_tracker.h"
#include "state/copy_tracker.h"
#include "state/evidence.h"
#include "state/frame_index.h"
#include "state/igmp_tracker.h"
#include "state/neighbours.h"
#include "state/note_store.h"
#include "state/reset_tracker.h"
#include "state/routers.h"
#include "state/settings.h"

namespace nlb {

class Capture {
 public:
  explicit Capture(const nlb_config& config);

  void Feed(const nlb_frame& frame);
  // The record that was fed last passed by: there is nothing to report of it, yet.
  bool IsQuiet(uint64_t record) const { return quiet_ && record == last_record_ && !stopped_; }
  // False for most records of most captures: there is nothing to report.
  bool MayReport(std::span<const nlb_frame> layers) const;
  void Report(std::span<const nlb_frame> layers, nlb_report& report) const;
  void LinkHeartbeat(const nlb_frame& frame, nlb_report& report) const;

  // Keeps the finding nlb.stopped on the frame whose feeding failed, wherever it failed.
  void NoteStopped(const nlb_frame& frame) noexcept;
  bool stopped() const { return stopped_.has_value(); }

  Knowledge knowledge() const { return {evidence_, neighbours_, routers_, index_, settings_}; }
  // Whether the frame the user sees under this number carries a copy of an earlier packet.
  bool IsCopy(uint32_t number) const;
  const Settings& settings() const { return settings_; }

 private:
  bool IsNew(const nlb_frame& frame);
  void KeepTime(Timestamp now);
  [[gnu::noinline]] void LookCloser(const nlb_frame& frame, bool passed);
  void Track(const FrameFacts& frame);
  void TrackNlb(const FrameFacts& frame);
  void TrackClaim(const FrameFacts& frame);
  void TrackIp(const FrameFacts& frame);
  bool TrackCopies(const FrameFacts& frame);
  void TrackSecondaryVip(const FrameFacts& frame);
  void Judge(const FrameFacts& frame);
  NoteStore::Range NotesOfCopies(Position at) const;
  bool WasCopied(Position at) const;
  bool MayBeOfCluster(const Ends& ends) const {
    return evidence_.MayKnowAddress(ends.source) || evidence_.MayKnowAddress(ends.destination);
  }
  bool MayReport(Bytes frame) const;
  bool overflowed() const;

  Settings settings_;
  Routers routers_;
  FrameIndex index_;
  EvidenceTable evidence_;
  Neighbours neighbours_;
  CopyTracker copies_;
  ClusterTracker clusters_;
  AnswerTracker answers_;
  ResetTracker resets_;
  IgmpTracker igmp_;
  NoteStore notes_;
  NoteStore links_;  // heartbeat to heartbeat

  bool started_ = false;
  uint64_t last_record_ = 0;
  uint32_t last_layer_ = 0;
  Timestamp time_;      // of the record fed last
  Position at_ = 0;     // of the record that is being fed
  bool quiet_ = false;  // that record has no layer but what passed by: nothing to report yet
  bool full_was_said_ = false;
  Position copy_reach_ = 0;     // no copy came more records behind its packet
  std::optional<Copy> copy_;    // of the frame being fed
  bool outer_is_copy_ = false;  // of the record being fed: what is inside was copied along
  Transitions transitions_;     // of the frame being fed; kept to reuse its memory
  std::optional<Note> stopped_;
};

}  // namespace nlb
