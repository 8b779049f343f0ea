// SPDX-License-Identifier: GPL-2.0-or-later
//
// The findings that cannot be worked out again from one frame: 24 bytes each, in the order of the
// capture. Their text is made when they are drawn.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/mac.h"
#include "state/frame_index.h"

namespace nlb {

// What a Note's finding needs to be told again. The meaning of detail and mac is the finding's own.
struct Note {
  Position at = 0;     // the frame that carries the finding
  Position other = 0;  // the other frame it speaks of; 0 for none
  uint64_t detail = 0;
  uint8_t mac_octets[6] = {};
  uint8_t finding : 7 = 0;
  uint8_t is_mac_unseen : 1 = 0;  // the capture does not tell it
  uint8_t layer = 0;

  MacAddress mac() const {
    const MacAddress mac = MacAddress::Read(Bytes(mac_octets, 6), 0);
    return is_mac_unseen ? MacAddress::Unseen(mac.prefix(), mac.tail()) : mac;
  }
  void set_mac(MacAddress mac) {
    mac.Write(mac_octets);
    is_mac_unseen = !mac.is_seen();
  }
};
static_assert(sizeof(Note) == 24);

class NoteStore {
 public:
  class Iterator {
   public:
    Iterator() = default;
    Iterator(const NoteStore* store, size_t index) : store_(store), index_(index) {}
    const Note& operator*() const { return store_->Nth(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const NoteStore* store_ = nullptr;
    size_t index_ = 0;
  };
  struct Range {
    Iterator first, last;
    Iterator begin() const { return first; }
    Iterator end() const { return last; }
  };

  // Notes come in the order of positions.
  void Add(const Note& note);

  Range At(Position position) const;
  // Notes on later frames, nearest first: at most so many, and not further away than reach.
  Range After(Position position, Position reach, size_t most) const;
  bool HasAfter(Position position) const { return last_at_ > position; }
  size_t size() const { return size_; }

 private:
  // Large enough that what the heap adds to each does not count.
  static constexpr size_t kChunk = 341;
  using Chunk = std::array<Note, kChunk>;

  const Note& Nth(size_t index) const { return (*chunks_[index / kChunk])[index % kChunk]; }
  // How many notes are on frames before this one.
  size_t CountBefore(uint64_t position) const;

  std::vector<std::unique_ptr<Chunk>> chunks_;  // does not double its memory when it grows
  size_t size_ = 0;
  Position last_at_ = 0;
};

}  // namespace nlb
