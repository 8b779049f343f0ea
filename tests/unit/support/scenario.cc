// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/scenario.h"

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "heuristics/heuristic.h"
#include "support/fed.h"

namespace nlb::test {
namespace {

constexpr int64_t kStart = 1'600'000'000'000'000'000;  // some day in 2020

void Append(Octets& out, const Octets& more) { out.insert(out.end(), more.begin(), more.end()); }
void Be16(Octets& out, unsigned value) {
  out.push_back(static_cast<uint8_t>(value >> 8));
  out.push_back(static_cast<uint8_t>(value));
}
void Be32(Octets& out, uint32_t value) {
  Be16(out, value >> 16);
  Be16(out, value & 0xFFFF);
}
Octets OctetsOf(const std::string& text) { return Octets(text.begin(), text.end()); }

struct IpHeader {
  std::string source, destination;
  uint8_t ttl;
  uint16_t id;
  uint8_t protocol;
};

// Checksums stay 0: the core never looks at them.
Octets IpPacket(const Link& link, const IpHeader& header, const Octets& transport) {
  const Octets source = Ip(header.source);
  Octets out;
  if (source.size() == 16) {
    Be32(out, 0x60000000);
    Be16(out, static_cast<unsigned>(transport.size()));
    out.push_back(header.protocol);
    out.push_back(header.ttl);
  } else {
    Be16(out, 0x4500);
    Be16(out, static_cast<unsigned>(20 + transport.size()));
    Be16(out, header.id);
    Be16(out, 0x4000);
    out.push_back(header.ttl);
    out.push_back(header.protocol);
    Be16(out, 0);
  }
  Append(out, source);
  Append(out, Ip(header.destination));
  Append(out, transport);
  return Ethernet(link, source.size() == 16 ? 0x86DD : 0x0800, out);
}

}  // namespace

Octets Mac(std::string_view text) {
  Octets mac(6);
  unsigned o[6];
  EXPECT_EQ(6, std::sscanf(std::string(text).c_str(), "%2x:%2x:%2x:%2x:%2x:%2x", &o[0], &o[1],
                           &o[2], &o[3], &o[4], &o[5]))
      << text;
  for (int i = 0; i < 6; ++i) mac[static_cast<size_t>(i)] = static_cast<uint8_t>(o[i]);
  return mac;
}

Octets Ip(std::string_view text) {
  const std::string address(text);
  const bool v6 = address.find(':') != std::string::npos;
  Octets ip(v6 ? 16 : 4);
  EXPECT_EQ(1, inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), ip.data())) << text;
  return ip;
}

Octets Ethernet(const Link& link, uint16_t type, const Octets& payload) {
  Octets frame = Mac(link.to);
  Append(frame, Mac(link.from));
  for (const uint16_t vlan : link.vlans) {
    Be16(frame, 0x8100);
    Be16(frame, vlan);
  }
  Be16(frame, type);
  Append(frame, payload);
  return frame;
}

Octets Bytes(const Arp& arp) {
  Octets body = {0, 1, 8, 0, 6, 4, 0, static_cast<uint8_t>(arp.reply ? 2 : 1)};
  Append(body, Mac(arp.mac));
  Append(body, Ip(arp.ip));
  Append(body, Octets(6));
  Append(body, Ip(arp.target));
  return Ethernet(arp.link, 0x0806, body);
}

Octets Bytes(const Advertisement& nd) {
  Octets icmp = {136, 0, 0, 0, 0x60, 0, 0, 0};
  Append(icmp, Ip(nd.ip));
  icmp.push_back(2);
  icmp.push_back(1);
  Append(icmp, Mac(nd.mac));
  return IpPacket(nd.link, {nd.ip, nd.destination, nd.hop_limit, 0, 58}, icmp);
}

Octets Bytes(const Solicitation& nd) {
  Octets icmp = {135, 0, 0, 0, 0, 0, 0, 0};
  Append(icmp, Ip(nd.target));
  icmp.push_back(1);
  icmp.push_back(1);
  Append(icmp, Mac(nd.mac));
  return IpPacket(nd.link, {nd.source, "ff02::1:ff00:10", 255, 0, 58}, icmp);
}

Octets Bytes(const Udp& udp) {
  Octets segment;
  Be16(segment, udp.source_port);
  Be16(segment, udp.destination_port);
  Be16(segment, static_cast<unsigned>(8 + udp.payload.size()));
  Be16(segment, 0);
  Append(segment, OctetsOf(udp.payload));
  return IpPacket(udp.link, {udp.source, udp.destination, udp.ttl, udp.id, 17}, segment);
}

Octets Bytes(const Tcp& tcp) {
  Octets segment;
  Be16(segment, tcp.source_port);
  Be16(segment, tcp.destination_port);
  Be32(segment, tcp.sequence);
  Be32(segment, tcp.acknowledgment);
  Be16(segment, 0x5000u | tcp.flags);
  Append(segment, Octets(6));
  Append(segment, OctetsOf(tcp.payload));
  return IpPacket(tcp.link, {tcp.source, tcp.destination, tcp.ttl, tcp.id, 6}, segment);
}

Octets Bytes(const Ping& ping) {
  const bool v6 = ping.source.find(':') != std::string::npos;
  const uint8_t type = static_cast<uint8_t>(v6 ? 128 + ping.reply : (ping.reply ? 0 : 8));
  Octets icmp = {type, 0, 0, 0};
  Be16(icmp, ping.echo_id);
  Be16(icmp, ping.sequence);
  Append(icmp, OctetsOf("abcdefgh"));
  const uint8_t protocol = v6 ? 58 : 1;
  return IpPacket(ping.link, {ping.source, ping.destination, ping.ttl, ping.id, protocol}, icmp);
}

Octets Bytes(const IgmpReport& report) {
  Octets igmp = {0x16, 0, 0, 0};
  Append(igmp, Ip(report.group));
  return IpPacket(report.link, {report.source, report.group, 1, 9, 2}, igmp);
}

Octets Bytes(const IgmpQuery& query) {
  return IpPacket(query.link, {query.source, "224.0.0.1", 1, 9, 2}, {0x11, 100, 0, 0, 0, 0, 0, 0});
}

namespace {

std::string HostIpOf(const std::string& given, uint32_t host_id) {
  return given.empty() ? "192.168.2." + std::to_string(29 + host_id) : given;
}

uint32_t NumberOf(const std::string& ip) {
  return IpAddress::ReadV4(nlb::Bytes(Ip(ip).data(), 4), 0).v4();
}

std::string MacText(unsigned prefix, uint32_t tail) {
  return Text(MacAddress(uint64_t{prefix} << 32 | tail));
}

Link LinkOf(const Heartbeat& h) {
  const uint32_t cluster = NumberOf(h.cluster_ip);
  Link link{h.from, h.to, h.vlans};
  const bool unicast = h.mode == Mode::kUnicast;
  if (link.from.empty()) {
    link.from =
        unicast ? MacText(0x0200 | h.host_id, cluster) : MacText(0x0015, 0x5D000000 | h.host_id);
  }
  if (!link.to.empty()) return link;
  link.to = unicast                      ? "ff:ff:ff:ff:ff:ff"
            : h.mode == Mode::kMulticast ? MacText(0x03BF, cluster)
                                         : MacText(0x0100, 0x5E7F0000 | (cluster & 0xFFFF));
  return link;
}

}  // namespace

Octets Bytes(const Heartbeat& h) {
  const MembershipFields fields{
      .version = h.version,
      .host_id = h.host_id,
      .cluster_ip = NumberOf(h.cluster_ip),
      .host_ip = NumberOf(HostIpOf(h.host_ip, h.host_id)),
      .own_id = static_cast<uint16_t>(h.host_id - 1),
      .default_host_id = h.default_host_id,
      .state = h.state,
      .rule_count = h.rule_count,
      .host_code = h.host_code != 0 ? h.host_code : 0x4F3BE300 + h.host_id,
      .packets_handled = h.packets_handled,
      .teaming = h.teaming,
      .codes = h.codes,
  };
  return Ethernet(LinkOf(h), h.ether_type, Encode(fields));
}

Octets Bytes(const Identity& i) {
  const std::u16string name(i.name.begin(), i.name.end());
  const Heartbeat sender{.host_id = i.host_id, .cluster_ip = i.cluster_ip};
  return Ethernet(LinkOf(sender), NLB_ETHERTYPE,
                  EncodeIdentity({HostNameRecord(name)}, i.host_id, NumberOf(i.cluster_ip),
                                 NumberOf(HostIpOf(i.host_ip, i.host_id))));
}

Octets Bytes(const Raw& raw) { return raw.bytes; }

Octets Bytes(const Cooked& cooked) {
  const Octets& frame = cooked.ethernet;
  const auto type = static_cast<uint8_t>(cooked.packet_type);
  Octets bytes = {0, type, 0, 1, 0, 6};
  if (cooked.interface_index != 0) {
    const auto index = static_cast<uint8_t>(cooked.interface_index);
    bytes = {frame[12], frame[13], 0, 0, 0, 0, 0, index, 0, 1, type, 6};
  }
  bytes.insert(bytes.end(), frame.begin() + 6, frame.begin() + 12);
  bytes.insert(bytes.end(), 2, 0);  // the address field has eight bytes
  if (cooked.interface_index == 0) bytes.insert(bytes.end(), {frame[12], frame[13]});
  bytes.insert(bytes.end(), frame.begin() + 14, frame.end());
  return bytes;
}

nlb_config Scenario::Defaults() {
  nlb_config config;
  nlb_config_defaults(&config);
  return config;
}

Scenario::Scenario(const nlb_config& config)
    : capture_(nlb_capture_new(&config)), report_(nlb_report_new()) {}

Scenario::~Scenario() {
  for (const auto& [number, record] : records_) {
    if (hides_) break;
    EXPECT_EQ(FindingsOf(number), record.told) << "asked again about " << number;
  }
  nlb_capture_free(capture_);
  nlb_report_free(report_);
}

void Scenario::Open(uint32_t number) {
  ++fed_;
  number_ = number;
  records_[number] = {};
}

nlb_frame Scenario::Frame(std::chrono::nanoseconds time, const Octets& bytes) const {
  nlb_frame frame{};
  frame.record = fed_ * 100;
  frame.number = number_;
  frame.time_ns = kStart + time.count();
  frame.bytes = bytes.data();
  frame.wire_len = static_cast<uint32_t>(bytes.size());
  frame.captured_len = static_cast<uint32_t>(std::min(bytes.size(), snaplen_));
  frame.link = link_;
  return frame;
}

void Scenario::FeedUnseen(std::chrono::nanoseconds time, const Octets& bytes) {
  ++fed_;
  const nlb_frame frame = Frame(time, bytes);
  Take(frame);
}

bool Scenario::Take(const nlb_frame& frame) {
  const nlb_status status = nlb_capture_feed(capture_, &frame);
  EXPECT_TRUE(IsTaken(status)) << status;
  return status == NLB_REPORTABLE;
}

Scenario& Scenario::Feed(std::chrono::nanoseconds time, Octets bytes, uint32_t interface_id) {
  Record& record = records_[number_];
  nlb_frame frame = Frame(time, record.bytes.emplace_back(std::move(bytes)));
  frame.layer = static_cast<uint32_t>(record.layers.size());
  frame.interface_id = interface_id;
  last_time_ = time;
  record.layers.push_back(frame);
  record.reportable |= Take(frame);
  EXPECT_EQ(record.reportable, nlb_capture_is_reportable(capture_, number_) != 0) << number_;
  EXPECT_EQ(record.reportable, Take(frame)) << "again " << number_;
  record.told = FindingsOf(number_);
  return *this;
}

nlb_view Scenario::Report(uint32_t number) const {
  const auto& layers = Layers(number);
  EXPECT_EQ(NLB_OK,
            nlb_capture_report(capture_, layers.data(), layers.size(), NLB_DETAIL_FULL, report_));
  const nlb_view view = nlb_report_view(report_);
  const bool blank = view.item_count == 0 && view.hit_count == 0;
  EXPECT_EQ(!blank, nlb_capture_is_reportable(capture_, number) != 0) << number;
  EXPECT_EQ(view.hit_count > 0, nlb_capture_has_finding(capture_, number) != 0) << number;
  return view;
}

std::string_view NameOf(uint32_t finding) {
  const std::string_view filter = nlb_finding(finding)->filter;
  return filter.substr(filter.rfind('.') + 1);
}

std::string Scenario::FindingsOf(uint32_t number) const {
  std::string text;
  const nlb_view view = Report(number);
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb_hit& hit = view.hits[i];
    constexpr size_t kLongestSentence = 160;  // a person reads it at one look
    EXPECT_LE(std::string_view(hit.text).size(), kLongestSentence) << hit.text;
    EXPECT_EQ(std::string_view(hit.text).find(" frame "), std::string_view::npos)
        << "Wireshark groups by the text, so the frame is a field: " << hit.text;
    text += std::string(NameOf(hit.finding)) + ": " + hit.text + "\n";
  }
  return text;
}

std::string Scenario::Findings(std::string_view only) const {
  std::string text;
  for (const auto& [number, record] : records_) {
    const nlb_view view = Report(number);
    for (size_t i = 0; i < view.hit_count; ++i) {
      const std::string_view name = NameOf(view.hits[i].finding);
      if (only.empty() || name == only)
        text += std::to_string(number) + " " + std::string(name) + "\n";
    }
  }
  return text;
}

bool Scenario::SaysAnywhere(std::string_view finding) const {
  const Octets plain = Bytes(Udp{});
  for (uint32_t number = 1; number <= number_; ++number) {
    nlb_frame frame = Frame({}, plain);
    frame.number = number;
    EXPECT_EQ(NLB_OK, nlb_capture_report(capture_, &frame, 1, NLB_DETAIL_FULL, report_));
    const nlb_view view = nlb_report_view(report_);
    for (size_t i = 0; i < view.hit_count; ++i) {
      if (NameOf(view.hits[i].finding) == finding) return true;
    }
  }
  return false;
}

std::string Scenario::Sentences(uint32_t number) const {
  std::string text;
  const nlb_view view = Report(number);
  for (size_t i = 0; i < view.hit_count; ++i) text += std::string(view.hits[i].text) + "\n";
  return text;
}

std::string Scenario::Sentence(uint32_t number, std::string_view finding) const {
  const nlb_view view = Report(number);
  for (size_t i = 0; i < view.hit_count; ++i) {
    if (NameOf(view.hits[i].finding) == finding) return view.hits[i].text;
  }
  return "";
}

std::string ValueText(const nlb_item& item) {
  const nlb_field_desc& field = *nlb_field(item.field);
  switch (field.kind) {
    case NLB_KIND_ETHER:
      return Text(MacAddress::Read(nlb::Bytes(item.address, 6), 0));
    case NLB_KIND_IPV4:
      return Text(IpAddress::ReadV4(nlb::Bytes(item.address, 4), 0));
    case NLB_KIND_IPV6:
      return Text(IpAddress::ReadV6(nlb::Bytes(item.address, 16), 0));
    case NLB_KIND_DURATION:
      return Text(Duration(static_cast<int64_t>(item.value)));
    default:
      return item.text ? item.text : std::to_string(item.value);
  }
}

std::string Scenario::ItemsOf(const nlb_view& view) {
  std::string text;
  for (size_t i = 0; i < view.item_count; ++i) {
    const nlb_item& item = view.items[i];
    std::string_view name = nlb_field(item.field)->filter;
    name.remove_prefix(name.rfind('.') + 1);
    const std::string line = std::string(name) + " " + ValueText(item);
    text += (item.flags & NLB_ITEM_HIDDEN) != 0 ? "[" + line + "]\n" : line + "\n";
  }
  return text;
}

std::string Scenario::Fields(uint32_t number) const { return ItemsOf(Report(number)); }

std::string Scenario::Field(uint32_t number, std::string_view name) const {
  std::string text;
  const nlb_view view = Report(number);
  for (size_t i = 0; i < view.item_count; ++i) {
    const std::string_view filter = nlb_field(view.items[i].field)->filter;
    if (filter.substr(filter.rfind('.') + 1) != name) continue;
    text += (text.empty() ? "" : ", ") + ValueText(view.items[i]);
  }
  return text;
}

std::string Scenario::Previous(uint32_t number) const {
  nlb_report* report = nlb_report_new();
  for (const nlb_frame& layer : Layers(number)) {
    EXPECT_EQ(NLB_OK, nlb_capture_link_heartbeat(capture_, &layer, report));
  }
  std::string text = ItemsOf(nlb_report_view(report));
  nlb_report_free(report);
  return text;
}

std::string Scenario::Summary(uint32_t number) const { return Report(number).summary; }

namespace {

std::string CellText(const nlb_cell& cell, nlb_cell_kind kind) {
  char number[32];
  switch (kind) {
    case NLB_CELL_TEXT:
      return cell.text;
    case NLB_CELL_UINT:
    case NLB_CELL_UINT64:
      return std::to_string(cell.number);
    case NLB_CELL_FLOAT:
      std::snprintf(number, sizeof number, "%.3g", cell.real);
      return number;
  }
  return "?";
}

}  // namespace

nlb_status AddRecord(nlb_summary* summary, const nlb_capture* capture,
                     const std::vector<nlb_frame>& layers) {
  nlb_report* report = nlb_report_new();
  EXPECT_EQ(NLB_OK,
            nlb_capture_report(capture, layers.data(), layers.size(), NLB_DETAIL_FULL, report));
  const nlb_status status = nlb_summary_add(summary, capture, report);
  nlb_report_free(report);
  return status;
}

std::string Scenario::Rows(nlb_table table) const {
  nlb_summary* summary = nlb_summary_new(table);
  for (const auto& [number, record] : records_) {
    EXPECT_EQ(NLB_OK, AddRecord(summary, capture_, record.layers));
  }
  std::string text;
  for (size_t row = 0; row < nlb_summary_row_count(summary); ++row) {
    for (size_t column = 0; column < nlb_table_column_count(table); ++column) {
      const nlb_cell cell = nlb_summary_cell(summary, row, column);
      text += (column > 0 ? " | " : "") + CellText(cell, nlb_table_column(table, column)->kind);
    }
    text += "\n";
  }
  nlb_summary_free(summary);
  return text;
}

std::string Scenario::Changes(nlb_table table) const {
  nlb_summary* summary = nlb_summary_new(table);
  std::string text;
  for (const auto& [number, record] : records_) {
    EXPECT_EQ(NLB_OK, AddRecord(summary, capture_, record.layers));
    size_t first = 0, end = 0;
    nlb_summary_changes(summary, &first, &end);
    text += std::to_string(first) + "-" + std::to_string(end) + " ";
  }
  nlb_summary_free(summary);
  return text;
}

std::string Scenario::Timeline() const {
  nlb_timeline* timeline = nlb_timeline_new();
  std::map<std::string, int> counts;
  for (const auto& [number, record] : records_) {
    const auto& layers = record.layers;
    const int64_t since = layers[0].time_ns - records_.begin()->second.layers[0].time_ns;
    Report(number);
    EXPECT_EQ(NLB_OK, nlb_timeline_add(timeline, capture_, report_, since));
    for (size_t i = 0; i < nlb_timeline_count(timeline); ++i) {
      const nlb_moment moment = nlb_timeline_moment(timeline, i);
      ++counts[std::string(moment.cluster) + " | " + moment.part + " | " + moment.line];
    }
  }
  nlb_timeline_free(timeline);
  std::string text;
  for (const auto& [line, count] : counts) text += std::to_string(count) + " | " + line + "\n";
  return text;
}

void Scenario::AddTo(nlb_flow* flow, uint32_t number) const {
  Report(number);
  EXPECT_EQ(NLB_OK, nlb_flow_add(flow, capture_, report_));
}

std::string Scenario::Flow() const {
  nlb_flow* flow = nlb_flow_new();
  std::string text;
  for (const auto& [number, record] : records_) {
    AddTo(flow, number);
    for (size_t i = 0; i < nlb_flow_count(flow); ++i) {
      const nlb_arrow arrow = nlb_flow_arrow(flow, i);
      text += std::to_string(number) + " " + arrow.from + " > " + arrow.to + ": " + arrow.label;
      if (*arrow.comment) text += std::string(" (") + arrow.comment + ")";
      text += "\n";
    }
  }
  nlb_flow_free(flow);
  return text;
}

std::string Scenario::Conversation(uint32_t number, nlb_conversation which) const {
  char filter[NLB_CONVERSATION_SIZE];
  Report(number);
  const nlb_belonging belonging = nlb_capture_belonging(capture_, report_);
  const size_t length = nlb_conversation_filter(&belonging, which, filter, sizeof filter);
  EXPECT_EQ(length, std::string_view(filter).size());
  return filter;
}

}  // namespace nlb::test
