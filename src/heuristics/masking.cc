// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/masking.h"

#include "base/text.h"
#include "facts/mac_class.h"

namespace nlb::masking {
namespace {

std::string ClusterOf(const Sighting& s) {
  const auto evidence = s.known.evidence.Of(s.frame.source, s.at);
  return evidence ? Text(evidence->cluster) : Text(s.frame.source);
}

// What NLB itself lets through: IP and ARP, even where the capture cut their headers, and
// heartbeats.
bool IsClusterTraffic(const FrameFacts& frame) {
  return frame.content != Content::kOther || frame.ether_type == wire::kTypeIpv4 ||
         frame.ether_type == wire::kTypeIpv6 || frame.ether_type == wire::kTypeArp;
}

// The host that sent the frame, where the capture shows its frames before they are masked.
std::optional<uint8_t> BeforeMasking(const Sighting& s) {
  if (s.frame.source_role != MacRole::kCluster || !IsClusterTraffic(s.frame)) return std::nullopt;
  return s.known.masks.HostBeforeMasking(s.frame.source, s.at);
}

// RARP whose sender or target is the very MAC it comes from: what ESX sends for a virtual NIC that
// owns the cluster MAC.
bool RarpNames(const FrameFacts& frame) {
  constexpr size_t kSender = 8, kTarget = 18;
  if (frame.ether_type != wire::kTypeRarp || !frame.payload.Has(0, 28)) return false;
  return MacAddress::Read(frame.payload, kSender) == frame.source ||
         MacAddress::Read(frame.payload, kTarget) == frame.source;
}

}  // namespace

// Evidence: any proof for the cluster in the last four bytes. Quiet without: 02-04-96 is Extreme
// Networks.
bool MatchesMasked(const Sighting& s) {
  const bool masks = s.frame.source_role == MacRole::kMaskedHost || BeforeMasking(s);
  return masks && s.known.evidence.Of(s.frame.source, s.at).has_value();
}

std::string DescribeMasked(const Sighting& s, const Note&) {
  if (const auto host = BeforeMasking(s)) {
    return Text(s.frame.source) + " is host " + std::to_string(*host) + " of " + ClusterOf(s) +
           ", captured on it before NLB masks the MAC";
  }
  return Text(s.frame.source) + " is host " + std::to_string(MaskedHostId(s.frame.source)) +
         " of " + ClusterOf(s);
}

bool MatchesUnmasked(const Sighting& s) {
  if (s.frame.source_role != MacRole::kCluster || !IsClusterTraffic(s.frame)) return false;
  if (BeforeMasking(s) || s.known.masks.AwaitsTwin(s.frame, s.at)) return false;
  return s.known.evidence.Of(s.frame.source, s.at).has_value();
}

std::string DescribeUnmasked(const Sighting& s, const Note& note) {
  const MacAddress mac = note.other != 0 ? note.mac() : s.frame.source;
  return "A host of " + ClusterOf(s) + " sends as the cluster, " + Text(mac);
}

bool MatchesLeak(const Sighting& s) {
  if (s.frame.source_role != MacRole::kCluster || IsClusterTraffic(s.frame)) return false;
  return s.known.evidence.Of(s.frame.source, s.at) || RarpNames(s.frame);
}

std::string DescribeLeak(const Sighting& s, const Note&) {
  const bool rarp = s.frame.ether_type == wire::kTypeRarp;
  return std::string(rarp                                     ? "RARP"
                     : s.frame.ether_type < wire::kLowestType ? "LLC"
                                                              : "Another protocol") +
         " is sent from cluster MAC " + Text(s.frame.source);
}

}  // namespace nlb::masking
