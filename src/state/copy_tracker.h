// SPDX-License-Identifier: GPL-2.0-or-later
//
// Remembers the IP packets of the last window by digest, to recognise a packet that is seen again.
//
// Bounded: a fixed table of 4,096 sets of eight packets, 1.8 MB, made when the first IP packet
// comes. A set that is full forgets its oldest packet: a copy of that one is missed. Packets spread
// evenly over the sets, so with the default window of 100 ms that is less than one packet in a
// hundred at 100,000 packets per second, and more above.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "facts/first_look.h"
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

  // Remembers a packet that is not in the table. False, and nothing done, when it may be a copy.
  bool RememberNew(const Passage& passage, Position at) {
    if (digests_.empty()) MakeTable();
    if (Find(passage.digest)) return false;
    Remember(passage, at);
    return true;
  }
  // Remembers a packet, and tells whether it is a copy.
  std::optional<Copy> Observe(const Passage& passage, Position at);

  bool overflowed() const { return overflowed_; }

 private:
  static constexpr size_t kSets = 4096;
  static constexpr size_t kWays = 8;  // their digests fill one cache line

  struct Packet {
    Timestamp time;
    MacAddress source;
    MacAddress destination;
    MacAddress checkpoint;  // see Returned()
    uint64_t vlan_ids;
    Position position;
    uint8_t first_ttl;
    uint8_t last_ttl;
    uint8_t copies;
    uint8_t vlan_count : 4, falls : 1, returned : 1, unused : 2;
  };
  static_assert(sizeof(Packet) == 48);

  static constexpr size_t SetOf(PacketDigest digest) { return (digest.value >> 8) % kSets; }
  Packet* Find(PacketDigest digest) {
    const uint64_t* set = digests_.data() + SetOf(digest) * kWays;
    for (size_t way = 0; way < kWays; ++way) {
      if (set[way] == digest.value) return &packets_[SetOf(digest) * kWays + way];
    }
    return nullptr;
  }
  void Remember(const Passage& passage, Position at) {
    const size_t set = SetOf(passage.digest);
    const size_t slot = set * kWays + (oldest_[set]++ % kWays);
    const bool used = digests_[slot] != 0;
    if (used && Distance(passage.time, packets_[slot].time) <= window_) overflowed_ = true;
    digests_[slot] = passage.digest.value;
    packets_[slot] = FirstCopy(passage, at);
  }
  static Packet FirstCopy(const Passage& passage, Position at) {
    const auto vlan_count = static_cast<uint8_t>(passage.vlan.count);
    return {passage.time,
            passage.source,
            passage.destination,
            passage.destination,
            passage.vlan.ids,
            at,
            passage.ttl,
            passage.ttl,
            1,
            vlan_count,
            1,
            0,
            0};
  }
  void MakeTable();
  static bool Returned(Packet& packet, MacAddress destination);

  Duration window_;
  bool overflowed_ = false;
  std::vector<uint64_t> digests_;  // kSets x kWays; 0 is free
  std::vector<Packet> packets_;    // the same order
  std::vector<uint8_t> oldest_;    // per set
};

}  // namespace nlb
