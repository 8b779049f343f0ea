// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/malformed.h"

#include "catalog/fields.h"

namespace nlb {
namespace {

namespace slot = wire::slot;
using wire::HeartbeatView;
using wire::Record;
using wire::Signature;

std::string Number(uint64_t value) { return std::to_string(value); }

std::string FaultText(const Record& record, size_t wire_len) {
  const std::string name = "Identity record at byte " + Number(record.offset);
  switch (record.fault) {
    case Record::Fault::kNoLength:
      return name + " has length 0";
    case Record::Fault::kPastEnd:
      return name + " claims " + Number(record.length * wire::kRecordUnit) + " bytes, " +
             Number(wire_len - record.offset) + " are left";
    case Record::Fault::kNoRoom:
      return name + " has no room for the address it announces";
    case Record::Fault::kNone:
    case Record::Fault::kCut:
      break;
  }
  return {};
}

}  // namespace

std::vector<Fault> FaultsOf(const HeartbeatView& view) {
  std::vector<Fault> faults;
  if (view.host_id_lies()) {
    faults.push_back({Field("nlb.host_id"), slot::kHostId.offset,
                      "Host ID " + Number(*view.host_id()) + " is outside 1 to 32"});
  }
  if (view.rule_count_lies()) {
    faults.push_back({Field("nlb.rule_count"), slot::kRuleCount.offset,
                      Number(*view.rule_count()) +
                          " port rules are claimed, the heartbeat has room for " +
                          Number(wire::kRuleSlots)});
  }
  if (view.signature() != Signature::kIdentity) return faults;
  wire::RecordReader records(view);
  while (const auto record = records.Next()) {
    if (!record->malformed()) continue;
    faults.push_back({Field("nlb.identity"), record->offset, FaultText(*record, view.wire_len())});
  }
  return faults;
}

}  // namespace nlb
