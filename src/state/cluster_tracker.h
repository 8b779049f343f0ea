// SPDX-License-Identifier: GPL-2.0-or-later
//
// Follows the hosts of every cluster through their heartbeats: who is alive, what each announces,
// who disagrees. A cluster is one wherever it is heard, see state/cluster_index.h; a heartbeat that
// was heard a moment ago, on whatever interface, is no new one.
//
// Bounded: 4,096 clusters of 32 hosts (NLB's own limit) in one file. When a cluster or a host more
// is heard, the one that was silent longest is forgotten: its return is then taken for a first
// appearance.
#pragma once

#include <cstdint>
#include <limits>
#include <list>
#include <optional>

#include "facts/frame_facts.h"
#include "state/cluster.h"
#include "state/cluster_index.h"
#include "state/cluster_rules.h"
#include "state/settings.h"
#include "state/tracker.h"
#include "wire/heartbeat.h"

namespace nlb {

class ClusterTracker : public Tracker {
 public:
  static constexpr size_t kMaxClusters = 4096;
  static constexpr size_t kMaxHosts = 32;
  static constexpr size_t kLongestName =
      100;  // longer names are cut; NLB sends the plain host name then

  explicit ClusterTracker(const Settings& settings) : settings_(settings) {}

  // Whom a heartbeat speaks of.
  struct Heard {
    const Cluster* cluster = nullptr;   // nullptr: it is no valid heartbeat
    const Host* host = nullptr;         // nullptr: it tells nothing of the host
    std::optional<Cluster> absorbed{};  // it showed that this other cluster, as it was, is the same
  };
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain /*kind*/) const override { return false; }
  // Takes a heartbeat in and adds what changed.
  Heard Hear(const FrameFacts& frame, Position at, Transitions& out);

  // The one that was heard last is last.
  const std::list<Cluster>& clusters() const { return clusters_; }
  // Whether a host counts as alive at a time of its cluster.
  bool IsLive(const Cluster& cluster, const Host& host, Timestamp now) const {
    return nlb::IsLive(host, Rhythm::Of(cluster, settings_), now);
  }
  Table table() const override { return Table::kClusters; }

  void NoteGap(Timestamp end, Duration gap) override;

 private:
  Cluster& ClusterOf(const FrameFacts& frame, const wire::Header& header,
                     std::optional<uint32_t> code, std::optional<Cluster>& absorbed);
  Cluster& NewCluster(const FrameFacts& frame, IpAddress ip);
  Cluster& Merge(Cluster& a, Cluster& b, std::optional<Cluster>& absorbed);
  void TakeOver(Cluster& cluster, Host&& host);
  void Forget(Cluster& cluster);
  Host& HostOf(Cluster& cluster, const wire::Header& header, std::optional<uint32_t> code,
               Timestamp now);
  void MakeRoomForAHost(Cluster& cluster);
  void CatchUp(Cluster& cluster, Timestamp now) const;
  void NoteSilence(Cluster& cluster, nlb_mode mode, Timestamp now) const;
  const Host* ApplyIdentity(Cluster& cluster, const FrameFacts& frame, const wire::Header& header,
                            Transitions& out);
  const Host* ApplyMembership(Cluster& cluster, const FrameFacts& frame,
                              const wire::Membership& heartbeat, Position at, Transitions& out);
  void TakeIn(const Hearing& hearing, const FrameFacts& frame, const wire::Membership& heartbeat);
  bool IsRepeated(Host& host, const wire::Membership& heartbeat, const Rhythm& rhythm,
                  Timestamp now) const;

  const Settings& settings_;
  std::list<Cluster> clusters_;
  ClusterIndex index_{kMaxClusters, kMaxHosts};
  uint32_t clusters_seen_ = 0;
  uint32_t hosts_seen_ = 0;
  Timestamp gap_end_{std::numeric_limits<int64_t>::min()};  // of the last one beyond the tolerance
  Duration deaf_{};  // a clock that runs while the capture is silent
};

}  // namespace nlb
