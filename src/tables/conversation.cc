// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/conversation.h"

#include <optional>

#include "base/text.h"
#include "catalog/fields.h"
#include "report/attribution.h"
#include "tables/copy_note.h"

namespace nlb {
namespace {

// "nlb.analysis.host_id == 2"
std::string Equals(uint16_t field, const std::string& value) {
  return std::string(kFields[field].filter) + " == " + value;
}

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

std::string OfCluster(const std::string& cluster) {
  return Equals(Field("nlb.analysis.cluster_ip"), cluster);
}

// cluster_ip is an IPv4 address. In a cluster that has none, the names say whose frame it is; an
// address holds nothing that a regular expression would take for more than itself.
std::string OfClusterByName(const std::string& cluster) {
  std::string filter = "ipv6.addr == " + cluster;
  for (const uint16_t field : {Field("nlb.analysis.source"), Field("nlb.analysis.destination")}) {
    filter +=
        " || " + std::string(kFields[field].filter) + " matches " + Quoted(" of " + cluster + "$");
  }
  return filter;
}

// A station of the cluster that the frame goes to, where its sender is none.
unsigned HostOf(const Sighting& s, const Attribution& found) {
  if (found.host_id != 0) return found.host_id;
  auto host = s.known.evidence.HostByInterHostMac(s.frame.destination, s.at);
  if (!host) host = s.known.evidence.HostByStationMac(s.frame.destination, s.at);
  return host && host->cluster == found.cluster ? host->host_id : 0;
}

// What it sends, what goes to it alone, and what is found of it on others' frames.
std::string OfHost(unsigned id, const std::string& cluster) {
  const std::string number = std::to_string(id);
  return OfCluster(cluster) + " && (" + Equals(Field("nlb.analysis.host_id"), number) + " || " +
         Equals(Field("nlb.analysis.other_host_id"), number) + " || " +
         Equals(Field("nlb.analysis.destination"), Quoted(HostName(id, cluster))) + ")";
}

std::string OfHostByName(unsigned id, const std::string& cluster) {
  const std::string name = Quoted(HostName(id, cluster));
  return Equals(Field("nlb.analysis.source"), name) + " || " +
         Equals(Field("nlb.analysis.destination"), name);
}

// All that the box sends and gets, and where it is spoken of.
std::string OfForwarder(const std::string& mac) {
  return Equals(Field("nlb.analysis.forwarder"), mac) + " || eth.addr == " + mac;
}

nlb_address AddressOf(IpAddress ip) {
  nlb_address address{};
  ip.Write(address.bytes);
  address.version = static_cast<uint8_t>(ip.version());
  return address;
}

IpAddress Read(const nlb_address& address) {
  const Bytes bytes(address.bytes, sizeof address.bytes);
  return address.version == 4 ? IpAddress::ReadV4(bytes, 0) : IpAddress::ReadV6(bytes, 0);
}

void AddCluster(const Sighting& s, const Attribution& found, nlb_belonging& belonging) {
  if (found.cluster.version() == 0) return;
  belonging.cluster = AddressOf(found.cluster);
  const unsigned id = HostOf(s, found);
  if (id == 0) return;
  belonging.cluster_of_host = belonging.cluster;
  belonging.host_id = static_cast<uint8_t>(id);
}

}  // namespace

// Of several layers the innermost that belongs to one.
nlb_belonging BelongingOf(const Capture& capture, const nlb_report& report) {
  nlb_belonging belonging{};
  if (report.layers().empty()) return belonging;
  const Knowledge known = capture.knowledge();
  const Position at = known.index.PositionOf(report.frames()[0].number);
  for (const auto& [facts, attribution] : report.layers()) {
    if (attribution) AddCluster({facts, at, known}, *attribution, belonging);
    const auto copy = CopyNoteOf(capture, at, facts.segment.layer);
    if (!copy || !IsForwarded(*copy)) continue;
    belonging.is_forwarded = 1;
    copy->mac().Write(belonging.forwarder);
  }
  return belonging;
}

std::string ConversationFilter(const nlb_belonging& belonging, nlb_conversation which) {
  if (which == NLB_CONVERSATION_FORWARDER) {
    if (belonging.is_forwarded == 0) return "";
    return OfForwarder(Text(MacAddress::Read(Bytes(belonging.forwarder, 6), 0)));
  }
  const bool of_host = which == NLB_CONVERSATION_HOST;
  const nlb_address& address = of_host ? belonging.cluster_of_host : belonging.cluster;
  if (address.version == 0) return "";
  const std::string cluster = Text(Read(address));
  if (address.version == 4) {
    return of_host ? OfHost(belonging.host_id, cluster) : OfCluster(cluster);
  }
  return of_host ? OfHostByName(belonging.host_id, cluster) : OfClusterByName(cluster);
}

}  // namespace nlb
