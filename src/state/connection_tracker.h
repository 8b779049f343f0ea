// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which host of a cluster accepted or opened a TCP connection, and whether another one meddles with
// it later: the cluster has moved the client to a host that knows nothing of the connection.
//
// Bounded: 4,096 connections, made with the first one; a connection that needs the place of another
// makes that one forgotten, which loses the finding on it and nothing else. The same of 64 stations
// that accepted before they were known to be hosts: of each, the first connection is told.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"
#include "wire/transport.h"

namespace nlb {

class ConnectionTracker : public Tracker {
 public:
  // How long a client leaves a port alone at least before it opens the next connection from it.
  static constexpr Duration kReuse = std::chrono::seconds(60);

  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kIp; }
  void NoteGap(Timestamp end, Duration gap) override;

 private:
  static constexpr size_t kSlots = 4096;
  static constexpr size_t kEarly = 64;

  struct Connection {  // seen from the cluster's side
    uint64_t key = 0;
    MacAddress owner;
    Position since = 0;
    Timestamp time;
    uint32_t number = 0;    // of the client's or the cluster's own SYN
    bool opened = false;    // by the cluster
    bool disputed = false;  // two hosts accepted it: two_hosts_answer says so
    bool moved = false;
  };

  // Two stations, of which nothing tells yet that they are hosts.
  struct Early {
    MacAddress owner, meddler;
    IpAddress ip;
    Position at = 0;  // of what the meddler sent
    bool opened = false;
  };

  Connection& PlaceOf(uint64_t key) { return connections_[(key >> 8) % kSlots]; }
  void Open(const Sighting& s, const wire::Tcp& tcp, uint64_t key);
  void EndOther(const wire::Tcp& tcp, uint64_t peers);
  void Meddle(const Sighting& s, const wire::Tcp& tcp, Connection& connection, Transitions& out);
  void Remember(const Sighting& s, const Connection& connection);
  void TellEarly(const Sighting& s, Transitions& out);

  std::vector<Connection> connections_;
  std::vector<Early> early_;                                // empty until the first; by owner
  Timestamp gap_end_{std::numeric_limits<int64_t>::min()};  // of the last gap that hides a change
};

}  // namespace nlb
