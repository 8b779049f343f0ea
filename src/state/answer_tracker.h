// SPDX-License-Identifier: GPL-2.0-or-later
//
// Watches how requests are answered: twice by different stations, or not at all.
//
// Bounded: fixed tables, made with the first packet that needs one; a slot that is needed again
// forgets its connection, which loses a finding on that connection and nothing else. Of 16,384
// addresses and ports that answer, further ones are not remembered: an unanswered SYN to them is
// not told.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"
#include "wire/transport.h"

namespace nlb {

class EvidenceTable;
class Neighbours;

class AnswerTracker : public Tracker {
 public:
  // How long after the first answer a second one counts.
  static constexpr Duration kSecondAnswer = std::chrono::seconds(3);
  // How recently the cluster must have answered somebody else on the same port.
  static constexpr Duration kClusterAnswers = std::chrono::seconds(60);
  static constexpr size_t kMostServices = 16384;

  Table table() const override { return Table::kAnswers; }
  bool overflowed() const override { return cluster_answered_.overflowed(); }

  // Takes packets of wire::IsRequestOrAnswer that are no copies. Whose address it is, is asked when
  // the second answer or the third SYN comes.
  void Observe(const Sighting& sighting, Transitions& out) override;

 private:
  static constexpr size_t kSlots = 4096;
  // Keys are odd: their lowest bits do not spread them.
  static constexpr size_t SlotOf(uint64_t key) { return (key >> 8) % kSlots; }

  struct Service {  // of a cluster
    IpAddress ip;
    uint16_t port = 0;
    bool operator==(const Service&) const = default;
    uint64_t Hash(uint64_t salt) const { return Mix(ip.Hash(salt) ^ port); }
  };
  struct Answer {  // a SYN-ACK or an echo reply
    uint64_t key = 0;
    Timestamp time;
    uint64_t source : 48, id : 16;
    Position position = 0;
    uint32_t sequence = 0;
  };
  struct Request {  // a SYN
    uint64_t key = 0;
    uint64_t connection = 0;
    Timestamp since;
    Timestamp last;
    Position first = 0;
    uint32_t count = 0;
    bool answered = false;
    bool told = false;
  };

  void ObserveTcp(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                  const Neighbours& neighbours, Transitions& out);
  // Whether another station gave another answer before; completes what was seen.
  bool ObserveAnswer(const FrameFacts& frame, Position at, uint64_t key, uint32_t sequence,
                     const EvidenceTable& evidence, Transition& seen);
  void ObserveSyn(const FrameFacts& frame, Position at, const wire::Tcp& tcp,
                  const EvidenceTable& evidence, const Neighbours& neighbours, Transitions& out);

  std::vector<Answer> answers_;
  std::vector<Request> requests_;
  BoundedMap<Service, Timestamp> cluster_answered_{kMostServices};
};

}  // namespace nlb
