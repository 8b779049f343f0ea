// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/packet_digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace nlb {
namespace {

constexpr size_t kPayloadBytes = 64;
constexpr size_t kLongestTransportHeader = 60;  // TCP with all options
constexpr size_t kNoChecksum = SIZE_MAX;

struct TransportShape {
  size_t header;    // bytes
  size_t checksum;  // offset of two bytes, or kNoChecksum
};

TransportShape ShapeOf(const wire::IpPacket& ip) {
  if (!ip.has_transport_header()) return {0, kNoChecksum};
  switch (ip.protocol) {
    case wire::kTcp:
      if (!ip.transport.Has(12, 1)) return {20, 16};
      return {std::max<size_t>(20, (ip.transport.U8(12) >> 4) * size_t{4}), 16};
    case wire::kUdp:
      return {8, 6};
    case wire::kIcmp:
    case wire::kIcmpv6:
      return {8, 2};
    default:
      return {0, kNoChecksum};
  }
}

// Everything of the key that is not transport: fixed size, no padding.
struct Head {
  uint64_t source[2];
  uint64_t destination[2];
  uint32_t total_length;
  uint16_t id;
  uint16_t fragment;
  uint32_t interface_id;
  uint16_t layer;
  uint8_t protocol;
  uint8_t version;
};
static_assert(sizeof(Head) == 48);

Head HeadOf(const FrameFacts& facts) {
  const wire::IpPacket& ip = facts.ip;
  return {{ip.source.high(), ip.source.low()},
          {ip.destination.high(), ip.destination.low()},
          ip.total_length,
          ip.id,
          ip.fragment,
          facts.segment.interface_id,
          static_cast<uint16_t>(facts.segment.layer),
          ip.protocol,
          static_cast<uint8_t>(ip.source.version())};
}

// Copies the key's transport part behind the head and blanks the checksum.
uint64_t HashBounded(const Head& head, Bytes transport, const TransportShape& shape) {
  uint8_t key[sizeof(Head) + kLongestTransportHeader + kPayloadBytes];
  std::memcpy(key, &head, sizeof head);
  const Bytes part = transport.First(shape.header + kPayloadBytes);
  std::memcpy(key + sizeof head, part.data(), part.size());
  if (part.Has(shape.checksum, 2)) std::memset(key + sizeof head + shape.checksum, 0, 2);
  return XXH3_64bits(key, sizeof head + part.size());
}

// The same for a packet whose whole payload counts: the long part is hashed where it stands.
uint64_t HashWhole(const Head& head, Bytes transport, const TransportShape& shape) {
  const uint64_t bounded = HashBounded(head, transport, shape);
  const Bytes rest = transport.From(shape.header + kPayloadBytes);
  return rest.empty() ? bounded : XXH3_64bits_withSeed(rest.data(), rest.size(), bounded);
}

}  // namespace

std::optional<PacketDigest> DigestOf(const FrameFacts& facts) {
  const wire::IpPacket& ip = facts.ip;
  if (ip.transport.empty()) return std::nullopt;
  const TransportShape shape = ShapeOf(ip);
  const bool has_identification = ip.id != 0;
  const Head head = HeadOf(facts);
  return PacketDigest{has_identification ? HashBounded(head, ip.transport, shape)
                                         : HashWhole(head, ip.transport, shape),
                      has_identification};
}

}  // namespace nlb
