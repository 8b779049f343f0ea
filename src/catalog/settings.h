// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every scalar setting, one row each, in the order of NLB_SETTING_* in nlb.h.
#pragma once

#include <array>

#include "nlb.h"

namespace nlb {

// clang-format off
inline constexpr auto kSettings = std::to_array<nlb_setting_desc>({
    {"replace_builtin", "Decode heartbeats here",
     "Decode NLB heartbeats with this plugin; off leaves them to Wireshark's built-in msnlb, and the analysis goes on",
     "", 1, 0, 1, 1},
    {"show_builtin", "Show the built-in decode too",
     "Also show Wireshark's built-in msnlb tree below ours, so that saved msnlb.* filters match", "", 0, 0, 1, 1},
    {"heartbeat_period", "Heartbeat period (ms)",
     "Time between two heartbeats of one host: AliveMsgPeriod in the Windows registry", "ms", 1000, 100, 10000, 0},
    {"heartbeat_tolerance", "Heartbeat tolerance (periods)",
     "Missed heartbeats after which a host counts as lost: AliveMsgTolerance in the Windows registry", "periods", 5, 5, 100, 0},
    {"copy_detection", "Look for copies of packets",
     "Find packets that were sent twice, and the router that did it", "", 1, 0, 1, 1},
    {"copy_window", "Copy window (ms)",
     "How far apart two copies of one packet may be", "ms", 100, 1, 5000, 0},
});
// clang-format on
static_assert(kSettings.size() == NLB_SETTING_COUNT);

}  // namespace nlb
