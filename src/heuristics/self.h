// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the core has to say about itself and about frames that lie.
#pragma once

#include <array>
#include <string>

#include "heuristics/heuristic.h"

namespace nlb {
namespace self {
bool MatchesMalformed(const Sighting& s);
std::string DescribeMalformed(const Sighting& s, const Note& note);
std::string DescribeStopped(const Sighting& s, const Note& note);
std::string DescribeTableFull(const Sighting& s, const Note& note);
}  // namespace self

inline constexpr auto kSelfRules = std::to_array<Heuristic>({
    {.finding = {"nlb.malformed", NLB_ERROR, NLB_GROUP_MALFORMED, "Malformed heartbeat",
                 "The frame contradicts itself.",
                 "Look for a faulty sender or a damaged capture; NLB itself never sends this.",
                 "A frame that is too short was cut, by the snaplen or on the wire.",
                 "docs/format.md", NLB_SECTION_HEARTBEAT},
     .part = Part::kNone,
     .matches = &self::MatchesMalformed,
     .describe = &self::DescribeMalformed},
    {.finding = {"nlb.stopped", NLB_ERROR, NLB_GROUP_PROTOCOL, "NLB analysis stopped",
                 "The analysis ran out of memory and takes no further frames of this file.",
                 "Open a smaller part of the capture (editcap -c) or free memory.",
                 "Never in ordinary use.", "docs/adr/0002-c-face.md", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kStopped,
     .describe = &self::DescribeStopped},
    {.finding =
         {"nlb.table_full", NLB_NOTE, NLB_GROUP_ASSUMPTION, "Table full",
          "The capture holds more clusters, hosts, stations or packets than are tracked.",
          "Open a smaller part of the capture, or filter it before (tshark -r in -w out -Y ...).",
          "Said once for each table.", "docs/adr/0006-memory.md", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .event = Event::kTableFull,
     .describe = &self::DescribeTableFull},
});

}  // namespace nlb
