// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a Note of a copy keeps besides the other frame and the forwarder's MAC.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "facts/frame_facts.h"
#include "state/copy_tracker.h"

namespace nlb {

struct CopyDetail {
  Duration delta{};  // this frame's time minus the other's
  uint8_t ttl_drop = 0;
  bool copy_came_first = false;  // captured out of order: the other frame is the copy
  bool delivered_twice = false;  // between stations whose requests were delivered twice
  bool is_answer = false;        // no copy: the second answer to a request that was delivered twice

  static CopyDetail Of(const FrameFacts& frame, const Copy& copy);

  // The window is at most 5 s, so 48 bits hold the delta.
  constexpr uint64_t Pack() const {
    return (static_cast<uint64_t>(delta.count()) & 0xFFFFFFFFFFFF) |
           static_cast<uint64_t>(ttl_drop) << 48 | static_cast<uint64_t>(copy_came_first) << 56 |
           static_cast<uint64_t>(delivered_twice) << 57 | static_cast<uint64_t>(is_answer) << 58;
  }
  static constexpr CopyDetail Unpack(uint64_t detail) {
    const int64_t delta = static_cast<int64_t>(detail << 16) >> 16;
    return {Duration(delta), static_cast<uint8_t>(detail >> 48), (detail >> 56 & 1) != 0,
            (detail >> 57 & 1) != 0, (detail >> 58 & 1) != 0};
  }
};

}  // namespace nlb
