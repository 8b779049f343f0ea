// SPDX-License-Identifier: GPL-2.0-or-later
#include "heuristics/answers.h"

#include "base/text.h"

namespace nlb::answers {

std::string DescribeReply(const Sighting& s, const Note& note) {
  return Text(s.frame.source) + " answers too, " + Text(note.mac()) + " did before";
}

std::string DescribeTwoHosts(const Sighting& s, const Note& note) {
  return Text(s.frame.source) + " accepts too, " + Text(note.mac()) + " did before";
}

std::string DescribeUnanswered(const Sighting& s, const Note&) {
  return "Third SYN from " + Text(s.frame.ip.source) + " to " + Text(s.frame.ip.destination) +
         ", and no host answers";
}

std::string DescribeReset(const Sighting& s, const Note& note) {
  return Text(s.frame.ip.source) + " resets after " + Text(note.mac()) +
         " sent a packet of the connection again";
}

}  // namespace nlb::answers
