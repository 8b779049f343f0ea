// SPDX-License-Identifier: GPL-2.0-or-later
// Unicast mode: every host owns the cluster MAC 02-BF-w-x-y-z, and masks it as 02-hh-w-x-y-z when
// it sends.
#include "base/text.h"
#include "facts/mac_class.h"
#include "heuristics/registry.h"

namespace nlb {
namespace {

// Evidence: any proof for the cluster in the last four bytes. Quiet without: 02-04-96 is Extreme
// Networks.
std::optional<std::string> CheckMasked(const Sighting& s) {
  if (s.frame.source_role != MacRole::kMaskedHost) return std::nullopt;
  const auto evidence = s.known.evidence.Of(s.frame.source, s.at);
  if (!evidence) return std::nullopt;
  return Text(s.frame.source) + " is host " + std::to_string(MaskedHostId(s.frame.source)) +
         " of " + Text(evidence->cluster);
}

// What NLB itself lets through: IP and ARP, even where the capture cut their headers, and
// heartbeats.
bool IsClusterTraffic(const FrameFacts& frame) {
  return frame.content != Content::kOther || frame.ether_type == wire::kTypeIpv4 ||
         frame.ether_type == wire::kTypeIpv6 || frame.ether_type == wire::kTypeArp;
}

std::optional<std::string> CheckUnmasked(const Sighting& s) {
  if (!IsClusterTraffic(s.frame) || s.frame.source_role != MacRole::kCluster) {
    return std::nullopt;
  }
  const auto evidence = s.known.evidence.Of(s.frame.source, s.at);
  if (!evidence) return std::nullopt;
  return "A host of " + Text(evidence->cluster) + " sends as the cluster, " + Text(s.frame.source);
}

// RARP whose sender or target is the very MAC it comes from: what ESX sends for a virtual NIC that
// owns the cluster MAC.
bool RarpNames(const FrameFacts& frame) {
  constexpr size_t kSender = 8, kTarget = 18;
  if (frame.ether_type != wire::kTypeRarp || !frame.payload.Has(0, 28)) return false;
  return MacAddress::Read(frame.payload, kSender) == frame.source ||
         MacAddress::Read(frame.payload, kTarget) == frame.source;
}

std::optional<std::string> CheckLeak(const Sighting& s) {
  if (IsClusterTraffic(s.frame) || s.frame.source_role != MacRole::kCluster) {
    return std::nullopt;
  }
  const bool rarp = s.frame.ether_type == wire::kTypeRarp;
  if (!s.known.evidence.Of(s.frame.source, s.at) && !RarpNames(s.frame)) return std::nullopt;
  return std::string(rarp                                     ? "RARP"
                     : s.frame.ether_type < wire::kLowestType ? "LLC"
                                                              : "A frame") +
         " sent from cluster MAC " + Text(s.frame.source);
}

}  // namespace

constinit const Heuristic kClusterMacLeak{
    .finding =
        {"nlb.analysis.cluster_mac_leak", NLB_WARN, NLB_GROUP_PROTOCOL, "Cluster MAC leaked",
         "The switch learns the cluster MAC on this port and sends all requests to one host.",
         "VMware: Notify Switches = No; stop sniffers and other protocols; clear the MAC entry.",
         "There is no evidence for the cluster, and no RARP names the MAC.",
         "VMW1556, KB258609, KB227812", NLB_SECTION_ANALYSIS},
    .check = &CheckLeak};

constinit const Heuristic kMaskedMac{
    .finding =
        {"nlb.analysis.masked_mac", NLB_CHAT, NLB_GROUP_PROTOCOL, "Masked source MAC",
         "A host in unicast mode hides the cluster MAC from the switch behind 02-host-w-x-y-z.",
         "Nothing to do: this is how unicast mode works, and why requests are flooded.",
         "There is no evidence for the cluster w.x.y.z.", "KB193602", NLB_SECTION_ANALYSIS},
    .routine = true,
    .check = &CheckMasked};

constinit const Heuristic kUnmaskedMac{
    .finding = {"nlb.analysis.unmasked_mac", NLB_WARN, NLB_GROUP_PROTOCOL, "Cluster MAC as source",
                "Masking is off (MaskSourceMAC=0) and the switch learns the cluster MAC, or this "
                "was captured on the host itself, before NLB masks.",
                "Set MaskSourceMAC=1 and restart; no fault if captured on that host itself.",
                "There is no evidence for the cluster w.x.y.z.", "KB193602", NLB_SECTION_ANALYSIS},
    .check = &CheckUnmasked};

}  // namespace nlb
