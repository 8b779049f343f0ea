// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/copy_tracker.h"

#include <bit>

namespace nlb {

CopyTracker::Packet CopyTracker::FirstCopy(const FrameFacts& frame, Position at) {
  Packet packet{};
  packet.time = frame.time;
  packet.source = frame.source.bits();
  packet.destination = frame.destination.bits();
  packet.checkpoint = frame.destination.bits();
  packet.first_ttl = packet.last_ttl = frame.ip.ttl;
  packet.copies = 1;
  packet.falls = 1;
  packet.vlan_ids = frame.segment.vlan.ids;
  packet.vlan_count = static_cast<uint8_t>(frame.segment.vlan.count) & 0x7F;
  packet.position = at;
  return packet;
}

// Whether a copy goes where an earlier one went. Only the first destination and one checkpoint are
// kept; the checkpoint moves on at copies 2, 4, 8, ... (Brent 1980), so a loop of any length is met
// after a few rounds; what has come back once is in the loop from then on.
bool CopyTracker::Returned(Packet& packet, MacAddress destination) {
  if (destination.bits() == packet.destination || destination.bits() == packet.checkpoint) {
    packet.returned = 1;
  }
  if (std::has_single_bit(static_cast<unsigned>(packet.copies)))
    packet.checkpoint = destination.bits();
  return packet.returned != 0;
}

CopyTracker::Packet& CopyTracker::Remember(uint64_t digest, Timestamp now) {
  const size_t set = SetOf(digest);
  const size_t slot = set * kWays + (oldest_[set]++ % kWays);
  Packet& packet = packets_[slot];
  if (digests_[slot] != 0 && Distance(now, packet.time) <= window_) overflowed_ = true;
  digests_[slot] = digest;
  return packet;
}

std::optional<Copy> CopyTracker::Observe(const FrameFacts& frame, const PacketDigest& digest,
                                         Position at) {
  if (digests_.empty()) {
    packets_.resize(kSets * kWays);
    oldest_.resize(kSets);
    digests_.resize(kSets * kWays);
  }
  const uint64_t key = digest.value | 1;  // never 0
  const size_t base = SetOf(key) * kWays;
  for (size_t slot = base; slot < base + kWays; ++slot) {
    if (digests_[slot] != key) continue;
    Packet& packet = packets_[slot];
    const Duration delta = frame.time - packet.time;
    if (Distance(frame.time, packet.time) > window_) {
      packet = FirstCopy(frame, at);
      return std::nullopt;
    }
    if (packet.copies < 255) ++packet.copies;
    packet.falls = packet.falls && frame.ip.ttl < packet.last_ttl;
    packet.last_ttl = frame.ip.ttl;
    Copy copy;
    copy.first = packet.position;
    copy.delta = delta;
    copy.first_source = MacAddress(packet.source);
    copy.first_destination = MacAddress(packet.destination);
    copy.first_vlan = {packet.vlan_ids, static_cast<int>(packet.vlan_count)};
    copy.first_ttl = packet.first_ttl;
    copy.number = packet.copies;
    copy.has_identification = digest.has_identification;
    copy.falls_each_time = packet.falls;
    copy.returned = Returned(packet, frame.destination);
    return copy;
  }
  Remember(key, frame.time) = FirstCopy(frame, at);
  return std::nullopt;
}

}  // namespace nlb
