// SPDX-License-Identifier: GPL-2.0-or-later
//
// A 48-bit MAC address (IEEE 802: EUI-48) as a value.
#pragma once

#include <compare>
#include <cstdint>

#include "base/bytes.h"

namespace nlb {

class MacAddress {
 public:
  constexpr MacAddress() = default;
  // bits: the address read as one big-endian number, the first octet highest.
  constexpr explicit MacAddress(uint64_t bits) : bits_(bits & 0xFFFFFFFFFFFF) {}
  // What stands for an address that the capture does not tell: no address, equal to itself only.
  static constexpr MacAddress Unseen(uint16_t prefix, uint32_t tail) {
    MacAddress unseen(uint64_t{prefix} << 32 | tail);
    unseen.bits_ |= kUnseen;
    return unseen;
  }
  static constexpr MacAddress Read(Bytes bytes, size_t at) {
    return MacAddress(static_cast<uint64_t>(bytes.Be16(at)) << 32 | bytes.Be32(at + 2));
  }

  constexpr uint64_t bits() const { return bits_; }
  constexpr uint8_t octet(int index) const {
    return static_cast<uint8_t>(bits_ >> (40 - 8 * index));
  }
  constexpr uint16_t prefix() const { return static_cast<uint16_t>(bits_ >> 32); }  // octets 0, 1
  constexpr uint32_t tail() const { return static_cast<uint32_t>(bits_); }          // octets 2 to 5
  constexpr bool is_seen() const { return (bits_ & kUnseen) == 0; }
  constexpr bool is_group() const { return (octet(0) & 1) != 0; }  // IEEE 802: I/G bit
  constexpr bool is_broadcast() const { return bits_ == 0xFFFFFFFFFFFF; }

  constexpr void Write(uint8_t* out) const {
    for (int i = 0; i < 6; ++i) out[i] = octet(i);
  }

  constexpr auto operator<=>(const MacAddress&) const = default;

 private:
  static constexpr uint64_t kUnseen = uint64_t{1} << 63;

  uint64_t bits_ = 0;
};

}  // namespace nlb
