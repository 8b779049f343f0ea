// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/finding_fields.h"

#include "state/cluster_notes.h"

namespace nlb {

FieldValue RelatedFrame(const Sighting&, const Note& note) { return FrameLink{note.other}; }

FieldValue OtherHostId(const Sighting&, const Note& note) {
  return uint64_t{OtherHost::Unpack(note.detail).host_id};
}

FieldValue OtherHostIp(const Sighting&, const Note& note) {
  return IpAddress::V4(OtherHost::Unpack(note.detail).word);
}

FieldValue DetailDuration(const Sighting&, const Note& note) { return UnpackDuration(note.detail); }

}  // namespace nlb
