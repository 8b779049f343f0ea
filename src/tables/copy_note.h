// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether a frame is a copy that a box sent, and which box it was.
#pragma once

#include <optional>

#include "capture.h"
#include "heuristics/copy_detail.h"
#include "heuristics/registry.h"

namespace nlb {

// What makes this layer of a record a copy of an earlier frame. Nothing where the copy was captured
// first: there it is the other frame.
inline std::optional<Note> CopyNoteOf(const Capture& capture, Position at, uint32_t layer) {
  for (const Note& note : capture.NotesAt(at)) {
    const bool is_here = note.layer == layer && IsCopy(note);
    if (is_here && !CopyDetail::Unpack(note.detail).copy_came_first) return note;
  }
  return std::nullopt;
}

// Whether a box lowered the TTL: then it is the sender, whatever the addresses say.
inline bool IsForwarded(const Note& copy) { return CopyDetail::Unpack(copy.detail).ttl_drop > 0; }

}  // namespace nlb
