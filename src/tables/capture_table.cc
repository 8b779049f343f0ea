// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/capture_table.h"

#include <algorithm>

#include "base/text.h"
#include "tables/layers.h"
#include "wire/transport.h"

namespace nlb {
namespace {

constexpr size_t kMaxListed = 64;
constexpr size_t kMaxReporters = 1024;
constexpr Duration kIdleAfter = std::chrono::seconds(60);     // when a host without work shows
constexpr Duration kSilentAfter = std::chrono::seconds(130);  // and a group that nobody reports

std::string Numbers(const auto& numbers) {
  std::string text;
  size_t count = 0;
  for (const auto number : numbers) {
    if (++count > 8) return text + ", ...";
    text += (text.empty() ? "" : ", ") + std::to_string(number);
  }
  return text;
}

}  // namespace

CaptureTable::CaptureTable() {
  stale_.set();
  Refresh();
}

void CaptureTable::Add(const Capture& capture, const nlb_report& report) {
  if (report.frames().empty()) return;
  const nlb_frame& outer = report.frames()[0];
  ++by_link_[std::min<size_t>(outer.link, NLB_LINK_OTHER)];
  stale_.set(kLinks);
  if (!IsLookedAt(report)) return;
  const Timestamp now{outer.time_ns};
  first_ = records_ == 0 ? now : std::min(first_, now);
  last_ = records_ == 0 ? now : std::max(last_, now);
  ++records_;
  inside_ += report.frames().size() - 1;
  if (outer.captured_len < outer.wire_len) {
    ++cut_;
    longest_kept_ = std::max(longest_kept_, outer.captured_len);
    stale_.set(kLength);
  }
  if (interfaces_.size() < kMaxListed && interfaces_.insert(outer.interface_id).second) {
    stale_.set(kInterfaces);
  }
  if (capture.IsCopy(outer.number)) {
    ++copies_;
    stale_.set(kCopies);
    return;
  }
  ForEachLayer(capture, report, [&](const Sighting& sighting, const auto& attribution) {
    AddLayer(sighting, attribution);
  });
}

void CaptureTable::AddLayer(const Sighting& s, const std::optional<Attribution>& attribution) {
  const wire::VlanStack& vlan = s.frame.segment.vlan;
  if (vlan.count > 0) {
    ++tagged_;
    vlans_.set(vlan.ids & 0xFFF);
    stale_.set(kTags);
  }
  if (s.frame.claim) {
    ++claims_;
    stale_.set(kArp);
  }
  if (s.frame.is_ip()) AddIgmp(s.frame);
  if (const auto seen = clusters_.Observe(s, attribution); seen.cluster) {
    stale_clusters_.insert(seen.cluster->ip);
    if (seen.changed) PutCluster(*seen.cluster);  // a new row is there at once
  }
}

void CaptureTable::AddIgmp(const FrameFacts& frame) {
  const auto igmp = wire::ParseIgmp(frame.ip);
  if (!igmp) return;
  ++(igmp->query ? queries_ : reports_);
  if (!igmp->query && reporters_.size() < kMaxReporters) reporters_.insert(frame.source);
  stale_.set(kGroups);
}

// A dialog looks after every record: only what changed is written anew.
void CaptureTable::Refresh() {
  for (size_t row = 0; row < kRows && stale_.any(); ++row) {
    if (stale_[row]) Put({IpAddress(), static_cast<uint8_t>(row)}, WordsOf(static_cast<Row>(row)));
  }
  stale_.reset();
  for (const IpAddress ip : stale_clusters_) {
    PutCluster(*clusters_.Find(ip));
  }
  stale_clusters_.clear();
}

void CaptureTable::PutCluster(const SeenCluster& cluster) {
  Put({cluster.ip, 0}, HeartbeatWords(cluster));
  Put({cluster.ip, 1}, TrafficWords(cluster));
}

void CaptureTable::Put(const Key& key, Words words) {
  if (!grid_.Takes(key)) return;
  grid_.Put(key, CellsOf(std::move(words.what), std::move(words.seen), std::move(words.blind)));
}

std::vector<std::string> CaptureTable::Blind() {
  const bool igmp = std::any_of(clusters_.begin(), clusters_.end(), [](const auto& cluster) {
    return cluster.second.mode == NLB_MODE_IGMP;
  });
  std::vector<std::string> sentences;
  const auto& rows = grid();
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& blind = std::get<std::string>(rows.row(i)[2]);
    if (blind == "-" || (i == kGroups && !igmp)) continue;
    const auto& what = std::get<std::string>(rows.row(i)[0]);
    const auto& seen = std::get<std::string>(rows.row(i)[1]);
    sentences.push_back(what + ": " + seen + ". Cannot be judged: " + blind + ".");
  }
  return sentences;
}

CaptureTable::Words CaptureTable::WordsOf(Row row) const {
  switch (row) {
    case kLinks:
      return LinkWords();
    case kLength:
      return LengthWords();
    case kInterfaces:
      return InterfaceWords();
    case kTags:
      return TagWords();
    case kCopies:
      return {"Copies", copies_ == 0 ? "none" : Count(copies_, "frame"), "-"};
    case kArp:
      return {"ARP and ND", claims_ == 0 ? "none" : Count(claims_, "frame"),
              claims_ == 0 ? "whose MAC is whose, but for what traffic and heartbeats show" : "-"};
    case kGroups:
      return IgmpWords();
    case kRows:
      break;
  }
  return {};
}

CaptureTable::Words CaptureTable::LinkWords() const {
  constexpr std::array<const char*, kLinkTypes> kNames = {"Ethernet", "Linux cooked",
                                                          "Linux cooked v2", "not analysed"};
  std::string seen, blind;
  const auto add = [](std::string& list, const char* gap, const std::string& what) {
    if (!list.empty()) list += gap;
    list += what;
  };
  for (size_t link = 0; link < kLinkTypes; ++link) {
    if (by_link_[link] == 0) continue;
    add(seen, ", ", kNames[link]);
    add(seen, " ", Count(by_link_[link], "frame"));
  }
  if (records_ == 0)
    return {"Link types", seen.empty() ? "none" : std::move(seen),
            "anything: nothing was looked at"};
  seen += ", in " + TextSeconds(last_ - first_, 1) + " s";
  if (inside_ > 0) seen += ", " + Count(inside_, "more") + " inside";
  if (by_link_[NLB_LINK_OTHER] > 0) add(blind, "; ", "what is in the frames that are not analysed");
  if (by_link_[NLB_LINK_COOKED] + by_link_[NLB_LINK_COOKED2] > 0)
    add(blind, "; ", "to which MAC a cooked frame went");
  if (last_ - first_ < kIdleAfter)
    add(blind, "; ", "whether hosts are without work, which takes 60 s");
  if (last_ - first_ < kSilentAfter)
    add(blind, "; ", "whether groups are reported and queried, which takes 130 s");
  return {"Link types", std::move(seen), blind.empty() ? "-" : std::move(blind)};
}

CaptureTable::Words CaptureTable::LengthWords() const {
  if (cut_ == 0) return {"Length kept", "whole frames", "-"};
  return {"Length kept",
          Count(cut_, "frame") + " cut, at most " + Count(longest_kept_, "byte") + " kept",
          "what stands behind: port rules, host names, copies of long packets"};
}

CaptureTable::Words CaptureTable::InterfaceWords() const {
  if (interfaces_.size() < 2) return {"Interfaces", "one", "-"};
  return {"Interfaces", std::to_string(interfaces_.size()) + ": " + Numbers(interfaces_),
          "copies whose two sightings are on different interfaces"};
}

CaptureTable::Words CaptureTable::TagWords() const {
  if (tagged_ == 0) return {"VLAN tags", "none", "which VLAN a frame was in"};
  std::vector<size_t> ids;
  for (size_t id = 0; id < vlans_.size() && ids.size() <= 8; ++id) {
    if (vlans_[id]) ids.push_back(id);
  }
  return {"VLAN tags", Numbers(ids) + ": " + Count(tagged_, "frame"), "-"};
}

// Snooping switches send reports to the querier only, so a port without reports proves nothing.
CaptureTable::Words CaptureTable::IgmpWords() const {
  if (reports_ == 0 && queries_ == 0) {
    return {"IGMP", "no report, no query", "whether groups are reported and queried elsewhere"};
  }
  std::string seen = Count(reports_, "report") + " of " + Count(reporters_.size(), "station") +
                     ", " + std::to_string(queries_) + (queries_ == 1 ? " query" : " queries");
  const bool one = reporters_.size() < 2;
  return {"IGMP", std::move(seen),
          one ? "reports of other ports: one station at most is heard" : "-"};
}

CaptureTable::Words CaptureTable::HeartbeatWords(const SeenCluster& cluster) {
  std::string what = "Heartbeats of " + Text(cluster.ip);
  if (cluster.heartbeats == 0) {
    return {std::move(what), "none", "which hosts there are, which live, what they disagree on"};
  }
  std::vector<unsigned> ids;
  for (const auto& [id, host] : cluster.hosts) {
    if (host.heartbeats > 0) ids.push_back(id);
  }
  std::string seen = Count(cluster.heartbeats, "heartbeat") + " of " +
                     (ids.size() == 1 ? "host " : "hosts ") + Numbers(ids);
  const char* blind = ids.size() == 1 ? "whether there are hosts that are not heard here" : "-";
  if (AreHostsHeardApart(cluster)) {
    seen += ", on different interfaces or VLANs";
    blind = "whether the hosts hear each other: none is heard on two of these";
  }
  return {std::move(what), std::move(seen), blind};
}

CaptureTable::Words CaptureTable::TrafficWords(const SeenCluster& cluster) {
  std::string what = "Traffic of " + Text(cluster.ip);
  if (cluster.requests == 0 && cluster.answers == 0) {
    return {std::move(what), "none",
            "whether clients are served, by whom, and what happens on the way"};
  }
  std::string seen =
      Count(cluster.requests, "request packet") + ", " + Count(cluster.answers, "answer packet");
  if (cluster.answers == 0) {
    return {std::move(what), std::move(seen), "whether requests are answered, and by which hosts"};
  }
  if (cluster.requests == 0) {
    return {std::move(what), std::move(seen),
            "requests: where they go, whether they flood or repeat"};
  }
  return {std::move(what), std::move(seen), "-"};
}

}  // namespace nlb
