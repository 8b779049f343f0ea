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

std::string OfCluster(const std::string& cluster) {
  return Equals(Field("nlb.analysis.cluster_ip"), cluster);
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
         Equals(Field("nlb.analysis.destination"), '"' + HostName(id, cluster) + '"') + ")";
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
  // The field is an IPv4 address.
  if (!found || !found->cluster.is_v4()) return "";
  const std::string cluster = Text(found->cluster);
  if (which == NLB_CONVERSATION_CLUSTER) return OfCluster(cluster);
  const unsigned id = HostOf(s, *found);
  return id != 0 ? OfHost(id, cluster) : "";
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
