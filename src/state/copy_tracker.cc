// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/copy_tracker.h"

#include <bit>

namespace nlb {

// Whether a copy goes where an earlier one went. Only the first destination and one checkpoint are
// kept; the checkpoint moves on at copies 2, 4, 8, ... (Brent 1980), so a loop of any length is met
// after a few rounds; what has come back once is in the loop from then on.
bool CopyTracker::Returned(Packet& packet, MacAddress destination) {
  if (destination == packet.destination || destination == packet.checkpoint) {
    packet.returned = 1;
  }
  if (std::has_single_bit(static_cast<unsigned>(packet.copies))) packet.checkpoint = destination;
  return packet.returned != 0;
}

void CopyTracker::MakeTable() {
  packets_.resize(kSets * kWays);
  oldest_.resize(kSets);
  digests_.resize(kSets * kWays);
}

std::optional<Copy> CopyTracker::Observe(const Passage& passage, Position at) {
  if (digests_.empty()) MakeTable();
  Packet* packet = Find(passage.digest);
  if (!packet) {
    Remember(passage, at);
    return std::nullopt;
  }
  if (Distance(passage.time, packet->time) > window_) {
    *packet = FirstCopy(passage, at);
    return std::nullopt;
  }
  if (packet->copies < 255) ++packet->copies;
  packet->falls = packet->falls && passage.ttl < packet->last_ttl;
  packet->last_ttl = passage.ttl;
  Copy copy;
  copy.first = packet->position;
  copy.delta = passage.time - packet->time;
  copy.first_source = packet->source;
  copy.first_destination = packet->destination;
  copy.first_vlan = {packet->vlan_ids, static_cast<int>(packet->vlan_count)};
  copy.first_ttl = packet->first_ttl;
  copy.number = packet->copies;
  copy.has_identification = passage.digest.has_identification;
  copy.falls_each_time = packet->falls;
  copy.returned = Returned(*packet, passage.destination);
  return copy;
}

}  // namespace nlb
