// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/further_addresses.h"

namespace nlb {
namespace {

// What stacks start with (Windows 128, Linux 64, network boxes 255).
constexpr bool IsFirstTtl(uint8_t ttl) { return ttl == 64 || ttl == 128 || ttl == 255; }

}  // namespace

FurtherAddresses::Candidate& FurtherAddresses::CandidateOf(IpAddress ip, const Segment& segment) {
  if (candidates_.empty()) candidates_.resize(kSlots);
  const uint64_t place = ip.Hash(static_cast<uint64_t>(segment.interface_id) << 8 ^ segment.layer);
  Candidate& candidate = candidates_[(place >> 8) % kSlots];
  const bool same = candidate.ip == ip && candidate.interface_id == segment.interface_id &&
                    candidate.layer == segment.layer;
  if (!same) {
    candidate = {};
    candidate.ip = ip;
    candidate.interface_id = segment.interface_id;
    candidate.layer = segment.layer;
  }
  return candidate;
}

bool FurtherAddresses::SeeRequest(const FrameFacts& frame, IpAddress cluster, Position at) {
  if (known_.Find(frame.ip.destination)) return false;
  Candidate& candidate = CandidateOf(frame.ip.destination, frame.segment);
  candidate.requested_of = cluster;
  candidate.request_vlan = frame.segment.vlan;
  return Judge(candidate, at);
}

bool FurtherAddresses::SeeAnswer(const FrameFacts& frame, const Sender& sender, Position at) {
  if (!IsFirstTtl(frame.ip.ttl) || known_.Find(frame.ip.source)) return false;
  Candidate& candidate = CandidateOf(frame.ip.source, frame.segment);
  if (candidate.sent_by != sender.cluster) {
    candidate.sent_by = sender.cluster;
    candidate.host = sender.host;
    candidate.two_hosts = false;
    candidate.own_address_is_known = false;
  }
  // Of host 0 no more is known than its cluster: it may be the other one.
  if (candidate.host == 0) candidate.host = sender.host;
  candidate.two_hosts |= candidate.host != sender.host && sender.host != 0;
  candidate.own_address_is_known |= sender.own_address_is_known;
  candidate.answer_vlan = frame.segment.vlan;
  return Judge(candidate, at);
}

bool FurtherAddresses::Judge(const Candidate& candidate, Position at) {
  const bool both =
      candidate.requested_of.version() != 0 && candidate.requested_of == candidate.sent_by;
  if (!both || wire::InDifferentVlans(candidate.request_vlan, candidate.answer_vlan)) return false;
  if (!candidate.two_hosts && !candidate.own_address_is_known) return false;
  uint32_t* count = counts_.FindOrAdd(candidate.sent_by);
  if (!count || *count >= kMaxOfOneCluster) return false;
  Known* known = known_.FindOrAdd(candidate.ip);
  if (!known) return false;
  ++*count;
  *known = {candidate.sent_by, at, 0};
  return true;
}

void FurtherAddresses::Exclude(IpAddress ip, Position at) {
  Known* known = known_.Find(ip);
  if (known && known->until == 0) known->until = at;
}

std::optional<FurtherAddresses::Known> FurtherAddresses::Find(IpAddress ip, Position at) const {
  if (known_.empty()) return std::nullopt;
  const Known* known = known_.Find(ip);
  if (!known || known->since > at || (known->until != 0 && known->until <= at)) return std::nullopt;
  return *known;
}

}  // namespace nlb
