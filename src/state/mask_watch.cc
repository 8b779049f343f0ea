// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/mask_watch.h"

#include <utility>

#include "facts/mac_class.h"
#include "state/sighting.h"

namespace nlb {
namespace {

// What shows its twin to be of the same host: other hosts may send the cluster's own ARP in the
// same bytes, and packets without an identification, too.
bool NamesItsHost(const FrameFacts& frame) {
  if (IsService(frame)) return true;
  if (frame.is_ip()) return frame.ip.id != 0;
  return frame.claim && !Embeds(frame.source, frame.claim->ip.mac_tail());
}

}  // namespace

bool IsService(const FrameFacts& frame) {
  return (frame.is_ip() || frame.content == Content::kArp) && !frame.destination.is_group();
}

bool MayHaveTwin(const FrameFacts& frame, const EvidenceTable& evidence, Position at) {
  if (frame.source_role != MacRole::kCluster) return false;
  if (IsService(frame)) return true;
  // Before there is proof that the hosts mask, what goes to all is LeakTracker's. What announces an
  // address, or has none, is what leaks: a hypervisor's, or DHCP.
  const bool announces = frame.claim && frame.claim->target == frame.claim->ip;
  const IpAddress from = frame.claim ? frame.claim->ip : frame.ip.source;
  return NamesItsHost(frame) && !announces && evidence.IsHostAddress(from, at) &&
         evidence.IsMasking(frame.source, at) && !evidence.AnswersMasked(frame.source, at);
}

void MaskWatch::Observe(const Sighting& s, Transitions& out) {
  const auto alone = Learn(s.frame, s.at, MayHaveTwin(s.frame, s.known.evidence, s.at));
  if (!alone && untold_ == 0) return;
  const uint32_t tail = s.frame.source.tail();
  State* state = clusters_.Find(uint64_t{tail});
  if (!state) return;
  if (alone) {
    state->untold = *alone;
    ++untold_;
  }
  const MacAddress mac = UnicastClusterMac(tail);
  if (state->untold == 0 || !s.known.evidence.IsSeenOutside(mac, s.at)) return;
  if (MayBeHalf(*state, s.frame)) return;
  const Position first = std::exchange(state->untold, 0);
  --untold_;
  if (state->masked_since != 0) return;
  const bool masks = s.known.evidence.IsMasking(mac, s.at);
  Transition seen{masks ? Event::kEarlyLeak : Event::kNotMasked, {}};
  seen.note.other = first;
  seen.note.set_mac(mac);
  out.push_back(seen);
}

// The twin of a masked frame may follow, and the capture may have begun behind that of the frame
// without one.
bool MaskWatch::MayBeHalf(State& state, const FrameFacts& frame) {
  if (frame.source_role != MacRole::kMaskedHost || !IsService(frame)) return false;
  if (!state.half_seen) state.since = frame.time;
  state.half_seen = true;
  return AbsDiff(frame.time, state.since) <= kTwin;
}

std::optional<Position> MaskWatch::Learn(const FrameFacts& frame, Position at, bool may_have_twin) {
  const bool bare = frame.source_role == MacRole::kCluster;
  if (!bare && (clusters_.empty() || frame.source_role != MacRole::kMaskedHost)) {
    return std::nullopt;
  }
  State* state = bare ? clusters_.FindOrAdd(frame.source.tail())
                      : clusters_.Find(uint64_t{frame.source.tail()});
  if (!state) return std::nullopt;
  std::optional<Position> alone;
  if (state->awaits != 0 && AbsDiff(frame.time, state->since) > kTwin) {
    alone = state->awaits;
    state->awaits = 0;
    if (state->bare_since == 0) state->bare_since = at;
  }
  if (bare) {
    ObserveBare(*state, frame, at, may_have_twin);
  } else {
    ObserveMasked(*state, frame, at);
  }
  return alone;
}

// One machine is captured from inside, so the first twin tells the host for good: what is said of a
// frame must not change with later ones.
void MaskWatch::NoteTwin(State& state, uint8_t host_id, Position at) {
  state.awaits = 0;
  if (state.masked_since != 0) return;
  state.masked_since = at;
  state.host_id = host_id;
}

void MaskWatch::ObserveMasked(State& state, const FrameFacts& frame, Position at) {
  if (!NamesItsHost(frame)) return;
  const PacketDigest digest = DigestOnAnyInterface(frame);
  const uint8_t host_id = MaskedHostId(frame.source);
  if (digest && TakeTwin(frame, digest, host_id)) NoteTwin(state, host_id, at);
}

void MaskWatch::ObserveBare(State& state, const FrameFacts& frame, Position at,
                            bool may_have_twin) {
  if (frame.content == Content::kHeartbeat && state.bare_since == 0) state.bare_since = at;
  if (!NamesItsHost(frame)) return;
  const PacketDigest digest = DigestOnAnyInterface(frame);
  if (!digest) return;
  if (const auto masked = TakeTwin(frame, digest, 0))
    return NoteTwin(state, masked->masked_host, at);
  if (!may_have_twin) return;
  if (state.awaits != 0 || state.masked_since != 0 || state.bare_since != 0) return;
  state.awaits = at;
  state.since = frame.time;
}

// A frame has one twin: another host may answer ARP in the same bytes a moment later.
std::optional<MaskWatch::Frame> MaskWatch::TakeTwin(const FrameFacts& frame, PacketDigest digest,
                                                    uint8_t masked_host) {
  if (frames_.empty()) frames_.resize(kFrames);
  Frame& place = frames_[(digest.value >> 8) % kFrames];
  const Frame before = place;
  const bool is_twin = before.digest == digest.value && before.tail == frame.source.tail() &&
                       (before.masked_host == 0) != (masked_host == 0) &&
                       AbsDiff(frame.time, before.time) <= kTwin;
  if (is_twin) {
    place = {};
    return before;
  }
  // Of what has no identification, another host may have sent the masked one.
  if (masked_host == 0 || frame.ip.id != 0)
    place = {digest.value, frame.source.tail(), masked_host, frame.time};
  return std::nullopt;
}

std::optional<uint8_t> MaskWatch::HostBeforeMasking(MacAddress cluster_mac, Position at) const {
  if (clusters_.empty() || RoleOf(cluster_mac) != MacRole::kCluster) return std::nullopt;
  const State* state = clusters_.Find(cluster_mac.tail());
  if (!state || !Happened(state->masked_since, at)) return std::nullopt;
  return state->host_id;
}

bool MaskWatch::AwaitsTwin(MacAddress cluster_mac, Position at) const {
  const State* state = clusters_.Find(cluster_mac.tail());
  return state && (state->bare_since == 0 || state->bare_since >= at);
}

}  // namespace nlb
