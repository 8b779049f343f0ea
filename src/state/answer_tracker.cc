// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/answer_tracker.h"

#include <bit>

#include "state/cluster_address.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"
#include "wire/cooked.h"
#include "wire/transport.h"

namespace nlb {
namespace {

using namespace std::chrono_literals;

// No stack repeats a SYN faster (RFC 6298: 1 s at first); what comes sooner is a copy.
constexpr Duration kRepetition = 500ms;
// Windows tries a refused connection three times within a second: where the refusals go another way
// than the capture sees, that looks the same. Unanswered, the third try comes after 3 s.
constexpr Duration kRefusedTries = 1500ms;

// For fixed tables of one slot for each hash: who makes two of his own connections share a slot
// loses findings on them and costs no time, so this hash has no salt.
uint64_t Hash(IpAddress a, IpAddress b, uint32_t c, uint64_t d) {
  const uint64_t hash = b.Hash(a.Hash(0));
  return Mix(Mix(hash ^ c) ^ d) | 1;  // 0 is a free slot
}

uint32_t Ports(uint16_t first, uint16_t second) {
  return static_cast<uint32_t>(first) << 16 | second;
}

// The station that an answer reaches.
uint64_t PlaceOf(const FrameFacts& frame) {
  return Mix(frame.destination.bits()) ^ static_cast<uint64_t>(frame.segment.interface_id) << 8 ^
         frame.segment.layer;
}

}  // namespace

void AnswerTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  const Position at = s.at;
  const EvidenceTable& evidence = s.known.evidence;
  const Neighbours& neighbours = s.known.neighbours;
  if (s.is_copy) return;
  if (!early_.empty()) TellEarly(s, out);
  if (evidence.knows_clusters()) ObserveView(frame, at, evidence, neighbours);
  if (!frame.is_ip() || !wire::IsRequestOrAnswer(frame.ip)) return;
  const wire::IpPacket& ip = frame.ip;
  if (!ip.has_transport_header()) return;
  if (ip.protocol == wire::kTcp) {
    ObserveTcp(frame, at, evidence, neighbours, out);
  } else if (ip.protocol == wire::kIcmp || ip.protocol == wire::kIcmpv6) {
    const auto echo = wire::ParseEcho(ip.protocol, ip.transport);
    if (!echo || !echo->reply) return;
    const uint64_t key =
        Hash(ip.source, ip.destination, Ports(echo->id, echo->sequence), ip.protocol);
    Transition seen{Event::kDuplicateReply, {}};
    if (!ObserveAnswer(frame, at, key, 0, evidence, seen)) return;
    Judge(frame, at, IsClusterAddress(ip.source, evidence, neighbours, at), seen, out);
  }
}

// A second answer is told where it comes, or by the frame that proves whose address it is.
void AnswerTracker::Judge(const FrameFacts& frame, Position at, bool is_cluster, Transition& seen,
                          Transitions& out) {
  if (is_cluster) return out.push_back(seen);
  if (early_.empty()) early_.resize(kEarly);
  Early& early = EarlyOf(frame.ip.source);
  if (early.ip == frame.ip.source) return;
  seen.note.other = at;
  seen.note.detail = frame.source.bits();
  early = {frame.ip.source, seen};
}

// Heartbeats and claims prove an address, and so does the traffic of a further one.
void AnswerTracker::TellEarly(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  if (frame.heartbeat) return TellEarly(s, frame.heartbeat->cluster_ip, out);
  if (frame.claim) return TellEarly(s, frame.claim->ip, out);
  if (!frame.is_ip()) return;
  TellEarly(s, frame.ip.source, out);
  TellEarly(s, frame.ip.destination, out);
}

void AnswerTracker::TellEarly(const Sighting& s, IpAddress ip, Transitions& out) {
  Early& early = EarlyOf(ip);
  if (early.ip != ip || !IsClusterAddress(ip, s.known.evidence, s.known.neighbours, s.at)) return;
  out.push_back(early.seen);
  early = {};
}

// By what is not flooded.
void AnswerTracker::ObserveView(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                                const Neighbours& neighbours) {
  if (frame.destination.is_group() || frame.destination_role != MacRole::kNone) return;
  const bool is_answer = frame.is_ip() && wire::IsRequestOrAnswer(frame.ip);
  if (!is_answer && !frame.claim) return;
  const bool as_cluster = frame.source_role == MacRole::kCluster;
  const auto sender = evidence.HostByMac(frame.source, at);
  const auto cluster = sender ? std::nullopt : evidence.ClusterOfMac(frame.source, at);
  if (sender || (as_cluster && cluster)) {
    View* view = views_.FindOrAdd(sender ? sender->cluster : cluster->cluster);
    if (!view) return;
    view->hosts |= as_cluster ? ~uint64_t{0} : uint64_t{1} << (sender->host_id & 63);
  } else if (is_answer && !others_talk_ && !cluster && frame.source_role == MacRole::kNone) {
    const auto tcp = wire::TcpOf(frame.ip);
    others_talk_ = tcp && tcp->is_syn_ack() && !evidence.HostByMac(frame.destination, at) &&
                   !evidence.IsHostAddress(frame.ip.source, at) &&
                   !IsClusterAddress(frame.ip.source, evidence, neighbours, at);
  }
}

void AnswerTracker::ObserveAccept(const FrameFacts& frame, uint16_t port, IpAddress cluster) {
  Timestamp* last = cluster_answered_.FindOrAdd({frame.ip.source, port});
  if (last) *last = frame.time;
  View* view = views_.FindOrAdd(cluster);
  if (!view) return;
  if (view->answered == MacAddress()) view->answered = frame.destination;
  view->several |= view->answered != frame.destination;
  view->stations |= uint64_t{1} << (Mix(frame.source.bits()) & 63);
}

bool AnswerTracker::WouldSeeAnswer(const FrameFacts& syn, IpAddress cluster,
                                   const EvidenceTable& evidence) const {
  const View* view = views_.Find(cluster);
  if (!view) return false;
  if (view->several) {
    const uint64_t heard = evidence.HeardHosts(cluster);
    const bool all = heard != 0 ? (heard & ~view->hosts) == 0 : std::popcount(view->stations) > 1;
    return others_talk_ || all;
  }
  const bool of_this_machine = wire::IsFromUs(syn.destination) && wire::IsToUs(view->answered);
  return view->answered == syn.source || of_this_machine;
}

void AnswerTracker::ObserveTcp(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                               const Neighbours& neighbours, Transitions& out) {
  const auto tcp = wire::ParseTcp(frame.ip.transport);
  if (!tcp || (!tcp->is_syn() && !tcp->is_syn_ack() && !tcp->is_reset())) return;
  const wire::IpPacket& ip = frame.ip;
  if (tcp->is_syn()) {
    ObserveSyn(frame, at, *tcp, evidence, neighbours, out);
    return;
  }
  const uint64_t connection =
      Hash(ip.destination, ip.source, Ports(tcp->destination_port, tcp->source_port), 0);
  if (!requests_.empty()) {
    Request& request = requests_[SlotOf(connection)];
    if (request.connection == connection) request.answered = true;
  }
  if (!tcp->is_syn_ack()) return;
  const uint64_t key = Hash(ip.source, ip.destination,
                            Ports(tcp->source_port, tcp->destination_port), tcp->acknowledgment);
  Transition seen{Event::kTwoHostsAnswer, {}};
  const bool second = ObserveAnswer(frame, at, key, tcp->sequence, evidence, seen);
  const auto cluster = ClusterOfAddress(ip.source, evidence, neighbours, at);
  if (second) Judge(frame, at, cluster.has_value(), seen, out);
  if (!cluster) return;
  ObserveAccept(frame, tcp->source_port, cluster->cluster);
}

// The answers of known hosts are compared wherever they go. Those of others are where they reach
// one station: what goes on to another was routed, or answered anew by a box in between. The first
// answer may have come before its sender was known to be a host.
bool AnswerTracker::ObserveAnswer(const FrameFacts& frame, Position at, uint64_t key,
                                  uint32_t sequence, const EvidenceTable& evidence,
                                  Transition& seen) {
  if (answers_.empty()) answers_.resize(kSlots);
  // A reply may have the numbers of a SYN-ACK.
  key = Mix(key ^ static_cast<uint64_t>(seen.event));
  const uint64_t here = Mix(key ^ PlaceOf(frame)) | 1;
  const bool is_host = evidence.HostByMac(frame.source, at).has_value();
  const uint64_t wanted = is_host ? key | 1 : here;
  Answer* answer = &answers_[SlotOf(wanted)];
  const auto matches = [&](const Answer& a, uint64_t its_key) {
    return a.key == its_key && AbsDiff(frame.time, a.time) <= kSecondAnswer;
  };
  if (is_host && !matches(*answer, wanted) && matches(answers_[SlotOf(here)], here)) {
    answer = &answers_[SlotOf(here)];
  } else if (!matches(*answer, wanted)) {
    answer->key = wanted;
    answer->time = frame.time;
    answer->source = frame.source.bits();
    answer->id = frame.ip.id;
    answer->position = at;
    answer->sequence = sequence;
    return false;
  }
  const MacAddress first(answer->source);
  if (first == frame.source) return false;
  // One SYN-ACK has one sequence number, a copy's or a repetition's too; one reply to a ping has
  // one identification, also when it comes late by another way.
  const bool same = seen.event == Event::kTwoHostsAnswer
                        ? answer->sequence == sequence
                        : frame.ip.id != 0 && answer->id == frame.ip.id;
  if (same) return false;
  seen.note.other = answer->position;
  seen.note.set_mac(first);
  return true;
}

void AnswerTracker::ObserveSyn(const FrameFacts& frame, Position at, const wire::Tcp& tcp,
                               const EvidenceTable& evidence, const Neighbours& neighbours,
                               Transitions& out) {
  const wire::IpPacket& ip = frame.ip;
  // A further address is known by its first answer, and the question came before.
  if (!evidence.ClusterOfMac(frame.destination, at) &&
      !IsClusterAddress(ip.destination, evidence, neighbours, at)) {
    return;
  }
  if (requests_.empty()) requests_.resize(kSlots);
  const uint64_t connection =
      Hash(ip.source, ip.destination, Ports(tcp.source_port, tcp.destination_port), 0);
  Request& request = requests_[SlotOf(connection)];
  const uint64_t key = Mix(connection ^ tcp.sequence) | 1;
  if (request.key != key) {
    request = {key, connection, frame.time, frame.time, at, 1, false};
    return;
  }
  if (AbsDiff(frame.time, request.last) < kRepetition) return;
  request.last = frame.time;
  ++request.count;
  if (request.count < 3 || request.answered || request.told) return;
  if (AbsDiff(frame.time, request.since) < kRefusedTries) return;
  const Timestamp* answered = cluster_answered_.Find({ip.destination, tcp.destination_port});
  if (!answered || AbsDiff(frame.time, *answered) > kClusterAnswers) return;
  const auto cluster = ClusterOfAddress(ip.destination, evidence, neighbours, at);
  if (!cluster || !WouldSeeAnswer(frame, cluster->cluster, evidence)) return;
  request.told = true;
  Transition seen{Event::kUnansweredSyn, {}};
  seen.note.other = request.first;
  out.push_back(seen);
}

}  // namespace nlb
