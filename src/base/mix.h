// SPDX-License-Identifier: GPL-2.0-or-later
//
// How keys are hashed, word by word: the hash so far, a secret salt at first, goes into each step.
// Keys come from captures, so the salt goes into the hash before any part of the key does: who
// writes a capture does not know it, and cannot choose keys that all fall into one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nlb {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
  x = (x ^ x >> 27) * 0x94D049BB133111EB;
  return x ^ x >> 31;
}

// Of numbers, and of keys that know how to hash themselves.
template <typename Key>
class SaltedHash {
 public:
  // The table's own address is its secret.
  explicit SaltedHash(const void* table) : salt_(Mix(reinterpret_cast<uintptr_t>(table))) {}

  size_t operator()(const Key& key) const {
    if constexpr (requires { key.Hash(salt_); }) {
      return key.Hash(salt_);
    } else {
      return Mix(key ^ salt_);
    }
  }

 private:
  uint64_t salt_;
};

}  // namespace nlb
