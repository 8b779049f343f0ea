// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the frames that were added show of each cluster: its mode, MAC and VLAN, its hosts and their
// MACs, and which directions of its traffic. The tables of commands, addresses and of the capture
// are made from it.
//
// Bounded: 1,024 clusters, others are left out; 32 hosts each, as host IDs end there, and 16
// further addresses.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "base/bounded_map.h"
#include "report/attribution.h"

namespace nlb {

struct SeenHost {
  MacAddress mac;  // its frames come from it; none: from the cluster's own, which tells no host
  IpAddress ip;    // its dedicated address, by its heartbeats
  uint64_t heartbeats = 0;
  Segment segment;               // on which it was first heard
  bool on_two_segments = false;  // it was also heard on another that this one is no part of
};

struct SeenCluster {
  IpAddress ip;
  nlb_mode mode = NLB_MODE_UNKNOWN;
  MacAddress mac;  // all hosts'; made of mode and address where no frame shows it
  bool mac_was_seen = false;
  uint16_t vlan = 0;                  // 0: no frame had a tag
  std::map<uint8_t, SeenHost> hosts;  // by ID
  std::set<IpAddress> further;        // addresses beside the primary one; at most kMaxFurther
  uint64_t heartbeats = 0;
  uint64_t requests = 0;  // IP packets to an address of the cluster, and from one
  uint64_t answers = 0;
};

// Whether hosts were heard on different interfaces or in different VLANs, and none of them on two:
// nothing tells that these are one network, on which the hosts hear each other.
bool AreHostsHeardApart(const SeenCluster& cluster);

// The cluster that an address belongs to: as its own, or by ARP as a further one.
std::optional<IpAddress> ClusterOfAddress(const Sighting& sighting, IpAddress ip);

class SeenClusters {
 public:
  static constexpr size_t kMaxClusters = 1024;
  static constexpr size_t kMaxFurther = 16;

  struct Observation {
    SeenCluster* cluster = nullptr;  // the frame's; nullptr when it has none
    bool changed = false;            // more than the counts
  };
  // Takes in a layer of a record that is no copy.
  Observation Observe(const Sighting& sighting, std::optional<Attribution> attribution);

  // The cluster and host whose dedicated address this is, by the heartbeats so far.
  struct Owner {
    IpAddress cluster;
    uint8_t host_id = 0;
  };
  const Owner* OwnerOf(IpAddress ip) const { return owners_.Find(ip); }

  size_t size() const { return clusters_.size(); }
  auto begin() const { return clusters_.begin(); }
  auto end() const { return clusters_.end(); }
  const SeenCluster* Find(IpAddress ip) const;

 private:
  SeenCluster* FindOrAdd(IpAddress ip, bool& changed);
  bool ObserveHeartbeat(const Sighting& sighting, const Attribution& of, SeenCluster& cluster);
  static bool LearnMode(const Attribution& of, bool from_heartbeat, SeenCluster& cluster);
  static bool LearnMac(const Sighting& sighting, SeenCluster& cluster);
  static bool LearnVlan(const Sighting& sighting, SeenCluster& cluster);
  static bool LearnHost(const Sighting& sighting, const Attribution& of, SeenCluster& cluster);
  static bool LearnAddress(const Sighting& sighting, SeenCluster& cluster);
  static void Count(const Sighting& sighting, SeenCluster& cluster);

  std::map<IpAddress, SeenCluster> clusters_;
  BoundedMap<IpAddress, Owner> owners_{kMaxClusters * 32};
};

}  // namespace nlb
