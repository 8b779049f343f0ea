// SPDX-License-Identifier: GPL-2.0-or-later
//
// Follows the hosts of every cluster through their heartbeats: who is alive, what each announces,
// who disagrees. Works per segment: two capture points hear one heartbeat twice.
//
// Bounded: 4,096 clusters of 32 hosts (NLB's own limit) in one file. When a cluster or a host more
// is heard, the one that was silent longest is forgotten: its return is then taken for a first
// appearance.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/settings.h"
#include "state/tracker.h"
#include "wire/heartbeat.h"

namespace nlb {

// A host as its last heartbeat showed it. Told apart by ID, dedicated address and host code, so
// that two hosts with one ID are two hosts here.
struct Host {
  uint32_t serial = 0;    // by appearance, for the life of the tracker
  wire::Membership last;  // has no meaning before the first membership heartbeat
  uint32_t id = 0;
  IpAddress ip;
  std::optional<uint32_t> code;  // nothing while the capture has always cut it off
  MacAddress source;
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
  bool lost = false;        // host_lost was said
  bool superseded = false;  // it goes on under another ID or address
  bool idle = false;        // idle_host was said
  bool same_state = true;   // as in the heartbeat before

  bool IsHeard() const { return heartbeats > 0; }
};

struct Cluster {
  Segment segment;
  IpAddress ip;
  std::vector<Host> hosts;  // at most ClusterTracker::kMostHosts, by time of appearance
  Timestamp first_heard;
  Timestamp last_heard;
  Timestamp resumed;  // since when it has been heard without a silence of all hosts
  // Since when the condition has held; nothing when it does not.
  std::optional<Timestamp> unsettled;
  std::optional<Timestamp> split;  // live hosts name different default hosts
  bool unsettled_said = false;
  bool split_said = false;
};

class ClusterTracker : public Tracker {
 public:
  static constexpr size_t kMostClusters = 4096;
  static constexpr size_t kMostHosts = 32;
  static constexpr size_t kLongestName =
      100;  // longer names are cut; NLB sends the plain host name then

  explicit ClusterTracker(const Settings& settings) : settings_(settings) {}

  void Observe(const Sighting& sighting, Transitions& out) override;
  // Takes a heartbeat in and adds what changed. Returns the cluster, or nullptr when it is no valid
  // heartbeat.
  const Cluster* Hear(const FrameFacts& frame, Position at, Transitions& out);

  // The one that was heard last is last.
  const std::list<Cluster>& clusters() const { return clusters_; }
  // Whether a host counts as alive at a time of its cluster.
  bool IsLive(const Host& host, Timestamp now) const;
  bool overflowed() const override { return overflowed_; }

  void NoteGap(Timestamp end, Duration /*gap*/) override { gap_end_ = end; }

 private:
  struct Key {
    IpAddress cluster;
    Segment segment;
    bool operator==(const Key&) const = default;
    uint64_t Hash(uint64_t salt) const;
  };
  using Clusters = std::list<Cluster>;

  Cluster& ClusterOf(const FrameFacts& frame, const wire::Header& header);
  static void Resume(Cluster& cluster, Timestamp now);
  void CatchUp(Cluster& cluster, Timestamp now) const;
  Host& HostOf(Cluster& cluster, const wire::Header& header, std::optional<uint32_t> code,
               Timestamp now);
  void ReadIdentity(Cluster& cluster, const FrameFacts& frame, const wire::Header& header);
  void ReadMembership(Cluster& cluster, const FrameFacts& frame, const wire::Membership& heartbeat,
                      Position at, Transitions& out);
  static void TakeIn(Host& host, const FrameFacts& frame, const wire::Membership& heartbeat,
                     Position at);

  // The rules, each against the state before this heartbeat (Find...) or after it (Compare...).
  // previous: the speaker's heartbeat before; 0 when it was not alive until now.
  void FindOwnChanges(const Cluster& cluster, const Host& host, const wire::Membership& heartbeat,
                      Timestamp now, Transitions& out) const;
  void FindLost(Cluster& cluster, const Host& speaker, Timestamp now, Transitions& out) const;
  void FindSharedMac(const Cluster& cluster, const Host& speaker, Position previous, Timestamp now,
                     Transitions& out) const;
  void CompareHosts(const Cluster& cluster, const Host& speaker, Position previous, Timestamp now,
                    Transitions& out) const;
  void CompareStates(Cluster& cluster, const Host& speaker, Timestamp now, Transitions& out) const;
  void CompareDefaultHosts(Cluster& cluster, const Host& speaker, Timestamp now,
                           Transitions& out) const;
  void CompareGrowth(const Cluster& cluster, Host& speaker, Timestamp now, Transitions& out) const;

  const Settings& settings_;
  Clusters clusters_;
  BoundedMap<Key, Clusters::iterator> by_key_{kMostClusters + 1};
  uint32_t hosts_seen_ = 0;
  Timestamp gap_end_{std::numeric_limits<int64_t>::min()};
  bool overflowed_ = false;
};

}  // namespace nlb
