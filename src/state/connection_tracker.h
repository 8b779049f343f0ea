// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which host of a cluster accepted or opened a TCP connection, and whether another one meddles with
// it later: the cluster has moved the client to a host that knows nothing of the connection.
//
// Bounded: 4,096 connections, made with the first one; a connection that needs the place of another
// makes that one forgotten, which loses the finding on it and nothing else.
#pragma once

#include <cstdint>
#include <vector>

#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"
#include "wire/transport.h"

namespace nlb {

class ConnectionTracker : public Tracker {
 public:
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kIp; }

 private:
  static constexpr size_t kSlots = 4096;

  struct Connection {  // seen from the cluster's side
    uint64_t key = 0;
    MacAddress owner;
    Position since = 0;
    uint32_t number = 0;    // of the client's or the cluster's own SYN
    bool opened = false;    // by the cluster
    bool disputed = false;  // two hosts accepted it: two_hosts_answer says so
    bool moved = false;
  };

  Connection& PlaceOf(uint64_t key) { return connections_[(key >> 8) % kSlots]; }
  void Open(const Sighting& s, const wire::Tcp& tcp, uint64_t key);
  static void Meddle(const Sighting& s, const wire::Tcp& tcp, Connection& connection,
                     Transitions& out);

  std::vector<Connection> connections_;
};

}  // namespace nlb
