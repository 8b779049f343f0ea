// SPDX-License-Identifier: GPL-2.0-or-later
//
// Words and field values for hosts in the findings on heartbeats.
#pragma once

#include <string>

#include "base/text.h"
#include "heuristics/heuristic.h"
#include "state/cluster_notes.h"
#include "wire/heartbeat.h"

namespace nlb {

// The heartbeat of a frame that carries a cluster finding. Such a frame had one when it was fed;
// another pass may unwrap its record in another way.
inline wire::Membership Membership(const Sighting& s) {
  return s.frame.membership.value_or(wire::Membership{});
}

inline std::string HostText(uint32_t id, uint32_t ip) {
  return "Host " + std::to_string(id) + " (" + TextV4(ip) + ")";
}

// "Host 1 (192.168.2.30)": the sender of this heartbeat.
inline std::string Speaker(const Sighting& s) {
  const auto header = s.frame.heartbeat.value_or(wire::Header{});
  return HostText(header.host_id, header.host_ip.v4());
}

}  // namespace nlb
