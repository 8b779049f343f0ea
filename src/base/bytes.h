// SPDX-License-Identifier: GPL-2.0-or-later
//
// Bounded reads from captured bytes. Knows lengths and byte order, nothing of what the bytes mean.
// The rule: ask Has() once where a header is taken apart; reads behind that check cannot fail.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nlb {

class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr Bytes(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  constexpr const uint8_t* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }

  constexpr bool Has(size_t offset, size_t length) const {
    return offset <= size_ && length <= size_ - offset;
  }

  constexpr uint8_t U8(size_t at) const {
    assert(Has(at, 1));
    return data_[at];
  }
  constexpr uint16_t Be16(size_t at) const {
    assert(Has(at, 2));
    return static_cast<uint16_t>(data_[at] << 8 | data_[at + 1]);
  }
  constexpr uint32_t Be32(size_t at) const {
    assert(Has(at, 4));
    const uint8_t* p = data_ + at;
    return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | p[3];
  }
  [[gnu::always_inline]] constexpr uint64_t Be64(size_t at) const {
    assert(Has(at, 8));
    const uint8_t* p = data_ + at;  // in one expression: compilers make one load of it
    return uint64_t{p[0]} << 56 | uint64_t{p[1]} << 48 | uint64_t{p[2]} << 40 |
           uint64_t{p[3]} << 32 | uint64_t{p[4]} << 24 | uint64_t{p[5]} << 16 |
           uint64_t{p[6]} << 8 | p[7];
  }
  constexpr uint16_t Le16(size_t at) const {
    assert(Has(at, 2));
    return static_cast<uint16_t>(data_[at + 1] << 8 | data_[at]);
  }
  constexpr uint32_t Le32(size_t at) const {
    return static_cast<uint32_t>(Le16(at + 2)) << 16 | Le16(at);
  }
  constexpr uint64_t Le64(size_t at) const {
    return static_cast<uint64_t>(Le32(at + 4)) << 32 | Le32(at);
  }

  // The part from offset on; empty when offset is past the end.
  constexpr Bytes From(size_t offset) const {
    return offset <= size_ ? Bytes(data_ + offset, size_ - offset) : Bytes();
  }
  // At most the first length bytes.
  constexpr Bytes First(size_t length) const {
    return Bytes(data_, length < size_ ? length : size_);
  }

 private:
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace nlb
