// SPDX-License-Identifier: GPL-2.0-or-later
//
// Seeded traffic for measurements: the same options give the same packets, on every machine.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nlb::bench {

enum class Kind : uint8_t {
  kMix,  // TCP sessions, DNS, ARP, IPv6, VLANs, ping, and clusters if there are any
  kTcp,
  kUdp,
  kIpv6,
  kVlan,
  kArp,
  kPing,
  kOffice,  // sessions of HTTP and TLS with timestamps, and DNS
  kHeartbeat,
  kCluster,  // clients and hosts of clusters: half of the frames have masked sources
};

// "mix", "tcp", "udp", "ipv6", "vlan", "arp", "ping", "office", "heartbeat", "cluster"
extern const std::map<std::string, Kind> kKinds;

struct Options {
  uint64_t seed = 1;
  Kind kind = Kind::kMix;
  uint32_t clusters = 0;       // at most 60,000
  uint32_t hosts = 2;          // of each cluster; at most 32
  bool known = false;          // each host sends a heartbeat before anything else
  bool shuffled = false;       // the clusters' heartbeats come in no order
  uint32_t copies = 0;         // percent of the IPv4 packets that a foreign router sends again
  uint32_t delay = 0;          // packets between one of those and its copy
  uint32_t frame_length = 0;   // bytes of every TCP and UDP frame; 0: as it comes
  int64_t interval = 100'000;  // ns from frame to frame
};

struct Packet {
  int64_t time = 0;  // ns since the epoch
  std::vector<uint8_t> bytes;
};

class Traffic {
 public:
  explicit Traffic(const Options& options);
  // Valid until the next call.
  const Packet& Next();

 private:
  struct Flow {
    uint32_t client = 0, server = 0;  // the last two bytes of their addresses
    uint16_t client_port = 0, server_port = 0;
    uint32_t sent[2] = {};  // sequence numbers of client and server
    uint32_t step = 0, steps = 0;
  };

  uint32_t Random(uint32_t below);
  void Begin(uint64_t destination, uint64_t source, uint16_t type);
  void Tag(uint16_t vlan);
  void Put16(uint16_t value);
  void Put32(uint32_t value);
  void PutMac(uint64_t mac);
  void PutNoise(size_t length);
  void PutIpv4(uint32_t source, uint32_t destination, uint8_t protocol, size_t length);
  void PutIpv6(uint32_t source, uint32_t destination, uint8_t protocol, size_t length);
  void PutTcp(const Flow& flow, bool from_client, uint8_t flags, bool timestamps);
  void PutMessage(const Flow& flow, bool from_client, size_t length);
  size_t PayloadOf(const Flow& flow, bool from_client);
  size_t MessageOf(const Flow& flow, bool from_client);

  void Restart(Flow& flow);
  void TcpSegment(Kind kind);
  void Dns(Kind kind);
  void Arp();
  void Ping();
  void Heartbeat();
  void ClusterSegment();
  void Mixed();
  void Generate(Kind kind);
  bool WantsCopy();
  void Forward();
  uint32_t Heartbeats() const;

  Options options_;
  uint64_t random_;
  Packet packet_;
  std::deque<std::pair<uint64_t, std::vector<uint8_t>>> copies_;  // when they are due
  uint64_t count_ = 0;
  std::vector<Flow> flows_;
  std::vector<uint8_t> noise_;
  uint16_t identification_ = 0;
  uint32_t turn_ = 0;  // of the heartbeats
};

}  // namespace nlb::bench
