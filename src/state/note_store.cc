// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/note_store.h"

namespace nlb {

void NoteStore::Add(const Note& note) {
  if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<Chunk>());
  (*chunks_.back())[size_ % kChunk] = note;
  ++size_;
  last_at_ = note.at;
}

size_t NoteStore::CountBefore(uint64_t position) const {
  size_t first = 0;
  for (size_t count = size_; count > 0;) {
    const size_t half = count / 2;
    if (Nth(first + half).at < position) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

NoteStore::Range NoteStore::At(Position position) const {
  const auto is_there = [&](size_t index) { return Nth(index).at == position; };
  if (position >= last_at_) {  // all the time while the capture is read
    size_t first = size_;
    while (first > 0 && is_there(first - 1)) --first;
    return {{this, first}, {this, size_}};
  }
  const size_t first = CountBefore(position);
  size_t end = first;
  while (is_there(end)) ++end;
  return {{this, first}, {this, end}};
}

NoteStore::Range NoteStore::After(Position position, Position reach, size_t most) const {
  if (!HasAfter(position)) return {};
  const size_t first = CountBefore(uint64_t{position} + 1);
  size_t end = first;
  while (end < size_ && end - first < most && Nth(end).at - position <= reach) ++end;
  return {{this, first}, {this, end}};
}

}  // namespace nlb
