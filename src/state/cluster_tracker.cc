// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_tracker.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "facts/mac_class.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"

namespace nlb {
namespace {

std::optional<uint32_t> CodeOf(const wire::Membership& heartbeat) {
  if (!heartbeat.Has(wire::slot::kHostCode)) return std::nullopt;
  return heartbeat.host_code;
}

// What was under way when nobody was heard may have ended.
void ForgetWhatWasUnderWay(Cluster& cluster) {
  cluster.unsettled.reset();
  cluster.split.reset();
  cluster.away.reset();
  cluster.settled_in.reset();
  cluster.split_raised = cluster.unsettled_raised = false;
}

// In all that both captures kept. Two heartbeats within the copy window have no time for more.
bool IsSame(const RecentHeartbeat& a, const wire::Membership& b) {
  const auto equal = [&](wire::Slot slot, auto x, auto y) {
    return slot.At(1) > a.captured || !b.Has(slot) || x == y;
  };
  return equal(wire::slot::kDefaultHostId, a.default_host_id, b.default_host_id) &&
         equal(wire::slot::kState, a.state, b.state) &&
         equal(wire::slot::kRuleCount, a.rule_count, b.rule_count) &&
         equal(wire::slot::kPacketsHandled, a.packets_handled, b.packets_handled) &&
         equal(wire::slot::kTeaming, a.teaming, b.teaming);
}

// What two instances of one host, heard apart until now, know together.
void Combine(Host& host, Host&& other) {
  const bool is_later = other.IsHeard() && (!host.IsHeard() || other.last_heard > host.last_heard);
  Host& later = is_later ? other : host;
  later.serial = host.serial;
  later.first_heard = std::min(host.first_heard, other.first_heard);
  later.last_growth = std::max(host.last_growth, other.last_growth);
  later.heartbeats = host.heartbeats + other.heartbeats;
  later.longest_interval = std::max(host.longest_interval, other.longest_interval);
  later.summed_intervals = Sum(host.summed_intervals, other.summed_intervals);
  const Host& earlier = is_later ? host : other;
  if (later.name.empty()) later.name = earlier.name;
  if (!later.code) later.code = earlier.code;
  if (is_later) host = std::move(other);
}

}  // namespace

void ClusterTracker::Observe(const Sighting& s, Transitions& out) {
  if (s.frame.heartbeat) Hear(s.frame, s.at, out);
}

ClusterTracker::Heard ClusterTracker::Hear(const FrameFacts& frame, Position at, Transitions& out) {
  const auto& header = frame.heartbeat;
  if (!header) return {};
  const auto& heartbeat = frame.membership;
  Heard heard;
  Cluster& cluster =
      ClusterOf(frame, *header, heartbeat ? CodeOf(*heartbeat) : std::nullopt, heard.absorbed);
  heard.cluster = &cluster;
  if (header->signature == wire::Signature::kIdentity) {
    heard.host = ApplyIdentity(cluster, frame, *header, out);
  }
  if (heartbeat) heard.host = ApplyMembership(cluster, frame, *heartbeat, at, out);
  return heard;
}

// By the segment; and a host that is heard here and there shows that both are one.
Cluster& ClusterTracker::ClusterOf(const FrameFacts& frame, const wire::Header& header,
                                   std::optional<uint32_t> code, std::optional<Cluster>& absorbed) {
  const IpAddress ip = header.cluster_ip;
  Cluster* here = index_.OnSegment(ip, frame.segment);
  const auto* sighting = index_.OfHost(ip, header.host_id, header.host_ip, code);
  Cluster* there = sighting ? sighting->cluster : nullptr;
  if (!here) {
    here = there ? there : index_.BesideTag(ip, frame.segment);
    if (!here) here = &NewCluster(frame, ip);
    index_.AddSegment(*here, frame.segment);
  } else if (there && there != here &&
             AbsDiff(frame.time, sighting->heard) <= Rhythm::Of(*there, settings_).tolerance) {
    // A frame that lost its tag may come from either of two networks.
    const bool tells_network = frame.segment.vlan.count > 0 || !TagsContradict(*here, *there);
    here = tells_network ? &Merge(*here, *there, absorbed) : there;
  }
  clusters_.splice(clusters_.end(), clusters_, here->place);
  return *here;
}

Cluster& ClusterTracker::NewCluster(const FrameFacts& frame, IpAddress ip) {
  if (clusters_.size() >= kMaxClusters) {
    overflowed_ = true;
    Forget(clusters_.front());
  }
  Cluster& cluster = clusters_.emplace_back();
  cluster.place = std::prev(clusters_.end());
  cluster.serial = ++clusters_seen_;
  cluster.ip = ip;
  cluster.first_heard = cluster.last_heard = cluster.blind_until = frame.time;
  return cluster;
}

void ClusterTracker::Forget(Cluster& cluster) {
  index_.Remove(cluster);
  clusters_.erase(cluster.place);
}

Cluster& ClusterTracker::Merge(Cluster& a, Cluster& b, std::optional<Cluster>& absorbed) {
  Cluster& kept = a.serial < b.serial ? a : b;
  Cluster& other = &kept == &a ? b : a;
  index_.Remove(other);
  absorbed = other;
  for (const Segment& segment : other.segments) index_.AddSegment(kept, segment);
  for (Host& host : other.hosts) TakeOver(kept, std::move(host));
  kept.first_heard = std::min(kept.first_heard, other.first_heard);
  kept.last_heard = std::max(kept.last_heard, other.last_heard);
  kept.blind_until = std::max(kept.blind_until, other.blind_until);
  if (!kept.shortest_interval) kept.shortest_interval = other.shortest_interval;
  ForgetWhatWasUnderWay(kept);
  clusters_.erase(other.place);
  return kept;
}

void ClusterTracker::TakeOver(Cluster& cluster, Host&& host) {
  host.unheard_then = cluster.unheard;  // clocks of two clusters do not compare
  host.handled_then = cluster.handled;
  for (Host& known : cluster.hosts) {
    if (known.id != host.id || known.ip != host.ip) continue;
    if (known.code && host.code && *known.code != *host.code) continue;
    index_.RemoveHost(cluster, known);
    Combine(known, std::move(host));
    index_.HeardHost(cluster, known, known.last_heard);
    return;
  }
  MakeRoomForAHost(cluster);
  const Host& moved = cluster.hosts.emplace_back(std::move(host));
  index_.HeardHost(cluster, moved, moved.last_heard);
}

// A clock that jumped back: no time that was noted lies in the future.
void ClusterTracker::CatchUp(Cluster& cluster, Timestamp now) const {
  if (cluster.last_heard - now <= settings_.tolerance) return;
  cluster.first_heard = std::min(cluster.first_heard, now);
  cluster.blind_until = now;
  ForgetWhatWasUnderWay(cluster);
  cluster.left_count = 0;
  for (Host& host : cluster.hosts) {
    host.last_heard = std::min(host.last_heard, now);
    host.last_growth = std::min(host.last_growth, now);
  }
}

// Nobody of the cluster was heard for a while: the capture had a gap, or a switch does not flood
// the cluster's group to here, or all hosts were away. A host that is missing now may have
// sent heartbeats meanwhile.
void ClusterTracker::NoteSilence(Cluster& cluster, nlb_mode mode, Timestamp now) const {
  const Rhythm rhythm = Rhythm::Of(cluster, settings_);
  const Duration silence = now - cluster.last_heard;
  if (silence > 2 * rhythm.period) cluster.unheard = Sum(cluster.unheard, silence);
  if (silence <= rhythm.tolerance) return;
  ForgetWhatWasUnderWay(cluster);
  // Broadcast reaches every port of the network.
  if (cluster.last_heard < gap_end_ || mode != NLB_MODE_UNICAST) cluster.blind_until = now;
}

void ClusterTracker::NoteGap(Timestamp end, Duration gap) {
  if (gap > settings_.tolerance) gap_end_ = end;
  deaf_ = Sum(deaf_, gap);
}

Host& ClusterTracker::HostOf(Cluster& cluster, const wire::Header& header,
                             std::optional<uint32_t> code, Timestamp now) {
  for (Host& host : cluster.hosts) {
    if (host.id != header.host_id || host.ip != header.host_ip) continue;
    if (host.code && code && *host.code != *code) continue;
    if (code && !host.code) {
      index_.RemoveHost(cluster, host);
      host.code = code;
    }
    return host;
  }
  MakeRoomForAHost(cluster);
  Host& host = cluster.hosts.emplace_back();
  host.serial = ++hosts_seen_;
  host.id = header.host_id;
  host.ip = header.host_ip;
  host.code = code;
  host.first_heard = host.last_heard = host.last_growth = now;
  return host;
}

void ClusterTracker::MakeRoomForAHost(Cluster& cluster) {
  if (cluster.hosts.size() < kMaxHosts) return;
  overflowed_ = true;
  const auto longest_silent =
      std::min_element(cluster.hosts.begin(), cluster.hosts.end(),
                       [](const Host& a, const Host& b) { return a.last_heard < b.last_heard; });
  index_.RemoveHost(cluster, *longest_silent);
  cluster.hosts.erase(longest_silent);
}

// Identity heartbeats name a host by ID and address; one that comes first waits for its membership
// heartbeat.
const Host* ClusterTracker::ApplyIdentity(Cluster& cluster, const FrameFacts& frame,
                                          const wire::Header& header, Transitions& out) {
  std::string name = wire::ReadHostName(frame.payload, frame.payload_wire_length);
  if (name.empty()) return nullptr;
  Shorten(name, kLongestName);
  Host* named = nullptr;
  for (Host& host : cluster.hosts) {
    if (host.id != header.host_id || host.ip != header.host_ip) continue;
    host.name = name;
    named = &host;
  }
  if (!named) {
    named = &HostOf(cluster, header, std::nullopt, frame.time);
    named->name = name;
  }
  if (!named->IsHeard()) named->source = frame.source;
  const bool unicast = ModeOfHeartbeat(frame.destination) == NLB_MODE_UNICAST;
  // Once: they are not told from their own copies.
  const bool may_tell = named->source == frame.source && !named->keeps_mac_raised;
  if (unicast && may_tell && cluster.ip.is_unicast()) FindKeptMac(cluster, *named, out);
  return named;
}

const Host* ClusterTracker::ApplyMembership(Cluster& cluster, const FrameFacts& frame,
                                            const wire::Membership& heartbeat, Position at,
                                            Transitions& out) {
  const Timestamp now = frame.time;
  CatchUp(cluster, now);
  Host& host = HostOf(cluster, heartbeat.header, CodeOf(heartbeat), now);
  index_.HeardHost(cluster, host, now);
  Hearing h{cluster, host, Rhythm::Of(cluster, settings_), now, at, deaf_, out};
  if (IsRepeated(host, heartbeat, h.rhythm, now)) return &host;
  NoteSilence(cluster, ModeOfHeartbeat(frame.destination), now);
  cluster.last_heard = now;
  if (nlb::IsLive(host, h.rhythm, now)) h.previous = host.position;
  if (cluster.ip.is_unspecified()) {  // NLB is not set up there: nothing else is concluded
    TakeIn(h, frame, heartbeat);
    NoteUnconfigured(h);
    return &host;
  }
  FindOwnChanges(h, heartbeat);
  TakeIn(h, frame, heartbeat);
  FindLostHosts(h);
  // Without an address of their own clusters look like one.
  if (!cluster.ip.is_unicast()) return &host;
  FindSharedMac(h);
  FindOddMacs(h, frame.destination);
  CompareHosts(h);
  CompareStates(h);
  CompareDefaultHosts(h);
  CompareWork(h);
  return &host;
}

// The same heartbeat once more, from a mirror port or a loop. Between two real ones lies at least
// half a period; and what is still heard a period later is taken for new, so that a host that
// repeats itself faster than was thought does not fall silent by it.
bool ClusterTracker::IsRepeated(Host& host, const wire::Membership& heartbeat, const Rhythm& rhythm,
                                Timestamp now) const {
  const Duration window = std::min(settings_.copy_window, rhythm.period / 2);
  for (RecentHeartbeat& recent : host.recent) {
    if (recent.captured == 0 || !IsSame(recent, heartbeat)) continue;
    if (AbsDiff(now, recent.last) > window || AbsDiff(now, recent.first) > rhythm.period) continue;
    recent.last = now;
    return true;
  }
  host.recent[host.next_recent++ % Host::kRecent] = {heartbeat.captured,
                                                     heartbeat.state,
                                                     heartbeat.default_host_id,
                                                     heartbeat.rule_count,
                                                     heartbeat.packets_handled,
                                                     heartbeat.teaming,
                                                     now,
                                                     now};
  return false;
}

void ClusterTracker::TakeIn(const Hearing& h, const FrameFacts& frame,
                            const wire::Membership& heartbeat) {
  Host& host = h.speaker;
  const Timestamp now = h.now;
  if (!host.IsHeard()) {
    host.first_heard = host.last_growth = now;
    host.handled_then = h.cluster.handled;
  } else {
    const Duration interval = now - host.last_heard;
    host.longest_interval = std::max(host.longest_interval, interval);
    host.summed_intervals = Sum(host.summed_intervals, std::max(interval, Duration(0)));
    auto& shortest = h.cluster.shortest_interval;
    if (interval > settings_.heartbeat_period / 4)
      shortest = std::min(shortest.value_or(interval), interval);
    const auto growth = static_cast<int32_t>(GrowthOf(host, heartbeat).value_or(0));
    if (growth != 0) {
      // A host that was started again counts from zero.
      if (growth > 0) h.cluster.handled += static_cast<uint32_t>(growth);
      host.handled_then = h.cluster.handled;
      host.last_growth = now;
      host.has_grown = true;
      host.idle = false;
    }
  }
  host.same_state = !host.IsHeard() || host.last.state == heartbeat.state;
  host.lost = host.superseded = false;
  host.last = heartbeat;
  host.last_heard = now;
  host.deaf_then = deaf_;
  host.unheard_then = h.cluster.unheard;
  host.position = h.at;
  host.source = frame.source;
  host.mode = ModeOfHeartbeat(frame.destination);
  ++host.heartbeats;
}

}  // namespace nlb
