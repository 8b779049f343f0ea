// SPDX-License-Identifier: GPL-2.0-or-later
//
// Who does not accept a group MAC for a unicast address (RFC 1812 3.3.2): a router that asks for
// the cluster's address again and again although it is answered, or one that never answers the
// hosts of the cluster, because their own question names the group MAC as the sender's.
//
// Bounded: 1,024 pairs of asker and wanted address, 1,024 senders to group MACs and 1,024 addresses
// that others ask for in vain. What needs the place of another makes that one forgotten: a finding
// is lost, or said of a station that took the answer long before.
#pragma once

#include <cstdint>
#include <vector>

#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"

namespace nlb {

class RefusalTracker : public Tracker {
 public:
  static constexpr Duration kWithin = std::chrono::seconds(60);
  static constexpr uint32_t kQuestions = 3;

  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kArp; }

 private:
  static constexpr size_t kSlots = 1024;

  struct Asker {
    uint64_t key = 0;
    MacAddress station;  // Ethernet source of the questions
    Timestamp since, last;
    Position first = 0;         // question
    Position first_answer = 0;  // with the group MAC
    MacAddress answer;
    uint32_t questions = 0;
    bool answered = false;  // the last question was
    bool told = false;
  };
  struct Mark {
    uint64_t key = 0;
    Timestamp last;
  };

  struct Group {  // a group MAC that frames were seen to
    uint64_t key = 0;
    Timestamp last;
    MacAddress from;
    bool several = false;  // from others, too
  };

  static size_t SlotOf(uint64_t key) { return (key >> 8) % kSlots; }
  void ObserveQuestion(const Sighting& s, Transitions& out);
  void ObserveAnswer(const FrameFacts& frame, Position at);
  void JudgeAnswered(const FrameFacts& frame, Asker& asker, Transitions& out);
  void JudgeUnanswered(const Sighting& s, Asker& asker, Transitions& out);
  void SetGroup(const FrameFacts& frame);
  bool WouldSeeAnswer(const FrameFacts& question, Position at) const;
  void Set(std::vector<Mark>& marks, uint64_t key, Timestamp now);
  static bool IsSet(const std::vector<Mark>& marks, uint64_t key);
  static bool IsRecent(const std::vector<Mark>& marks, uint64_t key, Timestamp now);

  std::vector<Asker> askers_;
  std::vector<Mark> senders_;  // of unicast IP to a group MAC, by both MACs
  std::vector<Group> groups_;
  Position claims_ = 0;        // frames with a claim
  std::vector<Mark> in_vain_;  // addresses that stations with a MAC of their own ask for in vain
};

}  // namespace nlb
