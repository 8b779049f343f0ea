// SPDX-License-Identifier: GPL-2.0-or-later
//
// Stories that chance tells: clusters, clients, a router and a firewall in a small network, with
// few addresses, so that they meet, and with times that like to fall on the edges of the windows.
#pragma once

#include <cstdint>

#include "support/scenario.h"

namespace nlb::test {

// Tells a story of so many frames; the same for the same seed, with every compiler.
void TellByChance(uint64_t seed, size_t frames, Scenario& story);

}  // namespace nlb::test
