// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/copy_tracker.h"

#include <bit>

namespace nlb {

bool CopyTracker::IsHeld(size_t set, size_t slot) const {
  const uint16_t place = sets_[set].places[slot];
  const uint64_t digest = PacketAt(place).digest;
  return place % kPackets != count_ % kPackets && SetOf(digest) == set &&
         TagOf(digest) == sets_[set].tags[slot];
}

std::optional<size_t> CopyTracker::FindInSet(uint64_t digest) const {
  const size_t set = SetOf(digest);
  for (size_t slot = 0; slot < kSlotsPerSet; ++slot) {
    if (PacketAt(sets_[set].places[slot]).digest == digest && IsHeld(set, slot)) return slot;
  }
  return std::nullopt;
}

// Of a clock that runs backwards nothing is known.
uint64_t CopyTracker::SurelyGoneIn(Timestamp now) {
  if (now.ns < epoch_start_) return 0;
  gone_ = begun_;
  begun_ = count_;
  epoch_start_ = now.ns & -static_cast<int64_t>(epoch_length_);
  return gone_;
}

void CopyTracker::NoteLoss(size_t set, size_t slot, Timestamp now) {
  const Timestamp first = PacketAt(sets_[set].places[slot]).first.time;
  overflowed_ |= IsHeld(set, slot) && AbsDiff(now, first) <= window_;
}

std::optional<Copy> CopyTracker::ObserveAgain(const Fingerprint& fingerprint, Position at) {
  const uint64_t digest = fingerprint.digest.value;
  const auto slot = FindInSet(digest);
  Set& set = sets_[SetOf(digest)];
  Packet* const packet = &PacketAt(set.places[*slot]);
  const Hop hop = HopOf(fingerprint, at);
  if (IsForgotten(*packet, hop.time)) {
    Write(fingerprint, at);
    Put(set, *slot, digest);
    return std::nullopt;
  }
  Path& path = PathOf(*packet);
  Copy copy;
  copy.other = HopBefore(hop, *packet, path);
  copy.delta = hop.time - copy.other.time;
  copy.has_identification = fingerprint.digest.has_identification;
  copy.fell_before = copy.other.ttl < packet->first.ttl;
  copy.storms = Storms(path, packet->first, hop);
  copy.loops = Advance(path, packet->first, hop);
  path.last = hop.time;
  if (hop.ttl > packet->first.ttl) {
    packet->first = hop;
    path.times_first = 1;
    if (path.falls == 0) path.before = hop;
  }
  return copy;
}

// The window counts from the first sighting, so that a sender who repeats himself is soon told from
// a copy; in a storm from the last, because a frame that circles in a loop of switches never ends.
bool CopyTracker::IsForgotten(const Packet& packet, Timestamp now) const {
  const size_t at = PlaceOf(packet);
  const Path* path = packet.copied ? &(*paths_[at / kPerBlock])[at % kPerBlock].path : nullptr;
  const Timestamp since = path && path->storms ? path->last : packet.first.time;
  return AbsDiff(now, since) > window_;
}

CopyTracker::Path& CopyTracker::PathOf(Packet& packet) {
  const size_t at = PlaceOf(packet);
  auto& paths = paths_[at / kPerBlock];
  if (!paths) paths = std::make_unique_for_overwrite<Paths>();
  Path& path = (*paths)[at % kPerBlock].path;
  if (!packet.copied) {
    std::construct_at(&path);
    path.furthest = path.before = path.checkpoint = packet.first;
    path.last = packet.first.time;
  }
  packet.copied = true;
  return path;
}

// Counts the sightings of the first and of the furthest hop as they were, until there are enough.
bool CopyTracker::Storms(Path& path, const Hop& first, const Hop& hop) {
  const auto again = [&hop](const Hop& seen, uint8_t& times) {
    if (hop.ttl != seen.ttl || !IsSamePath(hop, seen)) return false;
    if (times < kStorm) ++times;
    return times == kStorm && AbsDiff(hop.time, seen.time) > kStormSpread;
  };
  const bool first_again = again(first, path.times_first);
  const bool furthest_again = again(path.furthest, path.times_furthest);
  if (!first_again && !furthest_again) return false;
  path.storms = true;
  return true;
}

// The sighting to compare with: the hop before, or the same one captured again.
const Hop& CopyTracker::HopBefore(const Hop& hop, const Packet& packet, const Path& path) {
  if (hop.ttl >= packet.first.ttl) return packet.first;
  if (hop.ttl > path.furthest.ttl) {
    // Captured late: before the furthest, if that was made of it, else behind the first.
    const bool made_of_it = hop.ttl == path.furthest.ttl + 1 && hop.to == path.furthest.to;
    return made_of_it ? path.furthest : packet.first;
  }
  const bool follows = hop.ttl < path.furthest.ttl || hop.from == path.furthest.to;
  // Else another box took the packet where the furthest one did.
  return follows || IsSamePath(hop, path.furthest) ? path.furthest : path.before;
}

void CopyTracker::MoveOn(Path& path, const Hop& hop) {
  if (!IsSamePath(hop, path.furthest)) path.falls_on_one_way = 0;
  path.furthest = hop;
  path.times_furthest = 1;
}

bool CopyTracker::IsWayTakenAgain(Path& path, const Hop& first, const Hop& hop) {
  if (IsSamePath(hop, path.furthest)) {
    ++path.falls_on_one_way;
    return path.furthest.ttl - hop.ttl > 1 || path.falls_on_one_way > 1;
  }
  return IsSamePath(hop, first) || IsSamePath(hop, path.before) || IsSamePath(hop, path.checkpoint);
}

// Whether the packet is further than before and on a way that it took already. Of the ways only the
// first, the last two and a checkpoint are kept; the checkpoint moves on at the falls 1, 2, 4, 8,
// ... (Brent 1980), so a circle of any length is met after a few rounds; a packet that came back
// once counts as circling from then on. The same way twice in a row is a circle when others in
// between took from the TTL, or when one was taken a second time; a mirror engine may take one,
// once. A cooked capture does not tell to whom a router sent: one that has a firewall on a stick
// sends twice, to two boxes, so there the packet must come back twice.
bool CopyTracker::Advance(Path& path, const Hop& first, const Hop& hop) {
  const bool falls = hop.ttl < path.furthest.ttl;
  if (!falls) {
    // Passed on with the TTL it had, as a firewall may: by whom it was sent to, or, where no TTL
    // has fallen yet, by any router with a MAC for each side.
    const bool may_follow = hop.from == path.furthest.to || path.falls == 0;
    if (hop.ttl == path.furthest.ttl && may_follow && !IsSamePath(hop, path.furthest)) {
      MoveOn(path, hop);
    }
    return false;
  }
  ++path.falls;  // as often as a TTL can fall: 255 times at most
  if (IsWayTakenAgain(path, first, hop)) {
    path.returned |= hop.to.is_seen() || path.may_have_returned;
    path.may_have_returned = true;
  }
  if (std::has_single_bit(static_cast<unsigned>(path.falls))) path.checkpoint = hop;
  path.before = path.furthest;
  MoveOn(path, hop);
  return path.returned && path.falls >= 2;
}

}  // namespace nlb
