// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/analysis_report.h"

#include <string_view>
#include <utility>

#include "base/text.h"
#include "catalog/fields.h"
#include "facts/mac_class.h"
#include "heuristics/copies.h"
#include "heuristics/registry.h"
#include "wire/heartbeat.h"

namespace nlb {
namespace {

const Heuristic& Of(const Note& note) { return *kHeuristics[note.finding]; }

const nlb_finding_desc& FindingOf(const nlb_hit& hit) { return kHeuristics[hit.finding]->finding; }

std::optional<Tie> TieByHeartbeat(const Sighting& s) {
  const auto heartbeat = wire::ReadHeader(s.frame.payload, s.frame.payload_wire_length);
  if (!heartbeat) return std::nullopt;
  const IpAddress cluster = heartbeat->cluster_ip;
  return Tie{cluster, static_cast<uint8_t>(heartbeat->host_id),
             ModeOfHeartbeat(s.frame.destination), s.known.evidence.OfAddress(cluster, s.at)};
}

// The address that the frame's cluster MAC stands for.
IpAddress AddressBehindMac(const Sighting& s) {
  if (s.frame.claim) return s.frame.claim->ip;
  if (s.frame.content != Content::kHeartbeat) return s.frame.ip.destination;
  const auto heartbeat = wire::ReadHeader(s.frame.payload, s.frame.payload_wire_length);
  return heartbeat ? heartbeat->cluster_ip : IpAddress{};
}

// Clusters whose addresses end alike share an IGMP MAC: there the address tells which one.
std::optional<Evidence> EvidenceOf(const Sighting& s, MacAddress mac) {
  if (RoleOf(mac) == MacRole::kIgmp) {
    const IpAddress ip = AddressBehindMac(s);
    auto evidence = s.known.evidence.OfAddress(ip, s.at);
    if (evidence && Embeds(mac, ip.mac_tail())) return evidence;
  }
  return s.known.evidence.Of(mac, s.at);
}

std::optional<Tie> TieByMac(const Sighting& s, MacAddress mac) {
  if (const auto host = s.known.evidence.InterHost(mac, s.at)) {
    return Tie{host->cluster, 0, NLB_MODE_UNICAST, s.known.evidence.OfAddress(host->cluster, s.at)};
  }
  auto evidence = EvidenceOf(s, mac);
  if (!evidence) return std::nullopt;
  const nlb_mode mode = ModeOf(RoleOf(mac));
  const nlb_mode other = s.known.evidence.OtherMode(evidence->cluster, mode, s.at);
  return Tie{evidence->cluster, 0, other == NLB_MODE_UNKNOWN ? mode : other, std::move(evidence)};
}

// A frame from a host's station MAC, or from a router, still belongs to a cluster by its addresses.
std::optional<Tie> TieByAddress(const Sighting& s) {
  if (!s.frame.is_ip()) return std::nullopt;
  for (const IpAddress ip : {s.frame.ip.source, s.frame.ip.destination}) {
    if (auto evidence = s.known.evidence.OfAddress(ip, s.at)) {
      return Tie{evidence->cluster, 0, NLB_MODE_UNKNOWN, std::move(evidence)};
    }
  }
  return std::nullopt;
}

std::string HostOf(unsigned id, const std::string& cluster) {
  return "host " + std::to_string(id) + " of " + cluster;
}

// A MAC that belongs to a known cluster, in words. Wireshark's own name for it, MS-NLB-PhysServer
// or MS-NLB-VirtServer, goes by the first two bytes alone.
std::optional<std::string> NameOf(const Sighting& s, MacAddress mac) {
  auto host = s.known.evidence.InterHost(mac, s.at);
  if (!host) host = s.known.evidence.Station(mac, s.at);
  if (host) return HostOf(host->host_id, ClusterText(*host));
  const auto evidence = EvidenceOf(s, mac);
  if (!evidence) return std::nullopt;
  const std::string cluster = Text(evidence->cluster);
  if (RoleOf(mac) == MacRole::kMaskedHost) return HostOf(MaskedHostId(mac), cluster);
  return "all hosts of " + cluster;
}

// A heartbeat names its sender, whatever its MAC; a frame from the cluster's own MAC hides it.
std::optional<std::string> SourceName(const Sighting& s) {
  if (s.frame.content == Content::kHeartbeat) {
    const auto heartbeat = wire::ReadHeader(s.frame.payload, s.frame.payload_wire_length);
    if (heartbeat) return HostOf(heartbeat->host_id, Text(heartbeat->cluster_ip));
  }
  const auto evidence = s.known.evidence.Of(s.frame.source, s.at);
  const MacRole role = s.frame.source_role;
  if (evidence && (role == MacRole::kCluster || role == MacRole::kNone)) {
    return "a host of " + Text(evidence->cluster);
  }
  return NameOf(s, s.frame.source);
}

void AddNames(const Sighting& s, uint8_t flags, nlb_report& report) {
  const auto place = nlb_report::Place{0, 0, 0, flags};
  if (auto name = SourceName(s)) {
    report.AddText(Field("nlb.analysis.source"), place, std::move(*name));
  }
  if (auto name = NameOf(s, s.frame.destination)) {
    report.AddText(Field("nlb.analysis.destination"), place, std::move(*name));
  }
}

void AddTie(const Sighting& s, const Tie& tie, uint8_t flags, nlb_report& report) {
  const auto place = nlb_report::Place{0, 0, 0, flags};
  if (tie.cluster.is_v4()) report.AddIp(Field("nlb.analysis.cluster_ip"), place, tie.cluster);
  if (tie.host_id != 0) report.AddNumber(Field("nlb.analysis.host_id"), place, tie.host_id);
  if (tie.mode != NLB_MODE_UNKNOWN) {
    report.AddText(Field("nlb.analysis.mode"), place, std::string(ModeName(tie.mode)));
  }
  if (!tie.evidence) return;
  report.AddText(Field("nlb.analysis.evidence"), place,
                 std::string(ProofName(tie.evidence->proof)));
  if (const auto frame = s.known.index.NumberOf(tie.evidence->since); frame && *frame != 0) {
    report.AddNumber(Field("nlb.analysis.evidence_frame"), place, *frame);
  }
}

void AddFrameLink(const Sighting& s, uint16_t field, Position other, nlb_report& report) {
  const auto number = s.known.index.NumberOf(other);
  if (number && *number != 0) report.AddNumber(field, nlb_report::Generated(), *number);
}

void AddCopy(const Sighting& s, const Note& note, nlb_report& report) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  const uint16_t link =
      detail.copy_came_first ? Field("nlb.analysis.copied_in") : Field("nlb.analysis.copy_of");
  const auto place = nlb_report::Generated();
  AddFrameLink(s, link, note.other, report);
  report.AddDuration(Field("nlb.analysis.copy_delta"), place, detail.delta);
  if (detail.ttl_drop == 0) return;
  report.AddNumber(Field("nlb.analysis.ttl_drop"), place, detail.ttl_drop);
  report.AddMac(Field("nlb.analysis.forwarder"), place, note.mac());
  const auto ip = s.known.neighbours.AddressOf(s.frame.segment, note.mac(), s.at);
  if (ip) report.AddIp(Field("nlb.analysis.forwarder_ip"), place, *ip);
}

void AddNote(const Sighting& s, const Note& note, nlb_report& report) {
  const Heuristic& rule = Of(note);
  report.AddHit(note.finding, rule.tell(s, note));
  if (IsCopy(note)) {
    AddCopy(s, note, report);
  } else {
    AddFrameLink(s, Field("nlb.analysis.related_frame"), note.other, report);
  }
}

void AddDated(const Sighting& s, nlb_report& report) {
  for (size_t id = 0; id < kHeuristics.size(); ++id) {
    if (!kHeuristics[id]->check) continue;
    if (auto sentence = kHeuristics[id]->check(s)) {
      report.AddHit(static_cast<uint32_t>(id), std::move(*sentence));
    }
  }
}

// By whatever else than the source MAC.
std::optional<Tie> TieByTheRest(const Sighting& s) {
  std::optional<Tie> tie;
  // A masked MAC is never an address to send to.
  if (s.frame.destination_role != MacRole::kMaskedHost) tie = TieByMac(s, s.frame.destination);
  if (!tie && s.frame.claim) tie = TieByMac(s, s.frame.claim->mac);
  if (!tie) tie = TieByAddress(s);
  if (!tie) return std::nullopt;
  const auto host = s.known.evidence.Station(s.frame.source, s.at);
  if (host && host->cluster == tie->cluster) tie->host_id = host->host_id;
  return tie;
}

}  // namespace

std::optional<Tie> TieOf(const Sighting& s) {
  if (s.frame.content == Content::kHeartbeat) return TieByHeartbeat(s);
  // A group address is never a source.
  auto tie = s.frame.source.is_group() ? std::nullopt : TieByMac(s, s.frame.source);
  if (!tie) return TieByTheRest(s);
  if (s.frame.source_role == MacRole::kMaskedHost) tie->host_id = MaskedHostId(s.frame.source);
  return tie;
}

void ReportAnalysis(const Sighting& s, NoteStore::Range notes, nlb_report& report) {
  const size_t hits_before = report.View().hit_count;
  for (const Note& note : notes) {
    if (note.layer == s.frame.segment.layer) AddNote(s, note, report);
  }
  AddDated(s, report);
  const bool found = report.View().hit_count > hits_before;
  if (const auto tie = TieOf(s)) {
    const unsigned hidden = found ? 0 : NLB_ITEM_HIDDEN;
    const auto flags = static_cast<uint8_t>(NLB_ITEM_GENERATED | hidden);
    AddNames(s, flags, report);
    AddTie(s, *tie, flags, report);
  }
}

void ReportCopiedIn(const Sighting& s, NoteStore::Range later, nlb_report& report) {
  for (const Note& note : later) {
    if (note.other != s.at || note.layer != s.frame.segment.layer || !IsCopy(note)) continue;
    const bool reversed = CopyDetail::Unpack(note.detail).copy_came_first;
    const uint16_t link =
        reversed ? Field("nlb.analysis.copy_of") : Field("nlb.analysis.copied_in");
    const auto number = s.known.index.NumberOf(note.at);
    if (!number) continue;
    report.AddNumber(link, nlb_report::Generated(), *number);
  }
}

void SummarizeAnalysis(nlb_report& report) {
  report.OrderHits([](const nlb_hit& a, const nlb_hit& b) {
    return FindingOf(a).severity > FindingOf(b).severity;
  });
  const nlb_view view = report.View();
  const nlb_finding_desc& gravest = FindingOf(view.hits[0]);
  constexpr nlb_report::Place kHidden{0, 0, 0, NLB_ITEM_GENERATED | NLB_ITEM_HIDDEN};
  for (size_t i = 0; i < view.hit_count; ++i) {
    if (kHeuristics[view.hits[i].finding]->routine) continue;
    report.AddText(Field("nlb.analysis.finding"), kHidden, FindingOf(view.hits[i]).summary);
  }
  report.AddText(Field("nlb.analysis.severity"), kHidden, SeverityName(gravest.severity));
  report.SetSummary(gravest.summary);
  if (gravest.severity >= NLB_WARN) {
    report.AddText(Field("nlb.analysis.cure"), nlb_report::Generated(), gravest.cure);
    report.PutLastItemFirst();
  }
}

}  // namespace nlb
