// SPDX-License-Identifier: GPL-2.0-or-later
//
// Eight small numbers that are compared with one at once: it runs once per captured packet.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace nlb {

using Lanes = std::array<uint16_t, 8>;

// The plain way, for processors without the other.
constexpr bool HoldsOneByOne(const Lanes& lanes, uint16_t number) {
  return std::find(lanes.begin(), lanes.end(), number) != lanes.end();
}

inline bool Holds(const Lanes& lanes, uint16_t number) {
#ifdef __SSE2__
  // Doubled first: a 16-bit number would go to the vector by way of memory, which is slow.
  const auto twin = static_cast<int32_t>(number * uint32_t{0x10001});
  const auto all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(lanes.data()));
  return _mm_movemask_epi8(_mm_cmpeq_epi16(all, _mm_set1_epi32(twin))) != 0;
#else
  return HoldsOneByOne(lanes, number);
#endif
}

}  // namespace nlb
