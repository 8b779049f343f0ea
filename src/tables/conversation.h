// SPDX-License-Identifier: GPL-2.0-or-later
//
// Display filters for what a record belongs to: its cluster, its host, the box that forwarded it.
#pragma once

#include <string>

#include "capture.h"
#include "report/report.h"

namespace nlb {

// "" when there is no such thing.
std::string ConversationFilter(const Capture& capture, const nlb_report& report,
                               nlb_conversation which);

}  // namespace nlb
