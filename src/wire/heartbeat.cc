// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/heartbeat.h"

#include "base/text.h"

namespace nlb::wire {
namespace {

std::optional<Header> HeaderOf(const HeartbeatView& view) {
  if (view.captured_len() < kHeaderSize || view.host_id_lies()) return std::nullopt;
  return Header{view.signature(), *view.version(), *view.host_id(), *view.cluster_ip(),
                *view.host_ip()};
}

uint8_t ReadCodes(const HeartbeatView& view, std::array<uint32_t, kRuleSlots>& codes) {
  uint8_t rule = 0;
  for (; rule < view.rules() && view.Has(slot::kRuleCodes, rule); ++rule) {
    codes[rule] = *view.rule_code(rule);
  }
  return rule;
}

// The default rule, alone, leaves all work to the default host.
Share ReadShare(const HeartbeatView& view) {
  bool all_captured = view.rules() > 0;
  for (size_t rule = 0; rule < view.rules(); ++rule) {
    const auto map = view.map(slot::kCurrentMaps, rule);
    if (map.value_or(0) != 0) return Share::kSome;
    all_captured = all_captured && map.has_value();
  }
  const bool is_default = view.default_host_id() == view.own_id();
  const bool leaves_all = view.rule_count() == 1 && !is_default;
  return all_captured || leaves_all ? Share::kNone : Share::kUnknown;
}

// Bytes of the address behind the family; 0 for a family that is not known.
size_t AddressSize(uint16_t family) {
  return family == kFamilyIpv4 ? 4 : family == kFamilyIpv6 ? 16 : 0;
}

bool HasNoRoom(const Record& record) {
  if (record.type != kRecordAddress) return false;
  // By the length it claims: the frame may have been cut.
  const size_t size = std::max(record.length * kRecordUnit, kRecordHead);
  const size_t family_end = kRecordHead + 2;
  if (size < family_end) return true;
  return record.family() && size < family_end + AddressSize(*record.family());
}

}  // namespace

std::optional<Header> ReadHeader(Bytes payload, size_t wire_len) {
  const std::optional<HeartbeatView> view = HeartbeatView::Of(payload, wire_len);
  return view ? HeaderOf(*view) : std::nullopt;
}

std::optional<Membership> ReadMembership(Bytes payload, size_t wire_len) {
  const std::optional<HeartbeatView> view = HeartbeatView::Of(payload, wire_len);
  if (!view || view->signature() != Signature::kMembership || view->rule_count_lies()) {
    return std::nullopt;
  }
  const std::optional<Header> header = HeaderOf(*view);
  if (!header) return std::nullopt;
  Membership membership;
  membership.header = *header;
  membership.captured = kHeaderSize;
  if (view->body_is_padding()) return membership;
  membership.default_host_id = view->default_host_id().value_or(0);
  membership.state = view->state().value_or(0);
  membership.rule_count = view->rule_count().value_or(0);
  membership.host_code = view->host_code().value_or(0);
  membership.packets_handled = view->packets_handled().value_or(0);
  membership.teaming = view->teaming().value_or(0);
  membership.codes_captured = ReadCodes(*view, membership.codes);
  membership.captured = static_cast<uint16_t>(std::min(view->captured_len(), kMembershipSize));
  membership.share = ReadShare(*view);
  return membership;
}

std::optional<IpAddress> Record::address() const {
  const std::optional<uint16_t> known = family();
  if (!known || AddressSize(*known) == 0) return std::nullopt;
  if (!value().Has(2, AddressSize(*known))) return std::nullopt;
  return *known == kFamilyIpv4 ? IpAddress::ReadV4(value(), 2) : IpAddress::ReadV6(value(), 2);
}

std::string Record::host_name() const {
  if (type != kRecordHostName) return {};
  return FromUtf16Le(value().data(), value().size());
}

std::optional<Record> RecordReader::Next() {
  const size_t left = wire_len_ > at_ ? wire_len_ - at_ : 0;
  const Bytes rest = payload_.From(at_);
  if (left < kRecordHead || !rest.Has(0, 2)) return std::nullopt;
  Record record;
  record.type = rest.U8(0);
  record.length = rest.U8(1);
  record.offset = at_;
  if (record.type == 0 && record.length == 0) return std::nullopt;
  record.size = std::max(record.length * kRecordUnit, kRecordHead);
  if (record.length == 0) {
    record.fault = Record::Fault::kNoLength;
  } else if (record.size > left) {
    const bool fits_nowhere = at_ + record.size > kLargestPayload;
    record.fault = fits_nowhere ? Record::Fault::kPastEnd : Record::Fault::kCut;
    record.size = left;
  } else if (record.size > rest.size()) {
    record.fault = Record::Fault::kCut;
  }
  record.bytes = rest.First(record.size);
  at_ = record.fault == Record::Fault::kNone ? at_ + record.size : wire_len_;
  if (!record.malformed() && HasNoRoom(record)) record.fault = Record::Fault::kNoRoom;
  return record;
}

std::string ReadHostName(Bytes payload, size_t wire_len) {
  const std::optional<HeartbeatView> view = HeartbeatView::Of(payload, wire_len);
  if (!view || view->signature() != Signature::kIdentity || !HeaderOf(*view)) return {};
  RecordReader records(*view);
  while (const std::optional<Record> record = records.Next()) {
    if (record->fault == Record::Fault::kNone && record->type == kRecordHostName) {
      return record->host_name();
    }
  }
  return {};
}

}  // namespace nlb::wire
