// SPDX-License-Identifier: GPL-2.0-or-later
//
// Words for hosts in the sentences of findings on heartbeats.
#pragma once

#include <string>

#include "base/text.h"
#include "heuristics/heuristic.h"
#include "wire/heartbeat.h"

namespace nlb {

// The heartbeat of a frame that carries a cluster finding. Such a frame had one when it was fed.
inline wire::Membership Membership(const Sighting& s) {
  return wire::ReadMembership(s.frame.payload, s.frame.payload_wire_length)
      .value_or(wire::Membership{});
}

inline std::string HostText(uint32_t id, uint32_t ip) {
  return "Host " + std::to_string(id) + " (" + TextV4(ip) + ")";
}

// "Host 1 (192.168.2.30)": the sender of this heartbeat.
inline std::string Speaker(const Sighting& s) {
  const auto heartbeat = Membership(s);
  return HostText(heartbeat.header.host_id, heartbeat.header.host_ip.v4());
}

}  // namespace nlb
