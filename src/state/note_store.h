// SPDX-License-Identifier: GPL-2.0-or-later
//
// The findings that cannot be worked out again from one frame: 24 bytes each, in the order of the
// capture. Their text is made when they are drawn.
#pragma once

#include <cstdint>
#include <deque>
#include <span>

#include "base/mac.h"
#include "state/frame_index.h"

namespace nlb {

// What a Note's finding needs to be told again. The meaning of detail and mac is the finding's own.
struct Note {
  Position at = 0;     // the frame that carries the finding
  Position other = 0;  // the other frame it speaks of; 0 for none
  uint64_t detail = 0;
  uint8_t mac_octets[6] = {};
  uint8_t finding = 0;
  uint8_t layer = 0;

  MacAddress mac() const { return MacAddress::Read(Bytes(mac_octets, 6), 0); }
  void set_mac(MacAddress mac) { mac.Write(mac_octets); }
};
static_assert(sizeof(Note) == 24);

class NoteStore {
 public:
  using Iterator = std::deque<Note>::const_iterator;
  struct Range {
    Iterator first, last;
    Iterator begin() const { return first; }
    Iterator end() const { return last; }
  };

  // Notes come in the order of positions.
  void Add(const Note& note) { notes_.push_back(note); }

  Range At(Position position) const;
  // All notes on later frames, nearest first.
  Range After(Position position) const;
  bool HasAt(Position position) const;
  bool HasAfter(Position position) const { return !notes_.empty() && notes_.back().at > position; }
  size_t size() const { return notes_.size(); }

 private:
  std::deque<Note> notes_;  // a deque does not double its memory when it grows
};

}  // namespace nlb
