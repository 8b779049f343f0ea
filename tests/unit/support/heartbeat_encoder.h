// SPDX-License-Identifier: GPL-2.0-or-later
//
// Writes heartbeats for tests. The defaults are a healthy host; name only what matters:
//   Encode(MembershipFields{.host_id = 2, .own_id = 1})
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "wire/heartbeat.h"

namespace nlb::test {

using Buffer = std::vector<uint8_t>;

template <typename Value>
using PerRule = std::array<Value, wire::kRuleSlots>;

struct MembershipFields {
  wire::Signature signature = wire::Signature::kMembership;
  uint32_t version = 0x206;
  uint32_t host_id = 1;
  uint32_t cluster_ip = 0xC0A8020A;  // 192.168.2.10
  uint32_t host_ip = 0xC0A8021E;     // 192.168.2.30
  uint16_t own_id = 0;
  uint16_t default_host_id = 0;
  uint16_t state = 1;
  uint16_t rule_count = 2;  // port 80 and the default rule
  uint32_t host_code = 0x4F3BE335;
  uint32_t packets_handled = 1000;
  uint32_t teaming = 0;
  uint32_t reserved = 0;
  PerRule<uint32_t> codes{0x61050050};
  PerRule<uint64_t> current{0x3FFFFFFF};
  PerRule<uint64_t> next{0x3FFFFFFF};
  PerRule<uint64_t> idle{};
  PerRule<uint64_t> ready{};
  PerRule<uint32_t> weights{50, 50};
  PerRule<uint32_t> reserved_tail{};
};

// Little-endian, into an array slot if there are several values.
template <typename Value>
void Put(Buffer& out, wire::Slot slot, Value value, size_t index = 0) {
  static_assert(std::is_unsigned_v<Value>);
  if (sizeof(Value) != slot.size) std::abort();  // the slot table and the field disagree
  for (size_t i = 0; i < sizeof(Value); ++i) {
    out.at(slot.At(index) + i) = static_cast<uint8_t>(static_cast<uint64_t>(value) >> 8 * i);
  }
}

template <typename Value>
void PutAll(Buffer& out, wire::Slot slot, const PerRule<Value>& values) {
  for (size_t i = 0; i < values.size(); ++i) Put(out, slot, values[i], i);
}

inline Buffer EncodeHeader(wire::Signature signature, uint32_t version, uint32_t host_id,
                           uint32_t cluster_ip, uint32_t host_ip) {
  Buffer out(wire::kHeaderSize);
  Put(out, wire::slot::kSignature, static_cast<uint32_t>(signature));
  Put(out, wire::slot::kVersion, version);
  Put(out, wire::slot::kHostId, host_id);
  IpAddress::V4(cluster_ip).Write(out.data() + wire::slot::kClusterIp.offset);
  IpAddress::V4(host_ip).Write(out.data() + wire::slot::kHostIp.offset);
  return out;
}

// The payload behind the EtherType: 1496 bytes.
inline Buffer Encode(const MembershipFields& f) {
  namespace slot = wire::slot;
  Buffer out = EncodeHeader(f.signature, f.version, f.host_id, f.cluster_ip, f.host_ip);
  out.resize(wire::kMembershipSize);
  Put(out, slot::kOwnId, f.own_id);
  Put(out, slot::kDefaultHostId, f.default_host_id);
  Put(out, slot::kState, f.state);
  Put(out, slot::kRuleCount, f.rule_count);
  Put(out, slot::kHostCode, f.host_code);
  Put(out, slot::kPacketsHandled, f.packets_handled);
  Put(out, slot::kTeaming, f.teaming);
  Put(out, slot::kReserved, f.reserved);
  PutAll(out, slot::kRuleCodes, f.codes);
  PutAll(out, slot::kCurrentMaps, f.current);
  PutAll(out, slot::kNewMaps, f.next);
  PutAll(out, slot::kIdleMaps, f.idle);
  PutAll(out, slot::kReadyMaps, f.ready);
  PutAll(out, slot::kLoadWeights, f.weights);
  PutAll(out, slot::kReservedTail, f.reserved_tail);
  return out;
}

// A record with its length in units of 8 bytes, filled up with zeros.
inline Buffer EncodeRecord(uint8_t type, const Buffer& value) {
  const size_t used = wire::kRecordHead + value.size();
  Buffer out((used + wire::kRecordUnit - 1) / wire::kRecordUnit * wire::kRecordUnit);
  std::copy(value.begin(), value.end(), out.begin() + wire::kRecordHead);
  out[0] = type;
  out[1] = static_cast<uint8_t>(out.size() / wire::kRecordUnit);
  return out;
}

// name: characters of the Basic Multilingual Plane.
inline Buffer HostNameRecord(std::u16string_view name) {
  Buffer value;
  for (const char16_t unit : name) {
    value.push_back(static_cast<uint8_t>(unit));
    value.push_back(static_cast<uint8_t>(unit >> 8));
  }
  value.insert(value.end(), {0, 0});
  return EncodeRecord(wire::kRecordHostName, value);
}

inline Buffer AddressRecord(IpAddress address) {
  Buffer value(address.is_v4() ? 6 : 18);
  value[0] = address.is_v4() ? wire::kFamilyIpv4 : wire::kFamilyIpv6;
  address.Write(value.data() + 2);
  return EncodeRecord(wire::kRecordAddress, value);
}

// An identity heartbeat, of the same host as MembershipFields by default.
inline Buffer EncodeIdentity(std::initializer_list<Buffer> records, uint32_t host_id = 1,
                             uint32_t cluster_ip = 0xC0A8020A, uint32_t host_ip = 0xC0A8021E) {
  Buffer out = EncodeHeader(wire::Signature::kIdentity, 0x206, host_id, cluster_ip, host_ip);
  for (const Buffer& record : records) out.insert(out.end(), record.begin(), record.end());
  return out;
}

}  // namespace nlb::test
