// SPDX-License-Identifier: GPL-2.0-or-later
//
// What one finding is made of: its row in the tables (wording, severity, help) and the rule when it
// fires.
//
// Two kinds. A dated finding follows from one frame and what was proven by then; it is worked out
// again whenever the frame is drawn and costs no memory: it has a check. A stored finding needs
// other frames: a tracker sees a transition, accept says whether it is this finding, a Note of 24
// bytes is kept, and tell makes the sentence when it is drawn.
//
// Rules are pure: no memory, no bytes, no clock. A sentence names MACs, addresses and frames.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "facts/frame_facts.h"
#include "nlb.h"
#include "state/evidence.h"
#include "state/frame_index.h"
#include "state/neighbours.h"
#include "state/routers.h"
#include "state/settings.h"
#include "state/transition.h"

namespace nlb {

// Characters of a sentence: Wireshark puts up to 34 around a warning's, 31 around a note's, and a
// line of the tree has 100.
constexpr size_t LongestSentence(nlb_severity severity) { return severity >= NLB_WARN ? 66 : 69; }

// Everything known besides the frame itself; read-only.
struct Knowledge {
  const EvidenceTable& evidence;
  const Neighbours& neighbours;
  const Routers& routers;
  const FrameIndex& index;
  const Settings& settings;
};

struct Sighting {
  const FrameFacts& frame;
  Position at;
  const Knowledge& known;
};

struct Heuristic {
  nlb_finding_desc finding;
  // True for most frames of a healthy cluster: left out of nlb.analysis.finding, whose column would
  // drown in it.
  bool routine = false;

  // Dated: the sentence when the finding fires.
  std::optional<std::string> (*check)(const Sighting&) = nullptr;

  // Stored: the transition it comes from. Of several findings of one event, the first that accepts
  // is taken.
  Event event = Event::kNone;
  bool (*accept)(const Sighting&, const Transition&) = nullptr;  // nullptr: always
  std::string (*tell)(const Sighting&, const Note&) = nullptr;
};

const char* SeverityName(nlb_severity severity);  // as nlb_severity_name() promises

// "frame 41"; a record that a read filter hid has no number.
std::string FrameText(const Sighting& sighting, Position position);

// "192.168.2.10 is reached by group MAC 03:bf:c0:a8:02:0a"; behind an IPv6 address there is no room
// for the MAC.
std::string GroupMacText(IpAddress ip, const char* what, MacAddress mac);

// A host's cluster by its address, or by the cluster's MAC while no more is known.
std::string ClusterText(const KnownHost& host);

// Whether the address is one of the cluster's that this MAC stands for: the MAC is made of it and
// there is evidence, or ARP answered the address with this MAC.
bool Owns(const Sighting& sighting, MacAddress mac, IpAddress ip);

}  // namespace nlb
