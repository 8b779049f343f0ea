// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which addresses clusters have, asked for both ends of every packet: most are told apart by one
// bit, the rest by one look. By the last four bytes of an address, which are all of an IPv4 one.
//
// Bounded: 65,536 addresses. In a full one every address whose bit is set counts as one of them,
// which costs time and loses nothing.
#pragma once

#include <bitset>
#include <cstdint>

#include "base/bounded_map.h"
#include "base/ip.h"

namespace nlb {

class AddressFilter {
 public:
  void Add(IpAddress ip) {
    const auto last_bytes = static_cast<uint32_t>(ip.low());
    bits_.set(PlaceOf(last_bytes));
    exact_.FindOrAdd(last_bytes);
  }
  // Inline as far as it goes for nearly all.
  [[gnu::always_inline]] bool MayHold(uint32_t last_bytes) const {
    return bits_[PlaceOf(last_bytes)] && Holds(last_bytes);
  }

 private:
  struct Nothing {};
  static constexpr size_t kMaxAddresses = 65536;

  // Scattered (Knuth, TAOCP 6.4): addresses of one site often end alike.
  static constexpr size_t PlaceOf(uint32_t last_bytes) { return last_bytes * 0x9E3779B1u >> 16; }
  [[gnu::noinline]] bool Holds(uint32_t last_bytes) const {
    return exact_.overflowed() || exact_.Find(last_bytes);
  }

  std::bitset<65536> bits_;
  BoundedMap<uint64_t, Nothing> exact_{kMaxAddresses};
};

}  // namespace nlb
