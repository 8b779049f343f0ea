// SPDX-License-Identifier: GPL-2.0-or-later
//
// One packet seen twice: who did it, and was it right? Which of these findings it is, is decided in
// copy_verdict.cc.
#pragma once

#include <array>
#include <string>

#include "heuristics/heuristic.h"

namespace nlb {
namespace copies {
std::string DescribeStorm(const Sighting& s, const Note& note);
std::string DescribeLoop(const Sighting& s, const Note& note);
std::string DescribeForeign(const Sighting& s, const Note& note);
std::string DescribeRouted(const Sighting& s, const Note& note);
std::string DescribeUnexplained(const Sighting& s, const Note& note);
std::string DescribeRelayed(const Sighting& s, const Note& note);
std::string DescribeSame(const Sighting& s, const Note& note);
FieldValue CopyOf(const Sighting& s, const Note& note);
FieldValue CopiedIn(const Sighting& s, const Note& note);
FieldValue RequestAnsweredAgain(const Sighting& s, const Note& note);
FieldValue Delta(const Sighting& s, const Note& note);
FieldValue TtlDrop(const Sighting& s, const Note& note);
FieldValue Forwarder(const Sighting& s, const Note& note);
FieldValue ForwarderIp(const Sighting& s, const Note& note);

inline constexpr FindingField kFields[] = {
    {Field("nlb.analysis.copy_of"), &CopyOf},
    {Field("nlb.analysis.copied_in"), &CopiedIn},
    {Field("nlb.analysis.related_frame"), &RequestAnsweredAgain},
    {Field("nlb.analysis.copy_delta"), &Delta},
    {Field("nlb.analysis.ttl_drop"), &TtlDrop},
    {Field("nlb.analysis.forwarder"), &Forwarder},
    {Field("nlb.analysis.forwarder_ip"), &ForwarderIp},
};
}  // namespace copies

inline constexpr auto kCopyRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.bridging_loop", NLB_WARN, NLB_GROUP_SEQUENCE,
          "Loop of switches, or a storm",
          "The same frame comes again and again: switches without spanning tree hand it round.",
          "Find the loop: pull the second path, switch on spanning tree and loop protection.",
          "Less than eight times, or within 20 ms (a mirror of many ports), or its sender may have "
          "repeated it.",
          "IEEE 802.1D", NLB_SECTION_ANALYSIS},
     .part = Part::kOtherCopies,
     .event = Event::kCopy,
     .describe = &copies::DescribeStorm,
     .fields = copies::kFields},
    {.finding =
         {"nlb.analysis.routing_loop", NLB_ERROR, NLB_GROUP_SEQUENCE, "Routing loop",
          "Boxes that forward hand the packet round in a circle until its TTL runs out.",
          "Correct the routes of the forwarders; a server that nobody addressed must not forward.",
          "No way between two stations is taken twice, and between the same two no TTL falls "
          "twice.",
          "RFC 1812 5.3.1", NLB_SECTION_ANALYSIS},
     .part = Part::kForeign,
     .event = Event::kCopy,
     .describe = &copies::DescribeLoop,
     .fields = copies::kFields},
    {.finding =
         {"nlb.analysis.foreign_router", NLB_WARN, NLB_GROUP_SEQUENCE,
          "Sent again by a foreign router",
          "A box that was not addressed took a packet that needed no router and routed it: doubles "
          "and resets.",
          "On the forwarder, remove the rule or routing that does it, or move it out of this VLAN.",
          "ARP gives the MAC to a router, or nothing tells whose it is; multicast, another VLAN, "
          "or "
          "nlb.routers.",
          "RFC 1812 5.3.4", NLB_SECTION_ANALYSIS},
     .part = Part::kForeign,
     .event = Event::kCopy,
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
     .describe = &copies::DescribeRouted,
     .fields = copies::kFields},
    {.finding = {"nlb.analysis.unexplained_copy", NLB_NOTE, NLB_GROUP_SEQUENCE,
                 "Forwarded, and nothing shows why",
                 "A box that was not seen to be addressed sent the packet on: a router of which "
                 "the capture "
                 "shows no more, or a stranger.",
                 "Who is this box? If it belongs here, enter its MAC under Expected routers.",
                 "The capture shows why it forwards, or that nobody asked it to.", "RFC 1812 5.3.1",
                 NLB_SECTION_ANALYSIS},
     .part = Part::kOtherCopies,
     .event = Event::kCopy,
     .describe = &copies::DescribeUnexplained,
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
     .describe = &copies::DescribeRelayed,
     .fields = copies::kFields},
    {.finding =
         {"nlb.analysis.capture_copy", NLB_CHAT, NLB_GROUP_SEQUENCE, "Captured twice",
          "The capture point delivered one packet twice: a mirror of both directions, bonding. "
          "Where "
          "the server answers twice, it got the packet twice.",
          "Mirror one direction, or use editcap -d; if delivered twice, find who doubles requests.",
          "IPv6 or IPv4 id 0: without identification a repetition by the sender looks the same.",
          "inferred", NLB_SECTION_ANALYSIS},
     .part = Part::kOtherCopies,
     .event = Event::kCopy,
     .describe = &copies::DescribeSame,
     .fields = copies::kFields},
});

}  // namespace nlb
