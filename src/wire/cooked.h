// SPDX-License-Identifier: GPL-2.0-or-later
//
// Linux cooked captures (tcpdump -i any): LINKTYPE_LINUX_SLL 113 and LINKTYPE_LINUX_SLL2 276 of
// tcpdump.org. They keep the sender's MAC and leave the receiver's out.
//
//  SLL   0 packet type  2 ARPHRD  4 address length  6 address (8)  14 protocol  16 payload
//  SLL2  0 protocol  4 interface index  8 ARPHRD  10 packet type (1)  11 address length (1)
//        12 address (8)  20 payload
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "wire/ethernet.h"

namespace nlb::wire {

// Whom a frame was for, seen from the capturing machine.
inline constexpr uint16_t kToUs = 0, kToAll = 1, kToGroup = 2, kToOther = 3, kFromUs = 4;

struct CookedHeader {
  uint16_t packet_type = 0;
  uint32_t interface_index = 0;  // SLL2; of the capturing machine
  uint16_t hardware = 0;         // ARPHRD_*
  uint16_t address_length = 0;
  uint16_t protocol = 0;
  size_t address = 0;  // where it stands
  size_t length = 0;   // of this header
};

constexpr CookedHeader ReadCooked(Bytes frame) {
  return {frame.Be16(0), 0, frame.Be16(2), frame.Be16(4), frame.Be16(14), 6, 16};
}

constexpr CookedHeader ReadCooked2(Bytes frame) {
  return {frame.U8(10), frame.Be32(4), frame.Be16(8), frame.U8(11), frame.Be16(0), 12, 20};
}

// What takes the place of the destination. Only two frames "to us", or to a group, at one interface
// have the same; what goes elsewhere may go to anybody, so each sender has a place of its own.
constexpr MacAddress CookedDestination(const CookedHeader& header, MacAddress source) {
  if (header.packet_type == kToAll) return MacAddress(0xFFFFFFFFFFFF);
  const bool elsewhere = header.packet_type >= kToOther;
  const uint64_t which = elsewhere ? source.bits() & 0xFFFFFFFF : header.interface_index;
  return MacAddress::Unseen(header.packet_type, static_cast<uint32_t>(which));
}

// This machine routed the packet: it came to it, and went out again.
constexpr bool IsToUs(MacAddress destination) {
  return !destination.is_seen() && destination.prefix() == kToUs;
}
constexpr bool IsFromUs(MacAddress destination) {
  return !destination.is_seen() && destination.prefix() == kFromUs;
}

// False when the capture ends inside the header, and for what has neither an Ethernet address nor
// none at all: the loopback interface, where NLB does not live, and radio.
constexpr bool ParseCooked(Bytes frame, bool second_version, Ethernet& seen) {
  constexpr uint16_t kHardwareEthernet = 1;
  if (!frame.Has(0, second_version ? 20 : 16)) return false;
  const CookedHeader header = second_version ? ReadCooked2(frame) : ReadCooked(frame);
  if (header.hardware == kHardwareEthernet && header.address_length == 6) {
    seen.source = MacAddress::Read(frame, header.address);
  } else if (header.address_length == 0) {
    seen.source = MacAddress::Unseen(header.packet_type, header.interface_index);
  } else {
    return false;
  }
  seen.destination = CookedDestination(header, seen.source);
  seen.type = header.protocol;
  return ParseTags(frame, header.length, seen);
}

}  // namespace nlb::wire
