// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/cluster_rules.h"

#include <algorithm>

#include "catalog/fields.h"
#include "facts/mac_class.h"
#include "state/cluster_notes.h"

namespace nlb {
namespace {

using namespace std::chrono_literals;

// How long a cluster may take to agree before that is a fault: a convergence takes up to ten
// seconds [MSNLB16].
constexpr Duration kPatience = 10s;
// How long a host may be without work while another has some, and how much that is: one packet a
// second. A monitor's probes of one client go to one host for ever.
constexpr Duration kIdleAfter = 60s;
constexpr uint64_t kWork = 60;
// Convergences so close together are no administrator's.
constexpr Duration kReconvergeWithin = 300s;
// Heartbeats that show where a cluster is at rest.
constexpr uint64_t kRestShown = 3;
// The only state that was seen in a cluster that had run for long, see docs/format.md.
constexpr uint16_t kKnownRest = 1;

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

bool IsLive(const Hearing& h, const Host& host) { return IsLive(host, h.rhythm, h.now); }

bool HasOneHost(const Cluster& cluster) {
  return std::count_if(cluster.hosts.begin(), cluster.hosts.end(),
                       [](const Host& host) { return host.IsHeard(); }) == 1;
}

// Another host of the cluster sends from the same MAC: it is the cluster's, set by hand.
bool SharesMac(const Cluster& cluster, const Host& a) {
  return std::any_of(cluster.hosts.begin(), cluster.hosts.end(),
                     [&](const Host& b) { return a.id != b.id && a.source == b.source; });
}

// Another host shows what the cluster's MAC is.
bool OthersAreMasked(const Cluster& cluster) {
  return std::any_of(cluster.hosts.begin(), cluster.hosts.end(),
                     [](const Host& host) { return RoleOf(host.source) != MacRole::kNone; });
}

// Neither the cluster's MAC nor one that is masked: 02-hh and other bytes may be the station's own.
bool IsOwnMac(MacAddress mac, uint32_t host_id, uint32_t cluster_tail) {
  if (mac.is_group()) return false;  // no legal source: a made-up frame
  const MacRole role = RoleOf(mac);
  const bool may_be_masked =
      MaskedHostId(mac) == host_id || mac.tail() == cluster_tail;  // of the ID it had before
  return role == MacRole::kNone || (role == MacRole::kMaskedHost && !may_be_masked);
}

// The MAC that a heartbeat shows as the cluster's and that is not made of the cluster's address;
// nothing when there is none.
std::optional<MacAddress> MacSetByHand(const Hearing& h, MacAddress destination) {
  const MacAddress source = h.speaker.source;
  const MacRole role = RoleOf(source);
  const bool mine = role == MacRole::kCluster ||
                    (role == MacRole::kMaskedHost && MaskedHostId(source) == h.speaker.id);
  const uint32_t tail = h.cluster.ip.mac_tail();
  if (mine && !Embeds(source, tail)) return source;
  const bool tells = destination.is_seen() && MayBeNlb(destination);
  const bool differs = tells && !Embeds(destination, tail);
  return differs ? std::optional(destination) : std::nullopt;
}

// How long the speaker, since it spoke last, could not be heard: the capture was silent, or no host
// of the cluster was heard. Broadcast reaches every port, but a group may be kept from this one.
Duration Unheard(const Hearing& h) {
  const Duration deaf = h.deaf - h.speaker.deaf_then;
  if (h.speaker.mode == NLB_MODE_UNICAST) return deaf;
  return std::max(deaf, h.cluster.unheard - h.speaker.unheard_then);
}

// Keeps the most frequent states: a rare one gives its place to a new one.
void CountState(Cluster& cluster, uint16_t state) {
  StateCount* rarest = cluster.states.data();
  for (StateCount& known : cluster.states) {
    if (known.state == state) {
      ++known.heartbeats;
      return;
    }
    if (known.heartbeats < rarest->heartbeats) rarest = &known;
  }
  *rarest = {state, 1};
}

// The state of rest is the one that was heard most.
StateCount RestOf(const Cluster& cluster) {
  return *std::max_element(
      cluster.states.begin(), cluster.states.end(),
      [](const StateCount& a, const StateCount& b) { return a.heartbeats < b.heartbeats; });
}

// All live hosts report one state, and none has just come to it.
bool IsSettled(const Hearing& h, const Host** other) {
  bool settled = true;
  for (const Host& host : h.cluster.hosts) {
    if (!IsLive(h, host) || !host.last.Has(wire::slot::kState)) continue;
    const bool differs = host.last.state != h.speaker.last.state;
    if (differs) *other = &host;
    if (differs || !host.same_state) settled = false;
  }
  return settled;
}

// The cluster leaves a state in which it was settled.
void NoteLeft(const Hearing& h, uint16_t state) {
  Cluster& cluster = h.cluster;
  const StateCount rest = RestOf(cluster);
  if (state != rest.state || rest.heartbeats < kRestShown) return;
  if (state == kKnownRest) cluster.away = h.now;
  if (cluster.left != state) cluster.left_count = 0;
  cluster.left = state;
  auto& times = cluster.left_at;
  const auto first = times.begin(), end = first + static_cast<std::ptrdiff_t>(cluster.left_count);
  const auto kept =
      std::remove_if(first, end, [&](Timestamp time) { return h.now - time > kReconvergeWithin; });
  cluster.left_count = static_cast<size_t>(kept - first);
  if (cluster.left_count == 0) cluster.reconverging_raised = false;
  if (cluster.left_count == times.size()) {
    std::rotate(first, first + 1, times.end());
    --cluster.left_count;
  }
  times[cluster.left_count++] = h.now;
  if (cluster.left_count < times.size() || cluster.reconverging_raised) return;
  cluster.reconverging_raised = true;
  h.out.push_back(About(Event::kReconverging, 0, PackDuration(h.now - times.front())));
}

}  // namespace

std::optional<uint32_t> GrowthOf(const Host& before, const wire::Membership& heartbeat) {
  constexpr auto kCounter = wire::slot::kPacketsHandled;
  if (!before.last.Has(kCounter) || !heartbeat.Has(kCounter)) return std::nullopt;
  return heartbeat.packets_handled - before.last.packets_handled;
}

void FindOwnChanges(const Hearing& h, const wire::Membership& heartbeat) {
  const Host& host = h.speaker;
  const Cluster& cluster = h.cluster;
  if (!host.IsHeard()) {
    const Duration age = h.now - cluster.first_heard;
    if (age > h.rhythm.tolerance) h.out.push_back(About(Event::kHostJoined, 0, PackDuration(age)));
    return;
  }
  const Duration gap = h.now - host.last_heard;
  Transition link = About(Event::kHeartbeatLink, host.position);
  const auto growth = GrowthOf(host, heartbeat);
  HeartbeatLink{gap, growth.value_or(0), growth.has_value()}.Pack(link.note);
  h.out.push_back(link);
  // Only what a capture that ran can have missed.
  const Duration missed = h.rhythm.is_known ? Difference(gap, Unheard(h)) : Duration(0);
  const bool away = missed > h.rhythm.tolerance && host.last_heard >= cluster.blind_until &&
                    !host.superseded && !HasOneHost(cluster);
  if (host.lost || away) {
    h.out.push_back(About(Event::kHostReturned, host.position, PackDuration(gap)));
  } else if (missed > 2 * h.rhythm.period && gap <= h.rhythm.tolerance) {
    Transition late = About(Event::kHeartbeatLate, host.position, PackDuration(gap));
    PackSilence(late.note, h.rhythm.period);
    h.out.push_back(late);
  }
  const bool has_states = heartbeat.Has(wire::slot::kState) && host.last.Has(wire::slot::kState);
  if (has_states && heartbeat.state != host.last.state) {
    h.out.push_back(About(Event::kStateChanged, host.position, host.last.state));
  }
}

void FindLostHosts(const Hearing& h) {
  if (!h.rhythm.is_known) return;
  for (Host& host : h.cluster.hosts) {
    if (!host.IsHeard() || host.lost || host.superseded) continue;
    const Duration silence = h.now - host.last_heard;
    // While nobody was heard, nobody can be missed.
    const Duration unheard = h.cluster.unheard - host.unheard_then;
    if (Difference(silence, unheard) <= h.rhythm.tolerance) continue;
    const auto goes_on = [&](const Host& other) {
      return IsLive(h, other) && IsOneHost(other, host);
    };
    host.superseded = std::any_of(h.cluster.hosts.begin(), h.cluster.hosts.end(), goes_on);
    if (host.superseded) continue;
    host.lost = true;
    Transition lost = AboutHost(Event::kHostLost, host, host.ip.v4());
    PackSilence(lost.note, silence);
    h.out.push_back(lost);
  }
}

// Two hosts behind one MAC: the last heartbeat with this MAC came from another host.
void FindSharedMac(const Hearing& h) {
  const Host& speaker = h.speaker;
  for (const Host& host : h.cluster.hosts) {
    const bool renumbered = host.ip == speaker.ip && host.code == speaker.code;
    if (host.id == speaker.id || renumbered || host.source != speaker.source) continue;
    if (!IsLive(h, host) || host.position < h.previous) continue;
    h.out.push_back(AboutHost(Event::kMacFlapping, host, host.ip.v4()));
    return;
  }
}

void FindOddMacs(const Hearing& h, MacAddress destination) {
  Host& host = h.speaker;
  const auto odd = MacSetByHand(h, destination);
  if (odd && !host.mac_differs_raised) {
    host.mac_differs_raised = true;
    h.out.push_back(About(Event::kClusterMacDiffers, 0, 0, *odd));
  }
  if (host.mode == NLB_MODE_UNICAST) FindKeptMac(h.cluster, host, h.out);
}

void FindKeptMac(const Cluster& cluster, Host& host, Transitions& out) {
  if (SharesMac(cluster, host)) return;
  if (!IsOwnMac(host.source, host.id, cluster.ip.mac_tail())) return;
  host.keeps_mac_raised = true;
  out.push_back(About(Event::kHostKeepsMac, 0, OthersAreMasked(cluster), host.source));
}

void CompareHosts(const Hearing& h) {
  const Host& a = h.speaker;
  bool twin = false, rules = false, mode = false, teaming = false, version = false;
  const auto raise = [&](bool& raised, bool differs, const Transition& transition) {
    if (raised || !differs) return;
    raised = true;
    h.out.push_back(transition);
  };
  for (const Host& b : h.cluster.hosts) {
    if (&a == &b || !IsLive(h, b)) continue;
    // What this host was before, not another one: that would speak between its heartbeats.
    if (IsOneHost(a, b) && (h.previous == 0 || b.position < h.previous)) continue;
    raise(twin, a.id == b.id,
          About(Event::kDuplicateHostId, b.position, TwoWords{b.ip.v4(), b.code.value_or(0)}.Pack(),
                b.source));
    const uint16_t rule = FirstDifferentRule(a, b);
    const bool counts = Has(a, b, wire::slot::kRuleCount) && RuleCount(a) != RuleCount(b);
    raise(rules, counts || rule != 0,
          AboutHost(Event::kRuleMismatch, b, RuleCount(b), counts ? 0 : rule));
    raise(mode, ModesDiffer(a, b),
          AboutHost(Event::kModeMismatch, b, static_cast<uint32_t>(b.mode)));
    raise(teaming, TeamingDiffers(a, b), AboutHost(Event::kTeamingMismatch, b, b.last.teaming));
    raise(version, a.last.header.version != b.last.header.version,
          AboutHost(Event::kVersionMismatch, b, b.last.header.version));
  }
}

void CompareStates(const Hearing& h) {
  if (!h.speaker.last.Has(wire::slot::kState)) return;
  Cluster& cluster = h.cluster;
  const uint16_t state = h.speaker.last.state;
  const Host* other = &h.speaker;
  const bool settled = IsSettled(h, &other);
  if (!settled && cluster.settled_in) NoteLeft(h, *cluster.settled_in);
  CountState(cluster, state);
  cluster.settled_in = settled ? std::optional(state) : std::nullopt;
  if (settled) cluster.unsettled.reset();
  if (settled && state == kKnownRest) cluster.away.reset();
  if (!settled && !cluster.unsettled) cluster.unsettled = h.now;
  const bool stays_away = cluster.away && h.now - *cluster.away > kPatience;
  const bool disagree = cluster.unsettled && h.now - *cluster.unsettled > kPatience;
  if (settled && !cluster.away) cluster.unsettled_raised = false;
  if (cluster.unsettled_raised || (!stays_away && !disagree)) return;
  cluster.unsettled_raised = true;
  const uint16_t left = disagree ? 0 : kKnownRest;
  h.out.push_back(AboutHost(Event::kNotConverging, *other, other->last.state, left));
}

void CompareDefaultHosts(const Hearing& h) {
  Cluster& cluster = h.cluster;
  const Host* other = nullptr;
  for (const Host& host : cluster.hosts) {
    if (!IsLive(h, host) || !Has(host, h.speaker, wire::slot::kDefaultHostId)) continue;
    if (host.last.default_host_id != h.speaker.last.default_host_id) other = &host;
  }
  if (!other) {
    cluster.split.reset();
    cluster.split_raised = false;
    return;
  }
  if (!cluster.split) cluster.split = h.now;
  if (h.now - *cluster.split <= kPatience) return;
  cluster.split_raised = true;
  h.out.push_back(AboutHost(Event::kDefaultHostConflict, *other, other->last.default_host_id));
}

void CompareWork(const Hearing& h) {
  Host& speaker = h.speaker;
  if (speaker.idle || h.now - speaker.last_growth < kIdleAfter) return;
  if (!speaker.last.Has(wire::slot::kPacketsHandled)) return;
  // By its own word it has no share, as the second host of a cluster with the default rule alone.
  if (speaker.last.share == wire::Share::kNone) return;
  if (h.cluster.handled - speaker.handled_then < kWork) return;
  for (const Host& host : h.cluster.hosts) {
    if (!IsLive(h, host) || !host.has_grown) continue;
    if (h.now - host.last_growth >= kIdleAfter) continue;
    speaker.idle = true;
    h.out.push_back(AboutHost(Event::kIdleHost, host, host.ip.v4()));
    return;
  }
}

void NoteUnconfigured(const Hearing& h) {
  if (h.speaker.unconfigured_raised) return;
  h.speaker.unconfigured_raised = true;
  h.out.push_back(About(Event::kUnconfiguredHost, 0, 0, h.speaker.source));
}

}  // namespace nlb
