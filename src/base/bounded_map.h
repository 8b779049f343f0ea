// SPDX-License-Identifier: GPL-2.0-or-later
//
// A hash map with a cap, from which nothing is taken out. A full map takes no new key: what was
// learnt first stays, so that every pass over the capture gives the same answer; the owner says
// what that loses. A value keeps its address as long as the map lives.
//
// A look costs two places in memory, the slot and the entry; std::unordered_map goes through four.
// The slots are an open table with linear probing (Knuth, TAOCP 6.4, algorithm L).
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory_resource>
#include <vector>

#include "base/mix.h"

namespace nlb {

template <typename Key, typename Value>
class BoundedMap {
 public:
  explicit BoundedMap(size_t cap) : cap_(cap), hash_(this), entries_(&memory_) {}
  // Whoever asks for several maps at once has one flag for them, which outlives the map.
  BoundedMap(size_t cap, bool& overflowed) : BoundedMap(cap) { told_ = &overflowed; }
  BoundedMap(const BoundedMap&) = delete;
  BoundedMap& operator=(const BoundedMap&) = delete;

  const Value* Find(const Key& key) const { return FindHashed(key, hash_(key)); }
  Value* Find(const Key& key) { return FindHashed(key, hash_(key)); }
  // The value of the key, made if there is room; nullptr when the map is full.
  Value* FindOrAdd(const Key& key) {
    const uint64_t hash = hash_(key);
    if (Value* value = FindHashed(key, hash)) return value;
    if (size_ < cap_) return Add(key, hash);
    overflowed_ = *told_ = true;
    return nullptr;
  }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  bool overflowed() const { return overflowed_; }  // a key was refused

 private:
  struct Entry {
    explicit Entry(const Key& its) : key(its) {}
    Key key;
    Value value{};
  };
  struct Slot {
    uint64_t hash = 0;
    Entry* entry = nullptr;  // none: the slot is free
  };

  Value* FindHashed(const Key& key, uint64_t hash) const {
    if (slots_.empty()) return nullptr;
    for (size_t i = hash & last_; slots_[i].entry; i = (i + 1) & last_) {
      if (slots_[i].hash == hash && slots_[i].entry->key == key) return &slots_[i].entry->value;
    }
    return nullptr;
  }

  [[gnu::noinline]] Value* Add(const Key& key, uint64_t hash) {
    if (4 * size_ >= 3 * slots_.size()) Grow();
    entries_.emplace_front(key);
    Put({hash, &entries_.front()});
    ++size_;
    return &entries_.front().value;
  }

  void Put(const Slot& slot) {
    size_t i = slot.hash & last_;
    while (slots_[i].entry) i = (i + 1) & last_;
    slots_[i] = slot;
  }

  // Fourfold: each time all that is known is put anew.
  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 8 : 4 * slots_.size());
    old.swap(slots_);
    last_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.entry) Put(slot);
    }
  }

  size_t cap_;
  size_t size_ = 0;
  bool overflowed_ = false;
  bool* told_ = &overflowed_;
  SaltedHash<Key> hash_;
  std::vector<Slot> slots_;  // a power of two, or none
  size_t last_ = 0;          // of the slots
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::forward_list<Entry> entries_;  // one piece of memory behind the other
};

}  // namespace nlb
