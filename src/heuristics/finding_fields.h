// SPDX-License-Identifier: GPL-2.0-or-later
//
// The fields that several findings share.
#pragma once

#include "heuristics/heuristic.h"

namespace nlb {

FieldValue RelatedFrame(const Sighting& s, const Note& note);  // Note::other
FieldValue OtherHostId(const Sighting& s, const Note& note);   // of a Note with OtherHost
FieldValue OtherHostIp(const Sighting& s, const Note& note);   // the same, where word is an address
FieldValue DetailDuration(const Sighting& s, const Note& note);

inline constexpr FindingField kRelated[] = {{Field("nlb.analysis.related_frame"), &RelatedFrame}};

// Another host whose value differs.
inline constexpr FindingField kOtherValue[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.other_host_id"), &OtherHostId},
};

// Another host whose address is known.
inline constexpr FindingField kOtherHost[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.other_host_id"), &OtherHostId},
    {Field("nlb.analysis.other_host_ip"), &OtherHostIp},
};

// The host of this heartbeat was silent.
inline constexpr FindingField kSilence[] = {
    {Field("nlb.analysis.related_frame"), &RelatedFrame},
    {Field("nlb.analysis.silent_for"), &DetailDuration},
};

}  // namespace nlb
