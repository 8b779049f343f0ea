// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/flood_tracker.h"

#include <algorithm>

#include "state/cluster_notes.h"
#include "state/sighting.h"

namespace nlb {
namespace {

template <typename T>
void AddOnce(std::vector<T>& list, const T& value, size_t most) {
  if (list.size() < most && std::find(list.begin(), list.end(), value) == list.end()) {
    list.push_back(value);
  }
}

uint32_t WireLength(const FrameFacts& frame) {
  constexpr uint32_t kTag = 4;
  const auto tags = static_cast<uint32_t>(frame.segment.vlan.count);
  return frame.payload_wire_length + static_cast<uint32_t>(wire::kEthernetHeader) + tags * kTag;
}

bool IsStation(MacAddress mac) { return !mac.is_group() && RoleOf(mac) == MacRole::kNone; }

}  // namespace

void Flood::Pack(Note& note) const {
  constexpr uint32_t kMaxPackets = 0xFFFFFF;
  note.detail = uint64_t{bytes} << 32 | uint64_t{std::min(packets, kMaxPackets)} << 8 | clients;
  PackSilence(note, lasts);
}

Flood Flood::Unpack(const Note& note) {
  return {static_cast<uint32_t>(note.detail >> 8 & 0xFFFFFF),
          static_cast<uint32_t>(note.detail >> 32), static_cast<uint8_t>(note.detail),
          UnpackSilence(note)};
}

void FloodTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  const EvidenceTable& evidence = s.known.evidence;
  if (s.is_copy || !frame.is_ip() || !evidence.knows_clusters()) return;
  if (!frame.ip.destination.is_unicast()) return;
  if (open_ > 0) ObserveAnswer(frame);
  if (evidence.ClusterOfMac(frame.destination, s.at) &&
      !evidence.HostByInterHostMac(frame.destination, s.at)) {
    ObserveRequest(s, out);
  } else if (open_ > 0) {
    ObservePair(frame.source, frame.destination);
  }
}

void FloodTracker::ObserveRequest(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  if (frame.destination_role == MacRole::kMaskedHost) return;
  Watch* watch = watches_.FindOrAdd(frame.destination.bits());
  if (!watch || watch->closed) return;
  if (watch->first == 0) {
    watch->first = s.at;
    watch->since = frame.time;
    ++open_;
  }
  AddOnce(watch->clients, frame.ip.source, kMaxClients);
  if (uint64_t* asked = asked_.FindOrAdd(frame.ip.destination)) *asked = frame.destination.bits();
  AddOnce(watch->senders, frame.source, kMaxClients);
  ++watch->seen.packets;
  watch->seen.bytes += WireLength(frame);
  watch->seen.lasts = frame.time - watch->since;
  if (watch->seen.packets < kPackets || watch->seen.lasts < kLasts) return;
  if (watch->clients.size() < 2) return;
  if (IsOwnPort(*watch, s.known.evidence, s.at)) return Close(*watch);
  watch->seen.clients = static_cast<uint8_t>(watch->clients.size());
  Transition seen{Event::kClusterFlood, {}};
  seen.note.other = watch->first;
  watch->seen.Pack(seen.note);
  out.push_back(seen);
  Close(*watch);
}

// Whatever comes from an address that is asked for, whoever sends it on and to whomever.
void FloodTracker::ObserveAnswer(const FrameFacts& frame) {
  const uint64_t* mac = asked_.Find(frame.ip.source);
  Watch* watch = mac ? watches_.Find(*mac) : nullptr;
  if (watch && !watch->closed) Close(*watch);
}

void FloodTracker::Close(Watch& watch) {
  watch = {};
  watch.closed = true;
  if (--open_ == 0) pairs_ = {};
}

void FloodTracker::ObservePair(MacAddress from, MacAddress to) {
  if (!IsStation(from) || !IsStation(to)) return;
  for (Pair& pair : pairs_) {
    const bool same = (pair.a == from && pair.b == to) || (pair.a == to && pair.b == from);
    if (!same) continue;
    ++pair.frames;
    return;
  }
  if (pairs_.size() < kMaxPairs) pairs_.push_back({from, to, 1});
}

// Whether the requests are here for another reason than the flood: the point shows pairs of
// stations that have none in common, as a mirror does; or all of them have one that the requests
// belong to: a host of the cluster, or who sends them.
bool FloodTracker::IsOwnPort(const Watch& watch, const EvidenceTable& evidence, Position at) const {
  // A switch that has forgotten a station floods a frame or two to it as well.
  std::vector<Pair> talking;
  std::copy_if(pairs_.begin(), pairs_.end(), std::back_inserter(talking),
               [](const Pair& pair) { return pair.frames >= kTalks; });
  const std::vector<Pair>& pairs = talking.size() >= 2 ? talking : pairs_;
  if (pairs.empty()) return false;
  const size_t strays = talking.size() >= 2 ? 0 : 1;
  const auto count = [&](MacAddress mac) {
    return static_cast<size_t>(std::count_if(pairs.begin(), pairs.end(), [mac](const Pair& pair) {
      return pair.a == mac || pair.b == mac;
    }));
  };
  size_t most = 0;
  for (const Pair& pair : pairs) most = std::max({most, count(pair.a), count(pair.b)});
  if (most + strays < pairs.size()) return true;
  const auto& senders = watch.senders;
  const auto explains = [&](MacAddress mac) {
    const bool sends = std::find(senders.begin(), senders.end(), mac) != senders.end();
    return count(mac) == most &&
           ((pairs.size() >= 2 && sends) || evidence.HostByStationMac(mac, at));
  };
  return std::any_of(pairs.begin(), pairs.end(),
                     [&](const Pair& pair) { return explains(pair.a) || explains(pair.b); });
}

}  // namespace nlb
