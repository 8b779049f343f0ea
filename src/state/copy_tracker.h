// SPDX-License-Identifier: GPL-2.0-or-later
//
// Remembers the packets of the last window by digest, to recognise a packet that is seen again: IP
// packets, and of other frames ARP and heartbeats.
//
// Bounded: a fixed table of 4,096 sets of eight packets, 1.8 MB, and 4.7 MB more as copies come. A
// set that is full forgets its oldest packet: a copy of that one is missed. Packets spread evenly
// over the sets, so with the default window of 100 ms that is less than one packet in a hundred at
// 100,000 packets per second, and more above.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "facts/fingerprint.h"
#include "facts/mac_class.h"
#include "state/frame_index.h"

namespace nlb {

// One sighting of a packet on its way from station to station.
struct Hop {
  Timestamp time;
  MacAddress from, to;
  uint64_t vlan_ids = 0;
  Position position = 0;
  uint8_t ttl = 0;
  uint8_t vlan_count = 0;

  wire::VlanStack vlan() const { return {vlan_ids, vlan_count}; }
};

// Whether a packet took the same way twice: between the same stations, in one VLAN.
inline bool IsSamePath(const Hop& a, const Hop& b) {
  return a.from == b.from && a.to == b.to && !wire::InDifferentVlans(a.vlan(), b.vlan());
}

// A packet that was seen before.
struct Copy {
  Hop other;         // the sighting this one is to be compared with: the hop before, if it was seen
  Duration delta{};  // since then
  bool has_identification = true;
  // This sighting is further on the way than all before, and the packet goes round in a circle.
  bool loops = false;
  // The same frame again, MACs and TTL included, as often and for as long as only a loop of
  // switches or a storm does it.
  bool storms = false;
  // Another box had lowered the TTL before the sighting that this one is compared with was made.
  bool fell_before = false;
  // A request between two stations whose requests were delivered twice before.
  bool delivered_twice = false;

  // Without an identification two hosts that answer alike cannot be told from one packet: the same
  // ARP, the same reply to one ping. A host before and after NLB masks its MAC is one.
  bool IsMaybeAnotherSender(const Fingerprint& again) const {
    return !has_identification && again.ttl == other.ttl && again.destination == other.to &&
           again.source != other.from && !IsMaskedTwin(again);
  }
  bool IsMaskedTwin(const Fingerprint& again) const {
    return RoleOf(other.from) == MacRole::kCluster &&
           RoleOf(again.source) == MacRole::kMaskedHost && other.from.tail() == again.source.tail();
  }
  // The frame as it was, MACs and TTL included.
  bool IsUnchanged(const Fingerprint& again) const {
    return again.ttl == other.ttl && again.destination == other.to && again.source == other.from;
  }
};

class CopyTracker {
 public:
  // How often and over how long the same frame comes in a storm. A mirror of many ports delivers
  // its copies within microseconds, one of both directions delivers two.
  static constexpr int kStorm = 8;
  static constexpr Duration kStormSpread = std::chrono::milliseconds(20);

  explicit CopyTracker(Duration window)
      : window_(window),
        digests_(kSets * kSlotsPerSet),
        packets_(kSets * kSlotsPerSet),
        paths_(packets_.size() / kPerBlock),
        oldest_(kSets) {}

  // Remembers a packet that is not in the table. False, and nothing done, when it may be a copy.
  [[gnu::always_inline]] bool RememberNew(const Fingerprint& fingerprint, Position at) {
    if (Find(fingerprint.digest)) return false;
    Remember(fingerprint, at);
    return true;
  }
  // Remembers a packet, and tells whether it is a copy.
  std::optional<Copy> Observe(const Fingerprint& fingerprint, Position at);

  bool overflowed() const { return overflowed_; }

 private:
  static constexpr size_t kSets = 4096;
  static constexpr size_t kSlotsPerSet = 8;  // their digests fill one cache line

  struct Packet {
    Hop first;  // the one with the highest TTL, where several were seen
    bool copied = false;
  };
  static_assert(sizeof(Packet) == 48);
  // How far a packet has come, once it was seen again.
  struct Path {
    Hop furthest;    // the one with the lowest TTL
    Hop before;      // the furthest before that one
    Hop checkpoint;  // see Advance()
    Timestamp last;  // of all sightings
    uint8_t falls = 0;
    uint8_t falls_on_one_way = 0;  // in a row, each by one, between the same two stations
    bool returned = false;
    bool may_have_returned = false;  // once, as far as a cooked capture tells
    bool storms = false;
    uint8_t times_first = 1;     // how often the first was seen just as it was
    uint8_t times_furthest = 1;  // the same of the furthest
  };
  static constexpr size_t kPerBlock = 512;
  using Paths = std::array<Path, kPerBlock>;

  static constexpr size_t SetOf(PacketDigest digest) { return (digest.value >> 8) % kSets; }
  Packet* Find(PacketDigest digest) {
    const uint64_t* set = digests_.data() + SetOf(digest) * kSlotsPerSet;
    for (size_t slot = 0; slot < kSlotsPerSet; ++slot) {
      if (set[slot] == digest.value) return &packets_[SetOf(digest) * kSlotsPerSet + slot];
    }
    return nullptr;
  }
  void Remember(const Fingerprint& fingerprint, Position at) {
    const size_t set = SetOf(fingerprint.digest);
    const size_t slot = set * kSlotsPerSet + (oldest_[set]++ % kSlotsPerSet);
    if (digests_[slot] != 0)
      overflowed_ |= AbsDiff(fingerprint.time, packets_[slot].first.time) <= window_;
    digests_[slot] = fingerprint.digest.value;
    packets_[slot].first = HopOf(fingerprint, at);
    packets_[slot].copied = false;
  }
  static Hop HopOf(const Fingerprint& fingerprint, Position at) {
    return {fingerprint.time,
            fingerprint.source,
            fingerprint.destination,
            fingerprint.vlan.ids,
            at,
            fingerprint.ttl,
            static_cast<uint8_t>(fingerprint.vlan.count)};
  }
  size_t PlaceOf(const Packet& packet) const {
    return static_cast<size_t>(&packet - packets_.data());
  }
  Path& PathOf(Packet& packet);
  static const Hop& HopBefore(const Hop& hop, const Packet& packet, const Path& path);
  bool IsForgotten(const Packet& packet, Timestamp now) const;
  static bool Storms(Path& path, const Hop& first, const Hop& hop);
  static void MoveOn(Path& path, const Hop& hop);
  static bool IsWayTakenAgain(Path& path, const Hop& first, const Hop& hop);
  static bool Advance(Path& path, const Hop& first, const Hop& hop);

  Duration window_;
  bool overflowed_ = false;
  std::vector<uint64_t> digests_;              // kSets x kSlotsPerSet; 0 is free
  std::vector<Packet> packets_;                // the same order
  std::vector<std::unique_ptr<Paths>> paths_;  // the same order; from their first copy on
  std::vector<uint8_t> oldest_;                // per set
};

}  // namespace nlb
