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

std::string FilterOfLayer(const Capture& capture, const Sighting& s,
                          const std::optional<Attribution>& found, nlb_conversation which) {
  if (which == NLB_CONVERSATION_FORWARDER) {
    const auto copy = CopyNoteOf(capture, s.at, s.frame.segment.layer);
    return copy && IsForwarded(*copy) ? OfForwarder(Text(copy->mac())) : "";
  }
  if (!found || !(found->cluster.is_v4() || found->cluster.is_v6())) return "";
  const bool is_v4 = found->cluster.is_v4();
  const std::string cluster = Text(found->cluster);
  if (which == NLB_CONVERSATION_CLUSTER) {
    return is_v4 ? OfCluster(cluster) : OfClusterByName(cluster);
  }
  const unsigned id = HostOf(s, *found);
  if (id == 0) return "";
  return is_v4 ? OfHost(id, cluster) : OfHostByName(id, cluster);
}

}  // namespace

// Of several layers the innermost that has one.
std::string ConversationFilter(const Capture& capture, const nlb_report& report,
                               nlb_conversation which) {
  std::string filter;
  if (report.layers().empty()) return filter;
  const Knowledge known = capture.knowledge();
  const Position at = known.index.PositionOf(report.frames()[0].number);
  for (const auto& [facts, attribution] : report.layers()) {
    std::string found = FilterOfLayer(capture, {facts, at, known}, attribution, which);
    if (!found.empty()) filter = std::move(found);
  }
  return filter;
}

}  // namespace nlb
