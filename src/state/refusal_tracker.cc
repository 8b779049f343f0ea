// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/refusal_tracker.h"

#include "state/sighting.h"

namespace nlb {
namespace {

using namespace std::chrono_literals;

// Nobody asks for one address more often (RFC 1122 2.3.2.1 allows one question a second); what
// comes sooner was captured twice.
constexpr Duration kQuestion = 250ms;

uint64_t KeyOf(IpAddress asker, IpAddress wanted) {
  return wanted.Hash(asker.Hash(0)) | 1;  // 0 is a free slot
}
uint64_t KeyOf(MacAddress from, MacAddress to) { return Mix(Mix(from.bits()) ^ to.bits()) | 1; }
uint64_t KeyOf(MacAddress mac) { return Mix(mac.bits()) | 1; }
uint64_t KeyOf(IpAddress ip) { return ip.Hash(0) | 1; }

bool IsGroup(MacAddress mac) { return mac.is_group() && !mac.is_broadcast(); }

// Who asked: told by ARP itself, and by where neighbour discovery sends the answer.
IpAddress AskerOf(const FrameFacts& answer) {
  return answer.is_ip() ? answer.ip.destination : answer.claim->target;
}

}  // namespace

void RefusalTracker::Set(std::vector<Mark>& marks, uint64_t key, Timestamp now) {
  if (marks.empty()) marks.resize(kSlots);
  marks[SlotOf(key)] = {key, now};
}

bool RefusalTracker::IsSet(const std::vector<Mark>& marks, uint64_t key) {
  return !marks.empty() && marks[SlotOf(key)].key == key;
}

bool RefusalTracker::IsRecent(const std::vector<Mark>& marks, uint64_t key, Timestamp now) {
  return IsSet(marks, key) && AbsDiff(now, marks[SlotOf(key)].last) <= kWithin;
}

void RefusalTracker::SetGroup(const FrameFacts& frame) {
  if (groups_.empty()) groups_.resize(kSlots);
  const uint64_t key = KeyOf(frame.destination);
  Group& group = groups_[SlotOf(key)];
  const bool known = group.key == key && AbsDiff(frame.time, group.last) <= kWithin;
  const bool several = known && (group.several || group.from != frame.source);
  group = {key, frame.time, frame.source, several};
}

// The answer would go to the group, which static entries or IGMP snooping may keep to the members'
// ports, and which a mirror of what the asker sends does not show: others must be seen to send to
// it. Where a capture filter left ARP alone, nothing tells.
bool RefusalTracker::WouldSeeAnswer(const FrameFacts& question, Position at) const {
  if (at == claims_) return true;
  if (groups_.empty()) return false;
  const uint64_t key = KeyOf(question.claim->mac);
  const Group& group = groups_[SlotOf(key)];
  if (group.key != key || AbsDiff(question.time, group.last) > kWithin) return false;
  return group.several || group.from != question.source;
}

void RefusalTracker::Observe(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  if (IsGroup(frame.destination)) {
    SetGroup(frame);
    if (frame.is_ip() && frame.ip.destination.is_unicast()) {
      Set(senders_, KeyOf(frame.source, frame.destination), frame.time);
    }
  }
  if (frame.claim) ++claims_;
  if (!frame.claim || !frame.claim->ip.is_unicast()) return;
  if (frame.claim->reply) {
    ObserveAnswer(frame, s.at);
  } else if (frame.claim->target.is_unicast() && frame.claim->target != frame.claim->ip) {
    ObserveQuestion(s, out);
  }
}

void RefusalTracker::ObserveQuestion(const Sighting& s, Transitions& out) {
  const FrameFacts& frame = s.frame;
  if (askers_.empty()) askers_.resize(kSlots);
  const wire::Claim& claim = *frame.claim;
  const uint64_t key = KeyOf(claim.ip, claim.target);
  Asker& asker = askers_[SlotOf(key)];
  if (asker.key != key || asker.station != frame.source ||
      AbsDiff(frame.time, asker.since) > kWithin) {
    const bool told = asker.key == key && asker.told;
    asker = {};
    asker.key = key;
    asker.station = frame.source;
    asker.since = asker.last = frame.time;
    asker.first = s.at;
    asker.questions = 1;
    asker.told = told;
    return;
  }
  if (AbsDiff(frame.time, asker.last) < kQuestion) return;
  asker.last = frame.time;
  ++asker.questions;
  // A question to the group MAC itself asks whether the entry still holds.
  if (frame.destination == asker.answer)
    Set(senders_, KeyOf(frame.source, asker.answer), frame.time);
  if (asker.first_answer != 0) {
    JudgeAnswered(frame, asker, out);
  } else {
    JudgeUnanswered(s, asker, out);
  }
  asker.answered = false;
}

void RefusalTracker::JudgeAnswered(const FrameFacts& frame, Asker& asker, Transitions& out) {
  if (!asker.answered || IsSet(senders_, KeyOf(frame.source, asker.answer))) {
    asker.questions = 0;
    asker.since = frame.time;
    asker.first_answer = 0;
    return;
  }
  if (asker.told || asker.questions < kQuestions) return;
  asker.told = true;
  Transition seen{Event::kRouterRefuses, {}};
  seen.note.other = asker.first_answer;
  seen.note.set_mac(asker.answer);
  out.push_back(seen);
}

void RefusalTracker::JudgeUnanswered(const Sighting& s, Asker& asker, Transitions& out) {
  if (asker.questions < kQuestions) return;
  const FrameFacts& frame = s.frame;
  const EvidenceTable& evidence = s.known.evidence;
  const wire::Claim& claim = *frame.claim;
  const uint64_t wanted = KeyOf(claim.target);
  if (!IsGroup(claim.mac)) return Set(in_vain_, wanted, frame.time);
  if (asker.told || !WouldSeeAnswer(frame, s.at) || IsRecent(in_vain_, wanted, frame.time)) return;
  if (!evidence.ClusterOfMac(claim.mac, s.at) || evidence.HostByInterHostMac(claim.mac, s.at))
    return;
  asker.told = true;
  Transition seen{Event::kRouterRefuses, {}};
  seen.note.other = asker.first;
  seen.note.detail = 1;
  seen.note.set_mac(claim.mac);
  out.push_back(seen);
}

void RefusalTracker::ObserveAnswer(const FrameFacts& frame, Position at) {
  if (askers_.empty()) return;
  const wire::Claim& claim = *frame.claim;
  const uint64_t key = KeyOf(AskerOf(frame), claim.ip);
  Asker& asker = askers_[SlotOf(key)];
  if (asker.key != key) return;
  // Any other answer may be the one that the asker took. A cooked capture does not show who sends
  // to the group MAC, and thus took this one.
  if (!IsGroup(claim.mac) || claim.mac == frame.source || !frame.destination.is_seen()) {
    asker.key = 0;
    return;
  }
  asker.answered = true;
  asker.answer = claim.mac;
  if (asker.first_answer == 0) asker.first_answer = at;
}

}  // namespace nlb
