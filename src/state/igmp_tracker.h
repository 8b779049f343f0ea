// SPDX-License-Identifier: GPL-2.0-or-later
//
// IGMP multicast mode: do the hosts report their group, does anybody query, or do the switches
// forget?
//
// Bounded: 4,096 clusters and segments; further ones are not watched.
#pragma once

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/evidence.h"
#include "state/frame_index.h"
#include "state/transition.h"

namespace nlb {

class IgmpTracker {
 public:
  // IGMP snooping forgets a member after 2 x 60 s and a response time of 10 s (RFC 2236 8:
  // robustness x query interval
  // + response interval, with NLB's 60 s reports [KB838408]).
  static constexpr Duration kMembership = std::chrono::seconds(130);

  void Observe(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
               Transitions& out);

  bool overflowed() const { return clusters_.overflowed() || queried_.overflowed(); }

 private:
  static constexpr size_t kMost = 4096;

  struct Watch {
    Timestamp first_heard;
    Timestamp first_report;
    Position first = 0;  // frame in which the cluster was first heard
    Position report = 0;
    bool heard = false;
    bool reported = false;
    bool no_querier_said = false;
    bool silent_said = false;
  };

  void ObserveReport(const FrameFacts& frame, Position at, Watch& watch, Transitions& out);
  void ObserveTraffic(const FrameFacts& frame, Position at, Watch& watch, Transitions& out);
  Watch* WatchOf(const Segment& segment, uint32_t mac_tail);

  BoundedMap<uint64_t, Watch> clusters_{kMost};  // by segment and the two bytes of the group
  BoundedMap<uint64_t, bool> queried_{kMost};    // by segment
};

// The group of a membership report that NLB would send for a cluster address: 239.255.y.z for
// w.x.y.z.
bool IsReportOf(uint32_t group, IpAddress cluster);

}  // namespace nlb
