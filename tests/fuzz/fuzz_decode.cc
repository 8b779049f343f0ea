// SPDX-License-Identifier: GPL-2.0-or-later
//
// The heartbeat decoder. Input: how much longer the heartbeat was on the wire (two bytes,
// little-endian; the highest values stand for 4 GB and for a wire length below the captured one),
// which destination, then the payload. What is decoded from a whole membership heartbeat is written
// again by the tests' encoder and must give the same bytes and the same report.
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/checks.h"
#include "nlb.h"
#include "unit/support/heartbeat_encoder.h"

namespace nlb::fuzz {
namespace {

struct Free {
  void operator()(nlb_report* report) const { nlb_report_free(report); }
};
using Report = std::unique_ptr<nlb_report, Free>;

struct Input {
  std::vector<uint8_t> payload;
  size_t wire_len = 0;
  const uint8_t* destination = nullptr;
};

Input ReadInput(const uint8_t* data, size_t size) {
  static constexpr std::array<std::array<uint8_t, 6>, 4> kDestinations = {
      {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
       {0x03, 0xBF, 0xC0, 0xA8, 0x02, 0x0A},
       {0x01, 0x00, 0x5E, 0x7F, 0x02, 0x0A},
       {0x00, 0x15, 0x5D, 0x01, 0x02, 0x03}}};
  Input input;
  if (size < 3) return input;
  const size_t more = data[0] | static_cast<size_t>(data[1]) << 8;
  input.payload.assign(data + 3, data + size);
  input.wire_len = more == 0xFFFF ? 0xFFFFFFFFu : more == 0xFFFE ? 0 : input.payload.size() + more;
  if (data[2] < kDestinations.size()) input.destination = kDestinations[data[2]].data();
  return input;
}

std::string HitsOf(const nlb_view& view) {
  std::string hits = std::string(view.summary) + '\n';
  for (size_t i = 0; i < view.hit_count; ++i) {
    hits += std::to_string(view.hits[i].finding) + ' ' + view.hits[i].text + '\n';
  }
  return hits;
}

std::string AllOf(const nlb_view& view) {
  std::string all = HitsOf(view);
  for (size_t i = 0; i < view.item_count; ++i) {
    const nlb_item& item = view.items[i];
    all += std::to_string(item.field) + ' ' + std::to_string(item.offset) + ' ' +
           std::to_string(item.length) + ' ' + std::to_string(item.value) + ' ' +
           (item.text ? item.text : "-") + '\n';
  }
  return all;
}

nlb_view Decode(const Input& input, nlb_detail detail, nlb_report* report) {
  const nlb_status status = nlb_decode(input.payload.data(), input.payload.size(), input.wire_len,
                                       input.destination, detail, report);
  const bool heartbeat = nlb_is_heartbeat(input.payload.data(), input.payload.size());
  NLB_CHECK(status == (heartbeat ? NLB_OK : NLB_ERR_ARGUMENT));
  const nlb_view view = nlb_report_view(report);
  CheckView(view, input.payload.size());
  NLB_CHECK(!heartbeat || *view.summary != 0);
  return view;
}

// The values of one field in the order of the report.
using Values = std::map<std::string, std::vector<uint64_t>>;

Values ValuesOf(const nlb_view& view) {
  Values values;
  for (size_t i = 0; i < view.item_count; ++i) {
    const nlb_item& item = view.items[i];
    const nlb_field_desc& field = *nlb_field(item.field);
    uint64_t value = item.value;
    if (field.kind == NLB_KIND_IPV4) std::memcpy(&value, item.address, 4);
    values[field.filter].push_back(value);
  }
  return values;
}

class Encoder {
 public:
  explicit Encoder(const Values& values) : values_(values) {}

  std::vector<uint8_t> Encode() {
    test::MembershipFields fields;
    fields.version = static_cast<uint32_t>(One("nlb.version"));
    fields.host_id = static_cast<uint32_t>(One("nlb.host_id"));
    fields.cluster_ip = Address("nlb.cluster_ip");
    fields.host_ip = Address("nlb.host_ip");
    fields.own_id = static_cast<uint16_t>(One("nlb.own_id"));
    fields.default_host_id = static_cast<uint16_t>(One("nlb.default_host_id"));
    fields.state = static_cast<uint16_t>(One("nlb.state"));
    fields.rule_count = static_cast<uint16_t>(One("nlb.rule_count"));
    fields.host_code = static_cast<uint32_t>(One("nlb.host_code"));
    fields.packets_handled = static_cast<uint32_t>(One("nlb.packets_handled"));
    fields.teaming = static_cast<uint32_t>(One("nlb.teaming"));
    Fill("nlb.rule.code", fields.codes);
    Fill("nlb.rule.map.current", fields.current);
    Fill("nlb.rule.map.new", fields.next);
    Fill("nlb.rule.map.idle", fields.idle);
    Fill("nlb.rule.map.ready", fields.ready);
    Fill("nlb.rule.load_weight", fields.weights);
    return test::Encode(fields);
  }

 private:
  uint64_t One(const char* filter) const {
    const auto found = values_.find(filter);
    NLB_CHECK(found != values_.end() && found->second.size() == 1);
    return found->second[0];
  }
  uint32_t Address(const char* filter) const {
    const uint64_t value = One(filter);
    uint8_t octets[4];
    std::memcpy(octets, &value, 4);
    return IpAddress::ReadV4(Bytes(octets, 4), 0).v4();
  }
  template <typename Value>
  void Fill(const char* filter, test::PerRule<Value>& out) const {
    out = {};
    const auto found = values_.find(filter);
    if (found == values_.end()) return;
    NLB_CHECK(found->second.size() <= out.size());
    for (size_t i = 0; i < found->second.size(); ++i) {
      out[i] = static_cast<Value>(found->second[i]);
    }
  }

  const Values& values_;
};

// Bytes that no field shows: the reserved words, and the slots behind the last rule.
void BlankUnshown(std::vector<uint8_t>& bytes, size_t rules) {
  namespace slot = wire::slot;
  const auto blank = [&](wire::Slot slot, size_t from) {
    std::fill(bytes.begin() + static_cast<long>(slot.At(from)),
              bytes.begin() + static_cast<long>(slot.end()), 0);
  };
  blank(slot::kReserved, 0);
  blank(slot::kReservedTail, 0);
  for (const wire::Slot slots : {slot::kRuleCodes, slot::kCurrentMaps, slot::kNewMaps,
                                 slot::kIdleMaps, slot::kReadyMaps, slot::kLoadWeights}) {
    blank(slots, std::min(rules, wire::kRuleSlots));
  }
}

// Decoding, writing and decoding again.
void RoundTrip(const Input& input, const nlb_view& view) {
  const bool whole = input.payload.size() >= wire::kMembershipSize &&
                     wire::ReadSignature(Bytes(input.payload.data(), input.payload.size())) ==
                         wire::Signature::kMembership;
  if (!whole) return;
  const Values values = ValuesOf(view);
  const std::vector<uint8_t> written = Encoder(values).Encode();
  std::vector<uint8_t> expected(input.payload.begin(),
                                input.payload.begin() + wire::kMembershipSize);
  BlankUnshown(expected, values.at("nlb.rule_count")[0]);
  NLB_CHECK(written == expected);
}

}  // namespace
}  // namespace nlb::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nlb::fuzz;
  const Input input = ReadInput(data, size);
  const Report full(nlb_report_new());
  const Report summary(nlb_report_new());
  const nlb_view view = Decode(input, NLB_DETAIL_FULL, full.get());
  NLB_CHECK(HitsOf(Decode(input, NLB_DETAIL_SUMMARY, summary.get())) == HitsOf(view));
  NLB_CHECK(AllOf(Decode(input, NLB_DETAIL_FULL, summary.get())) == AllOf(view));
  if (view.item_count > 0) RoundTrip(input, view);
  return 0;
}
