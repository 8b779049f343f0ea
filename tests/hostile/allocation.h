// SPDX-License-Identifier: GPL-2.0-or-later
//
// operator new of the hostile tests: counts bytes, and fails on purpose.
#pragma once

#include <cstdint>

namespace nlb::test {

// The allocation with this number from now on fails, counted from 1, and all behind it; 0 for none.
void FailAllocation(uint64_t number);

// How many allocations there were since then.
uint64_t AllocationsSeen();

// What the heap holds now by operator new, with the allocator's own rounding.
int64_t LiveBytes();

// The most it held since the last call, and forgets that.
int64_t TakePeakBytes();

}  // namespace nlb::test
