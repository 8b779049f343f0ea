// SPDX-License-Identifier: GPL-2.0-or-later
//
// One heartbeat written down for drawing: what its bytes say, and where they cannot be right.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "nlb.h"

struct nlb_report;

namespace nlb {

// Adds to the report. payload stands behind the EtherType; without one of the three signatures
// nothing is added. destination (6 bytes) tells the mode and may be nullptr.
void DecodeHeartbeat(Bytes payload, size_t wire_len, const uint8_t* destination, nlb_detail detail,
                     nlb_report& report);

}  // namespace nlb
