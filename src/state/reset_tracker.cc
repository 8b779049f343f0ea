// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/reset_tracker.h"

#include "state/sighting.h"

namespace nlb {
namespace {

// The same for both directions of a connection.
uint64_t KeyOf(const wire::IpPacket& ip, const wire::Tcp& tcp) {
  const auto end = [](IpAddress address, uint16_t port) { return Mix(address.Hash(0) ^ port); };
  return (end(ip.source, tcp.source_port) ^ end(ip.destination, tcp.destination_port)) | 1;
}

}  // namespace

void ResetTracker::RememberForeignCopy(const FrameFacts& frame, const ForeignCopy& copy) {
  const auto tcp = wire::TcpOf(frame.ip);
  if (!tcp) return;
  if (connections_.empty()) connections_.resize(kSlots);
  const uint64_t key = KeyOf(frame.ip, *tcp);
  connections_[(key >> 8) % kSlots] = {key, frame.time, copy};
}

void ResetTracker::Observe(const Sighting& s, Transitions& out) {
  if (s.is_same) return;
  const auto copy = CopyBeforeReset(s.frame);
  if (!copy) return;
  Transition seen{Event::kResetAfterCopy, {}};
  seen.note.other = copy->position;
  seen.note.set_mac(copy->forwarder);
  out.push_back(seen);
}

std::optional<ResetTracker::ForeignCopy> ResetTracker::Find(const FrameFacts& frame) const {
  const auto tcp = wire::TcpOf(frame.ip);
  if (!tcp || !tcp->is_reset()) return std::nullopt;
  const uint64_t key = KeyOf(frame.ip, *tcp);
  const Connection& connection = connections_[(key >> 8) % kSlots];
  if (connection.key != key || AbsDiff(frame.time, connection.time) > kAfterCopy) {
    return std::nullopt;
  }
  return connection.copy;
}

}  // namespace nlb
