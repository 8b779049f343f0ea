// SPDX-License-Identifier: GPL-2.0-or-later
//
// Captures that are not Ethernet.
#pragma once

#include <array>
#include <string>

#include "heuristics/heuristic.h"

namespace nlb {
namespace links {
std::string DescribeNotAnalysed(const Sighting& s, const Note& note);
}  // namespace links

inline constexpr auto kLinkRules = std::to_array<Heuristic>({
    {.finding = {"nlb.analysis.not_analysed", NLB_NOTE, NLB_GROUP_ASSUMPTION,
                 "Link type not analysed",
                 "NLB is looked for in Ethernet, also inside tunnels, and in Linux cooked captures "
                 "(tcpdump -i any).",
                 "Capture on an Ethernet port or its mirror; nothing found here means nothing.",
                 "Said once, on the first such frame that carries IP, ARP, Wi-Fi or a heartbeat.",
                 "docs/scripting.md", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kNotAnalysed,
     .describe = &links::DescribeNotAnalysed},
});

}  // namespace nlb
