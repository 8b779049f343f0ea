// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which TCP connections had a packet sent twice by a foreign router a moment ago.
//
// Bounded: 1,024 connections; one that needs the same slot makes the older one forgotten, which
// loses the finding reset_after_copy on it.
#pragma once

#include <optional>
#include <vector>

#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"
#include "wire/transport.h"

namespace nlb {

class ResetTracker : public Tracker {
 public:
  static constexpr Duration kAfterCopy = std::chrono::seconds(3);

  struct ForeignCopy {
    Position position = 0;
    MacAddress forwarder;
  };

  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kIp; }
  void RememberForeignCopy(const FrameFacts& frame, const ForeignCopy& copy);
  // The latest foreign copy in the connection of this frame, if it is a reset and close enough.
  std::optional<ForeignCopy> CopyBeforeReset(const FrameFacts& frame) const {
    return connections_.empty() ? std::nullopt : Find(frame);
  }

 private:
  static constexpr size_t kSlots = 1024;
  struct Connection {
    uint64_t key = 0;
    Timestamp time;
    ForeignCopy copy;
  };
  std::optional<ForeignCopy> Find(const FrameFacts& reset) const;

  std::vector<Connection> connections_;  // empty until the first foreign copy
};

}  // namespace nlb
