// SPDX-License-Identifier: GPL-2.0-or-later
//
// The cluster a frame belongs to, and who talks to whom in its terms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "state/sighting.h"

namespace nlb {

// Told by the frame's heartbeat, its MACs, its ARP body or its addresses.
struct Attribution {
  IpAddress cluster;
  uint8_t host_id = 0;  // the sending host; 0 when it is not known or not a host
  nlb_mode mode = NLB_MODE_UNKNOWN;
  std::optional<Evidence> evidence;
};

std::optional<Attribution> AttributionOf(const Sighting& sighting);

// "host 1 of 192.168.2.10"
std::string HostName(unsigned id, const std::string& cluster);
// "host 1 of 192.168.2.10", "all hosts of 192.168.2.10"; nothing for others.
std::optional<std::string> SourceName(const Sighting& sighting);
std::optional<std::string> DestinationName(const Sighting& sighting);

}  // namespace nlb
