// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/data_deliveries.h"

namespace nlb {
namespace {

constexpr size_t kUdpHeader = 8;

struct Parties {
  IpAddress client, server;
  uint16_t client_port = 0, server_port = 0;
};

uint64_t KeyOf(const Parties& of, uint64_t what) {
  const uint64_t ports = uint64_t{of.client_port} << 16 | of.server_port;
  return Mix(Mix(of.server.Hash(of.client.Hash(0)) ^ ports) ^ what) | 1;  // 0 is a free slot
}

constexpr uint64_t kConnection = uint64_t{1} << 40;  // beside sequence numbers

Parties PartiesOf(const wire::IpPacket& ip, bool answers) {
  const uint16_t from = ip.transport.Be16(0), to = ip.transport.Be16(2);
  return answers ? Parties{ip.destination, ip.source, to, from}
                 : Parties{ip.source, ip.destination, from, to};
}

// The number that a request and its answer have in common, of protocols that have one.
std::optional<uint16_t> TransactionOf(const wire::IpPacket& ip, uint16_t server_port) {
  const Bytes bytes = ip.transport.From(kUdpHeader);
  switch (server_port) {
    case 53:  // DNS (RFC 1035 4.1.1)
      if (bytes.Has(0, 2)) return bytes.Be16(0);
      break;
    case 1645:  // RADIUS (RFC 2865 3, RFC 2866 3), the first two before it had ports of its own
    case 1646:
    case 1812:
    case 1813:
      if (bytes.Has(0, 2)) return bytes.U8(1);
      break;
    default:
      break;
  }
  return std::nullopt;
}

uint64_t UdpKeyOf(const wire::IpPacket& ip, const Parties& of) {
  const auto transaction = TransactionOf(ip, of.server_port);
  return KeyOf(of, transaction ? uint64_t{*transaction} << 16 | ip.protocol : ip.protocol);
}

// 0 when not all of it was captured, and where there is none.
uint64_t PayloadOf(const wire::IpPacket& ip) {
  const Bytes bytes = ip.transport.From(kUdpHeader);
  const size_t length = ip.transport.Be16(4);  // header included
  if (length <= kUdpHeader || bytes.size() < length - kUdpHeader) return 0;
  uint64_t hash = length;
  for (size_t i = 0; i < length - kUdpHeader; ++i) hash = Mix(hash ^ bytes.U8(i));
  return hash | 1;
}

bool IsUdp(const FrameFacts& frame) {
  return frame.is_ip() && frame.ip.protocol == wire::kUdp && frame.ip.has_transport_header() &&
         frame.ip.transport.Has(0, kUdpHeader) && frame.ip.destination.is_unicast();
}

constexpr bool IsBefore(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) < 0; }

}  // namespace

DataDeliveries::Server& DataDeliveries::ServerOf(uint32_t tail, Timestamp now) {
  if (servers_.empty()) {
    servers_.resize(kServers);
    requests_.resize(kRequests);
  }
  Server& server = servers_[SlotOf(tail)];
  if (server.tail != tail || AbsDiff(now, server.last) > kWatch) server = {tail, false, now};
  return server;
}

bool DataDeliveries::IsWatched(uint32_t tail, Timestamp now) const {
  return MayWatch(tail) && AbsDiff(now, ServerAt(tail).last) <= kWatch;
}

void DataDeliveries::ObserveAgain(const Sighting& s) {
  const FrameFacts& frame = s.frame;
  const auto tcp = wire::TcpOf(frame.ip);
  if (!IsUdp(frame) && (!tcp || wire::DataLength(frame.ip, *tcp) == 0)) return;
  const Ends ends = EndsOf(frame.ip);
  Server& sender = ServerOf(ends.source, frame.time);
  sender.ignored = true;
  sender.last = frame.time;
  Server& server = ServerOf(ends.destination, frame.time);
  if (server.ignored) return;
  server.last = frame.time;
  const Parties of = PartiesOf(frame.ip, false);
  const uint64_t key = tcp ? KeyOf(of, tcp->sequence) : UdpKeyOf(frame.ip, of);
  Request& request = PlaceOf(key);
  if (request.key == key && request.again == 0) request.again = s.at;
}

std::optional<Position> DataDeliveries::ObserveFirst(const Sighting& s) {
  const FrameFacts& frame = s.frame;
  if (servers_.empty() || !frame.is_ip()) return std::nullopt;
  const Ends ends = EndsOf(frame.ip);
  const bool asks = IsWatched(ends.destination, frame.time);
  const bool answers = IsWatched(ends.source, frame.time);
  if (!asks && !answers) return std::nullopt;
  if (IsUdp(frame)) {
    if (asks) NoteUdpRequest(s);
    return answers ? JudgeUdpAnswer(s) : std::nullopt;
  }
  const auto tcp = wire::TcpOf(frame.ip);
  if (!tcp) return std::nullopt;
  if (asks) NoteSegment(s, *tcp);
  return answers ? JudgeAcknowledgment(s, *tcp) : std::nullopt;
}

void DataDeliveries::NoteUdpRequest(const Sighting& s) {
  const uint64_t key = UdpKeyOf(s.frame.ip, PartiesOf(s.frame.ip, false));
  Request& request = PlaceOf(key);
  const bool repeated = request.key == key && AbsDiff(s.frame.time, request.time) <= kAnswers;
  request = {};
  request.key = key;
  request.time = s.frame.time;
  request.repeated = repeated;
}

void DataDeliveries::NoteSegment(const Sighting& s, const wire::Tcp& tcp) {
  const uint32_t size = wire::DataLength(s.frame.ip, tcp);
  if (size == 0) return;
  const uint32_t end = tcp.sequence + size;
  const Parties of = PartiesOf(s.frame.ip, false);
  const uint64_t whole = KeyOf(of, kConnection);
  Request& connection = PlaceOf(whole);
  const bool is_new = connection.key == whole && !IsBefore(tcp.sequence, connection.end);
  const bool is_furthest = connection.key != whole || IsBefore(connection.end, end);
  if (is_furthest) {
    connection = {};
    connection.key = whole;
    connection.end = end;
  }
  const uint64_t key = KeyOf(of, tcp.sequence);
  Request& segment = PlaceOf(key);
  segment = {};
  segment.key = key;
  segment.time = s.frame.time;
  segment.end = end;
  segment.repeated = !is_new;
}

std::optional<Position> DataDeliveries::JudgeUdpAnswer(const Sighting& s) {
  const wire::IpPacket& ip = s.frame.ip;
  const Parties of = PartiesOf(ip, true);
  const uint64_t key = UdpKeyOf(ip, of);
  Request& request = PlaceOf(key);
  if (request.key != key || request.repeated || AbsDiff(s.frame.time, request.time) > kAnswers) {
    return std::nullopt;
  }
  const uint64_t payload = PayloadOf(ip);
  if (request.answerer == MacAddress()) {
    request.answerer = s.frame.source;
    request.payload = payload;
    request.id = ip.id;
    request.ttl = ip.ttl;
    return std::nullopt;
  }
  const bool same_server = request.answerer == s.frame.source && request.ttl == ip.ttl;
  const bool two_packets = request.id != 0 && ip.id != 0 && request.id != ip.id;
  const bool same_answer =
      (payload != 0 && request.payload == payload) || TransactionOf(ip, of.server_port);
  if (!same_server || !two_packets || !same_answer) return std::nullopt;
  if (request.again != 0) return request.again;
  ServerOf(EndsOf(ip).source, s.frame.time).ignored = true;
  return std::nullopt;
}

std::optional<Position> DataDeliveries::JudgeAcknowledgment(const Sighting& s,
                                                            const wire::Tcp& tcp) {
  const auto known = wire::ParseSack(s.frame.ip.transport, tcp);
  if (!known || IsBefore(tcp.acknowledgment, known->right)) return std::nullopt;
  const uint64_t key = KeyOf(PartiesOf(s.frame.ip, true), known->left);
  const Request& segment = PlaceOf(key);
  const bool same = segment.key == key && segment.end == known->right && !segment.repeated;
  if (!same || segment.again == 0 || AbsDiff(s.frame.time, segment.time) > kAnswers)
    return std::nullopt;
  return segment.again;
}

}  // namespace nlb
