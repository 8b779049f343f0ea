// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether a request that was captured twice also reached the server twice. The server tells: it
// answers twice, and its answers are two packets, not one that was captured twice as well. Here
// pings and the opening of connections; the rest is in data_deliveries.h.
//
// Bounded: 1,024 requests and 256 pairs of stations; one that needs the same slot makes the older
// one forgotten, and it is not told that the older was delivered twice.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "state/data_deliveries.h"
#include "state/sighting.h"

namespace nlb {

class Deliveries {
 public:
  // Within what time a request and its answers belong together; a server repeats an answer later
  // than that (RFC 6298: 1 s at first).
  static constexpr Duration kAnswers = std::chrono::milliseconds(500);

  // Takes a frame that was seen a second time just as it was. True when it is a request between two
  // stations whose requests were delivered twice before.
  bool ObserveAgain(const Sighting& sighting, bool has_identification);
  // Takes an IP packet that is seen for the first time. When it answers a request a second time,
  // the position at which that request was seen again.
  std::optional<Position> ObserveFirst(const Sighting& sighting);

  // Whether a frame that teaches nothing else is to be shown to ObserveFirst().
  bool MayWatch(const Ends& ends) const { return data_.MayWatch(ends); }

 private:
  static constexpr size_t kRequests = 1024;
  static constexpr size_t kPairs = 256;

  struct Request {
    uint64_t key = 0;
    Timestamp time;
    Position again = 0;   // 0: it was seen once
    MacAddress answerer;  // of the first answer; none yet: all zero
    uint32_t sequence = 0;
    uint16_t id = 0;
    bool answers_doubled = false;  // the mirror shows the answers twice as well
  };

  Request& RequestOf(uint64_t key, Timestamp now);
  std::optional<Position> JudgeAnswer(const Sighting& s);

  std::vector<Request> requests_;  // empty until the first answer, or request that is seen again
  DataDeliveries data_;
  std::vector<uint64_t> pairs_;  // whose requests were delivered twice; empty until the first
};

}  // namespace nlb
