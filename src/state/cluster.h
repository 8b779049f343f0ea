// SPDX-License-Identifier: GPL-2.0-or-later
//
// A cluster and its hosts as their heartbeats showed them. Read by the tables, written by
// ClusterTracker alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/settings.h"
#include "wire/heartbeat.h"

namespace nlb {

// What two heartbeats of one host differ in, kept for a moment to know the copies that a mirror
// port or a loop of switches makes.
struct RecentHeartbeat {
  uint16_t captured = 0;  // bytes; 0: no heartbeat
  uint16_t state = 0;
  uint16_t default_host_id = 0;
  uint16_t rule_count = 0;
  uint32_t packets_handled = 0;
  uint32_t teaming = 0;
  Timestamp first;  // when it was heard
  Timestamp last;   // when it, or a copy of it, was heard last
};

// A host as its last heartbeat showed it. Told apart by ID, dedicated address and host code, so
// that two hosts with one ID are two hosts here.
struct Host {
  uint32_t serial = 0;    // by appearance, for the life of the tracker
  wire::Membership last;  // has no meaning before the first membership heartbeat
  uint32_t id = 0;
  IpAddress ip;
  std::optional<uint32_t> code;  // nothing while the capture has always cut it off
  MacAddress source;  // of its last membership heartbeat, or of the identity heartbeats before
  nlb_mode mode = NLB_MODE_UNKNOWN;
  std::string name;  // from identity heartbeats; at most kLongestName bytes

  Position position = 0;  // of the last membership heartbeat
  Timestamp first_heard;
  Timestamp last_heard;
  Timestamp last_growth;  // when packets_handled last grew; first_heard until it does
  bool has_grown = false;
  uint64_t heartbeats = 0;
  Duration longest_interval{};
  Duration summed_intervals{};
  bool lost = false;        // host_lost was raised
  bool superseded = false;  // it goes on under another ID or address
  bool idle = false;        // idle_host was raised
  bool same_state = true;   // as in the heartbeat before
  bool mac_differs_raised = false;
  bool keeps_mac_raised = false;
  bool unconfigured_raised = false;

  // Values of the clocks of deafness (below) and of the cluster's work at the last heartbeat, or
  // growth, of this host.
  Duration deaf_then{};
  Duration unheard_then{};
  uint64_t handled_then = 0;

  // The heartbeats before, oldest overwritten first: in a loop of switches old ones come again
  // between new ones.
  static constexpr size_t kRecent = 2;
  std::array<RecentHeartbeat, kRecent> recent{};
  size_t next_recent = 0;

  bool IsHeard() const { return heartbeats > 0; }
};

// How often a convergence state was heard, to find the one in which the cluster is at rest: what
// the numbers mean is not documented.
struct StateCount {
  uint16_t state = 0;
  uint64_t heartbeats = 0;
};

struct Cluster {
  std::list<Cluster>::iterator place;  // in the tracker's list
  uint32_t serial = 0;                 // by appearance, for the life of the tracker
  std::vector<Segment> segments;       // where it is heard, the oldest first; at least one
  IpAddress ip;
  std::vector<Host> hosts;  // at most ClusterTracker::kMaxHosts, by time of appearance
  Timestamp first_heard;
  Timestamp last_heard;
  Timestamp blind_until;  // end of the last silence that need not be the cluster's
  // The shortest interval between two heartbeats of one host: the period of the cluster, which its
  // administrator may have changed. Nothing before there was one.
  std::optional<Duration> shortest_interval;
  Duration unheard{};    // sum of the times in which no host at all was heard
  uint64_t handled = 0;  // packets, by all hosts

  // Since when the condition has held; nothing when it does not.
  std::optional<Timestamp> unsettled;
  std::optional<Timestamp> split;  // live hosts name different default hosts
  std::optional<Timestamp> away;   // it left state 1, in which it was at rest
  bool unsettled_raised = false;
  bool split_raised = false;

  static constexpr size_t kStates = 4;
  std::array<StateCount, kStates> states{};
  std::optional<uint16_t> settled_in;  // the state of all live hosts, while they agree and stay
  uint16_t left = 0;                   // the state of rest that was left at these times
  std::array<Timestamp, 3> left_at{};
  size_t left_count = 0;
  bool reconverging_raised = false;
};

// How often the hosts of a cluster speak, and how long they may be silent.
struct Rhythm {
  bool is_known = false;  // an interval was seen: whoever keeps to it is heard here
  Duration period{};
  Duration tolerance{};

  // The user's settings, or Windows' defaults, unless the cluster was never heard to speak that
  // often: AliveMsgPeriod may be 10 s.
  static Rhythm Of(const Cluster& cluster, const Settings& settings) {
    const auto& shortest = cluster.shortest_interval;
    if (!shortest || *shortest <= 2 * settings.heartbeat_period) {
      return {shortest.has_value(), settings.heartbeat_period, settings.tolerance};
    }
    // A clock that jumps makes intervals of any length; no cluster is set to an hour.
    const Duration period = std::min<Duration>(*shortest, std::chrono::hours(1));
    return {true, period, period * (settings.tolerance / settings.heartbeat_period)};
  }
};

// Whether a host counts as alive at a time of its cluster.
inline bool IsLive(const Host& host, const Rhythm& rhythm, Timestamp now) {
  return host.IsHeard() && !host.lost && now - host.last_heard <= rhythm.tolerance;
}

}  // namespace nlb
