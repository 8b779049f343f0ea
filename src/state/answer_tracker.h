// SPDX-License-Identifier: GPL-2.0-or-later
//
// Watches how requests are answered: twice by different stations, or not at all.
//
// Not seen is not unanswered: on the port of a client others' requests are flooded to it and their
// answers go elsewhere, on the port of a host the answers of the others do. So the one station that
// is answered here must be the one that asks; or, where several are, something must have been seen
// of each host (of two, where no heartbeat tells how many there are), or of others who accept each
// other's connections, which no host's port shows.
//
// Bounded: fixed tables, made with the first packet that needs one; a slot that is needed again
// forgets its connection, which loses a finding on that connection and nothing else; the same of
// 64 addresses that two stations answered for before they were known to be a cluster's. Of 16,384
// addresses and ports that answer, and of 4,096 clusters, further ones are not remembered: an
// unanswered SYN to them is not told.
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
  static constexpr size_t kMaxServices = 16384;
  static constexpr size_t kMaxClusters = 4096;

  Table table() const override { return Table::kAnswers; }

  // Takes packets of wire::IsRequestOrAnswer that are no copies. Whose address it is, is asked when
  // the second answer or the third SYN comes.
  void Observe(const Sighting& sighting, Transitions& out) override;

 private:
  static constexpr size_t kSlots = 4096;
  static constexpr size_t kEarly = 64;
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
  // A second answer before anything told that the address is a cluster's.
  struct Early {
    IpAddress ip;
    // As it would have been told, but other: the second answer, and detail: its MAC.
    Transition seen;
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

  // What this capture point shows of a cluster.
  struct View {
    uint64_t hosts = 0;     // a bit for each that was seen to send to a station
    uint64_t stations = 0;  // a bit for each MAC that accepted a connection, by its hash
    MacAddress answered;    // the first station that was
    bool several = false;
  };

  void ObserveView(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                   const Neighbours& neighbours);
  void ObserveAccept(const FrameFacts& frame, uint16_t port, IpAddress cluster);
  bool WouldSeeAnswer(const FrameFacts& syn, IpAddress cluster,
                      const EvidenceTable& evidence) const;
  void ObserveTcp(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                  const Neighbours& neighbours, Transitions& out);
  // Whether another station gave another answer before; completes what was seen.
  bool ObserveAnswer(const FrameFacts& frame, Position at, uint64_t key, uint32_t sequence,
                     const EvidenceTable& evidence, Transition& seen);
  void Judge(const FrameFacts& frame, Position at, bool is_cluster, Transition& seen,
             Transitions& out);
  void TellEarly(const Sighting& sighting, Transitions& out);
  void TellEarly(const Sighting& sighting, IpAddress ip, Transitions& out);
  Early& EarlyOf(IpAddress ip) { return early_[(ip.Hash(0) >> 8) % kEarly]; }
  void ObserveSyn(const FrameFacts& frame, Position at, const wire::Tcp& tcp,
                  const EvidenceTable& evidence, const Neighbours& neighbours, Transitions& out);

  std::vector<Answer> answers_;
  std::vector<Request> requests_;
  std::vector<Early> early_;  // empty until the first
  BoundedMap<Service, Timestamp> cluster_answered_{kMaxServices, overflowed_};
  BoundedMap<IpAddress, View> views_{kMaxClusters, overflowed_};
  bool others_talk_ = false;  // stations that are no hosts accept connections of each other here
};

}  // namespace nlb
