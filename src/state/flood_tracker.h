// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether the capture stands at a port that only gets the flood: requests of several clients to a
// cluster, and nothing that the cluster sends back.
//
// A mirror of one direction shows requests only, too. It also shows other stations that talk to
// each other, which no port does that is not mirrored.
//
// Bounded: 256 MACs of clusters, 64 clients of each and 2,048 addresses; a cluster that does not
// fit is not told of, a client is counted among the packets only, and of an address no answer is
// seen, so that its cluster is told of although it answers from there. 16 pairs of stations.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/evidence.h"
#include "state/frame_index.h"
#include "state/tracker.h"

namespace nlb {

// What a Note of a flood keeps.
struct Flood {
  uint32_t packets = 0;
  uint32_t bytes = 0;
  uint8_t clients = 0;
  Duration lasts{};

  void Pack(Note& note) const;
  static Flood Unpack(const Note& note);
};

class FloodTracker : public Tracker {
 public:
  static constexpr uint32_t kPackets = 20;
  static constexpr Duration kLasts = std::chrono::seconds(5);

  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kIp; }
  // Takes the two ends of any other frame; only worth calling while it is asked for.
  bool wants_pairs() const { return open_ > 0; }
  void ObservePair(MacAddress from, MacAddress to);

 private:
  static constexpr size_t kMaxEntries = 256;
  static constexpr size_t kMaxClients = 64;
  static constexpr size_t kMaxAddresses = 2048;
  static constexpr size_t kMaxPairs = 16;
  static constexpr uint32_t kTalks = 3;  // frames from which on a pair of stations is no stray

  struct Watch {
    Timestamp since;
    Position first = 0;
    Flood seen;
    std::vector<IpAddress> clients;
    std::vector<MacAddress> senders;  // of the requests: clients, or the routers before them
    bool closed = false;              // an answer was seen, or it was told
  };
  struct Pair {
    MacAddress a, b;
    uint32_t frames = 0;
  };

  void ObserveRequest(const Sighting& s, Transitions& out);
  void ObserveAnswer(const FrameFacts& frame);
  void Close(Watch& watch);
  bool IsOwnPort(const Watch& watch, const EvidenceTable& evidence, Position at) const;

  BoundedMap<uint64_t, Watch> watches_{kMaxEntries, overflowed_};  // by the cluster's MAC
  BoundedMap<IpAddress, uint64_t> asked_{kMaxAddresses};  // the MAC that requests to it go to
  size_t open_ = 0;
  std::vector<Pair> pairs_;
};

}  // namespace nlb
