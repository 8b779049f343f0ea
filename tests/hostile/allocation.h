// SPDX-License-Identifier: GPL-2.0-or-later
//
// Lets operator new fail on purpose.
#pragma once

#include <cstdint>

namespace nlb::fuzz {

// The allocation with this number from now on fails, counted from 1, and all behind it; 0 for none.
void FailAllocation(uint64_t number);

// How many allocations there were since then.
uint64_t AllocationsSeen();

}  // namespace nlb::fuzz
