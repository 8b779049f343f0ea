// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/connection_tracker.h"

#include "state/cluster_address.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"

namespace nlb {
namespace {

uint64_t KeyOf(IpAddress cluster, uint16_t cluster_port, IpAddress peer, uint16_t peer_port) {
  const uint64_t ports = uint64_t{cluster_port} << 16 | peer_port;
  return peer.Hash(cluster.Hash(ports)) | 1;  // 0 is a free slot
}

}  // namespace

void ConnectionTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  const wire::IpPacket& ip = frame.ip;
  if (s.is_copy) return;
  if (frame.heartbeat && !early_.empty()) TellEarly(s, out);
  const auto tcp = wire::TcpOf(ip);
  if (!tcp) return;
  const bool opens = tcp->is_syn() || tcp->is_syn_ack();
  if (!opens && connections_.empty()) return;
  const uint64_t key = KeyOf(ip.source, tcp->source_port, ip.destination, tcp->destination_port);
  if (!connections_.empty() && (tcp->is_syn() || tcp->is_reset())) {
    EndOther(*tcp, KeyOf(ip.destination, tcp->destination_port, ip.source, tcp->source_port));
  }
  // Whose hosts these are may be heard later.
  if (opens) return Open(s, *tcp, key);
  if (Connection& own = PlaceOf(key); own.key == key) Meddle(s, *tcp, own, out);
}

// The client resets, or opens the next connection from the same port: the one before is over.
void ConnectionTracker::EndOther(const wire::Tcp& tcp, uint64_t peers) {
  Connection& other = PlaceOf(peers);
  if (other.key != peers) return;
  const bool next = tcp.is_syn() && tcp.sequence + 1 != other.number;
  if (next || tcp.is_reset()) other = {};
}

void ConnectionTracker::NoteGap(Timestamp end, Duration gap) {
  if (gap >= kReuse) gap_end_ = end;
}

void ConnectionTracker::Open(const Sighting& s, const wire::Tcp& tcp, uint64_t key) {
  if (connections_.empty()) connections_.resize(kSlots);
  Connection& place = PlaceOf(key);
  const uint32_t number = tcp.is_syn() ? tcp.sequence : tcp.acknowledgment;
  const bool again = place.key == key && place.number == number && place.opened == tcp.is_syn();
  if (again) {
    place.disputed |= place.owner != s.frame.source;
  } else {
    place = {key, s.frame.source, s.at, s.frame.time, number, tcp.is_syn(), false, false};
  }
}

void ConnectionTracker::Meddle(const Sighting& s, const wire::Tcp& tcp, Connection& connection,
                               Transitions& out) {
  const FrameFacts& frame = s.frame;
  const EvidenceTable& evidence = s.known.evidence;
  if (frame.source == connection.owner) {
    if (tcp.is_reset()) connection = {};
    return;
  }
  // Whoever speaks first may have accepted the next connection, which the gap hides.
  if (!tcp.is_reset() && connection.time < gap_end_) {
    connection = {};
    return;
  }
  const bool counts = tcp.is_reset() ||
                      (!connection.moved && (tcp.is_fin() || wire::DataLength(frame.ip, tcp) > 0));
  if (!counts || connection.disputed) return;
  const auto owner = evidence.HostByMac(connection.owner, s.at);
  const auto meddler = evidence.HostByMac(frame.source, s.at);
  if (!owner || !meddler) return Remember(s, connection);
  if (owner->cluster != meddler->cluster) return;
  if (owner->host_id == meddler->host_id) return;
  if (!IsClusterAddress(frame.ip.source, evidence, s.known.neighbours, s.at)) return;
  connection.moved = true;
  Transition seen{Event::kConnectionMoved, {}};
  seen.note.other = connection.since;
  seen.note.detail = OtherHost{owner->host_id, connection.opened, 0}.Pack();
  seen.note.set_mac(connection.owner);
  out.push_back(seen);
}

void ConnectionTracker::Remember(const Sighting& s, const Connection& connection) {
  if (early_.empty()) early_.resize(kEarly);
  Early& early = early_[Mix(connection.owner.bits()) % kEarly];
  if (early.owner == connection.owner) return;
  early = {connection.owner, s.frame.source, s.frame.ip.source, s.at, connection.opened};
}

// A heartbeat tells one of the two, and whose address it is.
void ConnectionTracker::TellEarly(const Sighting& s, Transitions& out) {
  const EvidenceTable& evidence = s.known.evidence;
  for (Early& early : early_) {
    if (early.owner != s.frame.source && early.meddler != s.frame.source) continue;
    const auto owner = evidence.HostByMac(early.owner, s.at);
    const auto meddler = evidence.HostByMac(early.meddler, s.at);
    if (!owner || !meddler || owner->cluster != meddler->cluster) continue;
    if (owner->host_id == meddler->host_id) continue;
    if (!IsClusterAddress(early.ip, evidence, s.known.neighbours, s.at)) continue;
    Transition seen{Event::kConnectionMoved, {}};
    seen.note.other = early.at;
    seen.note.detail = OtherHost{owner->host_id, early.opened, meddler->host_id}.Pack();
    seen.note.set_mac(early.owner);
    out.push_back(seen);
    early = {};
  }
}

}  // namespace nlb
