// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/masking.h"

#include "base/text.h"
#include "facts/mac_class.h"
#include "state/leak_tracker.h"
#include "state/mask_watch.h"

namespace nlb::masking {
namespace {

std::string ClusterOf(const Sighting& s) {
  const auto evidence = s.known.evidence.ClusterOfMac(s.frame.source, s.at);
  return evidence ? Text(evidence->cluster) : Text(s.frame.source);
}

// The host that sent the frame, where the capture shows its frames before they are masked.
std::optional<uint8_t> BeforeMasking(const Sighting& s) {
  if (s.frame.source_role != MacRole::kCluster || !IsClusterTraffic(s.frame)) return std::nullopt;
  return s.known.masks.HostBeforeMasking(s.frame.source, s.at);
}

// A frame of the cluster from its own MAC, and not one that is masked behind the capture point.
bool IsBare(const Sighting& s) {
  return s.frame.source_role == MacRole::kCluster && IsClusterTraffic(s.frame) &&
         s.known.evidence.IsSeenOutside(s.frame.source, s.at) && !BeforeMasking(s) &&
         !(MayHaveTwin(s.frame, s.known.evidence, s.at) &&
           s.known.masks.AwaitsTwin(s.frame.source, s.at));
}

}  // namespace

// Evidence: any proof for the cluster in the last four bytes. Quiet without: 02-04-96 is Extreme
// Networks.
bool MatchesMasked(const Sighting& s) {
  const bool masks = s.frame.source_role == MacRole::kMaskedHost || BeforeMasking(s);
  return masks && s.known.evidence.ClusterOfMac(s.frame.source, s.at).has_value();
}

std::string DescribeMasked(const Sighting& s, const Note&) {
  if (const auto host = BeforeMasking(s)) {
    return Joined(Text(s.frame.source), " is host ", std::to_string(*host), " of ", ClusterOf(s),
                  ", captured on it before NLB masks the MAC");
  }
  return Joined(Text(s.frame.source), " is host ", std::to_string(MaskedHostId(s.frame.source)),
                " of ", ClusterOf(s));
}

bool MatchesUnmasked(const Sighting& s) {
  return IsBare(s) && !s.known.evidence.IsMasking(s.frame.source, s.at);
}

std::string DescribeUnmasked(const Sighting& s, const Note& note) {
  const MacAddress mac = note.other != 0 ? note.mac() : s.frame.source;
  return "A host of " + ClusterOf(s) + " sends as the cluster, " + Text(mac);
}

bool MatchesLeak(const Sighting& s) {
  if (s.frame.source_role != MacRole::kCluster) return false;
  if (IsClusterTraffic(s.frame)) {
    return IsBare(s) && s.known.evidence.IsMasking(s.frame.source, s.at);
  }
  return s.known.evidence.ClusterOfMac(s.frame.source, s.at) || RarpNamesItsSource(s.frame);
}

std::string DescribeLeak(const Sighting& s, const Note& note) {
  if (note.other != 0) {
    return "A host sent from cluster MAC " + Text(note.mac()) + ", which its cluster masks";
  }
  const uint16_t type = s.frame.ether_type;
  const std::string what = type == wire::kTypeRarp    ? "RARP"
                           : type == wire::kTypeArp   ? "ARP"
                           : s.frame.is_ip()          ? "A packet of " + Text(s.frame.ip.source)
                           : type < wire::kLowestType ? "LLC"
                                                      : "Another protocol";
  return what + " is sent from cluster MAC " + Text(s.frame.source);
}

}  // namespace nlb::masking
