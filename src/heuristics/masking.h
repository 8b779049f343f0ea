// SPDX-License-Identifier: GPL-2.0-or-later
//
// Unicast mode: every host owns the cluster MAC 02-BF-w-x-y-z, and masks it as 02-hh-w-x-y-z when
// it sends.
#pragma once

#include <array>
#include <string>

#include "heuristics/finding_fields.h"
#include "heuristics/heuristic.h"

namespace nlb {
namespace masking {
bool MatchesUnmasked(const Sighting& s);
std::string DescribeUnmasked(const Sighting& s, const Note& note);
bool MatchesLeak(const Sighting& s);
std::string DescribeLeak(const Sighting& s, const Note& note);
bool MatchesMasked(const Sighting& s);
std::string DescribeMasked(const Sighting& s, const Note& note);
}  // namespace masking

inline constexpr auto kMaskingRules = std::to_array<Heuristic>({
    {.finding =
         {"nlb.analysis.unmasked_mac", NLB_WARN, NLB_GROUP_PROTOCOL, "Cluster MAC as source",
          "Masking is off (MaskSourceMAC=0) and the switch learns the cluster MAC, or this "
          "was captured on the host itself, before NLB masks.",
          "Set MaskSourceMAC=1 and restart; no fault if captured on that host itself.",
          "No evidence for the cluster, no heartbeat seen here, its hosts mask, or the masked "
          "frame follows (pktmon).",
          "KB193602", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &masking::MatchesUnmasked,
     .event = Event::kNotMasked,
     .describe = &masking::DescribeUnmasked,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.cluster_mac_leak", NLB_WARN, NLB_GROUP_PROTOCOL, "Cluster MAC leaked",
          "The hosts mask, but this went out with the cluster MAC: the switch learns it on this "
          "port and sends all requests to one host.",
          "VMware: Notify Switches = No; stop DHCP, sniffers, other protocols; clear the MAC "
          "entry.",
          "There is no evidence for the cluster, and no RARP names the MAC; IP or ARP of hosts "
          "that "
          "do not mask: nlb.analysis.unmasked_mac.",
          "VMW1556, KB258609, KB227812", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .matches = &masking::MatchesLeak,
     .event = Event::kEarlyLeak,
     .describe = &masking::DescribeLeak,
     .fields = kRelated},
    {.finding =
         {"nlb.analysis.masked_mac", NLB_CHAT, NLB_GROUP_PROTOCOL, "Masked source MAC",
          "A host in unicast mode hides the cluster MAC from the switch behind 02-host-w-x-y-z.",
          "Nothing to do: this is how unicast mode works, and why requests are flooded.",
          "There is no evidence for the cluster w.x.y.z.", "KB193602", NLB_SECTION_ANALYSIS},
     .part = Part::kNone,
     .routine = true,
     .matches = &masking::MatchesMasked,
     .describe = &masking::DescribeMasked},
});

}  // namespace nlb
