// SPDX-License-Identifier: GPL-2.0-or-later
//
// The input of fuzz_feed: a capture in few bytes. Four bytes of settings, then frames of a head of
// five bytes and their own bytes. Any input is a story; a head that claims more bytes than are left
// gets what is left.
//
//   settings  0 what is done, see Flags   1 copy window   2 heartbeat tolerance and period
//             3 which allocation fails, 0 for none
//   frame     0 how: bits 0-2 Relation, 3-4 interface, 5-7 TimeUnit   1 time steps, signed
//             2 wire length, see WireLength()   3-4 number of bytes, little-endian
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nlb::fuzz {

enum Flags : uint8_t {
  kNoCopyDetection = 0x01,
  kTables = 0x02,  // the statistics tables and the timeline are summed up
  kTwin = 0x04,    // a second handle gets the same frames and is asked only at the end
  kTablesOfTheUser = 0x08,
  kWrongBytes = 0x10,   // at the end each number is also asked with the bytes of another frame
  kLastNumbers = 0x20,  // frame numbers begin just below 2^32
};

enum class Relation : uint8_t {
  kNext = 0,     // a new record with the next number
  kLayer,        // the next Ethernet header of the same record
  kSameNumber,   // a new record with the number of the last: a read filter hid that one
  kNumberBack,   // the same some numbers back
  kAgain,        // the same record and layer once more
  kNumberAhead,  // some numbers are never fed
};

enum class TimeUnit : uint8_t {
  kMicrosecond = 0,
  kMillisecond,
  kTenMilliseconds,
  kHundredMilliseconds,
  kSecond,
  kMinute,
  kEra,  // 2^32 s
  kEdge  // absolute: the ends of the type, zero
};

struct Frame {
  uint8_t how = 0;
  int8_t steps = 0;
  uint8_t wire = 0;
  std::vector<uint8_t> bytes;

  Relation relation() const {
    constexpr auto kLast = static_cast<uint8_t>(Relation::kNumberAhead);
    const uint8_t value = how & 7;
    return value > kLast ? Relation::kNext : static_cast<Relation>(value);
  }
  uint32_t interface_id() const { return std::array{0u, 1u, 2u, 0xFFFFFFFFu}[how >> 3 & 3]; }
  TimeUnit unit() const { return static_cast<TimeUnit>(how >> 5); }
};

struct Story {
  std::array<uint8_t, 4> settings{};
  std::vector<Frame> frames;
};

inline constexpr size_t kFrameHead = 5;

inline Story ReadStory(std::span<const uint8_t> input) {
  Story story;
  const size_t head = std::min(input.size(), story.settings.size());
  std::copy_n(input.begin(), head, story.settings.begin());
  input = input.subspan(head);
  while (input.size() >= kFrameHead) {
    const size_t claimed = input[3] | static_cast<size_t>(input[4]) << 8;
    const size_t size = std::min(claimed, input.size() - kFrameHead);
    const auto bytes = input.subspan(kFrameHead, size);
    story.frames.push_back({input[0], static_cast<int8_t>(input[1]), input[2],
                            std::vector<uint8_t>(bytes.begin(), bytes.end())});
    input = input.subspan(kFrameHead + size);
  }
  return story;
}

inline std::vector<uint8_t> WriteStory(const Story& story) {
  std::vector<uint8_t> out(story.settings.begin(), story.settings.end());
  for (const Frame& frame : story.frames) {
    const auto size = static_cast<uint16_t>(std::min<size_t>(frame.bytes.size(), 0xFFFF));
    out.insert(out.end(), {frame.how, static_cast<uint8_t>(frame.steps), frame.wire,
                           static_cast<uint8_t>(size), static_cast<uint8_t>(size >> 8)});
    out.insert(out.end(), frame.bytes.begin(), frame.bytes.begin() + size);
  }
  return out;
}

// Up to 199: units of 8 bytes more than were captured. Above: round numbers.
inline uint32_t WireLength(const Frame& frame) {
  constexpr std::array<uint32_t, 8> kRound = {14,   60,    1510,        1514,
                                              9014, 65535, 0x80000000u, 0xFFFFFFFFu};
  const auto captured = static_cast<uint32_t>(frame.bytes.size());
  if (frame.wire < 200) return captured + frame.wire * 8u;
  return std::max(captured, kRound[frame.wire % kRound.size()]);
}

inline int64_t NextTime(const Frame& frame, int64_t now) {
  constexpr int64_t kSecond = 1'000'000'000;
  constexpr std::array<int64_t, 7> kUnits = {1000,
                                             1'000'000,
                                             10'000'000,
                                             100'000'000,
                                             kSecond,
                                             60 * kSecond,
                                             kSecond * (int64_t{1} << 32)};
  if (frame.unit() == TimeUnit::kEdge) {
    constexpr std::array<int64_t, 4> kEdges = {0, INT64_MAX, INT64_MIN, -1};
    return kEdges[static_cast<uint8_t>(frame.steps) % kEdges.size()];
  }
  int64_t steps = frame.steps;
  if (frame.unit() == TimeUnit::kEra) steps = steps < 0 ? -1 : 1;
  int64_t then = 0;
  const int64_t step = steps * kUnits[static_cast<size_t>(frame.unit())];
  if (!__builtin_add_overflow(now, step, &then)) return then;
  return step < 0 ? INT64_MIN : INT64_MAX;
}

}  // namespace nlb::fuzz
