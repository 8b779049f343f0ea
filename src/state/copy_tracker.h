// SPDX-License-Identifier: GPL-2.0-or-later
//
// Remembers the packets of the last window by digest, to recognise a packet that is seen again: IP
// packets, and of other frames ARP and heartbeats.
//
// Bounded: a fixed table of 4,096 sets of eight packets, 2.1 MB, and 4.7 MB more as copies come. A
// set that is full forgets its oldest packet: a copy of that one is missed. Packets spread evenly
// over the sets, so with the default window of 100 ms that is less than one packet in a hundred at
// 100,000 packets per second, and more above.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/lanes.h"
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
        epoch_length_(uint64_t{2} << std::bit_width(static_cast<uint64_t>(window.count()))),
        sets_(kSets),
        packets_(kPackets),
        oldest_(kSets),
        paths_(packets_.size() / kPerBlock) {}

  // Remembers a packet that is not in the table. False, and nothing done, when it may be a copy.
  [[gnu::always_inline]] bool RememberNew(const Fingerprint& fingerprint, Position at) {
    Write(fingerprint, at);  // first, because then all of it is out of the way
    const uint64_t digest = fingerprint.digest.value;
    if (Find(digest)) [[unlikely]]
      return false;
    Remember(digest, fingerprint.time);
    return true;
  }
  // Of a packet that RememberNew() did not take: remembers it, and tells whether it is a copy.
  std::optional<Copy> ObserveAgain(const Fingerprint& fingerprint, Position at);

  bool overflowed() const { return overflowed_; }

 private:
  static constexpr size_t kSets = 4096;
  static constexpr size_t kSlotsPerSet = 8;
  static constexpr size_t kPackets = kSets * kSlotsPerSet;

  // What nearly every packet needs to know of those before it: that it is none of them. The packets
  // themselves stand in the order of the capture, where writing one costs little; they are hardly
  // ever read.
  struct alignas(32) Set {
    Lanes tags{};    // of the digests; 0 is free
    Lanes places{};  // of the packets, modulo 65,536
  };
  struct Packet {
    Hop first;  // the one with the highest TTL, where several were seen
    uint64_t digest = 0;
    bool copied = false;
  };
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
  // Not made before its packet is seen again: clearing a block costs more than all its copies.
  union Room {
    Room() {}
    Path path;
  };
  using Paths = std::array<Room, kPerBlock>;

  static constexpr size_t SetOf(uint64_t digest) { return (digest >> 8) % kSets; }
  static constexpr uint16_t TagOf(uint64_t digest) {
    return static_cast<uint16_t>(digest >> 32 | 1);
  }
  // The slot in which its set holds the packet. Nearly every packet is new, and the tags tell.
  [[gnu::always_inline]] std::optional<size_t> Find(uint64_t digest) const {
    return Holds(sets_[SetOf(digest)].tags, TagOf(digest)) ? FindInSet(digest) : std::nullopt;
  }
  [[gnu::noinline]] std::optional<size_t> FindInSet(uint64_t digest) const;
  // How many packets were put in before the last one that is surely out of the window of `now`.
  uint64_t SurelyGone(Timestamp now) {
    const bool is_in_epoch =
        static_cast<uint64_t>(now.ns) - static_cast<uint64_t>(epoch_start_) < epoch_length_;
    return is_in_epoch ? gone_ : SurelyGoneIn(now);
  }
  [[gnu::noinline]] uint64_t SurelyGoneIn(Timestamp now);
  // Says whether the slot's packet is needed yet, when another one is put there.
  [[gnu::noinline]] void NoteLoss(size_t set, size_t slot, Timestamp now);
  // Takes in the packet that was written.
  [[gnu::always_inline]] void Remember(uint64_t digest, Timestamp time) {
    const size_t place = SetOf(digest);
    const size_t slot = oldest_[place]++ % kSlotsPerSet;
    Set& set = sets_[place];
    // Of one that is older than can be told, this is not the age; then it is looked at for nothing.
    const auto age = static_cast<uint16_t>(count_ - set.places[slot]);
    if (age <= count_ - SurelyGone(time)) [[unlikely]]
      NoteLoss(place, slot, time);
    Put(set, slot, digest);
  }
  [[gnu::always_inline]] void Put(Set& set, size_t slot, uint64_t digest) {
    set.tags[slot] = TagOf(digest);
    set.places[slot] = static_cast<uint16_t>(count_++);
  }
  [[gnu::always_inline]] void Write(const Fingerprint& fingerprint, Position at) {
    Packet& packet = PacketAt(count_);
    packet.first = HopOf(fingerprint, at);
    packet.digest = fingerprint.digest.value;
    packet.copied = false;
  }
  Packet& PacketAt(uint64_t place) { return packets_[place % kPackets]; }
  const Packet& PacketAt(uint64_t place) const { return packets_[place % kPackets]; }
  // What a slot speaks of may be gone, to one that took its place in the ring, where the next place
  // is free at all times. In a window that cannot be before a set is full.
  bool IsHeld(size_t set, size_t slot) const;
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
  // Time is counted in epochs. They are longer than two windows, one of which a first sighting may
  // yet move on, so what was put in two epochs ago is out of the window.
  uint64_t epoch_length_;            // ns, a power of two
  int64_t epoch_start_ = INT64_MIN;  // ns, of the latest so far
  // From 1 on, so that a slot that was never used, which says 0, is among the first.
  uint64_t count_ = 1;  // packets put in
  uint64_t begun_ = 1;  // those before the epoch began
  uint64_t gone_ = 1;   // those before the one before it began
  std::vector<Set> sets_;
  std::vector<Packet> packets_;                // a ring
  std::vector<uint8_t> oldest_;                // per set: its next slot, modulo their number
  std::vector<std::unique_ptr<Paths>> paths_;  // the same order; from their first copy on
};

}  // namespace nlb
