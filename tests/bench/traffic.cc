// SPDX-License-Identifier: GPL-2.0-or-later
#include "traffic.h"

#include <algorithm>

#include "base/bounded_map.h"
#include "support/heartbeat_encoder.h"

namespace nlb::bench {
namespace {

constexpr size_t kFlows = 256;
constexpr size_t kNoise = 4096;
constexpr size_t kLargestFrame = 1514;
constexpr int64_t kStart = 1'700'000'000'000'000'000;
constexpr uint64_t kForwarder = 0x00155D010203;
constexpr uint32_t kNet = 0x0A000000;  // 10.0.0.0: stations
constexpr uint8_t kSyn = 0x02, kAck = 0x10, kFin = 0x01, kPush = 0x08;

// Stations have MACs of a vendor, never one that looks like NLB.
constexpr uint64_t MacOf(uint32_t station) { return 0x001A4B000000 | station; }
constexpr uint32_t ClusterIp(uint32_t cluster) { return 0xAC100000 + cluster; }  // 172.16.0.0
constexpr uint64_t MaskedMac(uint32_t host, uint32_t cluster) {
  return uint64_t{0x0200 | host} << 32 | ClusterIp(cluster);
}
constexpr uint64_t ClusterMac(uint32_t cluster) {
  return uint64_t{0x02BF} << 32 | ClusterIp(cluster);
}

}  // namespace

const std::map<std::string, Kind> kKinds = {
    {"mix", Kind::kMix},       {"tcp", Kind::kTcp},
    {"udp", Kind::kUdp},       {"ipv6", Kind::kIpv6},
    {"vlan", Kind::kVlan},     {"arp", Kind::kArp},
    {"ping", Kind::kPing},     {"heartbeat", Kind::kHeartbeat},
    {"office", Kind::kOffice}, {"cluster", Kind::kCluster},
};

Traffic::Traffic(const Options& options)
    : options_(options), random_(options.seed), flows_(kFlows), noise_(kNoise) {
  packet_.time = kStart;
  for (uint8_t& byte : noise_) byte = static_cast<uint8_t>(Random(256));
  for (Flow& flow : flows_) Restart(flow);
}

const Packet& Traffic::Next() {
  packet_.time += options_.interval;
  ++count_;
  if (!copies_.empty() && copies_.front().first <= count_) {
    packet_.bytes = std::move(copies_.front().second);
    copies_.pop_front();
    Forward();
  } else {
    Generate(options_.known && count_ <= Heartbeats() ? Kind::kHeartbeat : options_.kind);
    if (WantsCopy()) copies_.emplace_back(count_ + 1 + options_.delay, packet_.bytes);
  }
  return packet_;
}

uint32_t Traffic::Random(uint32_t below) {
  random_ += 0x9E3779B97F4A7C15;
  return static_cast<uint32_t>((Mix(random_) >> 32) * below >> 32);
}

// ---- bytes

void Traffic::Put16(uint16_t value) {
  packet_.bytes.push_back(static_cast<uint8_t>(value >> 8));
  packet_.bytes.push_back(static_cast<uint8_t>(value));
}

void Traffic::Put32(uint32_t value) {
  Put16(static_cast<uint16_t>(value >> 16));
  Put16(static_cast<uint16_t>(value));
}

void Traffic::PutMac(uint64_t mac) {
  Put16(static_cast<uint16_t>(mac >> 32));
  Put32(static_cast<uint32_t>(mac));
}

void Traffic::PutNoise(size_t length) {
  const size_t from = Random(static_cast<uint32_t>(kNoise - length));
  packet_.bytes.insert(packet_.bytes.end(), noise_.begin() + static_cast<ptrdiff_t>(from),
                       noise_.begin() + static_cast<ptrdiff_t>(from + length));
}

void Traffic::Begin(uint64_t destination, uint64_t source, uint16_t type) {
  packet_.bytes.clear();
  PutMac(destination);
  PutMac(source);
  Put16(type);
}

void Traffic::Tag(uint16_t vlan) {
  const std::vector<uint8_t> tag = {0x81, 0x00, static_cast<uint8_t>(vlan >> 8),
                                    static_cast<uint8_t>(vlan)};
  packet_.bytes.insert(packet_.bytes.begin() + 12, tag.begin(), tag.end());
}

void Traffic::PutIpv4(uint32_t source, uint32_t destination, uint8_t protocol, size_t length) {
  if (++identification_ == 0) ++identification_;  // 0 means that there is none
  Put16(0x4500);
  Put16(static_cast<uint16_t>(20 + length));
  Put16(identification_);
  Put16(0x4000);
  Put16(static_cast<uint16_t>(64 << 8 | protocol));
  Put16(0);
  Put32(source);
  Put32(destination);
}

void Traffic::PutIpv6(uint32_t source, uint32_t destination, uint8_t protocol, size_t length) {
  Put32(0x60000000);
  Put16(static_cast<uint16_t>(length));
  Put16(static_cast<uint16_t>(protocol << 8 | 64));
  for (const uint32_t station : {source, destination}) {
    Put32(0x20010DB8);
    Put32(0);
    Put32(0);
    Put32(station);
  }
}

// ---- packets

void Traffic::Restart(Flow& flow) {
  constexpr uint16_t kPorts[] = {80, 443, 445, 1433, 3389, 5001};
  flow = {};
  flow.client = 0x100 + Random(4000);
  flow.server = 0x8000 + Random(60);
  flow.client_port = static_cast<uint16_t>(49152 + Random(16384));
  flow.server_port = kPorts[Random(std::size(kPorts))];
  flow.sent[0] = Random(UINT32_MAX);
  flow.sent[1] = Random(UINT32_MAX);
  flow.steps = 6 + Random(200);
}

size_t Traffic::PayloadOf(const Flow& flow, bool from_client) {
  if (options_.frame_length > 0) return SIZE_MAX;  // as much as fits
  if (flow.step < 3 || flow.step + 1 >= flow.steps || from_client) return 0;
  return Random(3) > 0 ? SIZE_MAX : Random(1000);
}

// What one side of a session of HTTP or TLS says; of TLS the records, and no handshake.
size_t Traffic::MessageOf(const Flow& flow, bool from_client) {
  if (flow.step < 3 || flow.step + 1 >= flow.steps) return 0;
  if (from_client) return flow.step % 4 == 0 ? 100 + Random(300) : 0;
  return Random(3) > 0 ? 1400 : 100 + Random(900);
}

void Traffic::PutMessage(const Flow& flow, bool from_client, size_t length) {
  if (length == 0) return;
  constexpr uint16_t kHttp = 80;
  std::string head = "\x17\x03\x03";  // application data, TLS 1.2
  if (flow.server_port != kHttp) {
    head += static_cast<char>((length - 5) >> 8);
    head += static_cast<char>(length - 5);
  } else if (from_client) {
    const std::string rest = " HTTP/1.1\r\nHost: example.org\r\n\r\n";
    head = "GET /" + std::string(length - 5 - rest.size(), 'a') + rest;
  } else {
    constexpr size_t kHead = 41;  // with four digits
    head = "HTTP/1.1 200 OK\r\nContent-Length: ";
    head += std::to_string(10'000 + length - kHead).substr(1) + "\r\n\r\n";
  }
  packet_.bytes.insert(packet_.bytes.end(), head.begin(), head.end());
  PutNoise(length - head.size());
}

void Traffic::PutTcp(const Flow& flow, bool from_client, uint8_t flags, bool timestamps) {
  Put16(from_client ? flow.client_port : flow.server_port);
  Put16(from_client ? flow.server_port : flow.client_port);
  Put32(flow.sent[from_client ? 0 : 1]);
  Put32((flags & kAck) != 0 ? flow.sent[from_client ? 1 : 0] : 0);
  Put16(static_cast<uint16_t>((timestamps ? 0x8000 : 0x5000) | flags));
  Put16(0xFAF0);
  Put32(0);
  if (!timestamps) return;
  Put32(0x0101080A);  // two times nothing, then the option (RFC 7323 3)
  Put32(static_cast<uint32_t>(count_));
  Put32(static_cast<uint32_t>(count_ - (flags == kSyn ? count_ : 1)));
}

// A session: SYN, SYN-ACK, ACK, data and ACK in turn, FIN.
void Traffic::TcpSegment(Kind kind) {
  Flow& flow = flows_[Random(kFlows)];
  const bool from_client = flow.step % 2 == 0;
  const uint8_t flags = flow.step == 0                ? kSyn
                        : flow.step == 1              ? kSyn | kAck
                        : flow.step + 1 >= flow.steps ? kFin | kAck
                                                      : kPush | kAck;
  const uint32_t source = from_client ? flow.client : flow.server;
  const uint32_t destination = from_client ? flow.server : flow.client;
  const bool v6 = kind == Kind::kIpv6;
  const bool office = kind == Kind::kOffice;
  if (office) flow.server_port = flow.server % 2 == 0 ? 80 : 443;
  const size_t tcp = office ? 32 : 20;
  const size_t headers = 14 + (v6 ? 40 : 20) + tcp;
  const size_t frame = options_.frame_length > 0 ? options_.frame_length : kLargestFrame;
  const size_t wanted = office ? MessageOf(flow, from_client) : PayloadOf(flow, from_client);
  const size_t length = std::min(wanted, frame - std::min(frame, headers));

  Begin(MacOf(destination), MacOf(source), v6 ? 0x86DD : 0x0800);
  if (v6) {
    PutIpv6(source, destination, 6, tcp + length);
  } else {
    PutIpv4(kNet | source, kNet | destination, 6, tcp + length);
  }
  PutTcp(flow, from_client, flags, office);
  if (office) {
    PutMessage(flow, from_client, length);
  } else {
    PutNoise(length);
  }
  if (kind == Kind::kVlan) Tag(static_cast<uint16_t>(100 + flow.server % 8));

  flow.sent[from_client ? 0 : 1] += static_cast<uint32_t>(length) + ((flags & (kSyn | kFin)) != 0);
  if (++flow.step >= flow.steps) Restart(flow);
}

void Traffic::Dns(Kind kind) {
  const uint32_t client = 0x100 + Random(4000);
  constexpr uint32_t kServer = 0x8001;
  const std::string name = {7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', 0};
  size_t length = 12 + name.size() + 4;
  const size_t headers = 14 + 20 + 8;
  const size_t filler =
      options_.frame_length > headers + length ? options_.frame_length - headers - length : 0;
  length += filler;
  Begin(MacOf(kServer), MacOf(client), 0x0800);
  PutIpv4(kNet | client, kNet | kServer, 17, 8 + length);
  Put16(static_cast<uint16_t>(49152 + Random(16384)));
  Put16(kind == Kind::kUdp ? 5001 : 53);
  Put16(static_cast<uint16_t>(8 + length));
  Put16(0);
  Put16(static_cast<uint16_t>(Random(65536)));
  Put16(0x0100);
  Put32(0x00010000);
  Put32(0);
  packet_.bytes.insert(packet_.bytes.end(), name.begin(), name.end());
  Put32(0x00010001);
  PutNoise(filler);
}

void Traffic::Arp() {
  const uint32_t from = 0x100 + Random(4000), to = 0x8000 + Random(60);
  const bool reply = Random(2) == 1;
  Begin(reply ? MacOf(to) : 0xFFFFFFFFFFFF, MacOf(from), 0x0806);
  Put32(0x00010800);
  Put32(0x06040000 | (reply ? 2 : 1));
  PutMac(MacOf(from));
  Put32(kNet | from);
  PutMac(reply ? MacOf(to) : 0);
  Put32(kNet | to);
}

void Traffic::Ping() {
  const uint32_t client = 0x100 + Random(4000), server = 0x8000 + Random(60);
  Begin(MacOf(server), MacOf(client), 0x0800);
  PutIpv4(kNet | client, kNet | server, 1, 8 + 56);
  Put32(0x08000000);
  Put32(Random(UINT32_MAX));
  PutNoise(56);
}

// Of one round.
uint32_t Traffic::Heartbeats() const {
  return options_.hosts * std::max<uint32_t>(1, options_.clusters);
}

// Every cluster's hosts in turn.
void Traffic::Heartbeat() {
  constexpr uint32_t kStride = 7919;  // a prime that divides no number of clusters that is used
  const uint32_t clusters = std::max<uint32_t>(1, options_.clusters);
  const uint32_t host = turn_ % options_.hosts + 1, next = turn_ / options_.hosts % clusters;
  const uint32_t cluster = options_.shuffled ? next * kStride % clusters : next;
  const uint32_t round = turn_++ / Heartbeats();
  const auto payload = test::Encode({.host_id = host,
                                     .cluster_ip = ClusterIp(cluster),
                                     .host_ip = 0xAC200000 + 32 * cluster + host,
                                     .own_id = static_cast<uint16_t>(host - 1),
                                     .default_host_id = 1,
                                     .host_code = 0x4F3BE335 + host,
                                     .packets_handled = 1000 + round * 10});
  Begin(0xFFFFFFFFFFFF, MaskedMac(host, cluster), 0x886F);
  packet_.bytes.insert(packet_.bytes.end(), payload.begin(), payload.end());
}

// A cluster's answer with its masked source, or a client's request to the cluster MAC.
void Traffic::ClusterSegment() {
  const uint32_t client = 0x100 + Random(4000), cluster = Random(options_.clusters);
  const bool answer = Random(2) == 1;
  const uint32_t host = 1 + Random(options_.hosts);
  Flow flow;
  flow.client_port = static_cast<uint16_t>(49152 + Random(16384));
  flow.server_port = 443;
  flow.sent[0] = Random(UINT32_MAX);
  flow.sent[1] = Random(UINT32_MAX);
  Begin(answer ? MacOf(client) : ClusterMac(cluster),
        answer ? MaskedMac(host, cluster) : MacOf(client), 0x0800);
  PutIpv4(answer ? ClusterIp(cluster) : kNet | client, answer ? kNet | client : ClusterIp(cluster),
          6, 20 + 100);
  PutTcp(flow, !answer, kPush | kAck, false);
  PutNoise(100);
}

void Traffic::Mixed() {
  const uint32_t dice = Random(1000);
  if (options_.clusters > 0 && dice < 10) return dice < 2 ? Heartbeat() : ClusterSegment();
  if (dice < 50) return Arp();
  if (dice < 70) return Ping();
  if (dice < 220) return Dns(Kind::kMix);
  TcpSegment(dice < 320 ? Kind::kIpv6 : dice < 380 ? Kind::kVlan : Kind::kTcp);
}

void Traffic::Generate(Kind kind) {
  switch (kind) {
    case Kind::kMix:
      return Mixed();
    case Kind::kTcp:
    case Kind::kIpv6:
    case Kind::kVlan:
      return TcpSegment(kind);
    case Kind::kOffice:
      return Random(10) == 0 ? Dns(Kind::kMix) : TcpSegment(kind);
    case Kind::kUdp:
      return Dns(kind);
    case Kind::kArp:
      return Arp();
    case Kind::kPing:
      return Ping();
    case Kind::kHeartbeat:
      return Heartbeat();
    case Kind::kCluster:
      return ClusterSegment();
  }
}

// ---- the foreign router

bool Traffic::WantsCopy() {
  const bool ipv4 = packet_.bytes[12] == 0x08 && packet_.bytes[13] == 0x00;
  return ipv4 && Random(100) < options_.copies;
}

// Sends the last packet again to where it went, from its own MAC, one hop older.
void Traffic::Forward() {
  for (size_t i = 0; i < 6; ++i) {
    packet_.bytes[6 + i] = static_cast<uint8_t>(kForwarder >> (40 - 8 * i));
  }
  --packet_.bytes[14 + 8];
}

}  // namespace nlb::bench
