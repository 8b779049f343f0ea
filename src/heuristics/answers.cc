// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/answers.h"

#include "base/text.h"
#include "state/cluster_address.h"
#include "state/cluster_notes.h"
#include "wire/transport.h"

namespace nlb::answers {
namespace {

// Of a second answer. With the MAC in detail it came before the frame that proves the address.
std::string SecondText(const Sighting& s, const Note& note, const char* does, const char* did) {
  const std::string first = Text(note.mac()) + " did before";
  if (note.detail == 0) return Text(s.frame.source) + does + first;
  return Text(MacAddress(note.detail)) + did + first + ": a cluster's address";
}

}  // namespace

std::string DescribeReply(const Sighting& s, const Note& note) {
  return SecondText(s, note, " answers too, ", " answered a ping too, ");
}

std::string DescribeTwoHosts(const Sighting& s, const Note& note) {
  return SecondText(s, note, " accepts too, ", " accepted too, ");
}

std::string DescribeUnanswered(const Sighting& s, const Note&) {
  return "No host of " + Text(s.frame.ip.destination) + " answers " + Text(s.frame.ip.source) +
         ", which sends its SYN again";
}

std::string DescribeMoved(const Sighting& s, const Note& note) {
  const auto other = OtherHost::Unpack(note.detail);
  if (other.extra != 0) {
    return "Host " + std::to_string(other.extra) + " had meddled with a connection that host " +
           std::to_string(other.host_id) + (other.word != 0 ? " opened" : " accepted");
  }
  const auto host = s.known.evidence.HostByMac(s.frame.source, s.at);
  const auto tcp = wire::ParseTcp(s.frame.ip.transport);
  const std::string does = !tcp              ? " meddles with"
                           : tcp->is_reset() ? " resets"
                           : tcp->is_fin()   ? " closes"
                                             : " sends data in";
  return "Host " + std::to_string(host ? host->host_id : 0) + does + " a connection of " +
         Text(s.frame.ip.source) + " that host " + std::to_string(other.host_id) +
         (other.word != 0 ? " opened" : " accepted");
}

std::string DescribeReset(const Sighting& s, const Note& note) {
  return Text(s.frame.ip.source) + " resets after " + Text(note.mac()) +
         " sent a packet of the connection again";
}

FieldValue AcceptedIn(const Sighting&, const Note& note) {
  if (OtherHost::Unpack(note.detail).extra != 0) return {};
  return FrameLink{note.other};
}

FieldValue MeddledIn(const Sighting&, const Note& note) {
  if (OtherHost::Unpack(note.detail).extra == 0) return {};
  return FrameLink{note.other};
}

FieldValue ResetForwarder(const Sighting&, const Note& note) { return note.mac(); }

}  // namespace nlb::answers
