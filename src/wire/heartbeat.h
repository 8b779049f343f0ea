// SPDX-License-Identifier: GPL-2.0-or-later
//
// The heartbeat of Network Load Balancing: bytes to values. Knows the layout and where it can lie;
// knows no time, no other frame and no drawing. Layout, sources and grades of evidence:
// docs/format.md.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/ip.h"

namespace nlb::wire {

// ---- layout -------------------------------------------------------------------------------------

// `count` values of `size` bytes each, from `offset` behind the EtherType on.
struct Slot {
  uint16_t offset = 0;
  uint16_t size = 0;
  uint16_t count = 1;
  constexpr size_t At(size_t index) const { return offset + index * size; }
  constexpr size_t end() const { return At(count); }
};

inline constexpr size_t kRuleSlots =
    33;  // 32 port rules and the default rule behind the last of them
inline constexpr uint32_t kHighestHostId = 32;

namespace slot {
// Header, common to the three signatures.
inline constexpr Slot kSignature{0, 4};
inline constexpr Slot kVersion{4, 4};
inline constexpr Slot kHostId{8, 4};
inline constexpr Slot kClusterIp{12, 4};
inline constexpr Slot kHostIp{16, 4};
// Membership heartbeat.
inline constexpr Slot kOwnId{20, 2};
inline constexpr Slot kDefaultHostId{22, 2};
inline constexpr Slot kState{24, 2};
inline constexpr Slot kRuleCount{26, 2};
inline constexpr Slot kHostCode{28, 4};
inline constexpr Slot kPacketsHandled{32, 4};
inline constexpr Slot kTeaming{36, 4};
inline constexpr Slot kReserved{40, 4};
inline constexpr Slot kRuleCodes{44, 4, kRuleSlots};
inline constexpr Slot kCurrentMaps{176, 8, kRuleSlots};
inline constexpr Slot kNewMaps{440, 8, kRuleSlots};
inline constexpr Slot kIdleMaps{704, 8, kRuleSlots};
inline constexpr Slot kReadyMaps{968, 8, kRuleSlots};
inline constexpr Slot kLoadWeights{1232, 4, kRuleSlots};
inline constexpr Slot kReservedTail{1364, 4, kRuleSlots};
}  // namespace slot

inline constexpr auto kMembershipLayout = std::to_array<Slot>(
    {slot::kSignature, slot::kVersion,   slot::kHostId,         slot::kClusterIp,
     slot::kHostIp,    slot::kOwnId,     slot::kDefaultHostId,  slot::kState,
     slot::kRuleCount, slot::kHostCode,  slot::kPacketsHandled, slot::kTeaming,
     slot::kReserved,  slot::kRuleCodes, slot::kCurrentMaps,    slot::kNewMaps,
     slot::kIdleMaps,  slot::kReadyMaps, slot::kLoadWeights,    slot::kReservedTail});

// Where the last slot ends. A gap or an overlap does not compile.
consteval size_t EndOf(std::span<const Slot> layout) {
  size_t end = 0;
  for (const Slot& one : layout) {
    if (one.offset != end) throw "gap or overlap in the layout";
    end = one.end();
  }
  return end;
}

inline constexpr size_t kHeaderSize = slot::kHostIp.end();
inline constexpr size_t kMembershipSize = EndOf(kMembershipLayout);
static_assert(kHeaderSize == 20 && kMembershipSize == 1496);

enum class Signature : uint32_t {
  kMembership = 0xC0DE01BF,
  kIdentity = 0xC0DE01C0,
  kReliable = 0xC0DE01DE,  // nothing but the header is known
};

// Nothing when fewer than four bytes were captured, or for anybody else on this EtherType (Xbox,
// LQSR).
constexpr std::optional<Signature> ReadSignature(Bytes payload) {
  if (!payload.Has(0, slot::kSignature.size)) return std::nullopt;
  const auto signature = static_cast<Signature>(payload.Le32(0));
  switch (signature) {
    case Signature::kMembership:
    case Signature::kIdentity:
    case Signature::kReliable:
      return signature;
  }
  return std::nullopt;
}

// ---- view ---------------------------------------------------------------------------------------

// Every accessor returns nothing when the capture ends before its value.
class HeartbeatView {
 public:
  // Nothing without a known signature. A wire length below the captured one is a mistake of the
  // recorder: the bytes that are here were on the wire.
  static constexpr std::optional<HeartbeatView> Of(Bytes payload, size_t wire_len) {
    const std::optional<Signature> signature = ReadSignature(payload);
    if (!signature) return std::nullopt;
    return HeartbeatView(*signature, payload, std::max(wire_len, payload.size()));
  }

  constexpr Signature signature() const { return signature_; }
  constexpr Bytes bytes() const { return payload_; }
  constexpr size_t captured_len() const { return payload_.size(); }
  constexpr size_t wire_len() const { return wire_len_; }
  constexpr bool Has(Slot slot, size_t index = 0) const {
    return index < slot.count && payload_.Has(slot.At(index), slot.size);
  }

  constexpr std::optional<uint32_t> version() const { return U32(slot::kVersion); }
  constexpr std::optional<uint32_t> host_id() const { return U32(slot::kHostId); }
  constexpr std::optional<IpAddress> cluster_ip() const { return Ip(slot::kClusterIp); }
  constexpr std::optional<IpAddress> host_ip() const { return Ip(slot::kHostIp); }

  // Membership heartbeats only.
  constexpr std::optional<uint16_t> own_id() const { return U16(slot::kOwnId); }  // from zero
  constexpr std::optional<uint16_t> default_host_id() const {                     // from zero
    return U16(slot::kDefaultHostId);
  }
  constexpr std::optional<uint16_t> state() const { return U16(slot::kState); }
  constexpr std::optional<uint16_t> rule_count() const { return U16(slot::kRuleCount); }
  constexpr std::optional<uint32_t> host_code() const { return U32(slot::kHostCode); }
  constexpr std::optional<uint32_t> packets_handled() const { return U32(slot::kPacketsHandled); }
  constexpr std::optional<uint32_t> teaming() const { return U32(slot::kTeaming); }
  constexpr std::optional<uint32_t> rule_code(size_t rule) const {
    return U32(slot::kRuleCodes, rule);
  }
  constexpr std::optional<uint64_t> map(Slot maps, size_t rule) const { return U64(maps, rule); }
  constexpr std::optional<uint32_t> load_weight(size_t rule) const {
    return U32(slot::kLoadWeights, rule);
  }
  // How many of the rule slots hold a rule: rule_count, as far as there are slots.
  constexpr size_t rules() const { return std::min<size_t>(rule_count().value_or(0), kRuleSlots); }

  // Shorter than its layout on the wire. No sender does that: a packet broker or a tunnel cut the
  // frame, and the length it had is lost.
  constexpr size_t needed_len() const {
    return signature_ == Signature::kMembership ? kMembershipSize : kHeaderSize;
  }
  constexpr bool too_short() const { return wire_len_ < needed_len(); }
  // Behind the header of a frame that is too short stands a heartbeat that was cut, and no padding.
  constexpr bool body_is_padding() const {
    if (!too_short() || !host_id() || !own_id()) return false;
    return *own_id() + 1u != *host_id() || host_code().value_or(1) == 0;
  }

  // Malformed: what the sender wrote cannot be right. An adapter on which NLB was not set up names
  // no cluster, and may have no ID either.
  constexpr bool host_id_lies() const {
    if (!host_id()) return false;
    const bool is_set_up = cluster_ip() && !cluster_ip()->is_unspecified();
    return *host_id() > kHighestHostId || (*host_id() == 0 && is_set_up);
  }
  constexpr bool rule_count_lies() const {
    return signature_ == Signature::kMembership && !body_is_padding() && rule_count() &&
           *rule_count() > kRuleSlots;
  }

  // Cut by the capture or on the wire: the sender wrote more of the heartbeat than was recorded.
  // What stands behind the layout of a membership heartbeat (padding, FCS) is not missed.
  constexpr bool cut() const {
    if (signature_ == Signature::kMembership) return captured_len() < kMembershipSize;
    return captured_len() < std::max(wire_len_, kHeaderSize);
  }

 private:
  constexpr HeartbeatView(Signature signature, Bytes payload, size_t wire_len)
      : signature_(signature), payload_(payload), wire_len_(wire_len) {}

  constexpr std::optional<uint16_t> U16(Slot slot) const {
    if (!Has(slot)) return std::nullopt;
    return payload_.Le16(slot.offset);
  }
  constexpr std::optional<uint32_t> U32(Slot slot, size_t index = 0) const {
    if (!Has(slot, index)) return std::nullopt;
    return payload_.Le32(slot.At(index));
  }
  constexpr std::optional<uint64_t> U64(Slot slot, size_t index) const {
    if (!Has(slot, index)) return std::nullopt;
    return payload_.Le64(slot.At(index));
  }
  constexpr std::optional<IpAddress> Ip(Slot slot) const {
    if (!Has(slot)) return std::nullopt;
    return IpAddress::ReadV4(payload_, slot.offset);
  }

  Signature signature_;
  Bytes payload_;
  size_t wire_len_;
};

// ---- what the cluster tracker needs -------------------------------------------------------------

// The header of any heartbeat. Exists only for a well-formed one.
struct Header {
  Signature signature = Signature::kMembership;
  uint32_t version = 0;
  uint32_t host_id = 0;  // 1 to 32; 0 where NLB is not set up
  IpAddress cluster_ip;
  IpAddress host_ip;
};

// Nothing for another signature, a header that was not captured whole, or an impossible host ID:
// that proves nothing about a cluster.
std::optional<Header> ReadHeader(Bytes payload, size_t wire_len);

// Whether a host has work to do, by its current maps: some bits, or none in any rule.
enum class Share : uint8_t { kUnknown, kNone, kSome };

// The body of a membership heartbeat. Has() tells which values the capture kept; the others are 0.
struct Membership {
  Header header;
  uint16_t default_host_id = 0;  // from zero
  uint16_t state = 0;
  uint16_t rule_count = 0;  // at most kRuleSlots
  uint32_t host_code = 0;
  uint32_t packets_handled = 0;
  uint32_t teaming = 0;
  std::array<uint32_t, kRuleSlots> codes{};  // only the first codes_captured are set
  uint8_t codes_captured = 0;                // at most rule_count
  uint16_t captured = 0;                     // bytes of the layout that the capture kept
  Share share = Share::kUnknown;
  constexpr bool Has(Slot slot) const { return slot.At(1) <= captured; }
};

// As ReadHeader, for membership heartbeats; an impossible number of rules is malformed too.
std::optional<Membership> ReadMembership(Bytes payload, size_t wire_len);

// ---- rule codes ---------------------------------------------------------------------------------

// What the code of a port rule says about its ports. Inferred: the packing is not documented.
//
//   31     28 27      24 23      16 15       12 11         0
//   | top 7-4 | top 3-0   |          |           | start 11-0 |  start: 16 bits from bit 0
//   |         | end 15-12 | end 11-4 | end 3-0   |            |  end: 16 bits from bit 12
//   |         |           |          | start 15-12            |  OR-ed where they overlap
//
// OR only adds bits, so start >= code[11:0] and end <= code[27:12]: the rule lies within `lowest`
// to `highest`, whatever the hidden bits are.
//
// A rule for one port p has p's low 12 bits in code[11:0]; call its upper four bits k. k = 0 fits
// when code[23:12] repeats code[11:0]. Then every k whose bits are set in code[15:12] and in
// code[27:24] fits too, because the OR hides it there: 25 and 4121 give one and the same code.
// `single` lists them all, the lowest first; in the public sample only port 80 has no double.
// It stays empty, and only the bounds are given,
//   - when k = 0 does not fit: ports 20 to 21 would read as the single port 4116;
//   - when bit 26 or 27 is set: the low bits of the top byte were only seen as 1 and fit a protocol
//     number of 1 to 3, so such a bit belongs to an end port above 16383. 6FFFF400 may be 1024 to
//     53247 or 5120 to 65535 as well as 1024 to 65535;
//   - for code 0, the default rule.
// A range that ends n x 4096 above its start (or a few ports less) passes for a single port.
struct RulePorts {
  uint16_t lowest = 0;
  uint16_t highest = 0;
  std::array<uint16_t, 4> single{};
  uint8_t single_count = 0;
};

constexpr RulePorts PortsOf(uint32_t code) {
  const uint32_t low = code & 0xFFF;
  RulePorts ports{static_cast<uint16_t>(low), static_cast<uint16_t>(code >> 12)};
  const bool end_is_high = (code & 0x0C000000) != 0;
  const bool repeats = (code >> 12 & 0xFFF) == low;
  if (code == 0 || end_is_high || !repeats) return ports;
  for (uint32_t k = 0; k < 4; ++k) {
    const bool hidden = (k & ~(code >> 12)) == 0 && (k & ~(code >> 24)) == 0;
    if (hidden) ports.single[ports.single_count++] = static_cast<uint16_t>(k << 12 | low);
  }
  return ports;
}

// ---- identity heartbeat -------------------------------------------------------------------------

inline constexpr uint8_t kRecordHostName = 1;
inline constexpr uint8_t kRecordAddress = 2;
inline constexpr uint16_t kFamilyIpv4 = 2;
inline constexpr uint16_t kFamilyIpv6 = 0x17;  // Windows' AF_INET6

//  0 type 1 length 2 reserved 4 reserved 8 value ...   length counts 8 bytes and the head in
//  (inferred)
inline constexpr size_t kRecordHead = 8;
inline constexpr size_t kRecordUnit = 8;
// Ethernet carries no more behind the EtherType (IEEE 802.3 3.2.7).
inline constexpr size_t kLargestPayload = 1500;

struct Record {
  enum class Fault : uint8_t {
    kNone,
    kCut,       // the capture, or a frame that was cut on the wire, ends inside
    kNoLength,  // length 0
    kPastEnd,   // longer than any frame
    kNoRoom,    // no room for the address it announces
  };

  uint8_t type = 0;
  uint8_t length = 0;  // as on the wire
  Fault fault = Fault::kNone;
  size_t offset = 0;  // in the payload
  size_t size = 0;    // bytes on the wire
  Bytes bytes;        // the captured part, head included

  constexpr Bytes value() const { return bytes.From(kRecordHead); }
  constexpr bool malformed() const { return fault != Fault::kNone && fault != Fault::kCut; }
  constexpr std::optional<uint16_t> family() const {  // of an address
    if (type != kRecordAddress || !value().Has(0, 2)) return std::nullopt;
    return value().Le16(0);
  }
  std::optional<IpAddress> address() const;
  std::string host_name() const;  // "" for other types
};

// Walks the records of an identity heartbeat. Ends behind a record that is cut, has no length or
// leaves the frame, and before Ethernet padding (type and length 0) or a rest that is too short for
// a record (padding, FCS).
class RecordReader {
 public:
  explicit constexpr RecordReader(const HeartbeatView& view)
      : payload_(view.bytes()), wire_len_(view.wire_len()) {}
  std::optional<Record> Next();

 private:
  Bytes payload_;
  size_t wire_len_;
  size_t at_ = kHeaderSize;
};

// The first host name of an identity heartbeat; "" when there is none or the capture cut it.
std::string ReadHostName(Bytes payload, size_t wire_len);

}  // namespace nlb::wire
