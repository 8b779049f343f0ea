// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether UDP requests and TCP data that were captured twice also reached the server twice.
//
// Of UDP the proof is a second answer: the client asked once within the window, and two packets
// come back which say the same and have an identification each. Of DNS and RADIUS the number of the
// transaction counts, as the second answer may be another one. Of TCP it is the server's word (RFC
// 2883): it names just this segment as one that it had before, and the client had not sent the
// segment, or a part of it, earlier.
//
// Clients send more than one request, so all of them must be seen: only servers to which a packet
// was captured twice are watched, and what came before the watch is not judged. A server whose own
// packets are captured twice is not: the mirror doubles everything. Nor is one that answers twice
// what was captured once.
//
// Bounded: 256 servers and 1,024 requests or connections; one that needs the same slot makes the
// older one forgotten, and it is not told that the older was delivered twice.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "facts/fingerprint.h"
#include "state/sighting.h"
#include "wire/transport.h"

namespace nlb {

class DataDeliveries {
 public:
  static constexpr Duration kAnswers = std::chrono::milliseconds(500);
  // For how long a server is watched after the last packet that was seen again.
  static constexpr Duration kWatch = std::chrono::seconds(60);

  // Whether a frame between these two may belong to a server that is watched.
  bool MayWatch(const Ends& ends) const {
    return !servers_.empty() && (MayWatch(ends.source) || MayWatch(ends.destination));
  }
  // Takes a frame with an identification that was seen a second time just as it was.
  void ObserveAgain(const Sighting& sighting);
  // Takes a frame that is seen for the first time. When it proves that a request was delivered
  // twice, the position at which that request was seen again.
  std::optional<Position> ObserveFirst(const Sighting& sighting);

 private:
  static constexpr size_t kServers = 256;
  static constexpr size_t kRequests = 1024;

  struct Server {
    uint32_t tail = 0;
    bool ignored = false;  // its own packets are seen twice, or it answers twice by itself
    Timestamp last;
  };
  struct Request {  // or, of a TCP connection, how far the client's data have come
    uint64_t key = 0;
    Timestamp time;
    Position again = 0;     // 0: it was seen once
    uint64_t payload = 0;   // of the first answer; 0: not all of it was captured
    MacAddress answerer;    // none yet: all zero
    uint32_t end = 0;       // behind the segment; of a connection, behind all of them
    uint16_t id = 0;        // of the first answer
    uint8_t ttl = 0;        // the same
    bool repeated = false;  // the client may have sent it more than once
  };

  static constexpr size_t SlotOf(uint32_t tail) { return (Mix(tail) >> 8) % kServers; }
  const Server& ServerAt(uint32_t tail) const { return servers_[SlotOf(tail)]; }
  // None where a mirror doubles all: the frames there stay on the fast path.
  bool MayWatch(uint32_t tail) const {
    const Server& server = ServerAt(tail);
    return server.tail == tail && !server.ignored;
  }
  Server& ServerOf(uint32_t tail, Timestamp now);
  bool IsWatched(uint32_t tail, Timestamp now) const;
  Request& PlaceOf(uint64_t key) { return requests_[(key >> 8) % kRequests]; }

  void NoteUdpRequest(const Sighting& s);
  void NoteSegment(const Sighting& s, const wire::Tcp& tcp);
  std::optional<Position> JudgeUdpAnswer(const Sighting& s);
  std::optional<Position> JudgeAcknowledgment(const Sighting& s, const wire::Tcp& tcp);

  std::vector<Server> servers_;  // both empty until the first packet that is seen again
  std::vector<Request> requests_;
};

}  // namespace nlb
