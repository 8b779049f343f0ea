// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether an IP address is one of a known cluster's: its primary address by evidence, or a further
// one that ARP answered with a known cluster's MAC.
#pragma once

#include "state/evidence.h"
#include "state/neighbours.h"

namespace nlb {

inline bool IsClusterAddress(IpAddress ip, const EvidenceTable& evidence,
                             const Neighbours& neighbours, Position at) {
  if (!ip.is_unicast()) return false;
  if (evidence.OfAddress(ip, at)) return true;
  const auto* answer = neighbours.AnsweredWith(ip, at);
  return answer && evidence.Of(answer->mac, at);
}

}  // namespace nlb
