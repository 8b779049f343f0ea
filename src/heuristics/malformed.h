// SPDX-License-Identifier: GPL-2.0-or-later
//
// What in a heartbeat cannot be right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/heartbeat.h"

namespace nlb {

struct Fault {
  uint16_t field = 0;  // whose value lies, see catalog/fields.h
  size_t offset = 0;   // where it stands, behind the EtherType
  std::string text;
};

// In the order of the layout; records in the order of the frame.
std::vector<Fault> FaultsOf(const wire::HeartbeatView& view);

}  // namespace nlb
