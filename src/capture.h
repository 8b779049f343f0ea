// SPDX-License-Identifier: GPL-2.0-or-later
//
// One opened file: owns the state, leads each frame through facts, trackers and findings, and
// reports. Holds no rule of its own.
//
// Feeding decides once what there is to say of a record, and keeps the answer in one bit. Reporting
// asks the bit first, and only then takes the record apart again to make sentences and fields.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "heuristics/heuristic.h"
#include "nlb.h"
#include "report/report.h"
#include "state/answer_tracker.h"
#include "state/claim_tracker.h"
#include "state/cluster_tracker.h"
#include "state/connection_tracker.h"
#include "state/copy_tracker.h"
#include "state/deliveries.h"
#include "state/evidence.h"
#include "state/flood_tracker.h"
#include "state/frame_index.h"
#include "state/igmp_tracker.h"
#include "state/leak_tracker.h"
#include "state/link_watch.h"
#include "state/mask_watch.h"
#include "state/neighbours.h"
#include "state/note_store.h"
#include "state/position_set.h"
#include "state/refusal_tracker.h"
#include "state/reset_tracker.h"
#include "state/routers.h"
#include "state/secondary_vip.h"
#include "state/settings.h"

namespace nlb {

class Capture {
 public:
  explicit Capture(const nlb_config& config);
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  void Feed(const nlb_frame& frame);
  // Whether there is anything to report of the record that the user sees under this number.
  bool IsReportable(uint32_t number) const {
    const Position at = index_.PositionOf(number);
    return reportable_.Has(at) || (stopped_ && stopped_->at == at) || WasCopied(at);
  }
  void Report(std::span<const nlb_frame> layers, nlb_detail detail, nlb_report& report) const;
  void LinkHeartbeat(const nlb_frame& frame, nlb_report& report) const;

  // Keeps the finding nlb.stopped on the frame whose feeding failed, wherever it failed.
  void NoteStopped(const nlb_frame& frame) noexcept;
  bool stopped() const { return stopped_.has_value(); }

  Knowledge knowledge() const {
    return {evidence_, neighbours_, routers_, index_, settings_, masks_};
  }
  // Some frames were of a link type that is not analysed.
  bool saw_other_links() const { return links_seen_.saw_other(); }
  // Whether the frame the user sees under this number carries a copy of an earlier packet.
  bool IsCopy(uint32_t number) const;
  // The recorded findings of a record.
  NoteStore::Range NotesAt(Position at) const { return notes_.At(at); }
  const Settings& settings() const { return settings_; }

 private:
  bool IsNew(const nlb_frame& frame);
  void KeepTime(Timestamp now);
  [[gnu::noinline]] void Analyse(const nlb_frame& frame, bool is_ordinary);
  void Track(const FrameFacts& frame, bool is_ordinary);
  bool TrackCopies(const Sighting& sighting);
  bool IsOfAnotherHost(const Copy& copy, const FrameFacts& frame) const;
  void NoteDoubleDelivery(const Sighting& sighting);
  void Judge(const FrameFacts& frame);
  NoteStore::Range NotesOfCopies(Position at) const;
  // Whether a record that the user sees is a copy of this one.
  bool WasCopied(Position at) const {
    return copied_.Has(at) && (!index_.hides_records() || HasVisibleCopy(at));
  }
  bool HasVisibleCopy(Position at) const;
  bool MayReport(Table table) const { return (full_reported_ >> static_cast<int>(table) & 1) == 0; }
  std::span<Tracker* const> TrackersFor(const FrameFacts& frame) const {
    if (frame.is_plain) return plain_trackers_;
    return trackers_;
  }
  // Adds which tables are full that were not before this frame.
  void NoteFullTables(const FrameFacts& frame);

  Settings settings_;
  Routers routers_;
  FrameIndex index_;
  EvidenceTable evidence_;
  Neighbours neighbours_;
  CopyTracker copies_;
  Deliveries deliveries_;
  ClusterTracker clusters_;
  SecondaryVip secondary_vip_;
  IgmpTracker igmp_;
  AnswerTracker answers_;
  ConnectionTracker connections_;
  FloodTracker flood_;
  RefusalTracker refusals_;
  ClaimTracker claims_;
  LeakTracker leaks_;
  ResetTracker resets_;
  MaskWatch masks_;
  LinkWatch links_seen_;
  // In the order in which they see a frame; all after the evidence has learnt from it.
  std::array<Tracker*, 13> trackers_{
      &neighbours_, &clusters_, &secondary_vip_, &igmp_,   &answers_, &connections_, &flood_,
      &refusals_,   &claims_,   &leaks_,         &resets_, &masks_,   &links_seen_};
  std::vector<Tracker*> plain_trackers_;  // of those, who wants plain packets
  NoteStore notes_;
  NoteStore links_;         // heartbeat to heartbeat
  PositionSet reportable_;  // records of which there is something to say
  PositionSet copied_;      // records that were seen again later

  bool started_ = false;
  uint64_t last_record_ = 0;
  uint32_t last_layer_ = 0;
  Timestamp time_;              // of the record fed last
  Position at_ = 0;             // of the record that is being fed
  uint32_t full_reported_ = 0;  // a bit for each Table that was reported as full
  Position copy_reach_ = 0;     // no copy came more records behind its packet
  std::optional<Copy> copy_;    // of the frame being fed
  bool outer_is_copy_ = false;  // of the record being fed: what is inside was copied along
  Transitions transitions_;     // of the frame being fed; kept to reuse its memory
  std::optional<Note> stopped_;
};

}  // namespace nlb
