// SPDX-License-Identifier: GPL-2.0-or-later
//
// The hash behind PacketDigest. For the two files that need it, inline in both: it runs once per
// captured packet.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <cstring>

#include "facts/packet_digest.h"
#include "wire/ip_packet.h"

namespace nlb {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio (Knuth, TAOCP 6.4)

// Takes two words in; for one hash and one of the words, no two others give the same.
constexpr uint64_t Fold(uint64_t hash, uint64_t word, uint64_t other = 0) {
  hash = ((hash ^ word) * kGolden ^ other) * kGolden;
  return hash ^ hash >> 32;
}

// Everything of the key that is not transport.
[[gnu::always_inline]] inline uint64_t HashHead(const wire::IpPacket& ip, uint32_t interface_id,
                                                uint32_t layer) {
  const uint64_t place = uint64_t{interface_id} << 32 | layer << 16 | uint32_t{ip.protocol};
  const uint64_t part = uint64_t{ip.total_length} << 32 | uint64_t{ip.id} << 16 | ip.fragment;
  if (ip.source.is_v6()) {
    const uint64_t hash = Fold(Fold(place, part), ip.source.high(), ip.destination.high());
    return Fold(hash, ip.source.low(), ip.destination.low());
  }
  return Fold(~place, uint64_t{ip.source.v4()} << 32 | ip.destination.v4(), part);
}

// Of at most eight bytes, in this machine's byte order.
inline uint64_t Word(Bytes bytes, size_t at, size_t size) {
  uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, size);
  return word;
}

// What of the packet's transport part is still to be hashed, without what was folded into the hash
// already.
struct Rest {
  uint64_t hash;
  Bytes bytes;
};

// Of a TCP header that is all there. Most have no options.
[[gnu::always_inline]] inline Rest SkipTcpChecksum(Bytes all, uint64_t hash) {
  hash += Word(all, 18, 2) * kGolden;  // the urgent pointer, which is hardly ever used
  hash = Fold(hash, Word(all, 0, 8), Word(all, 8, 8));
  const size_t words = all.U8(12) >> 4;
  if (words == 5) [[likely]]
    return {hash, {}};
  return {hash, all.First(words * 4).From(20)};
}

// Folds the bytes before the checksum in, and leaves the checksum out. A capture that ends in or
// before the checksum is hashed as it stands.
[[gnu::always_inline]] inline Rest SkipChecksum(const wire::IpPacket& ip, bool whole,
                                                uint64_t hash) {
  constexpr size_t kPayload = 64;
  const Bytes all = ip.transport;
  const auto from = [&](size_t at, size_t header) __attribute__((always_inline)) {
    return whole ? all.From(at) : all.First(header + kPayload).From(at);
  };
  if (!ip.has_transport_header()) return {hash, from(0, 0)};
  if (ip.protocol == wire::kTcp) {
    if (!all.Has(0, 20)) return {hash, all.First(16)};
    return SkipTcpChecksum(all, hash);
  }
  if (ip.protocol == wire::kUdp) {
    if (!all.Has(6, 2)) return {hash, from(0, 8)};
    return {Fold(hash, Word(all, 0, 6)), from(8, 8)};
  }
  if (ip.protocol == wire::kIcmp || ip.protocol == wire::kIcmpv6) {
    if (!all.Has(2, 2)) return {hash, from(0, 8)};
    return {Fold(hash, Word(all, 0, 2)), from(4, 8)};
  }
  return {hash, from(0, 0)};
}

inline uint64_t HashOf(const Rest& rest) {
  if (rest.bytes.empty()) return rest.hash;  // TCP without options
  return XXH3_64bits_withSeed(rest.bytes.data(), rest.bytes.size(), rest.hash);
}

// Of a frame that is no IP packet.
inline PacketDigest HashBody(Bytes body, uint16_t ether_type, uint32_t interface_id,
                             uint32_t layer) {
  const uint64_t seed = uint64_t{interface_id} << 32 | layer;
  return {XXH3_64bits_withSeed(body.data(), body.size(), Fold(seed, ether_type)) | 1, false};
}

// The same as HashPacket() where a TCP header is all there.
[[gnu::always_inline]] inline PacketDigest HashTcp(const wire::IpPacket& ip, uint32_t interface_id,
                                                   uint32_t layer) {
  const Rest rest = SkipTcpChecksum(ip.transport, HashHead(ip, interface_id, layer));
  return {HashOf(rest) | 1, ip.id != 0};
}

[[gnu::always_inline]] inline PacketDigest HashPacket(const wire::IpPacket& ip,
                                                      uint32_t interface_id, uint32_t layer) {
  const bool has_identification = ip.id != 0;
  // Without an identification more than ports and length must be there: of TCP the sequence number.
  if (!ip.transport.Has(0, has_identification ? 1 : 9)) [[unlikely]]
    return {};
  const Rest rest = SkipChecksum(ip, !has_identification, HashHead(ip, interface_id, layer));
  return {HashOf(rest) | 1, has_identification};
}

}  // namespace nlb
