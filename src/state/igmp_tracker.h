// SPDX-License-Identifier: GPL-2.0-or-later
//
// IGMP multicast mode: do the hosts report their group, does anybody query, or do the switches
// forget?
//
// What is missing must be missing from the whole capture: a mirror port may show one direction
// without its VLAN tag, and a second interface may show the other half. Only what tells another
// VLAN does not count.
//
// What is missing must also be something that this capture point would show. Switches with snooping
// send reports to the querier only, so a client's own port proves nothing. The point counts as able
// to see them once it has shown a report of a station that is no host of the cluster, or requests
// of two clients and answers to two: then it stands at a host, at the router, or at a mirror. The
// report of a station does not count while nobody else sends to the group here: it is its own port,
// and the switch keeps the group from it. A query it would show unless it shows one direction only:
// of those that the hosts answer, one must have been heard.
//
// Bounded: 4,096 clusters, one for each VLAN it is heard in; further ones are not watched. Of 4,096
// groups and VLANs that were reported; further ones count as reported in any VLAN. 4,096 clusters
// whose clients are seen; of further ones no silence is told. 4,096 stations that ask and are
// answered; of further ones it is not known whether both directions are seen. A bit for every VLAN
// and every group.
#pragma once

#include <bitset>
#include <limits>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/evidence.h"
#include "state/frame_index.h"
#include "state/neighbours.h"
#include "state/tracker.h"
#include "wire/transport.h"

namespace nlb {

class IgmpTracker : public Tracker {
 public:
  // IGMP snooping forgets a member after 2 x 60 s and a response time of 10 s (RFC 2236 8:
  // robustness x query interval + response interval, with NLB's 60 s reports [KB838408]).
  static constexpr Duration kMembership = std::chrono::seconds(130);

  void Observe(const Sighting& sighting, Transitions& out) override;
  // Who reports and who queries may have been missed. A capture of IGMP alone is silent for 60 s
  // between two reports.
  void NoteGap(Timestamp end, Duration gap) override;
  Table table() const override { return Table::kIgmp; }

 private:
  static constexpr size_t kMost = 4096;
  static constexpr Duration kGap = std::chrono::seconds(70);
  static constexpr uint8_t kSpoke = 1, kAnswered = 2;  // of a station

  struct Watch {
    Timestamp first_heard;
    Timestamp first_report;
    Position first = 0;  // frame in which the cluster was first heard
    Position report = 0;
    MacAddress sender;  // of frames to the cluster
    bool several_senders = false;
    bool heard = false;
    bool reported = false;
    bool no_querier_said = false;
    bool silent_said = false;
  };

  // Two different addresses.
  struct TwoOf {
    IpAddress first;
    bool both = false;
    void Add(IpAddress ip) {
      if (first.version() == 0) first = ip;
      both |= first != ip;
    }
  };
  struct View {
    TwoOf clients;  // who asks
    TwoOf served;   // who is answered
  };

  void ObserveView(const FrameFacts& frame, Position at, const EvidenceTable& evidence,
                   const Neighbours& neighbours);
  void LearnStation(MacAddress mac, uint8_t what);
  bool WouldSee(uint16_t vlan, uint32_t last_bytes) const;
  bool WouldSeeQuery(uint16_t vlan, uint32_t last_bytes) const;
  void ObserveIgmp(const FrameFacts& frame, Position at, const wire::Igmp& igmp,
                   const EvidenceTable& evidence, Transitions& out);
  void ObserveReport(const FrameFacts& frame, Position at, Watch& watch, Transitions& out);
  void ObserveTraffic(const FrameFacts& frame, Position at, Transitions& out);
  bool IsOwnPort(const Watch& watch) const;
  bool MayBeQueried(uint16_t vlan) const;
  Watch* WatchOf(uint16_t vlan, uint32_t last_bytes);
  void LearnReport(uint16_t vlan, uint32_t last_bytes);
  bool IsReported(uint16_t vlan, uint32_t last_bytes) const;

  // By VLAN and the two bytes of the group.
  BoundedMap<uint64_t, Watch> clusters_{kMost, overflowed_};
  std::bitset<4096> queried_;        // by VLAN; 0 where the frame tells none
  std::bitset<4096> others_report_;  // the same
  MacAddress reporter_;              // that is no host
  bool several_report_ = false;
  bool cut_ = false;  // reports or queries may have been cut off
  BoundedMap<uint64_t, View> views_{kMost, overflowed_};     // by the two bytes of the group
  BoundedMap<uint64_t, bool> reported_{kMost, overflowed_};  // the same
  // By MAC: who asks, and who is answered.
  BoundedMap<uint64_t, uint8_t> stations_{kMost, overflowed_};
  bool is_used_ = false;  // IGMP, or a frame to a group as the mode has it, was seen
  bool answered_ = false, both_ways_ = false;  // of any station
  std::bitset<65536> reported_anywhere_;       // by the two bytes of the group
  Timestamp gap_end_{std::numeric_limits<int64_t>::min()};
};

// The groups of clusters: 239.255.y.z for the address w.x.y.z.
inline constexpr uint32_t kClusterGroups = 0xEFFF0000;
constexpr uint32_t GroupOf(IpAddress cluster) { return kClusterGroups | (cluster.v4() & 0xFFFF); }
// Whether it is a membership report that NLB would send for a cluster address.
bool IsReportOf(const wire::Igmp& igmp, IpAddress cluster);

}  // namespace nlb
