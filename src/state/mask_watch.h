// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where a host of a unicast cluster is captured on the machine itself, the capture may show a frame
// twice: from the cluster MAC before NLB masks the source, and from the masked MAC after (pktmon
// and others that record at several places of the network stack, each an interface of its own in
// the file or all one; what several processors record may stand in the other order). Then the
// cluster MAC as a source is the capture's view, and no fault; without such a twin the switch sees
// it too.
//
// Bounded: 4,096 clusters, by the last four bytes of the MAC; of further ones it is not known, and
// the frame is taken for what it looks like. 256 frames await their twin; one that needs the slot
// of another makes that one's twin missed, which loses no more than the next twin shows.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "facts/packet_digest.h"
#include "state/frame_index.h"
#include "state/tracker.h"

namespace nlb {

class EvidenceTable;

// What a host sends in the service of its cluster: IP and ARP to one station.
bool IsService(const FrameFacts& frame);
// Whether a masked twin of this frame from a cluster MAC may follow, as far as it and what was
// proven tell. What goes to all has one only where a known host sent it from its own address, and
// where the cluster was not seen to answer masked before, without twins.
bool MayHaveTwin(const FrameFacts& frame, const EvidenceTable& evidence, Position at);

class MaskWatch : public Tracker {
 public:
  static constexpr size_t kMaxClusters = 4096;
  // How far apart a frame and its masked twin are at most: both are recorded on one machine.
  static constexpr Duration kTwin = std::chrono::milliseconds(100);

  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain /*kind*/) const override { return false; }
  // Takes frames from a cluster MAC or a masked one; others at no cost. The result is the position
  // of an earlier frame from the cluster MAC, when this frame shows that its twin does not come:
  // the first that `may_have_twin`.
  std::optional<Position> Learn(const FrameFacts& frame, Position at, bool may_have_twin);

  // The host whose frames come from this cluster MAC, because the capture shows them before they
  // are masked.
  std::optional<uint8_t> HostBeforeMasking(MacAddress cluster_mac, Position at) const;
  // Whether it was not known yet at a position what this cluster MAC means as a source: no frame
  // had stayed without a twin.
  bool AwaitsTwin(MacAddress cluster_mac, Position at) const;

 private:
  static constexpr size_t kFrames = 256;

  struct State {
    Position masked_since = 0;  // a twin came: the capture sees both
    Position bare_since = 0;    // no twin came, or a heartbeat came from the cluster MAC
    uint8_t host_id = 0;
    Position awaits = 0;  // the first frame whose twin has not come
    Timestamp since;      // when it came
    Position untold = 0;  // a frame without a twin, until the cluster is proven
    // Behind the proof came a masked frame, at `since`, whose twin may follow.
    bool half_seen = false;
  };
  struct Frame {
    uint64_t digest = 0;
    uint32_t tail = 0;
    uint8_t masked_host = 0;  // 0: it came from the cluster MAC
    Timestamp time;
  };

  static bool MayBeHalf(State& state, const FrameFacts& frame);
  void ObserveBare(State& state, const FrameFacts& frame, Position at, bool may_have_twin);
  void ObserveMasked(State& state, const FrameFacts& frame, Position at);
  // The same frame before, which it then is the twin of; else this one waits for its own.
  std::optional<Frame> TakeTwin(const FrameFacts& frame, PacketDigest digest, uint8_t masked_host);
  static void NoteTwin(State& state, uint8_t host_id, Position at);

  BoundedMap<uint64_t, State> clusters_{kMaxClusters, overflowed_};
  std::vector<Frame> frames_;  // empty until the first; by digest
  size_t untold_ = 0;          // how many clusters have one
};

}  // namespace nlb
