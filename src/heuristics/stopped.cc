// SPDX-License-Identifier: GPL-2.0-or-later
// What the core has to say about itself and about frames that lie.
#include "heuristics/registry.h"

namespace nlb {
namespace {

std::string TellStopped(const Sighting&, const Note&) {
  return "The analysis stopped here: out of memory";
}

std::string TellTableFull(const Sighting&, const Note&) {
  return "A table is full from this frame on: what is new is not tracked";
}

}  // namespace

// Raised by the decoder itself, which knows what lies.
constinit const Heuristic kMalformed{
    .finding = {"nlb.malformed", NLB_ERROR, NLB_GROUP_MALFORMED, "Malformed heartbeat",
                "The frame contradicts itself or is shorter on the wire than its layout.",
                "Look for a faulty sender or a damaged capture; NLB itself never sends this.",
                "A frame cut short by the capture's snaplen is not malformed.", "docs/format.md",
                NLB_SECTION_HEARTBEAT}};

constinit const Heuristic kStopped{
    .finding = {"nlb.stopped", NLB_ERROR, NLB_GROUP_PROTOCOL, "NLB analysis stopped",
                "The analysis ran out of memory and takes no further frames of this file.",
                "Open a smaller part of the capture (editcap -c) or free memory.",
                "Never in ordinary use.", "docs/adr/0002-c-face.md", NLB_SECTION_ANALYSIS},
    .event = Event::kStopped,
    .tell = &TellStopped};

constinit const Heuristic kTableFull{
    .finding =
        {"nlb.table_full", NLB_NOTE, NLB_GROUP_ASSUMPTION, "Table full",
         "The capture holds more clusters, hosts, stations or packets than are tracked.",
         "Open a smaller part of the capture, or filter it before (tshark -r in -w out -Y ...).",
         "Said once per file.", "docs/adr/0006-memory.md", NLB_SECTION_ANALYSIS},
    .event = Event::kTableFull,
    .tell = &TellTableFull};

}  // namespace nlb
