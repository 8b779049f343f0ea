// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/cluster_hosts.h"

#include "base/text.h"
#include "heuristics/heartbeat_words.h"
#include "state/cluster_notes.h"

namespace nlb::hosts {

std::string DescribeJoined(const Sighting& s, const Note& note) {
  return Speaker(s) + " joins; the cluster was heard for " + Text(UnpackDuration(note.detail));
}

std::string DescribeLate(const Sighting& s, const Note& note) {
  const Duration gap = UnpackDuration(note.detail);
  const Duration period = std::max(UnpackSilence(note), Duration(1));
  const int64_t missed = (gap + period / 2) / period - 1;
  return Speaker(s) + " was silent for " + Text(gap) + ", " +
         Count(static_cast<uint64_t>(std::max<int64_t>(missed, 1)), "heartbeat") + " missed";
}

std::string DescribeLost(const Sighting&, const Note& note) {
  const OtherHost lost = OtherHost::Unpack(note.detail);
  return HostText(lost.host_id, lost.word) + " has been silent for " + Text(UnpackSilence(note));
}

FieldValue LostFor(const Sighting&, const Note& note) { return UnpackSilence(note); }

std::string DescribeReturned(const Sighting& s, const Note& note) {
  return Speaker(s) + " is back after a silence of " + Text(UnpackDuration(note.detail));
}

std::string DescribeState(const Sighting& s, const Note& note) {
  return Speaker(s) + " went from state " + std::to_string(note.detail) + " to " +
         std::to_string(Membership(s).state);
}

std::string DescribeUnsettled(const Sighting& s, const Note& note) {
  const OtherHost other = OtherHost::Unpack(note.detail);
  const std::string here = Speaker(s) + " is in state " + std::to_string(Membership(s).state);
  if (other.extra != 0) return here + ", the cluster was in " + std::to_string(other.extra);
  if (note.other == s.at) return here + " and keeps changing";  // it contradicts only itself
  return here + ", host " + std::to_string(other.host_id) + " in " + std::to_string(other.word);
}

std::string DescribeReconverging(const Sighting& s, const Note& note) {
  return Text(Membership(s).header.cluster_ip) + " converges for the third time in " +
         Text(UnpackDuration(note.detail));
}

std::string DescribeIdle(const Sighting& s, const Note& note) {
  const OtherHost busy = OtherHost::Unpack(note.detail);
  return Speaker(s) + " handled nothing for 60 s, host " + std::to_string(busy.host_id) + " did";
}

}  // namespace nlb::hosts
