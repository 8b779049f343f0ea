// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/deliveries.h"

#include "wire/transport.h"

namespace nlb {
namespace {

// A request or one of its answers.
struct Exchange {
  const wire::IpPacket& ip;
  bool answer = false;
  uint32_t ports = 0;     // the client's first; or the numbers of an echo
  uint32_t request = 0;   // what an answer acknowledges, of TCP
  uint32_t sequence = 0;  // the server's, of a SYN-ACK

  // What both have in common.
  uint64_t Key() const {
    const IpAddress& client = answer ? ip.destination : ip.source;
    const IpAddress& server = answer ? ip.source : ip.destination;
    const uint64_t hash = server.Hash(client.Hash(0));
    return Mix(Mix(hash ^ ports) ^ (uint64_t{request} << 8 | ip.protocol)) | 1;
  }
};

constexpr uint32_t Pair(uint16_t a, uint16_t b) { return uint32_t{a} << 16 | b; }

// Pings, and the opening of a connection: what no sender repeats within the window of copies.
std::optional<Exchange> ExchangeOf(const wire::IpPacket& ip) {
  if (!ip.has_transport_header()) return std::nullopt;
  if (ip.protocol == wire::kTcp) {
    const auto tcp = wire::ParseTcp(ip.transport);
    if (!tcp) return std::nullopt;
    const uint16_t from = tcp->source_port, to = tcp->destination_port;
    if (tcp->is_syn()) return Exchange{ip, false, Pair(from, to), tcp->sequence + 1};
    if (!tcp->is_syn_ack()) return std::nullopt;
    return Exchange{ip, true, Pair(to, from), tcp->acknowledgment, tcp->sequence};
  }
  const auto echo = wire::ParseEcho(ip.protocol, ip.transport);
  if (!echo || (ip.protocol != wire::kIcmp && ip.protocol != wire::kIcmpv6)) return std::nullopt;
  return Exchange{ip, echo->reply, Pair(echo->id, echo->sequence)};
}

size_t SlotOf(uint64_t key, size_t slots) { return (key >> 8) % slots; }

uint64_t PairOf(MacAddress client, MacAddress server) {
  return Mix(Mix(client.bits()) ^ server.bits()) | 1;
}

// Of a cluster all hosts may answer, and behind a router, or unmasked, with one MAC.
bool IsOneServer(const Sighting& s) {
  if (s.frame.source_role == MacRole::kCluster) return false;
  if (!s.known.evidence.ClusterOfAddress(s.frame.ip.source, s.at)) return true;
  return s.frame.source_role == MacRole::kMaskedHost ||
         s.known.evidence.HostByStationMac(s.frame.source, s.at).has_value();
}

}  // namespace

Deliveries::Request& Deliveries::RequestOf(uint64_t key, Timestamp now) {
  if (requests_.empty()) requests_.resize(kRequests);
  Request& request = requests_[SlotOf(key, kRequests)];
  if (request.key != key || AbsDiff(now, request.time) > kAnswers) {
    request = {};
    request.key = key;
    request.time = now;
  }
  return request;
}

bool Deliveries::ObserveAgain(const Sighting& s, bool has_identification) {
  if (!s.frame.is_ip()) return false;
  if (has_identification) data_.ObserveAgain(s);
  if (const auto exchange = ExchangeOf(s.frame.ip)) {
    Request& request = RequestOf(exchange->Key(), s.frame.time);
    if (exchange->answer) {
      request.answers_doubled = true;
      return false;
    }
    if (request.again == 0) request.again = s.at;
  }
  const uint64_t pair = PairOf(s.frame.source, s.frame.destination);
  return !pairs_.empty() && pairs_[SlotOf(pair, kPairs)] == pair;
}

std::optional<Position> Deliveries::ObserveFirst(const Sighting& s) {
  const auto again = wire::IsRequestOrAnswer(s.frame.ip) ? JudgeAnswer(s) : data_.ObserveFirst(s);
  if (!again || !IsOneServer(s)) return std::nullopt;
  if (pairs_.empty()) pairs_.resize(kPairs);
  const uint64_t pair = PairOf(s.frame.destination, s.frame.source);
  pairs_[SlotOf(pair, kPairs)] = pair;
  return again;
}

std::optional<Position> Deliveries::JudgeAnswer(const Sighting& s) {
  const auto exchange = ExchangeOf(s.frame.ip);
  if (!exchange || !exchange->answer) return std::nullopt;
  Request& request = RequestOf(exchange->Key(), s.frame.time);
  if (request.answerer == MacAddress()) {
    request.answerer = s.frame.source;
    request.sequence = exchange->sequence;
    request.id = s.frame.ip.id;
    return std::nullopt;
  }
  if (request.again == 0 || request.answers_doubled || request.answerer != s.frame.source) {
    return std::nullopt;
  }
  const bool other_id = request.id != 0 && s.frame.ip.id != 0 && request.id != s.frame.ip.id;
  const bool differs = other_id || request.sequence != exchange->sequence;
  return differs ? std::optional(request.again) : std::nullopt;
}

}  // namespace nlb
