// SPDX-License-Identifier: GPL-2.0-or-later
//
// Capture time. The clock belongs to the capture: it may jump and run backwards, so differences
// and sums saturate.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>

namespace nlb {

using Duration = std::chrono::nanoseconds;

struct Timestamp {
  int64_t ns = 0;  // since the Unix epoch
  constexpr auto operator<=>(const Timestamp&) const = default;
};

constexpr Duration operator-(Timestamp later, Timestamp earlier) {
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
  if (earlier.ns < 0 && later.ns > kHighest + earlier.ns) return Duration(kHighest);
  if (earlier.ns > 0 && later.ns < kLowest + earlier.ns) return Duration(kLowest);
  return Duration(later.ns - earlier.ns);
}

constexpr Duration Sum(Duration a, Duration b) {
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
  if (b.count() > 0 && a.count() > kHighest - b.count()) return Duration(kHighest);
  if (b.count() < 0 && a.count() < kLowest - b.count()) return Duration(kLowest);
  return Duration(a.count() + b.count());
}

// Distance in time whichever came first; never negative.
constexpr Duration AbsDiff(Timestamp a, Timestamp b) { return a < b ? b - a : a - b; }

}  // namespace nlb
