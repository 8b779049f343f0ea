// SPDX-License-Identifier: GPL-2.0-or-later
//
// A hash map with a cap where keys come and go: the memory of the gone ones is used again. A full
// map takes no new key.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <unordered_map>

#include "base/mix.h"

namespace nlb {

template <typename Key, typename Value>
class ErasableMap {
 public:
  explicit ErasableMap(size_t cap) : cap_(cap), map_(0, SaltedHash<Key>(this), {}, &memory_) {}
  ErasableMap(const ErasableMap&) = delete;
  ErasableMap& operator=(const ErasableMap&) = delete;

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
    return map_.size() < cap_ ? &map_.try_emplace(key).first->second : Find(key);
  }
  void Erase(const Key& key) { map_.erase(key); }

 private:
  size_t cap_;
  std::pmr::unsynchronized_pool_resource memory_;
  std::pmr::unordered_map<Key, Value, SaltedHash<Key>> map_;
};

}  // namespace nlb
