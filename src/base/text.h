// SPDX-License-Identifier: GPL-2.0-or-later
//
// How values are written for people: as Wireshark writes them, and alike in every language: the
// programs around the core set the user's locale, which would put a comma into printf's %f.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/mac.h"
#include "base/time.h"

namespace nlb {

std::string Text(MacAddress mac);      // 02:bf:c0:a8:02:0a
std::string Text(IpAddress ip);        // 192.168.2.10, 2001:db8::1
std::string TextV4(uint32_t address);  // 192.168.2.10
std::string Text(Duration duration);  // 0.0004 s, 12.5 s: seconds as Wireshark has, to three digits
// 12.500 for three decimals, at most nine; halves are rounded away from zero.
std::string TextSeconds(Duration duration, int decimals);
std::string TextUtc(int64_t unix_time);     // 2012-02-15 16:54:13 UTC
std::string TextVersion(uint32_t version);  // 2.6 for 0x206
// Parts of a sentence, one behind the other: room for all of them is asked for once.
template <typename... Parts>
std::string Joined(const Parts&... parts) {
  std::string text;
  text.reserve((std::string_view(parts).size() + ...));
  (text.append(parts), ...);
  return text;
}
// "1 rule", "2 rules"
std::string Count(uint64_t number, std::string_view singular);

// UTF-16LE to UTF-8, up to the first NUL or the end; what is no character becomes U+FFFD.
std::string FromUtf16Le(const uint8_t* data, size_t size);
// At most this many bytes of UTF-8, cut between characters.
void Shorten(std::string& text, size_t most);

}  // namespace nlb
