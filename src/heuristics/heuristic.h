// SPDX-License-Identifier: GPL-2.0-or-later
//
// What one finding is made of: one row with its wording, its rule and its fields.
//
// Two kinds. A stateless finding follows from one frame and what was proven by then; it is worked
// out again whenever the frame is drawn and costs no memory: `matches` says whether it is there. A
// recorded finding needs other frames: a tracker sees a transition, `accepts` says whether it is
// this finding, and a Note of 24 bytes is kept. `describe` makes the sentence of either when it is
// drawn; a stateless finding gets an empty Note.
//
// Rules are pure: no memory, no bytes, no clock. A sentence names MACs, addresses and hosts. It
// names no frame: Wireshark groups expert infos by their text, and the frame is a field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "base/ip.h"
#include "base/mac.h"
#include "base/time.h"
#include "catalog/fields.h"
#include "nlb.h"
#include "state/sighting.h"
#include "state/transition.h"

namespace nlb {

// A frame that a field links to; drawn by its number, and not at all when there is none or a read
// filter hid it.
struct FrameLink {
  Position position = 0;
};

// Nothing when the finding has no such value this time.
using FieldValue =
    std::variant<std::monostate, uint64_t, Duration, MacAddress, IpAddress, FrameLink, std::string>;

// A field that a finding fills, and from what.
struct FindingField {
  uint16_t field;
  FieldValue (*value)(const Sighting&, const Note&);
};

// Where the timeline shows a finding. Events have a line each, the others are counted per second.
enum class Part : uint8_t {
  kUnset,  // does not compile: every row says where it belongs
  kNone,   // no matter of time: it holds for the whole capture
  kHosts,
  kConvergence,
  kConflicts,
  kForeign,
  kOtherCopies,
  kResets,
};

struct Heuristic {
  nlb_finding_desc finding;
  Part part = Part::kUnset;
  // True for most frames of a healthy cluster: left out of nlb.analysis.finding, whose column would
  // drown in it.
  bool routine = false;

  // Stateless. Never asked of a plain frame.
  bool (*matches)(const Sighting&) = nullptr;

  // Recorded: the transition it comes from. Of several findings of one event, the first that
  // accepts is taken.
  Event event = Event::kNone;
  bool (*accepts)(const Sighting&, const Transition&) = nullptr;  // nullptr: always

  std::string (*describe)(const Sighting&, const Note&) = nullptr;
  std::span<const FindingField> fields = {};
};

const char* SeverityName(nlb_severity severity);  // as nlb_severity_name() promises

// "192.168.2.10 is reached by group MAC 03:bf:c0:a8:02:0a"
std::string GroupMacText(IpAddress ip, const char* what, MacAddress mac);

// A host's cluster by its address, or by the cluster's MAC while no more is known.
std::string ClusterText(const KnownHost& host);

// Whether the address is one of the cluster's that this MAC stands for: the MAC is made of it and
// there is evidence, or ARP answered the address with this MAC.
bool Owns(const Sighting& sighting, MacAddress mac, IpAddress ip);

}  // namespace nlb
