// SPDX-License-Identifier: GPL-2.0-or-later
//
// IPv4 and IPv6 addresses as values.
#pragma once

#include <compare>
#include <cstdint>

#include "base/bytes.h"
#include "base/mix.h"

namespace nlb {

class IpAddress {
 public:
  constexpr IpAddress() = default;
  static constexpr IpAddress V4(uint32_t address) { return IpAddress(0, address, 4); }
  static constexpr IpAddress V6(uint64_t high, uint64_t low) { return IpAddress(high, low, 6); }
  static constexpr IpAddress ReadV4(Bytes bytes, size_t at) { return V4(bytes.Be32(at)); }
  static constexpr IpAddress ReadV6(Bytes bytes, size_t at) {
    return V6(bytes.Be64(at), bytes.Be64(at + 8));
  }

  constexpr int version() const { return version_; }  // 4, 6, or 0 for "none"
  constexpr bool is_v4() const { return version_ == 4; }
  constexpr bool is_v6() const { return version_ == 6; }
  constexpr uint32_t v4() const { return static_cast<uint32_t>(low_); }
  constexpr uint64_t high() const { return high_; }
  constexpr uint64_t low() const { return low_; }

  constexpr bool is_unspecified() const { return high_ == 0 && low_ == 0; }
  constexpr bool is_multicast() const {
    return is_v4() ? (v4() >> 28) == 0xE : (high_ >> 56) == 0xFF;
  }
  // 255.255.255.255; a subnet's broadcast address cannot be told without its mask.
  constexpr bool is_broadcast() const { return is_v4() && v4() == 0xFFFFFFFF; }
  constexpr bool is_unicast() const {
    return !is_multicast() && !is_broadcast() && !is_unspecified();
  }

  // The four bytes that NLB builds its MAC addresses from: the IPv4 address itself; for IPv6 the
  // XOR of its four 32-bit words (inferred from the one documented example, PowerShell
  // Get-NlbClusterDriverInfo).
  constexpr uint32_t mac_tail() const {
    if (is_v4()) return v4();
    return static_cast<uint32_t>(high_ >> 32 ^ high_ ^ low_ >> 32 ^ low_);
  }

  constexpr void Write(uint8_t* out) const {  // 4 or 16 bytes, network order
    if (is_v4()) {
      for (int i = 0; i < 4; ++i) out[i] = static_cast<uint8_t>(v4() >> (24 - 8 * i));
      return;
    }
    for (int i = 0; i < 8; ++i) out[i] = static_cast<uint8_t>(high_ >> (56 - 8 * i));
    for (int i = 0; i < 8; ++i) out[8 + i] = static_cast<uint8_t>(low_ >> (56 - 8 * i));
  }

  // For hash tables, see base/bounded_map.h.
  constexpr uint64_t Hash(uint64_t salt) const {
    return Mix(Mix(salt ^ high_ ^ static_cast<uint64_t>(version_)) ^ low_);
  }

  constexpr auto operator<=>(const IpAddress&) const = default;

 private:
  constexpr IpAddress(uint64_t high, uint64_t low, int version)
      : high_(high), low_(low), version_(version) {}

  uint64_t high_ = 0;
  uint64_t low_ = 0;
  int version_ = 0;
};

}  // namespace nlb
