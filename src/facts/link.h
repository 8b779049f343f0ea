// SPDX-License-Identifier: GPL-2.0-or-later
//
// What stands before the payload of a frame, whatever the link: the rest of the core sees Ethernet.
#pragma once

#include "nlb.h"
#include "wire/cooked.h"
#include "wire/ethernet.h"

namespace nlb {

// False when the capture ends inside the header, and for links that are not analysed; seen is then
// undefined.
inline bool ParseLink(const nlb_frame& frame, wire::Ethernet& seen) {
  const Bytes bytes(frame.bytes, frame.captured_len);
  if (frame.link == NLB_LINK_ETHERNET) [[likely]]
    return wire::ParseEthernet(bytes, seen);
  if (frame.link == NLB_LINK_OTHER) return false;
  return wire::ParseCooked(bytes, frame.link == NLB_LINK_COOKED2, seen);
}

}  // namespace nlb
