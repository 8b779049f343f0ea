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
  int64_t difference = 0;
  if (__builtin_sub_overflow(later.ns, earlier.ns, &difference)) {
    difference = later.ns < earlier.ns ? std::numeric_limits<int64_t>::min()
                                       : std::numeric_limits<int64_t>::max();
  }
  return Duration(difference);
}

constexpr Duration Sum(Duration a, Duration b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a.count(), b.count(), &sum)) {
    sum = a.count() < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  }
  return Duration(sum);
}

// Distance in time whichever came first; never negative.
constexpr Duration Distance(Timestamp a, Timestamp b) { return a < b ? b - a : a - b; }

}  // namespace nlb
