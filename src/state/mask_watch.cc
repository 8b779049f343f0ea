// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/mask_watch.h"

#include "facts/mac_class.h"
#include "facts/packet_digest.h"
#include "state/sighting.h"

namespace nlb {
namespace {

// What a host sends in the service of its cluster: what goes to one station.
bool IsService(const FrameFacts& frame) {
  return (frame.is_ip() || frame.content == Content::kArp) && !frame.destination.is_group();
}

}  // namespace

void MaskWatch::Observe(const Sighting& s, Transitions& out) {
  const auto alone = Learn(s.frame, s.at);
  const MacAddress mac(uint64_t{0x02BF} << 32 | s.frame.source.tail());
  if (!alone || !s.known.evidence.ClusterOfMac(mac, s.at)) return;
  const bool masks = s.known.evidence.IsMasking(mac, s.at);
  Transition seen{masks ? Event::kEarlyLeak : Event::kNotMasked, {}};
  seen.note.other = *alone;
  seen.note.set_mac(mac);
  out.push_back(seen);
}

std::optional<Position> MaskWatch::Learn(const FrameFacts& frame, Position at) {
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
    ObserveBare(*state, frame, at);
  } else if (IsTwin(frame)) {
    state->awaits = 0;
    // One machine is captured from inside, so the first twin tells the host for good: what is said
    // of a frame must not change with later ones.
    if (state->masked_since == 0) {
      state->masked_since = at;
      state->host_id = MaskedHostId(frame.source);
    }
  }
  return alone;
}

void MaskWatch::ObserveBare(State& state, const FrameFacts& frame, Position at) {
  if (frame.content == Content::kHeartbeat && state.bare_since == 0) state.bare_since = at;
  if (!IsService(frame)) return;
  const PacketDigest digest = DigestOnAnyInterface(frame);
  if (!digest) return;
  if (frames_.empty()) frames_.resize(kFrames);
  frames_[(digest.value >> 8) % kFrames] = {digest.value, frame.source.tail(), frame.time};
  if (state.awaits != 0 || state.masked_since != 0 || state.bare_since != 0) return;
  state.awaits = at;
  state.since = frame.time;
}

// A frame has one twin: another host may answer ARP in the same bytes a moment later.
bool MaskWatch::IsTwin(const FrameFacts& frame) {
  if (frames_.empty() || !IsService(frame)) return false;
  const PacketDigest digest = DigestOnAnyInterface(frame);
  Frame& before = frames_[(digest.value >> 8) % kFrames];
  const bool found = digest && before.digest == digest.value &&
                     before.tail == frame.source.tail() &&
                     AbsDiff(frame.time, before.time) <= kTwin;
  if (found) before = {};
  return found;
}

std::optional<uint8_t> MaskWatch::HostBeforeMasking(MacAddress cluster_mac, Position at) const {
  if (clusters_.empty() || RoleOf(cluster_mac) != MacRole::kCluster) return std::nullopt;
  const State* state = clusters_.Find(cluster_mac.tail());
  if (!state || state->masked_since == 0 || state->masked_since > at) return std::nullopt;
  return state->host_id;
}

bool MaskWatch::AwaitsTwin(const FrameFacts& frame, Position at) const {
  if (frame.source_role != MacRole::kCluster || !IsService(frame)) return false;
  const State* state = clusters_.Find(frame.source.tail());
  return state && (state->bare_since == 0 || state->bare_since >= at);
}

}  // namespace nlb
