// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/leak_tracker.h"

#include "facts/packet_digest.h"
#include "state/mask_watch.h"
#include "state/sighting.h"

namespace nlb {
namespace {

// Enough to tell a packet that comes once more, from its masked MAC: the capture sees a host's
// frames before NLB masks them, too. What is no packet is told by its first bytes.
uint64_t HashOf(const FrameFacts& frame) {
  if (const PacketDigest digest = DigestOnAnyInterface(frame)) return digest.value;
  constexpr size_t kMaxBytes = 64;
  const Bytes payload = frame.payload;
  uint64_t hash = payload.size();
  for (size_t i = 0; i < payload.size() && i < kMaxBytes; ++i) hash = Mix(hash ^ payload.U8(i));
  return hash;
}

bool MayProve(const FrameFacts& frame) {
  return frame.source_role == MacRole::kMaskedHost || frame.content == Content::kHeartbeat;
}

}  // namespace

bool IsClusterTraffic(const FrameFacts& frame) {
  return frame.content != Content::kOther || frame.ether_type == wire::kTypeIpv4 ||
         frame.ether_type == wire::kTypeIpv6 || frame.ether_type == wire::kTypeArp;
}

bool RarpNamesItsSource(const FrameFacts& frame) {
  constexpr size_t kSender = 8, kTarget = 18;
  if (frame.ether_type != wire::kTypeRarp || !frame.payload.Has(0, 28)) return false;
  return MacAddress::Read(frame.payload, kSender) == frame.source ||
         MacAddress::Read(frame.payload, kTarget) == frame.source;
}

void LeakTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  const EvidenceTable& evidence = s.known.evidence;
  if (frame.source_role == MacRole::kCluster && frame.content != Content::kHeartbeat) {
    return Remember(s);
  }
  if (early_.empty() || !MayProve(frame)) return;
  // Heartbeats in multicast mode come from the station's MAC and go to 03-BF.
  const MacAddress maker = frame.source_role == MacRole::kNone ? frame.destination : frame.source;
  const MacAddress mac = UnicastClusterMac(maker.tail());
  Early& early = PlaceOf(mac);
  if (early.first == 0 || early.mac != mac) return;
  if (early.payload == HashOf(frame)) {
    early = {};
    return;
  }
  if (!evidence.ClusterOfMac(mac, s.at)) return;
  if (!early.other_protocol && !evidence.IsMasking(mac, s.at)) return;
  Transition seen{Event::kEarlyLeak, {}};
  seen.note.other = early.first;
  seen.note.set_mac(mac);
  out.push_back(seen);
  early = {};
}

// What is told at once needs no other frame.
void LeakTracker::Remember(const Sighting& s) {
  const FrameFacts& frame = s.frame;
  const EvidenceTable& evidence = s.known.evidence;
  if (IsService(frame)) return;
  const bool other = !IsClusterTraffic(frame);
  const bool proven = evidence.ClusterOfMac(frame.source, s.at).has_value();
  if (proven && (other || evidence.IsMasking(frame.source, s.at))) return;
  if (other && RarpNamesItsSource(frame)) return;
  if (early_.empty()) early_.resize(kSlots);
  Early& early = PlaceOf(frame.source);
  if (early.mac == frame.source && early.first != 0) return;
  early = {frame.source, s.at, HashOf(frame), other};
}

}  // namespace nlb
