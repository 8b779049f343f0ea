// SPDX-License-Identifier: GPL-2.0-or-later
//
// One packet seen twice: which finding that is.
#pragma once

#include <optional>

#include "heuristics/registry.h"
#include "state/copy_tracker.h"

namespace nlb {

// Nothing when it need not be a copy: without an identification senders that repeat themselves
// look the same.
std::optional<FindingId> VerdictOf(const Sighting& sighting, const Copy& copy);

}  // namespace nlb
