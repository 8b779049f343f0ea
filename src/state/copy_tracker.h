// SPDX-License-Identifier: GPL-2.0-or-later
//
// Remembers the IP packets of the last window by digest, to recognise a packet that is seen again.
//
// Bounded: a fixed table of 8,192 sets of four packets, 1.8 MB, made when the first IP packet
// comes. A set that is full forgets its oldest packet: a copy of that one is missed. With the
// default window of 100 ms that is one packet in a hundred at 100,000 packets per second, and more
// above.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "facts/frame_facts.h"
#include "facts/packet_digest.h"
#include "state/frame_index.h"

namespace nlb {

// A packet that was seen before: what the first copy looked like.
struct Copy {
  Position first = 0;
  Duration delta{};  // since the first copy
  MacAddress first_source;
  MacAddress first_destination;
  wire::VlanStack first_vlan;
  uint8_t first_ttl = 0;
  uint8_t number = 2;  // 2 for the second copy; stays at 255
  bool has_identification = true;
  bool falls_each_time =
      false;              // the TTL of every copy so far was lower than that of the copy before
  bool returned = false;  // this copy or one before went where a still earlier one had gone
};

class CopyTracker {
 public:
  explicit CopyTracker(Duration window) : window_(window) {}

  std::optional<Copy> Observe(const FrameFacts& frame, const PacketDigest& digest, Position at);

  bool overflowed() const { return overflowed_; }

 private:
  static constexpr size_t kSets = 8192;
  static constexpr size_t kWays = 4;

  struct Packet {
    Timestamp time;
    uint64_t source : 48, first_ttl : 8, copies : 8;
    uint64_t destination : 48, last_ttl : 8, vlan_count : 7, falls : 1;
    uint64_t vlan_ids = 0;
    uint64_t checkpoint : 48, returned : 1, unused : 15;  // see Returned()
    Position position = 0;
  };
  static_assert(sizeof(Packet) <= 48);

  static constexpr size_t SetOf(uint64_t digest) { return (digest >> 8) % kSets; }
  Packet& Remember(uint64_t digest, Timestamp now);
  static Packet FirstCopy(const FrameFacts& frame, Position at);
  static bool Returned(Packet& packet, MacAddress destination);

  Duration window_;
  bool overflowed_ = false;
  std::vector<uint64_t> digests_;  // kSets x kWays; 0 is free
  std::vector<Packet> packets_;    // the same order
  std::vector<uint8_t> oldest_;    // per set
};

}  // namespace nlb
