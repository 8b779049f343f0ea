// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_tracker.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/fields.h"
#include "facts/mac_class.h"
#include "state/cluster_notes.h"
#include "state/sighting.h"

namespace nlb {
namespace {

using namespace std::chrono_literals;

// How long a cluster may take to agree before that is a fault: a convergence takes up to ten
// seconds [MSNLB16].
constexpr Duration kPatience = 10s;
// How long a host may be without work while another has some.
constexpr Duration kIdleAfter = 60s;

Transition About(Event event, Position other = 0, uint64_t detail = 0, MacAddress mac = {}) {
  Transition transition{event, {}};
  transition.note.other = other;
  transition.note.detail = detail;
  transition.note.set_mac(mac);
  return transition;
}

Transition AboutHost(Event event, const Host& other, uint32_t word, uint16_t extra = 0) {
  const OtherHost detail{static_cast<uint8_t>(other.id), word, extra};
  return About(event, other.position, detail.Pack(), other.source);
}

// Of packets_handled since the heartbeat before; nothing when the capture cut the counter off.
std::optional<uint32_t> GrowthOf(const Host& before, const wire::Membership& heartbeat) {
  constexpr auto kCounter = wire::slot::kPacketsHandled;
  if (!before.last.Has(kCounter) || !heartbeat.Has(kCounter)) return std::nullopt;
  return heartbeat.packets_handled - before.last.packets_handled;
}

uint32_t RuleCount(const Host& host) { return host.last.rule_count; }

// The first port rule whose code differs among those that both captures kept, counted from 1; 0 for
// none.
uint16_t FirstDifferentRule(const Host& a, const Host& b) {
  const size_t both = std::min(a.last.codes_captured, b.last.codes_captured);
  for (size_t i = 0; i < both; ++i) {
    if (a.last.codes[i] != b.last.codes[i]) return static_cast<uint16_t>(i + 1);
  }
  return 0;
}

bool Has(const Host& a, const Host& b, wire::Slot slot) {
  return a.last.Has(slot) && b.last.Has(slot);
}

bool ModesDiffer(const Host& a, const Host& b) {
  const bool known = a.mode != NLB_MODE_UNKNOWN && b.mode != NLB_MODE_UNKNOWN;
  return known && a.mode != b.mode;
}

bool TeamingDiffers(const Host& a, const Host& b) {
  constexpr uint32_t kReserved = kFields[Field("nlb.teaming.reserved")].mask;
  if (!Has(a, b, wire::slot::kTeaming)) return false;
  return ((a.last.teaming ^ b.last.teaming) & ~kReserved) != 0;
}

// One host under two IDs or two dedicated addresses, as far as its code and the rest can tell. In
// unicast mode the masked MAC of two machines with one ID is the same.
bool IsOneHost(const Host& a, const Host& b) {
  if (!a.code || *a.code == 0 || a.code != b.code) return false;
  const bool same_address = a.ip == b.ip && !a.ip.is_unspecified();
  return same_address || (a.id == b.id && a.source == b.source);
}

}  // namespace

uint64_t ClusterTracker::Key::Hash(uint64_t salt) const {
  return HashOf(segment, cluster.Hash(salt));
}

bool ClusterTracker::IsLive(const Host& host, Timestamp now) const {
  return host.IsHeard() && !host.lost && now - host.last_heard <= settings_.tolerance;
}

void ClusterTracker::Observe(const Sighting& s, Transitions& out) {
  if (s.frame.heartbeat) Hear(s.frame, s.at, out);
}

const Cluster* ClusterTracker::Hear(const FrameFacts& frame, Position at, Transitions& out) {
  const auto& header = frame.heartbeat;
  if (!header) return nullptr;
  Cluster& cluster = ClusterOf(frame, *header);
  if (header->signature == wire::Signature::kIdentity) ReadIdentity(cluster, frame, *header);
  if (frame.membership) ReadMembership(cluster, frame, *frame.membership, at, out);
  return &cluster;
}

Cluster& ClusterTracker::ClusterOf(const FrameFacts& frame, const wire::Header& header) {
  const Key key{header.cluster_ip, frame.segment};
  if (const auto* known = by_key_.Find(key)) {
    clusters_.splice(clusters_.end(), clusters_, *known);
    return **known;
  }
  if (clusters_.size() >= kMostClusters) {
    overflowed_ = true;
    by_key_.Erase({clusters_.front().ip, clusters_.front().segment});
    clusters_.pop_front();
  }
  Cluster& cluster = clusters_.emplace_back();
  cluster.segment = frame.segment;
  cluster.ip = header.cluster_ip;
  cluster.first_heard = cluster.last_heard = cluster.resumed = frame.time;
  *by_key_.FindOrAdd(key) = std::prev(clusters_.end());
  return cluster;
}

// Nobody was heard in between: who is missing now may have spoken then, and what was under way may
// have ended.
void ClusterTracker::Resume(Cluster& cluster, Timestamp now) {
  cluster.resumed = now;
  cluster.unsettled.reset();
  cluster.split.reset();
  cluster.split_said = cluster.unsettled_said = false;
}

// A clock that jumps back takes the times it left behind along.
void ClusterTracker::CatchUp(Cluster& cluster, Timestamp now) const {
  if (cluster.last_heard - now <= settings_.tolerance) return;
  cluster.first_heard = std::min(cluster.first_heard, now);
  Resume(cluster, now);
  for (Host& host : cluster.hosts) {
    host.last_heard = std::min(host.last_heard, now);
    host.last_growth = std::min(host.last_growth, now);
  }
}

Host& ClusterTracker::HostOf(Cluster& cluster, const wire::Header& header,
                             std::optional<uint32_t> code, Timestamp now) {
  for (Host& host : cluster.hosts) {
    if (host.id != header.host_id || host.ip != header.host_ip) continue;
    if (host.code && code && *host.code != *code) continue;
    if (code) host.code = code;
    return host;
  }
  if (cluster.hosts.size() >= kMostHosts) {
    overflowed_ = true;
    cluster.hosts.erase(
        std::min_element(cluster.hosts.begin(), cluster.hosts.end(),
                         [](const Host& a, const Host& b) { return a.last_heard < b.last_heard; }));
  }
  Host& host = cluster.hosts.emplace_back();
  host.serial = ++hosts_seen_;
  host.id = header.host_id;
  host.ip = header.host_ip;
  host.code = code;
  host.first_heard = host.last_heard = host.last_growth = now;
  return host;
}

// Identity heartbeats name a host by ID and address; one that comes first waits for its membership
// heartbeat.
void ClusterTracker::ReadIdentity(Cluster& cluster, const FrameFacts& frame,
                                  const wire::Header& header) {
  std::string name = wire::ReadHostName(frame.payload, frame.payload_wire_length);
  if (name.empty()) return;
  Shorten(name, kLongestName);
  bool found = false;
  for (Host& host : cluster.hosts) {
    if (host.id != header.host_id || host.ip != header.host_ip) continue;
    host.name = name;
    found = true;
  }
  if (!found) HostOf(cluster, header, std::nullopt, frame.time).name = name;
}

void ClusterTracker::ReadMembership(Cluster& cluster, const FrameFacts& frame,
                                    const wire::Membership& heartbeat, Position at,
                                    Transitions& out) {
  const Timestamp now = frame.time;
  CatchUp(cluster, now);
  const bool has_code = heartbeat.Has(wire::slot::kHostCode);
  Host& host = HostOf(cluster, heartbeat.header,
                      has_code ? std::optional(heartbeat.host_code) : std::nullopt, now);
  // A silence of the whole cluster may be a gap of the capture: nobody is lost by it.
  if (now - cluster.last_heard > settings_.tolerance && cluster.last_heard < gap_end_) {
    Resume(cluster, now);
  }
  cluster.last_heard = now;
  const Position previous = IsLive(host, now) ? host.position : 0;
  FindOwnChanges(cluster, host, heartbeat, now, out);
  TakeIn(host, frame, heartbeat, at);
  FindLost(cluster, host, now, out);
  // Without an address, as a cluster of IPv6 addresses alone may be, clusters look like one.
  if (!cluster.ip.is_unicast()) return;
  FindSharedMac(cluster, host, previous, now, out);
  CompareHosts(cluster, host, previous, now, out);
  CompareStates(cluster, host, now, out);
  CompareDefaultHosts(cluster, host, now, out);
  CompareGrowth(cluster, host, now, out);
}

void ClusterTracker::TakeIn(Host& host, const FrameFacts& frame, const wire::Membership& heartbeat,
                            Position at) {
  const Timestamp now = frame.time;
  if (!host.IsHeard()) {
    host.first_heard = host.last_growth = now;
  } else {
    const Duration interval = now - host.last_heard;
    host.longest_interval = std::max(host.longest_interval, interval);
    host.summed_intervals = Sum(host.summed_intervals, std::max(interval, Duration(0)));
    if (GrowthOf(host, heartbeat).value_or(0) != 0) {
      host.last_growth = now;
      host.has_grown = true;
      host.idle = false;
    }
  }
  host.same_state = !host.IsHeard() || host.last.state == heartbeat.state;
  host.lost = host.superseded = false;
  host.last = heartbeat;
  host.last_heard = now;
  host.position = at;
  host.source = frame.source;
  host.mode = ModeOfHeartbeat(frame.destination);
  ++host.heartbeats;
}

void ClusterTracker::FindOwnChanges(const Cluster& cluster, const Host& host,
                                    const wire::Membership& heartbeat, Timestamp now,
                                    Transitions& out) const {
  if (!host.IsHeard()) {
    const Duration age = now - cluster.first_heard;
    if (age > settings_.tolerance) out.push_back(About(Event::kHostJoined, 0, PackDuration(age)));
    return;
  }
  const Duration gap = now - host.last_heard;
  Transition link = About(Event::kHeartbeatLink, host.position);
  const auto growth = GrowthOf(host, heartbeat);
  HeartbeatLink{gap, growth.value_or(0), growth.has_value()}.Pack(link.note);
  out.push_back(link);
  const bool missed =
      gap > settings_.tolerance && host.last_heard >= cluster.resumed && !host.superseded;
  if (host.lost || missed) {
    out.push_back(About(Event::kHostReturned, host.position, PackDuration(gap)));
  } else if (gap > 2 * settings_.heartbeat_period && gap <= settings_.tolerance) {
    out.push_back(About(Event::kHeartbeatLate, host.position, PackDuration(gap)));
  }
  const bool has_states = heartbeat.Has(wire::slot::kState) && host.last.Has(wire::slot::kState);
  if (has_states && heartbeat.state != host.last.state) {
    out.push_back(About(Event::kStateChanged, host.position, host.last.state));
  }
}

void ClusterTracker::FindLost(Cluster& cluster, const Host& speaker, Timestamp now,
                              Transitions& out) const {
  for (Host& host : cluster.hosts) {
    if (&host == &speaker || !host.IsHeard() || host.lost || host.superseded) continue;
    if (now - std::max(host.last_heard, cluster.resumed) <= settings_.tolerance) continue;
    const auto goes_on = [&](const Host& other) {
      return &other != &host && IsLive(other, now) && IsOneHost(other, host);
    };
    host.superseded = std::any_of(cluster.hosts.begin(), cluster.hosts.end(), goes_on);
    if (host.superseded) continue;
    host.lost = true;
    Transition lost = AboutHost(Event::kHostLost, host, host.ip.v4());
    PackSilence(lost.note, now - host.last_heard);
    out.push_back(lost);
  }
}

// Two hosts behind one MAC: the last heartbeat with this MAC came from another host.
void ClusterTracker::FindSharedMac(const Cluster& cluster, const Host& speaker, Position previous,
                                   Timestamp now, Transitions& out) const {
  for (const Host& host : cluster.hosts) {
    const bool renumbered = host.ip == speaker.ip && host.code == speaker.code;
    if (host.id == speaker.id || renumbered || host.source != speaker.source) continue;
    if (!IsLive(host, now) || host.position < previous) continue;
    out.push_back(AboutHost(Event::kMacFlapping, host, host.ip.v4()));
    return;
  }
}

void ClusterTracker::CompareHosts(const Cluster& cluster, const Host& a, Position previous,
                                  Timestamp now, Transitions& out) const {
  bool twin = false, rules = false, mode = false, teaming = false, version = false;
  const auto say = [&](bool& said, bool differs, const Transition& transition) {
    if (said || !differs) return;
    said = true;
    out.push_back(transition);
  };
  for (const Host& b : cluster.hosts) {
    if (&a == &b || !IsLive(b, now)) continue;
    // What this host was before, not another one: that would speak between its heartbeats.
    if (IsOneHost(a, b) && (previous == 0 || b.position < previous)) continue;
    say(twin, a.id == b.id,
        About(Event::kDuplicateHostId, b.position, TwoWords{b.ip.v4(), b.code.value_or(0)}.Pack(),
              b.source));
    const uint16_t rule = FirstDifferentRule(a, b);
    const bool counts = Has(a, b, wire::slot::kRuleCount) && RuleCount(a) != RuleCount(b);
    say(rules, counts || rule != 0,
        AboutHost(Event::kRuleMismatch, b, RuleCount(b), counts ? 0 : rule));
    say(mode, ModesDiffer(a, b), AboutHost(Event::kModeMismatch, b, static_cast<uint32_t>(b.mode)));
    say(teaming, TeamingDiffers(a, b), AboutHost(Event::kTeamingMismatch, b, b.last.teaming));
    say(version, a.last.header.version != b.last.header.version,
        AboutHost(Event::kVersionMismatch, b, b.last.header.version));
  }
}

void ClusterTracker::CompareStates(Cluster& cluster, const Host& speaker, Timestamp now,
                                   Transitions& out) const {
  bool settled = true;
  const Host* other = &speaker;
  for (const Host& host : cluster.hosts) {
    if (!IsLive(host, now) || !Has(host, speaker, wire::slot::kState)) continue;
    const bool differs = host.last.state != speaker.last.state;
    if (differs) other = &host;
    if (differs || !host.same_state) settled = false;
  }
  if (settled) {
    cluster.unsettled.reset();
    cluster.unsettled_said = false;
    return;
  }
  if (!cluster.unsettled) cluster.unsettled = now;
  if (cluster.unsettled_said || now - *cluster.unsettled <= kPatience) return;
  cluster.unsettled_said = true;
  out.push_back(AboutHost(Event::kNotConverging, *other, other->last.state));
}

void ClusterTracker::CompareDefaultHosts(Cluster& cluster, const Host& speaker, Timestamp now,
                                         Transitions& out) const {
  const Host* other = nullptr;
  for (const Host& host : cluster.hosts) {
    if (!IsLive(host, now) || !Has(host, speaker, wire::slot::kDefaultHostId)) continue;
    if (host.last.default_host_id != speaker.last.default_host_id) other = &host;
  }
  if (!other) {
    cluster.split.reset();
    cluster.split_said = false;
    return;
  }
  if (!cluster.split) cluster.split = now;
  if (now - *cluster.split <= kPatience) return;
  cluster.split_said = true;
  out.push_back(AboutHost(Event::kDefaultHostConflict, *other, other->last.default_host_id));
}

void ClusterTracker::CompareGrowth(const Cluster& cluster, Host& speaker, Timestamp now,
                                   Transitions& out) const {
  if (speaker.idle || now - speaker.last_growth < kIdleAfter) return;
  if (!speaker.last.Has(wire::slot::kPacketsHandled)) return;
  for (const Host& host : cluster.hosts) {
    if (&host == &speaker || !IsLive(host, now) || !host.has_grown) continue;
    if (now - host.last_growth >= kIdleAfter) continue;
    speaker.idle = true;
    out.push_back(AboutHost(Event::kIdleHost, host, host.ip.v4()));
    return;
  }
}

}  // namespace nlb
