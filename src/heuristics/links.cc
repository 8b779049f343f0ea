// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/links.h"

namespace nlb::links {

std::string DescribeNotAnalysed(const Sighting&, const Note&) {
  return "Frames of this link type are not analysed: nothing is known of NLB in them";
}

}  // namespace nlb::links
