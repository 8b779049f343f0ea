// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/copies.h"

#include "base/text.h"
#include "heuristics/copy_detail.h"
#include "wire/transport.h"

namespace nlb {
namespace copies {
namespace {

// "00:15:5d:01:02:03", with the name or address if there is one.
std::string ForwarderText(const Sighting& s, const Note& note) {
  if (!note.mac().is_seen()) return "A box whose MAC was not captured";
  std::string mac = Text(note.mac());
  if (const std::string* name = s.known.routers.NameOf(note.mac()); name && !name->empty()) {
    return Joined(mac, " (", *name, ")");
  }
  const auto ip = s.known.neighbours.AddressOf(s.frame.segment, note.mac(), s.at);
  if (ip) return Joined(mac, " (", Text(*ip), ")");
  return mac;
}

std::string TtlText(const Sighting& s, const CopyDetail& detail) {
  const int here = s.frame.ip.ttl;
  const int other = detail.copy_came_first ? here - detail.ttl_drop : here + detail.ttl_drop;
  const int before = detail.copy_came_first ? here : other;
  const int after = detail.copy_came_first ? other : here;
  return Joined("TTL ", std::to_string(before), " to ", std::to_string(after));
}

bool IsAcknowledgment(const wire::IpPacket& ip) {
  return ip.protocol == wire::kTcp && !wire::IsRequestOrAnswer(ip);
}

}  // namespace

std::string DescribeRouted(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return Joined(ForwarderText(s, note), " routed the packet on, ", TtlText(s, detail));
}

std::string DescribeForeign(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return Joined(ForwarderText(s, note), " repeats a packet not sent to it, ", TtlText(s, detail));
}

std::string DescribeLoop(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return Joined(ForwarderText(s, note), " sends the packet in a circle, ", TtlText(s, detail));
}

std::string DescribeUnexplained(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  return Joined(ForwarderText(s, note), " sent the packet on, ", TtlText(s, detail),
                ", and nothing shows why");
}

std::string DescribeStorm(const Sighting& s, const Note&) {
  return "What " + Text(s.frame.source) + " sent to " + Text(s.frame.destination) +
         " comes again and again, as it was";
}

std::string DescribeSame(const Sighting& s, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  const std::string from = Text(s.frame.source), to = Text(s.frame.destination);
  if (detail.is_answer && IsAcknowledgment(s.frame.ip)) {
    return from + " had received data of " + to + " before: they were delivered twice";
  }
  if (detail.is_answer) {
    return from + " answers a request of " + to + " again: it was delivered twice";
  }
  const std::string text = "Captured again: a packet of " + from + " to " + to;
  return detail.delivered_twice ? text + ", whose requests are delivered twice" : text;
}

std::string DescribeRelayed(const Sighting& s, const Note&) {
  return "Seen before with other MACs: now from " + Text(s.frame.source) + " to " +
         Text(s.frame.destination);
}

FieldValue CopyOf(const Sighting&, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  if (detail.copy_came_first || detail.is_answer) return {};
  return FrameLink{note.other};
}

FieldValue CopiedIn(const Sighting&, const Note& note) {
  if (!CopyDetail::Unpack(note.detail).copy_came_first) return {};
  return FrameLink{note.other};
}

FieldValue RequestAnsweredAgain(const Sighting&, const Note& note) {
  if (!CopyDetail::Unpack(note.detail).is_answer) return {};
  return FrameLink{note.other};
}

FieldValue Delta(const Sighting&, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  if (detail.is_answer) return {};
  return detail.delta;
}

FieldValue TtlDrop(const Sighting&, const Note& note) {
  const CopyDetail detail = CopyDetail::Unpack(note.detail);
  if (detail.ttl_drop == 0) return {};
  return uint64_t{detail.ttl_drop};
}

FieldValue Forwarder(const Sighting&, const Note& note) {
  if (CopyDetail::Unpack(note.detail).ttl_drop == 0) return {};
  return note.mac();
}

FieldValue ForwarderIp(const Sighting& s, const Note& note) {
  if (CopyDetail::Unpack(note.detail).ttl_drop == 0) return {};
  const auto ip = s.known.neighbours.AddressOf(s.frame.segment, note.mac(), s.at);
  return ip ? FieldValue(*ip) : FieldValue();
}

}  // namespace copies

CopyDetail CopyDetail::Of(const FrameFacts& frame, const Copy& copy) {
  const int drop = copy.other.ttl - frame.ip.ttl;
  return {copy.delta, static_cast<uint8_t>(drop < 0 ? -drop : drop), drop < 0,
          copy.delivered_twice};
}

}  // namespace nlb
