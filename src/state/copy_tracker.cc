// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/copy_tracker.h"

#include <bit>

namespace nlb {

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
  const Hop hop = HopOf(passage, at);
  if (IsForgotten(*packet, hop.time)) {
    *packet = {hop};
    return std::nullopt;
  }
  Way& way = WayOf(*packet);
  Copy copy;
  copy.other = HopBefore(hop, *packet, way);
  copy.delta = hop.time - copy.other.time;
  copy.has_identification = passage.digest.has_identification;
  copy.fell_before = copy.other.ttl < packet->first.ttl;
  copy.storms = Storms(way, packet->first, hop);
  copy.loops = Advance(way, packet->first, hop);
  way.last = hop.time;
  if (hop.ttl > packet->first.ttl) {
    packet->first = hop;
    way.times_first = 1;
    if (way.falls == 0) way.before = hop;
  }
  return copy;
}

// The window counts from the first sighting, so that a sender who repeats himself is soon told from
// a copy; in a storm from the last, because a frame that circles in a loop of switches never ends.
bool CopyTracker::IsForgotten(const Packet& packet, Timestamp now) const {
  const Way* way = packet.copied ? &ways_[static_cast<size_t>(&packet - packets_.data())] : nullptr;
  const Timestamp since = way && way->storms ? way->last : packet.first.time;
  return Distance(now, since) > window_;
}

CopyTracker::Way& CopyTracker::WayOf(Packet& packet) {
  if (ways_.empty()) ways_.resize(packets_.size());
  Way& way = ways_[static_cast<size_t>(&packet - packets_.data())];
  if (!packet.copied) {
    way = {};
    way.furthest = way.before = way.checkpoint = packet.first;
    way.last = packet.first.time;
  }
  packet.copied = true;
  return way;
}

// Counts the sightings of the first and of the furthest hop as they were, until there are enough.
bool CopyTracker::Storms(Way& way, const Hop& first, const Hop& hop) {
  const auto again = [&hop](const Hop& seen, uint8_t& times) {
    if (hop.ttl != seen.ttl || !IsSameWay(hop, seen)) return false;
    if (times < kStorm) ++times;
    return times == kStorm && Distance(hop.time, seen.time) > kStormSpread;
  };
  const bool first_again = again(first, way.times_first);
  const bool furthest_again = again(way.furthest, way.times_furthest);
  if (!first_again && !furthest_again) return false;
  way.storms = true;
  return true;
}

// The sighting to compare with: the hop before, or the same one captured again.
const Hop& CopyTracker::HopBefore(const Hop& hop, const Packet& packet, const Way& way) {
  if (hop.ttl >= packet.first.ttl) return packet.first;
  if (hop.ttl > way.furthest.ttl) {
    // Captured late: before the furthest, if that was made of it, else behind the first.
    const bool made_of_it = hop.ttl == way.furthest.ttl + 1 && hop.to == way.furthest.to;
    return made_of_it ? way.furthest : packet.first;
  }
  const bool follows = hop.ttl < way.furthest.ttl || hop.from == way.furthest.to;
  // Else another box took the packet where the furthest one did.
  return follows || IsSameWay(hop, way.furthest) ? way.furthest : way.before;
}

void CopyTracker::MoveOn(Way& way, const Hop& hop) {
  if (!IsSameWay(hop, way.furthest)) way.falls_on_one_way = 0;
  way.furthest = hop;
  way.times_furthest = 1;
}

// Whether the packet is further than before and on a way that it took already. Of the ways only the
// first, the last two and a checkpoint are kept; the checkpoint moves on at the falls 1, 2, 4, 8,
// ... (Brent 1980), so a circle of any length is met after a few rounds; what has come back once is
// in the circle from then on. The same way twice in a row is a circle when others in between took
// from the TTL, or when one was taken a second time; a mirror engine may take one, once.
bool CopyTracker::Advance(Way& way, const Hop& first, const Hop& hop) {
  const bool falls = hop.ttl < way.furthest.ttl;
  if (!falls) {
    // Passed on with the TTL it had, as a firewall may: by whom it was sent to, or, where no TTL
    // has fallen yet, by any router with a MAC for each side.
    const bool may_follow = hop.from == way.furthest.to || way.falls == 0;
    if (hop.ttl == way.furthest.ttl && may_follow && !IsSameWay(hop, way.furthest)) {
      MoveOn(way, hop);
    }
    return false;
  }
  ++way.falls;  // as often as a TTL can fall: 255 times at most
  if (IsSameWay(hop, way.furthest)) {
    ++way.falls_on_one_way;
    if (way.furthest.ttl - hop.ttl > 1 || way.falls_on_one_way > 1) way.returned = true;
  } else if (IsSameWay(hop, first) || IsSameWay(hop, way.before) ||
             IsSameWay(hop, way.checkpoint)) {
    way.returned = true;
  }
  if (std::has_single_bit(static_cast<unsigned>(way.falls))) way.checkpoint = hop;
  way.before = way.furthest;
  MoveOn(way, hop);
  return way.returned && way.falls >= 2;
}

}  // namespace nlb
