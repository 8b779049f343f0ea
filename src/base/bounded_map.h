// SPDX-License-Identifier: GPL-2.0-or-later
//
// A hash map with a cap. Keys come from captures, so the salt goes into the hash before any part of
// the key does: who writes a capture does not know it, and cannot choose keys that all fall into
// one bucket. A full map takes no new key: what was learnt first stays, so that every pass over the
// capture gives the same answer; the owner says what that loses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <type_traits>
#include <unordered_map>

#include "base/mix.h"

namespace nlb {

// Of what is learnt, nothing is taken out: its memory is one piece behind the other, and is given
// back with the map. Where keys come and go, an ErasableMap uses the memory of the gone ones again.
template <typename Key, typename Value, typename Memory = std::pmr::monotonic_buffer_resource>
class BoundedMap {
  static constexpr bool kGivesBack = !std::is_same_v<Memory, std::pmr::monotonic_buffer_resource>;

 public:
  explicit BoundedMap(size_t cap)
      : cap_(cap), map_(0, SaltedHash{Mix(reinterpret_cast<uintptr_t>(this))}, {}, &memory_) {}
  // Whoever asks for several maps at once has one flag for them, which outlives the map.
  BoundedMap(size_t cap, bool& overflowed) : BoundedMap(cap) { told_ = &overflowed; }
  BoundedMap(const BoundedMap&) = delete;
  BoundedMap& operator=(const BoundedMap&) = delete;

  const Value* Find(const Key& key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? nullptr : &found->second;
  }
  Value* Find(const Key& key) {
    const auto found = map_.find(key);
    return found == map_.end() ? nullptr : &found->second;
  }
  // The value of the key, made if there is room; nullptr when the map is full.
  Value* FindOrAdd(const Key& key) {
    if (map_.size() < cap_) return &map_.try_emplace(key).first->second;
    Value* value = Find(key);
    if (!value) overflowed_ = *told_ = true;
    return value;
  }
  void Erase(const Key& key) requires kGivesBack { map_.erase(key); }

  bool empty() const { return map_.empty(); }
  size_t size() const { return map_.size(); }
  bool overflowed() const { return overflowed_; }  // a key was refused
  auto begin() const { return map_.begin(); }
  auto end() const { return map_.end(); }

 private:
  struct SaltedHash {
    uint64_t salt;
    size_t operator()(const Key& key) const { return Hash(key); }
    uint64_t Hash(uint64_t key) const { return Mix(key ^ salt); }
    template <typename T>
    requires requires(const T& t) { t.Hash(uint64_t{}); }
    uint64_t Hash(const T& key) const { return key.Hash(salt); }
  };

  size_t cap_;
  bool overflowed_ = false;
  bool* told_ = &overflowed_;
  Memory memory_;
  std::pmr::unordered_map<Key, Value, SaltedHash> map_;
};

template <typename Key, typename Value>
using ErasableMap = BoundedMap<Key, Value, std::pmr::unsynchronized_pool_resource>;

}  // namespace nlb
