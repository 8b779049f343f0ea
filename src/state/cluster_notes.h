// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the Notes of cluster findings keep besides the other frame: the other side's words, so that
// a sentence can name both. This side's words stand in the frame itself.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "state/note_store.h"

namespace nlb {

// One value of another host.
struct OtherHost {
  uint8_t host_id = 0;
  uint32_t word = 0;   // the value that differs, or the other host's IPv4 address
  uint16_t extra = 0;  // the number of the port rule that differs

  constexpr uint64_t Pack() const {
    return host_id | static_cast<uint64_t>(extra) << 8 | static_cast<uint64_t>(word) << 32;
  }
  static constexpr OtherHost Unpack(uint64_t detail) {
    return {static_cast<uint8_t>(detail), static_cast<uint32_t>(detail >> 32),
            static_cast<uint16_t>(detail >> 8)};
  }
};

// Two 32-bit values.
struct TwoWords {
  uint32_t first = 0, second = 0;
  constexpr uint64_t Pack() const { return first | static_cast<uint64_t>(second) << 32; }
  static constexpr TwoWords Unpack(uint64_t detail) {
    return {static_cast<uint32_t>(detail), static_cast<uint32_t>(detail >> 32)};
  }
};

constexpr uint64_t PackDuration(Duration duration) {
  return static_cast<uint64_t>(duration.count());
}
constexpr Duration UnpackDuration(uint64_t detail) {
  return Duration(static_cast<int64_t>(detail));
}

// How long a lost host has been silent, where the MAC would be: in microseconds, which 48 bits hold
// for eight years.
inline void PackSilence(Note& note, Duration silence) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(silence).count();
  note.set_mac(MacAddress(static_cast<uint64_t>(micros)));
}
inline Duration UnpackSilence(const Note& note) {
  return std::chrono::microseconds(static_cast<int64_t>(note.mac().bits()));
}

// Two claims of one address. What a MAC stands for that is no cluster's, time does not excuse.
struct MacConflict {
  Duration age{};         // of the other claim
  bool stranger = false;  // one of the two MACs is no MAC of the cluster
  bool earlier = false;   // and that one was claimed first, before the address was proven

  constexpr uint64_t Pack() const {
    return (PackDuration(age) & kAge) | uint64_t{stranger} << 63 | uint64_t{earlier} << 62;
  }
  static constexpr MacConflict Unpack(uint64_t detail) {
    return {UnpackDuration(detail & kAge), (detail >> 63 & 1) != 0, (detail >> 62 & 1) != 0};
  }

 private:
  static constexpr uint64_t kAge = (uint64_t{1} << 62) - 1;
};

// This host's previous heartbeat: the interval in detail, the growth of packets_handled where the
// MAC would be.
struct HeartbeatLink {
  Duration interval{};
  uint32_t packets = 0;
  bool has_packets = false;  // false when the capture cut the counter off

  void Pack(Note& note) const {
    note.detail = PackDuration(interval);
    note.set_mac(MacAddress(uint64_t{has_packets} << 32 | packets));
  }
  static HeartbeatLink Unpack(const Note& note) {
    const uint64_t bits = note.mac().bits();
    return {UnpackDuration(note.detail), static_cast<uint32_t>(bits), (bits >> 32 & 1) != 0};
  }
};

}  // namespace nlb
