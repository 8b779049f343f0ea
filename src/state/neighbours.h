// SPDX-License-Identifier: GPL-2.0-or-later
//
// What ARP and neighbour discovery said about addresses, beyond the evidence for clusters.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bounded_map.h"
#include "facts/frame_facts.h"
#include "state/frame_index.h"
#include "state/tracker.h"

namespace nlb {

class Neighbours : public Tracker {
 public:
  // What is refused when full: forwarders without an address, secondary addresses without a
  // verdict; what ARP would prove of a copy is not proven.
  static constexpr size_t kMost = 16384;
  // Of clusters' addresses, from one MAC to another: then each keeps the last one.
  static constexpr size_t kMostMoves = 65536;

  struct Answer {
    MacAddress mac;
    Position since = 0;  // the first in a row with this MAC
    Position at = 0;     // the last
    Timestamp time;
  };

  struct Conflict {  // this claim against the last one on the same segment
    MacAddress before;
    Position at = 0;
    Duration age{};
  };

  // Learns the frame's claim, and tells when it contradicts the last one.
  void Observe(const Sighting& sighting, Transitions& out) override;
  bool wants(Plain kind) const override { return kind == Plain::kArp; }
  // Takes the frame's claim in. The result tells that the same address was claimed with another
  // cluster MAC before.
  std::optional<Conflict> Learn(const FrameFacts& frame, Position at);

  // The cluster or group MAC that an address was last answered with, on whatever segment; nullptr
  // at positions before the first such answer.
  const Answer* AnsweredWith(IpAddress ip, Position at) const;
  // A station's own IPv4 address on this segment, by what was heard up to this position: the first
  // with which it asked others. One that never asked may answer for others (proxy ARP): it has an
  // address only as long as all its answers were for one.
  std::optional<IpAddress> AddressOf(const Segment& segment, MacAddress mac, Position at) const;

  Table table() const override { return Table::kNeighbours; }
  // Whether the MAC is the address's own: the last claim of the address gave it this MAC, and who
  // has the MAC does not answer for others. A station that asked with the address has it; one that
  // answered only, or advertised as a proxy does, has it as long as it told no other address.
  // An absent VLAN tag matches any.
  bool IsOwnMac(const Segment& segment, MacAddress mac, IpAddress ip, Position at) const;
  // Whether the MAC was told for another address of the same version: it may be a router's. On
  // whatever interface: a tap has one for each direction, and the answer comes by the other one.
  bool StandsForOther(MacAddress mac, IpAddress ip, Position at) const;
  // Whether anything was told of the MAC on this segment.
  bool KnowsMac(const Segment& segment, MacAddress mac, Position at) const;
  // Whether a station of this segment, or a group MAC, was told to be behind the address.
  bool IsOnSegment(const Segment& segment, IpAddress ip, Position at) const;

 private:
  struct AddressKey {
    IpAddress ip;
    Segment segment;
    bool operator==(const AddressKey&) const = default;
    uint64_t Hash(uint64_t salt) const;
  };
  struct StationKey {
    MacAddress mac;
    Segment segment;
    bool operator==(const StationKey&) const = default;
    uint64_t Hash(uint64_t salt) const;
  };
  struct Station {
    IpAddress asker;
    IpAddress answer;  // the first it gave
    Position asked = 0;
    Position answered = 0;
    Position answered_other = 0;  // for another address
  };

  // The addresses of one version that were told with a MAC.
  struct Holdings {
    IpAddress first;
    Position since = 0;
    Position several_since = 0;  // another one was told
  };
  struct Holder {
    Holdings v4, v6;
    Segment first;                 // where it was told first
    Station station;               // what it said there
    Position elsewhere_since = 0;  // it was told on another one, whatever the VLAN
  };

  // Who was told last to have an address, whatever the VLAN.
  struct Owner {
    MacAddress mac;
    wire::VlanStack vlan;
    Position since = 0;        // the first claim in a row with this MAC
    Position owned_since = 0;  // the first of those that no proxy makes; 0: none
    // Claims in a row with this MAC and these tags were heard: a question, an answer.
    std::array<bool, 2> heard{};
  };

  // Whether the claim may tell something new of the one who has the MAC.
  bool LearnOwner(const FrameFacts& frame, Position at);
  void LearnHolder(const FrameFacts& frame, Position at);
  static void LearnStation(Station& station, const wire::Claim& claim, Position at);
  const Owner* OwnerOf(const Segment& segment, IpAddress ip, Position at) const;
  static void Take(Answer& last, const FrameFacts& frame, Position at);
  void TakeOnAnySegment(const FrameFacts& frame, Position at);

  BoundedMap<AddressKey, Answer> segment_answers_{kMost, overflowed_};
  // On whatever segment: one for each time that the MAC was another one. An address may have moved
  // before a frame is looked at again.
  BoundedMap<IpAddress, std::vector<Answer>> answers_{kMost, overflowed_};
  size_t moves_ = 0;                                              // of all addresses
  BoundedMap<StationKey, Station> stations_{kMost, overflowed_};  // elsewhere than at first
  BoundedMap<AddressKey, Owner> owners_{kMost, overflowed_};      // segments without their VLAN
  BoundedMap<uint64_t, Holder> holders_{kMost, overflowed_};      // by MAC, on whatever segment
};

}  // namespace nlb
