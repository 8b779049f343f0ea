// SPDX-License-Identifier: GPL-2.0-or-later
//
// Display filters for what a record belongs to: its cluster, its host, the box that forwarded it.
#pragma once

#include <string>

#include "capture.h"
#include "report/report.h"

namespace nlb {

nlb_belonging BelongingOf(const Capture& capture, const nlb_report& report);

// "" when there is no such thing.
std::string ConversationFilter(const nlb_belonging& belonging, nlb_conversation which);

}  // namespace nlb
