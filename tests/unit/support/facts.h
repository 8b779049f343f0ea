// SPDX-License-Identifier: GPL-2.0-or-later
//
// One frame taken apart, for tests of the trackers. Keeps the bytes that the facts borrow.
#pragma once

#include <gtest/gtest.h>

#include <chrono>

#include "facts/frame_facts.h"
#include "state/sighting.h"
#include "support/scenario.h"

namespace nlb::test {

struct Where {
  uint32_t interface_id = 0;
  uint32_t layer = 0;
  size_t captured = SIZE_MAX;  // bytes that the capture kept
};

class Seen {
 public:
  template <typename Frame>
  explicit Seen(const Frame& frame, std::chrono::nanoseconds time = {}, Where where = {})
      : bytes_(Bytes(frame)) {
    const auto size = static_cast<uint32_t>(bytes_.size());
    const auto kept = static_cast<uint32_t>(std::min(bytes_.size(), where.captured));
    const nlb_frame raw{0,    1,    where.layer,  where.interface_id,
                        kept, size, time.count(), bytes_.data()};
    is_ethernet_ = ReadFrame(raw, facts_);
  }
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;

  const FrameFacts& operator*() const { return facts_; }
  const FrameFacts* operator->() const { return &facts_; }
  bool is_ethernet() const { return is_ethernet_; }

 private:
  Octets bytes_;
  FrameFacts facts_;
  bool is_ethernet_ = false;
};

// What a tracker may know, for tests to fill.
struct World {
  EvidenceTable evidence;
  Neighbours neighbours;
  Routers routers;
  FrameIndex index;
  Settings settings;
  MaskWatch masks;
  Knowledge known{evidence, neighbours, routers, index, settings, masks};
};

// One tracker and what it may know, as a capture leads them: the evidence learns first.
template <typename Tracker>
struct Observed {
  template <typename Frame>
  void Take(std::chrono::nanoseconds time, const Frame& frame, Where where = {},
            bool is_copy = false) {
    const Seen seen(frame, time, where);
    world.evidence.Learn(*seen, ++at);
    tracker.Observe({*seen, at, world.known, is_copy}, out);
  }
  World world;
  Tracker tracker;
  Transitions out;
  Position at = 0;
};

inline MacAddress MacOf(std::string_view text) {
  const Octets mac = Mac(text);
  return MacAddress::Read(nlb::Bytes(mac.data(), 6), 0);
}

inline IpAddress IpOf(std::string_view text) {
  const Octets ip = Ip(text);
  const nlb::Bytes bytes(ip.data(), ip.size());
  return ip.size() == 4 ? IpAddress::ReadV4(bytes, 0) : IpAddress::ReadV6(bytes, 0);
}

}  // namespace nlb::test
