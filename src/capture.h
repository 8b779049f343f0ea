// SPDX-License-Identifier: GPL-2.0-or-later
//
// One opened file: owns the state, leads each frame through facts, trackers and findings, and
// reports. Holds no rule of its own. CONTRIBUTING.md explains the words used here.
//
// While a record is fed it is decided whether there is something to say of it, and whether that is
// a finding: two bits, to which only a later copy of the record can add. Reporting asks first, and
// only then reads the record again to make sentences and fields.
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

  // Whether by this layer there is something to report of its record.
  bool Feed(const nlb_frame& frame);
  // Whether there is anything to report of the record that the user sees under this number.
  bool IsReportable(uint32_t number) const {
    const Position at = index_.PositionOf(number);
    return reportable_.Has(at) || (stopped_ && stopped_->at == at) || WasCopied(at);
  }
  // Whether the report would have hits.
  bool HasFinding(uint32_t number) const {
    const Position at = index_.PositionOf(number);
    return found_.Has(at) || (stopped_ && stopped_->at == at);
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
  // The stored findings of a record.
  NoteStore::Range NotesAt(Position at) const { return notes_.At(at); }
  const Settings& settings() const { return settings_; }

 private:
  bool IsNew(const nlb_frame& frame);
  void KeepTime(Timestamp now);
  [[gnu::noinline]] bool Analyse(const nlb_frame& frame, bool is_ordinary);
  // Whether a table is full.
  bool Track(const FrameFacts& frame, const Knowledge& known, bool is_ordinary);
  // Says whether the frame is a copy, and of which kind.
  void TrackCopies(Sighting& sighting);
  // Whether copy_ is now what the frame is a copy of.
  bool FindCopy(const Fingerprint& fingerprint, const FrameFacts& frame);
  bool IsOfAnotherHost(const Copy& copy, const FrameFacts& frame) const;
  void NoteDoubleDelivery(const Sighting& sighting);
  // Whether there is something to report of the frame.
  bool Judge(const FrameFacts& frame, const Knowledge& known);
  NoteStore::Range NotesOfCopies(Position at) const;
  // Whether a record that the user sees is a copy of this one.
  bool WasCopied(Position at) const {
    return copied_.Has(at) && (!index_.hides_records() || HasVisibleCopy(at));
  }
  bool HasVisibleCopy(Position at) const;
  bool MayReport(Table table) const { return (full_reported_ >> static_cast<int>(table) & 1) == 0; }
  std::span<Tracker* const> TrackersFor(const FrameFacts& frame) const {
    switch (frame.plain) {
      case Plain::kIp:
        return ip_trackers_;
      case Plain::kArp:
        return arp_trackers_;
      case Plain::kNot:
        break;
    }
    return trackers_;
  }
  // Adds a transition for each table that this frame made full.
  void NoteFullTables();

  Settings settings_;
  Routers routers_;
  FrameIndex index_;
  EvidenceTable evidence_;
  Neighbours neighbours_;
  CopyTracker copies_;     // finds the earlier sighting of a packet
  Deliveries deliveries_;  // finds second answers to a request that was seen twice
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
  std::vector<Tracker*> ip_trackers_;   // those that want plain IP packets
  std::vector<Tracker*> arp_trackers_;  // the same of ARP
  NoteStore notes_;
  NoteStore links_;         // heartbeat to heartbeat
  PositionSet reportable_;  // records with a finding, or of a known cluster
  PositionSet found_;       // records that have a finding
  PositionSet copied_;      // records that were seen again later

  bool started_ = false;
  uint64_t last_record_ = 0;
  uint32_t last_layer_ = 0;
  Timestamp time_;              // of the record fed last
  Position at_ = 0;             // of the record that is being fed
  uint32_t full_reported_ = 0;  // a bit for each Table that was reported as full
  Position copy_reach_ = 0;     // the longest way so far from a packet to its copy, in records
  std::optional<Copy> copy_;    // of the frame being fed
  bool outer_is_copy_ = false;  // of the record being fed: then the packets inside are copies too
  Transitions transitions_;     // of the frame being fed; kept to reuse its memory
  std::optional<Note> stopped_;
};

}  // namespace nlb
