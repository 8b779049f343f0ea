// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/flow.h"

#include "base/text.h"
#include "heuristics/registry.h"
#include "report/attribution.h"
#include "state/cluster_address.h"
#include "state/cluster_notes.h"
#include "tables/copy_note.h"
#include "wire/transport.h"

namespace nlb {
namespace {

// Columns that have no number of their own: they are always there for who finds no room.
constexpr char kAll[] = "all";
constexpr char kOtherClients[] = "other clients";
constexpr char kOtherHosts[] = "other hosts";
constexpr char kOtherForwarders[] = "other forwarders";
constexpr char kItself[] = "itself";
constexpr size_t kShared = 5;

// ---- what an arrow says: short, because columns are narrow --------------------------------------

std::string BytesText(uint64_t bytes) { return Count(bytes, "byte"); }

// Of the IP packet behind its own headers and so many bytes more; on the wire.
uint64_t DataLength(const FrameFacts& frame, size_t header) {
  const auto before = static_cast<size_t>(frame.ip.transport.data() - frame.payload.data());
  const uint64_t all = frame.ip.total_length;
  return all > before + header ? all - before - header : 0;
}

std::string TcpText(const FrameFacts& frame, const wire::Tcp& tcp) {
  if (tcp.is_syn_ack()) return "SYN, ACK";
  if (tcp.is_syn()) return "SYN";
  if (tcp.is_reset()) return "RST";
  const uint64_t data = DataLength(frame, tcp.header_length);
  if (data > 0) return (tcp.is_fin() ? "FIN, " : "") + BytesText(data);
  return tcp.is_fin() ? "FIN" : "ACK";
}

std::string ClaimText(const wire::Claim& claim, const char* protocol) {
  if (claim.reply) return "at " + Text(claim.mac);
  return std::string(protocol) + " " + Text(claim.target) + "?";
}

std::string IpText(const FrameFacts& frame) {
  constexpr size_t kUdpHeader = 8;
  const wire::IpPacket& ip = frame.ip;
  if (!ip.has_transport_header()) return "fragment";
  if (frame.claim) return ClaimText(*frame.claim, "ND");
  if (ip.protocol == wire::kTcp) {
    const auto tcp = wire::ParseTcp(ip.transport);
    return tcp ? TcpText(frame, *tcp) : "TCP";
  }
  if (ip.protocol == wire::kUdp) return "UDP, " + BytesText(DataLength(frame, kUdpHeader));
  if (ip.protocol == wire::kIcmp || ip.protocol == wire::kIcmpv6) {
    const auto echo = wire::ParseEcho(ip.protocol, ip.transport);
    if (!echo) return "ICMP";
    return echo->reply ? "ping reply" : "ping";
  }
  if (const auto igmp = wire::ParseIgmp(ip)) return igmp->query ? "IGMP query" : "IGMP report";
  return "IP protocol " + std::to_string(ip.protocol);
}

std::string ContentText(const FrameFacts& frame) {
  switch (frame.content) {
    case Content::kIp:
      return IpText(frame);
    case Content::kArp:
      return frame.claim ? ClaimText(*frame.claim, "ARP") : "ARP";
    case Content::kHeartbeat:
      return "heartbeat";
    case Content::kOther:
      break;
  }
  return "frame";
}

// "frame 7 again", unless a read filter hid that frame.
std::string LabelOf(const Sighting& s, const Note* copy) {
  if (copy) {
    const auto number = s.known.index.NumberOf(copy->other);
    if (number && *number != 0) return "frame " + std::to_string(*number) + " again";
  }
  return ContentText(s.frame);
}

// ---- who it is ----------------------------------------------------------------------------------

// The station's address, as the frame tells it.
std::string AddressText(IpAddress ip, MacAddress mac) {
  return ip.is_unspecified() ? Text(mac) : Text(ip);
}

IpAddress SenderAddress(const FrameFacts& frame) {
  if (frame.is_ip()) return frame.ip.source;
  if (frame.claim && frame.claim->mac == frame.source) return frame.claim->ip;
  return {};
}

IpAddress ReceiverAddress(const FrameFacts& frame) {
  if (frame.is_ip()) return frame.ip.destination;
  return frame.claim ? frame.claim->target : IpAddress();
}

std::optional<std::string> ClusterBehind(const Sighting& s, IpAddress ip) {
  const auto cluster = ClusterOfAddress(ip, s.known.evidence, s.known.neighbours, s.at);
  if (!cluster) return std::nullopt;
  return Text(cluster->cluster);
}

std::pair<uint16_t, uint16_t> PortsOf(const FrameFacts& frame) {
  const wire::IpPacket& ip = frame.ip;
  const bool has_ports = frame.is_ip() && ip.has_transport_header() &&
                         (ip.protocol == wire::kTcp || ip.protocol == wire::kUdp) &&
                         ip.transport.Has(0, 4);
  if (!has_ports) return {};
  return {ip.transport.Be16(0), ip.transport.Be16(2)};
}

// ---- which layer and which finding --------------------------------------------------------------

// Of a tunnelled record the innermost layer that a cluster has to do with, else the first.
const nlb_report::Layer& LayerOf(const nlb_report& report) {
  const nlb_report::Layer* chosen = &report.layers().front();
  for (const auto& layer : report.layers()) {
    if (layer.attribution) chosen = &layer;
  }
  return *chosen;
}

// Heartbeats say the same every second: an arrow is for what somebody wants to know.
bool IsWorthAHeartbeat(const Heuristic& rule) {
  if (rule.event == Event::kCopy) return rule.finding.severity >= NLB_WARN;
  return rule.finding.severity >= NLB_NOTE || rule.part == Part::kHosts;
}

// What holds on: a stateless finding is on every frame of its kind, and hosts that contradict each
// other do so with every heartbeat.
bool HoldsOn(const Heuristic& rule, Content content) {
  return rule.matches || (content == Content::kHeartbeat && rule.part == Part::kConflicts);
}

// The hosts that were found lost on this record, in the order of its findings.
std::vector<unsigned> LostHosts(const Capture& capture, Position at) {
  std::vector<unsigned> lost;
  for (const Note& note : capture.NotesAt(at)) {
    if (RuleOf(note).event != Event::kHostLost) continue;
    lost.push_back(OtherHost::Unpack(note.detail).host_id);
  }
  return lost;
}

}  // namespace
}  // namespace nlb

void nlb_flow::Clear() {
  clients_.clear();
  others_.clear();
  told_.clear();
  arrows_.clear();
  count_ = 0;
}

void nlb_flow::Add(const nlb::Capture& capture, const nlb_report& report) {
  arrows_.clear();
  if (report.layers().empty() || count_ > kMaxArrows) return;
  const nlb::Knowledge known = capture.knowledge();
  const nlb::Position at = known.index.PositionOf(report.frames()[0].number);
  const nlb::FrameFacts& frame = nlb::LayerOf(report).facts;
  const nlb::Sighting sighting{frame, at, known};
  const auto copy = nlb::CopyNoteOf(capture, at, frame.segment.layer);
  Ends ends = EndsOf(sighting, copy ? &*copy : nullptr);
  if (frame.content == nlb::Content::kHeartbeat) {
    AddHeartbeat(capture, sighting, std::move(ends), report);
    return;
  }
  const nlb_view view = report.View();
  Put(ends, nlb::LabelOf(sighting, copy ? &*copy : nullptr), view, NewsOf(ends, view));
}

nlb_arrow nlb_flow::At(size_t index) const {
  if (index >= arrows_.size()) return {"", "", "", "", NLB_CHAT, 0, 0};
  const Arrow& arrow = arrows_[index];
  return {arrow.from.c_str(), arrow.to.c_str(), arrow.label.c_str(), arrow.comment.c_str(),
          arrow.severity,     arrow.from_port,  arrow.to_port};
}

// ---- columns ------------------------------------------------------------------------------------

// One box is one column, under the name by which it was met first.
nlb_flow::Column nlb_flow::ForwarderOf(const nlb::Note& copy) const {
  const bool ordinary = nlb::RuleOf(copy).finding.severity == NLB_CHAT;
  const std::string mac = nlb::Text(copy.mac());
  std::string name = (ordinary ? "router " : "FORWARDER ") + mac;
  std::string other = (ordinary ? "FORWARDER " : "router ") + mac;
  return {Kind::kForwarder, others_.contains(other) ? std::move(other) : std::move(name)};
}

nlb_flow::Column nlb_flow::SenderOf(const nlb::Sighting& s, const nlb::Note* copy) const {
  if (copy && nlb::IsForwarded(*copy)) return ForwarderOf(*copy);
  if (auto name = nlb::SourceName(s)) return {Kind::kHost, std::move(*name)};
  const nlb::IpAddress ip = nlb::SenderAddress(s.frame);
  if (const auto cluster = nlb::ClusterBehind(s, ip)) return {Kind::kHost, "a host of " + *cluster};
  return {Kind::kClient, nlb::AddressText(ip, s.frame.source)};
}

nlb_flow::Column nlb_flow::ReceiverOf(const nlb::Sighting& s) {
  if (s.frame.destination.is_broadcast()) return {Kind::kAll, nlb::kAll};
  if (auto name = nlb::DestinationName(s)) return {Kind::kHost, std::move(*name)};
  if (s.frame.destination.is_group()) return {Kind::kAll, nlb::kAll};
  const nlb::IpAddress ip = nlb::ReceiverAddress(s.frame);
  if (const auto cluster = nlb::ClusterBehind(s, ip)) return {Kind::kHost, "cluster " + *cluster};
  return {Kind::kClient, nlb::AddressText(ip, s.frame.destination)};
}

nlb_flow::Ends nlb_flow::EndsOf(const nlb::Sighting& s, const nlb::Note* copy) const {
  const auto [from_port, to_port] = nlb::PortsOf(s.frame);
  return {SenderOf(s, copy), ReceiverOf(s), s.frame.content, from_port, to_port};
}

// Whether the column is there, or there is room for it.
bool nlb_flow::MayTakeName(const Column& column) const {
  const auto& names = column.kind == Kind::kClient ? clients_ : others_;
  if (names.contains(column.name)) return true;
  if (clients_.size() + others_.size() >= kMaxColumns - nlb::kShared) return false;
  return column.kind != Kind::kClient || clients_.size() < kMaxClients;
}

std::string nlb_flow::NameOf(const Column& column) const {
  if (column.kind == Kind::kAll || MayTakeName(column)) return column.name;
  switch (column.kind) {
    case Kind::kClient:
      return nlb::kOtherClients;
    case Kind::kForwarder:
      return nlb::kOtherForwarders;
    default:
      return nlb::kOtherHosts;
  }
}

std::string nlb_flow::Take(const Column& column) {
  std::string name = NameOf(column);
  if (column.kind != Kind::kAll && name == column.name) {
    (column.kind == Kind::kClient ? clients_ : others_).insert(name);
  }
  return name;
}

// ---- arrows -------------------------------------------------------------------------------------

// An arrow for each thing that there is to tell. It goes to the host that is lost, for the sender
// of this heartbeat is well.
void nlb_flow::AddHeartbeat(const nlb::Capture& capture, const nlb::Sighting& s, Ends ends,
                            const nlb_report& report) {
  const nlb_view view = report.View();
  const std::vector<unsigned> lost = nlb::LostHosts(capture, s.at);
  size_t next_lost = 0;
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb::Heuristic& rule = nlb::kHeuristics[view.hits[i].finding];
    if (!nlb::IsWorthAHeartbeat(rule) || !IsNews(ends, view.hits[i].finding)) continue;
    Ends to = ends;
    std::string label = rule.finding.summary;
    if (rule.event == nlb::Event::kHostLost && s.frame.heartbeat && next_lost < lost.size()) {
      const unsigned id = lost[next_lost++];
      to.to = {Kind::kHost, nlb::HostName(id, nlb::Text(s.frame.heartbeat->cluster_ip))};
      label = "host " + std::to_string(id) + " lost";
    }
    Put(to, std::move(label), view, i);
  }
}

bool nlb_flow::IsNews(const Ends& ends, uint32_t finding) const {
  const nlb::Heuristic& rule = nlb::kHeuristics[finding];
  if (rule.routine) return false;
  return !nlb::HoldsOn(rule, ends.content) || !told_.contains({NameOf(ends.from), finding});
}

// The gravest.
size_t nlb_flow::NewsOf(const Ends& ends, const nlb_view& view) const {
  for (size_t i = 0; i < view.hit_count; ++i) {
    if (IsNews(ends, view.hits[i].finding)) return i;
  }
  return kNone;
}

void nlb_flow::Put(const Ends& ends, std::string label, const nlb_view& view, size_t told) {
  if (count_ > kMaxArrows) return;
  Arrow arrow;
  if (count_++ == kMaxArrows) {
    arrow.label = "more";
    arrow.comment = "The graph is full: filter the capture for what comes later";
  } else {
    arrow.label = std::move(label);
  }
  arrow.from = Take(ends.from);
  arrow.to = Take(ends.to);
  // Wireshark cannot draw an arrow that ends where it begins.
  if (arrow.to == arrow.from) arrow.to = nlb::kItself;
  arrow.from_port = ends.from_port;
  arrow.to_port = ends.to_port;
  if (told != kNone && arrow.comment.empty()) {
    const nlb_hit& hit = view.hits[told];
    const nlb::Heuristic& rule = nlb::kHeuristics[hit.finding];
    arrow.severity = rule.finding.severity;
    if (arrow.severity >= NLB_WARN) arrow.label = "! " + arrow.label;
    arrow.comment = std::string(rule.finding.summary) + ": " + hit.text;
    if (nlb::HoldsOn(rule, ends.content)) told_.insert({arrow.from, hit.finding});
  }
  arrows_.push_back(std::move(arrow));
}
