// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/secondary_vip.h"

#include "facts/mac_class.h"
#include "state/sighting.h"

namespace nlb {
namespace {

// Hosts of a unicast cluster reach each other by the inter-host MAC, which outsiders are never
// told. The evidence knows it as such once the host that has it was heard.
bool IsBetweenHosts(const FrameFacts& frame, MacAddress told_outsiders) {
  return frame.source_role == MacRole::kMaskedHost &&
         frame.destination_role == MacRole::kMulticast &&
         told_outsiders.tail() == frame.source.tail();
}

}  // namespace

void SecondaryVip::Observe(const Sighting& s, Transitions& out) {
  const MacRole role = s.frame.destination_role;
  if (s.is_same || !s.frame.is_ip() || (role != MacRole::kCluster && role != MacRole::kMulticast))
    return;
  const IpAddress vip = s.frame.ip.destination;
  const MacAddress mac = s.frame.destination;
  if (!Embeds(mac, vip.mac_tail()) || s.known.evidence.HostByInterHostMac(mac, s.at)) return;
  const auto* answer = s.known.neighbours.AnsweredWith(vip, s.at);
  if (!answer || answer->mac == mac || RoleOf(answer->mac) == MacRole::kNone) return;
  if (IsBetweenHosts(s.frame, answer->mac)) return;
  if (s.known.evidence.CameToMode(vip, ModeOf(role), answer->at, s.at)) return;
  Transition seen{Event::kSecondaryVipMac, {}};
  seen.note.other = answer->at;
  seen.note.set_mac(answer->mac);
  out.push_back(seen);
}

}  // namespace nlb
