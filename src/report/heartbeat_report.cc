// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/heartbeat_report.h"

#include <bit>
#include <cinttypes>
#include <cstdio>
#include <string>

#include "base/text.h"
#include "catalog/fields.h"
#include "facts/mac_class.h"
#include "heuristics/malformed.h"
#include "heuristics/registry.h"
#include "report/report.h"
#include "wire/heartbeat.h"

namespace nlb {
namespace {

namespace slot = wire::slot;
using Place = nlb_report::Place;
using wire::HeartbeatView;
using wire::Record;
using wire::RecordReader;
using wire::Signature;
using wire::Slot;

// ---- phrases ------------------------------------------------------------------------------------

std::string Hex32(uint32_t value) {
  char text[11];
  std::snprintf(text, sizeof text, "0x%08" PRIx32, value);
  return text;
}

std::string Hex64(uint64_t value) {
  char text[19];
  std::snprintf(text, sizeof text, "0x%016" PRIx64, value);
  return text;
}

std::string Number(uint64_t value) { return std::to_string(value); }

std::string SignatureText(Signature signature) {
  const auto named = [&](const char* name) {
    return std::string(name) + " (" + Hex32(static_cast<uint32_t>(signature)) + ")";
  };
  switch (signature) {
    case Signature::kMembership:
      return named("Membership heartbeat");
    case Signature::kIdentity:
      return named("Identity heartbeat");
    case Signature::kReliable:
      return named("Reliable protocol");
  }
  return {};
}

// Counted from zero on the wire, from one everywhere a person meets it (seen in the public sample).
std::string ZeroBasedHost(uint16_t id) {
  return "host " + Number(id + 1u) + " (" + Number(id) + " on the wire)";
}

std::string HostCodeText(uint32_t code) {
  if (code == 0) return Hex32(code);
  return Hex32(code) + " (inferred: installed " + TextUtc(code) + ")";
}

std::string MapText(uint64_t map) {
  return Hex64(map) + " (" + Count(static_cast<uint64_t>(std::popcount(map)), "bit") + " set)";
}

std::string PortItemText(const wire::RulePorts& ports) {
  std::string text = Number(ports.single[0]) + " (inferred";
  for (size_t i = 1; i < ports.single_count; ++i) {
    text += (i == 1 ? "; the same code as port " : " or ") + Number(ports.single[i]);
  }
  return text + ")";
}

std::string RuleSubject(uint32_t code, bool last) {
  if (code == 0) return last ? "default rule" : "code 0";
  const wire::RulePorts ports = wire::PortsOf(code);
  if (ports.single_count > 0) return "port " + Number(ports.single[0]) + " (inferred)";
  return "within ports " + Number(ports.lowest) + " to " + Number(ports.highest) + " (inferred)";
}

std::string RuleText(const HeartbeatView& view, size_t rule) {
  const size_t count = view.rules();
  std::string text = "Port rule " + Number(rule + 1) + " of " + Number(count) + ": " +
                     RuleSubject(*view.rule_code(rule), rule + 1 == count);
  if (const auto map = view.map(slot::kCurrentMaps, rule)) {
    text += ", " + Count(static_cast<uint64_t>(std::popcount(*map)), "bit") + " in the current map";
  }
  if (const auto weight = view.load_weight(rule)) text += ", load weight " + Number(*weight);
  return text;
}

std::string RecordText(const Record& record) {
  if (record.type == wire::kRecordHostName) return "Host name: " + record.host_name();
  if (record.type != wire::kRecordAddress) {
    return "Record of unknown type " + Number(record.type);
  }
  if (const auto address = record.address()) return "Address: " + Text(*address);
  return "Address";
}

std::string RecordTypeText(uint8_t type) {
  const char* name = type == wire::kRecordHostName  ? "host name"
                     : type == wire::kRecordAddress ? "address"
                                                    : "unknown";
  return Number(type) + " (" + name + ")";
}

std::string FamilyText(uint16_t family) {
  const char* name = family == wire::kFamilyIpv4   ? "IPv4"
                     : family == wire::kFamilyIpv6 ? "IPv6"
                                                   : "unknown";
  return Number(family) + " (" + name + ")";
}

// ---- items --------------------------------------------------------------------------------------

Place At(Slot slot, size_t index = 0, uint8_t depth = 0) {
  return {static_cast<uint32_t>(slot.At(index)), slot.size, depth, 0};
}

// The whole frame was captured, and a record goes on behind its end.
bool EndsInsideRecord(const HeartbeatView& view) {
  if (view.signature() != Signature::kIdentity || view.cut()) return false;
  RecordReader records(view);
  while (const auto record = records.Next()) {
    if (record->fault == Record::Fault::kCut) return true;
  }
  return false;
}

// Draws the captured part of a heartbeat in the order of the wire.
class Drawing {
 public:
  Drawing(const HeartbeatView& view, nlb_report& report) : view_(view), report_(report) {}

  void Draw(nlb_mode mode) {
    DrawHeader(mode);
    if (view_.signature() == Signature::kMembership && !view_.body_is_padding()) DrawMembership();
    if (view_.signature() == Signature::kIdentity) DrawIdentity();
    if (view_.signature() == Signature::kReliable) {
      DrawBytes(Field("nlb.reserved"), wire::kHeaderSize, view_.captured_len(), 0);
    }
    DrawCut();
  }

 private:
  // A number, if it was captured.
  template <typename Value>
  void DrawNumber(uint16_t field, Place place, std::optional<Value> value) {
    if (value) report_.AddNumber(field, place, *value);
  }

  void DrawAddress(uint16_t field, Slot slot, std::optional<IpAddress> address) {
    if (address) report_.AddIp(field, At(slot), *address);
  }

  // The captured part of [begin, end).
  void DrawBytes(uint16_t field, size_t begin, size_t end, uint8_t depth) {
    end = std::min(end, view_.captured_len());
    if (begin >= end) return;
    report_.AddBytes(field,
                     {static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin), depth, 0});
  }

  void DrawHeader(nlb_mode mode) {
    const Signature signature = view_.signature();
    report_.AddNumber(Field("nlb.signature"), At(slot::kSignature),
                      static_cast<uint32_t>(signature), SignatureText(signature));
    DrawNumber(Field("nlb.version"), At(slot::kVersion), view_.version());
    DrawNumber(Field("nlb.host_id"), At(slot::kHostId), view_.host_id());
    DrawAddress(Field("nlb.cluster_ip"), slot::kClusterIp, view_.cluster_ip());
    DrawAddress(Field("nlb.host_ip"), slot::kHostIp, view_.host_ip());
    if (mode != NLB_MODE_UNKNOWN) {
      report_.AddText(Field("nlb.mode"), nlb_report::Generated(), std::string(ModeName(mode)));
    }
  }

  void DrawMembership() {
    DrawHostNumber(Field("nlb.own_id"), slot::kOwnId, view_.own_id());
    DrawHostNumber(Field("nlb.default_host_id"), slot::kDefaultHostId, view_.default_host_id());
    DrawNumber(Field("nlb.state"), At(slot::kState), view_.state());
    DrawNumber(Field("nlb.rule_count"), At(slot::kRuleCount), view_.rule_count());
    if (const auto code = view_.host_code()) {
      report_.AddNumber(Field("nlb.host_code"), At(slot::kHostCode), *code, HostCodeText(*code));
    }
    DrawNumber(Field("nlb.packets_handled"), At(slot::kPacketsHandled), view_.packets_handled());
    if (view_.teaming()) DrawTeaming(*view_.teaming());
    DrawBytes(Field("nlb.reserved"), slot::kReserved.offset, slot::kReserved.end(), 0);
    for (size_t rule = 0; rule < view_.rules() && view_.rule_code(rule); ++rule) DrawRule(rule);
    DrawBytes(Field("nlb.reserved"), slot::kReservedTail.offset, slot::kReservedTail.end(), 0);
  }

  void DrawHostNumber(uint16_t field, Slot slot, std::optional<uint16_t> id) {
    if (id) report_.AddNumber(field, At(slot), *id, ZeroBasedHost(*id));
  }

  void DrawTeaming(uint32_t word) {
    report_.AddNumber(Field("nlb.teaming"), At(slot::kTeaming), word);
    for (const uint16_t bits :
         {Field("nlb.teaming.reserved"), Field("nlb.teaming.xor_cluster_ip"),
          Field("nlb.teaming.participants"), Field("nlb.teaming.reverse_hash"),
          Field("nlb.teaming.master"), Field("nlb.teaming.active")}) {
      report_.AddNumber(bits, At(slot::kTeaming, 0, 1), word);
    }
  }

  void DrawRule(size_t rule) {
    const uint32_t code = *view_.rule_code(rule);
    report_.AddText(Field("nlb.rule"), At(slot::kRuleCodes, rule), RuleText(view_, rule));
    report_.AddNumber(Field("nlb.rule.code"), At(slot::kRuleCodes, rule, 1), code);
    DrawPorts(wire::PortsOf(code));
    DrawMap(Field("nlb.rule.map.current"), slot::kCurrentMaps, rule);
    DrawMap(Field("nlb.rule.map.new"), slot::kNewMaps, rule);
    DrawMap(Field("nlb.rule.map.idle"), slot::kIdleMaps, rule);
    DrawMap(Field("nlb.rule.map.ready"), slot::kReadyMaps, rule);
    DrawNumber(Field("nlb.rule.load_weight"), At(slot::kLoadWeights, rule, 1),
               view_.load_weight(rule));
  }

  void DrawPorts(const wire::RulePorts& ports) {
    if (ports.single_count == 0) return;
    for (const uint16_t field : {Field("nlb.rule.start_port"), Field("nlb.rule.end_port")}) {
      report_.AddNumber(field, nlb_report::Generated(1), ports.single[0], PortItemText(ports));
    }
  }

  void DrawMap(uint16_t field, Slot maps, size_t rule) {
    const auto map = view_.map(maps, rule);
    if (map) report_.AddNumber(field, At(maps, rule, 1), *map, MapText(*map));
  }

  void DrawIdentity() {
    RecordReader records(view_);
    while (const auto record = records.Next()) DrawRecord(*record);
  }

  void DrawRecord(const Record& record) {
    const auto at = static_cast<uint32_t>(record.offset);
    const auto size = static_cast<uint32_t>(record.bytes.size());
    report_.AddText(Field("nlb.identity"), {at, size}, RecordText(record));
    report_.AddNumber(Field("nlb.identity.type"), {at, 1, 1}, record.type,
                      RecordTypeText(record.type));
    report_.AddNumber(Field("nlb.identity.length"), {at + 1, 1, 1}, record.length);
    DrawBytes(Field("nlb.reserved"), at + 2, at + std::min<size_t>(size, wire::kRecordHead), 1);
    if (!record.value().empty()) DrawRecordValue(record);
  }

  void DrawRecordValue(const Record& record) {
    const auto at = static_cast<uint32_t>(record.offset + wire::kRecordHead);
    const auto size = static_cast<uint32_t>(record.value().size());
    if (record.type == wire::kRecordHostName) {
      report_.AddText(Field("nlb.identity.host_name"), {at, size, 1}, record.host_name());
    } else if (record.family()) {
      report_.AddNumber(Field("nlb.identity.family"), {at, 2, 1}, *record.family(),
                        FamilyText(*record.family()));
      DrawRecordAddress(record, at + 2);
    } else {
      DrawBytes(Field("nlb.identity.unknown"), at, at + size, 1);
    }
  }

  void DrawRecordAddress(const Record& record, uint32_t at) {
    const auto address = record.address();
    if (!address) {
      DrawBytes(Field("nlb.identity.unknown"), at, record.offset + record.bytes.size(), 1);
    } else if (address->is_v4()) {
      report_.AddIp(Field("nlb.identity.ipv4"), {at, 4, 1}, *address);
    } else {
      report_.AddIp(Field("nlb.identity.ipv6"), {at, 16, 1}, *address);
    }
  }

  void DrawCut() {
    if (EndsInsideRecord(view_)) {
      report_.AddText(Field("nlb.truncated"), nlb_report::Generated(),
                      "Cut on the wire, inside an identity record");
    }
    if (!view_.cut()) return;
    // The length on the wire is that of the cut frame.
    const size_t length = std::max(view_.wire_len(), view_.needed_len());
    const char* by = view_.too_short() ? "Cut on the wire: " : "Cut by the capture: ";
    report_.AddText(
        Field("nlb.truncated"), nlb_report::Generated(),
        by + Number(view_.captured_len()) + " of " + Number(length) + " bytes were kept");
  }

  const HeartbeatView& view_;
  nlb_report& report_;
};

// ---- hits ---------------------------------------------------------------------------------------

// The item of this field at this place, from item `first` on. Without items (NLB_DETAIL_SUMMARY)
// there is none.
uint32_t FindItem(const nlb_report& report, uint16_t field, size_t offset, size_t first = 0) {
  const nlb_view view = report.View();
  for (size_t i = first; i < view.item_count; ++i) {
    if (view.items[i].field == field && view.items[i].offset == offset) {
      return static_cast<uint32_t>(i);
    }
  }
  return NLB_NO_ITEM;
}

// Whether something lies.
bool AddHits(const HeartbeatView& view, nlb_report& report) {
  const std::vector<Fault> faults = FaultsOf(view);
  size_t first = 0;  // items stand in the order of the faults
  for (const Fault& fault : faults) {
    const uint32_t item = FindItem(report, fault.field, fault.offset, first);
    if (item != NLB_NO_ITEM) first = item;
    report.AddHit(static_cast<uint32_t>(Finding("nlb.malformed")), fault.text, item);
  }
  return !faults.empty();
}

// ---- summary ------------------------------------------------------------------------------------

// What the line says, and whether the capture cut something that it should say.
struct Line {
  std::string text;
  bool cut = false;
};

void AppendHost(const HeartbeatView& view, Line& line) {
  if (view.host_id()) line.text += " host " + Number(*view.host_id());
}

void AppendCluster(const HeartbeatView& view, Line& line) {
  if (view.cluster_ip()) line.text += " of cluster " + Text(*view.cluster_ip());
  if (!view.cluster_ip()) line.cut = true;
}

Line MembershipLine(const HeartbeatView& view) {
  Line line{"Heartbeat"};
  AppendHost(view, line);
  if (view.host_ip()) line.text += " (" + Text(*view.host_ip()) + ")";
  AppendCluster(view, line);
  line.cut = !view.rule_count() || view.too_short();
  if (view.body_is_padding()) return line;
  if (view.state()) line.text += ", state " + Number(*view.state());
  if (view.rule_count()) line.text += ", " + Count(*view.rule_count(), "rule");
  return line;
}

void AppendHostName(const HeartbeatView& view, Line& line) {
  RecordReader records(view);
  while (const auto record = records.Next()) {
    if (record->type != wire::kRecordHostName) continue;
    const std::string name = record->host_name();
    if (!name.empty()) line.text += " \"" + name + "\"";
    line.cut = record->fault == Record::Fault::kCut;
    return;
  }
  line.cut = view.cut();
}

Line IdentityLine(const HeartbeatView& view) {
  Line line{"Identity"};
  AppendHost(view, line);
  AppendHostName(view, line);
  AppendCluster(view, line);
  line.cut = line.cut || EndsInsideRecord(view);
  return line;
}

Line ReliableLine(const HeartbeatView& view) {
  Line line{"Reliable protocol"};
  AppendHost(view, line);
  AppendCluster(view, line);
  return line;
}

Line LineOf(const HeartbeatView& view) {
  switch (view.signature()) {
    case Signature::kMembership:
      return MembershipLine(view);
    case Signature::kIdentity:
      return IdentityLine(view);
    case Signature::kReliable:
      break;
  }
  return ReliableLine(view);
}

nlb_mode ModeBy(const uint8_t* destination) {
  if (destination == nullptr) return NLB_MODE_UNKNOWN;
  return ModeOfHeartbeat(MacAddress::Read(Bytes(destination, 6), 0));
}

}  // namespace

void DecodeHeartbeat(Bytes payload, size_t wire_len, const uint8_t* destination, nlb_detail detail,
                     nlb_report& report) {
  const auto view = HeartbeatView::Of(payload, wire_len);
  if (!view) return;
  if (detail == NLB_DETAIL_FULL) Drawing(*view, report).Draw(ModeBy(destination));
  const bool malformed = AddHits(*view, report);
  Line line = LineOf(*view);
  if (malformed) {
    line.text += " [malformed]";
  } else if (line.cut) {
    line.text += " [truncated]";
  }
  report.SetSummary(std::move(line.text));
}

}  // namespace nlb
