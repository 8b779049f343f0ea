// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "nlb.h"

namespace nlb::test {

// Whether a capture took the frame in, with something to report or without.
inline bool IsTaken(nlb_status fed) { return fed == NLB_OK || fed == NLB_REPORTABLE; }

}  // namespace nlb::test
