// SPDX-License-Identifier: GPL-2.0-or-later
//
// Capture time. The clock belongs to the capture: it may jump and run backwards, so differences
// and sums saturate.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace nlb {

using Duration = std::chrono::nanoseconds;

struct Timestamp {
  int64_t ns = 0;  // since the Unix epoch
  constexpr auto operator<=>(const Timestamp&) const = default;
};

constexpr Duration Sum(Duration a, Duration b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a.count(), b.count(), &sum)) return Duration(sum);
  return b.count() < 0 ? Duration::min() : Duration::max();
}

constexpr Duration Difference(Duration a, Duration b) {
  int64_t difference = 0;
  if (!__builtin_sub_overflow(a.count(), b.count(), &difference)) return Duration(difference);
  return b.count() < 0 ? Duration::max() : Duration::min();
}

constexpr Duration operator-(Timestamp later, Timestamp earlier) {
  return Difference(Duration(later.ns), Duration(earlier.ns));
}

// Distance in time whichever came first; never negative.
constexpr Duration AbsDiff(Timestamp a, Timestamp b) { return a < b ? b - a : a - b; }

}  // namespace nlb
