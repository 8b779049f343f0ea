// SPDX-License-Identifier: GPL-2.0-or-later
//
// The user's settings in the units the core counts in. Immutable for one opened file.
#pragma once

#include "base/time.h"
#include "nlb.h"

namespace nlb {

struct Settings {
  Duration heartbeat_period{};
  Duration pause{};      // without any frame for longer, a heartbeat may be missing: 1.5 periods
  Duration tolerance{};  // silence after which a host is lost: periods x period
  Duration copy_window{};
  bool copy_detection = true;
};

// Values outside their limits move to the nearest limit.
Settings ReadSettings(const nlb_config& config);

}  // namespace nlb
