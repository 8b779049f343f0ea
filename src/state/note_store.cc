// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/note_store.h"

#include <algorithm>

namespace nlb {
namespace {

struct ByPosition {
  bool operator()(const Note& note, Position position) const { return note.at < position; }
  bool operator()(Position position, const Note& note) const { return position < note.at; }
};

}  // namespace

NoteStore::Range NoteStore::At(Position position) const {
  const auto [first, last] = std::equal_range(notes_.begin(), notes_.end(), position, ByPosition{});
  return {first, last};
}

NoteStore::Range NoteStore::After(Position position) const {
  return {std::upper_bound(notes_.begin(), notes_.end(), position, ByPosition{}), notes_.end()};
}

bool NoteStore::HasAt(Position position) const {
  // The frame just fed is the usual question, and mostly has no note.
  if (notes_.empty() || notes_.back().at < position) return false;
  return std::binary_search(notes_.begin(), notes_.end(), position, ByPosition{});
}

}  // namespace nlb
