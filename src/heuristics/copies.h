// SPDX-License-Identifier: GPL-2.0-or-later
//
// One packet seen twice: who did it, and was it right?
#pragma once

#include <array>
#include <string>

#include "heuristics/heuristic.h"

namespace nlb {
namespace copies {
std::string DescribeLoop(const Sighting& s, const Note& note);
bool AcceptsRoutingLoop(const Sighting& s, const Transition& t);
std::string DescribeForeign(const Sighting& s, const Note& note);
bool AcceptsForeignRouter(const Sighting& s, const Transition& t);
std::string DescribeRouted(const Sighting& s, const Note& note);
bool AcceptsRoutedCopy(const Sighting& s, const Transition& t);
std::string DescribeRelayed(const Sighting& s, const Note& note);
bool AcceptsRelayedCopy(const Sighting& s, const Transition& t);
std::string DescribeSame(const Sighting& s, const Note& note);
bool AcceptsCaptureCopy(const Sighting& s, const Transition& t);
FieldValue CopyOf(const Sighting& s, const Note& note);
FieldValue CopiedIn(const Sighting& s, const Note& note);
FieldValue Delta(const Sighting& s, const Note& note);
FieldValue TtlDrop(const Sighting& s, const Note& note);
FieldValue Forwarder(const Sighting& s, const Note& note);
FieldValue ForwarderIp(const Sighting& s, const Note& note);

inline constexpr FindingField kFields[] = {
    {Field("nlb.analysis.copy_of"), &CopyOf},
    {Field("nlb.analysis.copied_in"), &CopiedIn},
    {Field("nlb.analysis.copy_delta"), &Delta},
    {Field("nlb.analysis.ttl_drop"), &TtlDrop},
    {Field("nlb.analysis.forwarder"), &Forwarder},
    {Field("nlb.analysis.forwarder_ip"), &ForwarderIp},
};
}  // namespace copies

inline constexpr auto kCopyRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.routing_loop", NLB_ERROR, NLB_GROUP_SEQUENCE, "Routing loop",
          "Routers hand the packet round in a circle until its TTL runs out.",
          "Correct the route or default gateway of the forwarders named in these frames.",
          "No way between two stations is taken twice: a chain of routers on one mirror port.",
          "RFC 1812 5.3.1", NLB_SECTION_ANALYSIS},
     .part = Part::kForeign,
     .event = Event::kCopy,
     .accepts = &copies::AcceptsRoutingLoop,
     .describe = &copies::DescribeLoop,
     .fields = copies::kFields},
    {.finding =
         {"nlb.analysis.foreign_router", NLB_WARN, NLB_GROUP_SEQUENCE,
          "Sent again by a foreign router",
          "A box that was not addressed took the flooded packet and routed it back: doubles and "
          "resets.",
          "On the forwarder, remove the rule or routing that does it, or move it out of this VLAN.",
          "The packet was addressed to a router, changed VLAN, is multicast, or the MAC is in "
          "nlb.routers.",
          "RFC 1812 5.3.4", NLB_SECTION_ANALYSIS},
     .part = Part::kForeign,
     .event = Event::kCopy,
     .accepts = &copies::AcceptsForeignRouter,
     .describe = &copies::DescribeForeign,
     .fields = copies::kFields},
    {.finding = {"nlb.analysis.routed_copy", NLB_CHAT, NLB_GROUP_SEQUENCE,
                 "Routed, seen on both sides",
                 "The capture shows the packet before and after an ordinary router.",
                 "Nothing to do; capture on one side only if the doubles disturb.",
                 "The two sightings are on different interfaces.", "RFC 1812 5.3.1",
                 NLB_SECTION_ANALYSIS},
     .part = Part::kOtherCopies,
     .event = Event::kCopy,
     .accepts = &copies::AcceptsRoutedCopy,
     .describe = &copies::DescribeRouted,
     .fields = copies::kFields},
    {.finding =
         {"nlb.analysis.relayed_copy", NLB_NOTE, NLB_GROUP_SEQUENCE,
          "Same packet, other MACs, same TTL",
          "A bridge or proxy rewrote the MACs, or the capture saw the packet inside and outside a "
          "host.",
          "Check whether a proxy or a bridge stands in the path; if not, it is the capture point.",
          "The TTL differs, or the two sightings are on different interfaces.", "inferred",
          NLB_SECTION_ANALYSIS},
     .part = Part::kOtherCopies,
     .event = Event::kCopy,
     .accepts = &copies::AcceptsRelayedCopy,
     .describe = &copies::DescribeRelayed,
     .fields = copies::kFields},
    {.finding =
         {"nlb.analysis.capture_copy", NLB_CHAT, NLB_GROUP_SEQUENCE, "Captured twice",
          "The capture point delivered one packet twice: a mirror of both directions, bonding, "
          "flooding.",
          "Nothing to do on the network; mirror one direction, or remove doubles with editcap -d.",
          "IPv6 or IPv4 id 0: without identification a repetition by the sender looks the same.",
          "inferred", NLB_SECTION_ANALYSIS},
     .part = Part::kOtherCopies,
     .event = Event::kCopy,
     .accepts = &copies::AcceptsCaptureCopy,
     .describe = &copies::DescribeSame,
     .fields = copies::kFields},
});

}  // namespace nlb
