// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/neighbours.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "facts/mac_class.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"

namespace nlb {
uint64_t Neighbours::AddressKey::Hash(uint64_t salt) const {
  return HashOf(segment, ip.Hash(salt));
}

uint64_t Neighbours::StationKey::Hash(uint64_t salt) const {
  return HashOf(segment, Mix(salt ^ mac.bits()));
}

namespace {

// Tags may be lost on one side of a mirror, so a segment is looked up without them.
constexpr Segment Untagged(const Segment& segment) {
  return {segment.interface_id, segment.layer, {}};
}

}  // namespace

bool Neighbours::LearnOwner(const FrameFacts& frame, Position at) {
  const wire::Claim& claim = *frame.claim;
  Owner* owner = owners_.FindOrAdd({claim.ip, Untagged(frame.segment)});
  if (!owner) return true;
  if (owner->since == 0 || owner->mac != claim.mac) {
    *owner = {claim.mac, frame.segment.vlan, at, 0, {}};
  } else if (owner->vlan != frame.segment.vlan) {
    owner->vlan = frame.segment.vlan;
    owner->heard = {};
  }
  const bool by_owner = claim.ip.is_v4() ? !claim.reply : !claim.may_be_proxy;
  if (by_owner && owner->owned_since == 0) owner->owned_since = at;
  return !std::exchange(owner->heard[claim.reply ? 1 : 0], true);
}

void Neighbours::LearnHolder(const FrameFacts& frame, Position at) {
  const wire::Claim& claim = *frame.claim;
  Holder* const holder = holders_.FindOrAdd(claim.mac.bits());
  if (!holder) return;
  if (holder->v4.since == 0 && holder->v6.since == 0) holder->first = frame.segment;
  const bool is_here = holder->first == frame.segment;
  if (!is_here && holder->elsewhere_since == 0 &&
      Untagged(holder->first) != Untagged(frame.segment)) {
    holder->elsewhere_since = at;
  }
  Holdings& told = claim.ip.is_v4() ? holder->v4 : holder->v6;
  if (told.since == 0) {
    told.first = claim.ip;
    told.since = at;
  } else if (told.several_since == 0 && told.first != claim.ip) {
    told.several_since = at;
  }
  if (claim.mac.is_group() || !claim.ip.is_v4()) return;
  Station* station = is_here ? &holder->station : stations_.FindOrAdd({claim.mac, frame.segment});
  if (station) LearnStation(*station, claim, at);
}

void Neighbours::LearnStation(Station& station, const wire::Claim& claim, Position at) {
  if (!claim.reply) {
    if (station.asked != 0) return;
    station.asker = claim.ip;
    station.asked = at;
  } else if (station.answered == 0) {
    station.answer = claim.ip;
    station.answered = at;
  } else if (station.answered_other == 0 && station.answer != claim.ip) {
    station.answered_other = at;
  }
}

const Neighbours::Owner* Neighbours::OwnerOf(const Segment& segment, IpAddress ip,
                                             Position at) const {
  const Owner* owner = owners_.Find({ip, Untagged(segment)});
  if (!owner || !Happened(owner->since, at)) return nullptr;
  return wire::InDifferentVlans(owner->vlan, segment.vlan) ? nullptr : owner;
}

bool Neighbours::IsOwnMac(const Segment& segment, MacAddress mac, IpAddress ip, Position at) const {
  const Owner* owner = OwnerOf(segment, ip, at);
  if (!owner || owner->mac != mac) return false;
  return Happened(owner->owned_since, at) || !StandsForOther(mac, ip, at);
}

bool Neighbours::StandsForOther(MacAddress mac, IpAddress ip, Position at) const {
  const Holder* holder = holders_.Find(mac.bits());
  if (!holder) return false;
  const Holdings& told = ip.is_v4() ? holder->v4 : holder->v6;
  if (!Happened(told.since, at)) return false;
  return told.first != ip || Happened(told.several_since, at);
}

bool Neighbours::KnowsMac(const Segment& segment, MacAddress mac, Position at) const {
  const Holder* holder = holders_.Find(mac.bits());
  if (!holder || !(Happened(holder->v4.since, at) || Happened(holder->v6.since, at))) return false;
  return Untagged(holder->first) == Untagged(segment) || Happened(holder->elsewhere_since, at);
}

bool Neighbours::IsOnSegment(const Segment& segment, IpAddress ip, Position at) const {
  const Owner* owner = OwnerOf(segment, ip, at);
  return owner && (owner->mac.is_group() || IsOwnMac(segment, owner->mac, ip, at));
}

void Neighbours::Take(Answer& last, const FrameFacts& frame, Position at) {
  const MacAddress mac = frame.claim->mac;
  if (last.at == 0 || last.mac != mac) last.since = at;
  last.mac = mac;
  last.at = at;
  last.time = frame.time;
}

void Neighbours::TakeOnAnySegment(const FrameFacts& frame, Position at) {
  auto* answers = answers_.FindOrAdd(frame.claim->ip);
  if (!answers) return;
  if (answers->empty() || answers->back().mac != frame.claim->mac) {
    if (moves_ == kMostMoves) {
      overflowed_ = true;
      return;
    }
    ++moves_;
    answers->emplace_back();
  }
  Take(answers->back(), frame, at);
}

void Neighbours::Observe(const Sighting& s, Transitions& out) {
  if (!s.frame.claim) return;
  const auto conflict = Learn(s.frame, s.at);
  // A host's own address has two MACs by design: the cluster's for outsiders, its own for other
  // hosts.
  if (!conflict || s.known.evidence.IsHostAddress(s.frame.claim->ip, s.at)) return;
  Transition seen{Event::kVipMacConflict, {}};
  seen.note.other = conflict->at;
  seen.note.detail = PackDuration(conflict->age);
  seen.note.set_mac(conflict->before);
  out.push_back(seen);
}

std::optional<Neighbours::Conflict> Neighbours::Learn(const FrameFacts& frame, Position at) {
  const wire::Claim& claim = *frame.claim;
  if (!claim.ip.is_unicast() || claim.mac.is_broadcast()) return std::nullopt;
  if (LearnOwner(frame, at)) LearnHolder(frame, at);
  const bool cluster_mac = claim.mac.is_group() || RoleOf(claim.mac) == MacRole::kCluster;
  if (!cluster_mac) return std::nullopt;

  TakeOnAnySegment(frame, at);
  Answer* last = segment_answers_.FindOrAdd({claim.ip, frame.segment});
  if (!last) return std::nullopt;
  const Answer before = *last;
  Take(*last, frame, at);
  if (before.at == 0 || before.mac == claim.mac) return std::nullopt;
  return Conflict{before.mac, before.at, AbsDiff(frame.time, before.time)};
}

const Neighbours::Answer* Neighbours::AnsweredWith(IpAddress ip, Position at) const {
  const auto* answers = answers_.Find(ip);
  if (!answers) return nullptr;
  const auto later =
      std::upper_bound(answers->begin(), answers->end(), at,
                       [](Position then, const Answer& answer) { return then < answer.since; });
  return later == answers->begin() ? nullptr : &*std::prev(later);
}

std::optional<IpAddress> Neighbours::AddressOf(const Segment& segment, MacAddress mac,
                                               Position at) const {
  const Holder* holder = holders_.Find(mac.bits());
  if (!holder) return std::nullopt;
  const bool is_here = holder->first == segment;
  const Station* station = is_here ? &holder->station : stations_.Find({mac, segment});
  if (!station) return std::nullopt;
  if (Happened(station->asked, at)) return station->asker;
  if (!Happened(station->answered, at) || Happened(station->answered_other, at))
    return std::nullopt;
  return station->answer;
}

}  // namespace nlb
