// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

namespace nlb {
namespace {

template <typename... Args>
std::string Print(const char* format, Args... args) {
  std::array<char, 96> line;
  const int length = std::snprintf(line.data(), line.size(), format, args...);
  return std::string(line.data(), static_cast<size_t>(length));
}

// RFC 5952: the longest run of two or more zero groups becomes "::".
std::string TextV6(IpAddress ip) {
  std::array<uint8_t, 16> octets;
  ip.Write(octets.data());
  const auto group = [&](int i) { return octets[2 * i] << 8 | octets[2 * i + 1]; };
  int best = -1;
  int best_length = 1;
  for (int i = 0; i < 8; ++i) {
    int length = 0;
    while (i + length < 8 && group(i + length) == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string text;
  for (int i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += best_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += Print("%x", group(i));
  }
  return text;
}

void AppendUtf8(uint32_t code, std::string& out) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

// Nanoseconds without the sign; the smallest number has no positive twin.
uint64_t Magnitude(Duration duration) {
  const auto bits = static_cast<uint64_t>(duration.count());
  return duration.count() < 0 ? 0 - bits : bits;
}

}  // namespace

// By hand, since addresses are the larger part of every sentence: printf takes ten times as long.
std::string Text(MacAddress mac) {
  if (!mac.is_seen()) return "a MAC that was not captured";
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr size_t kSentence = 95;  // room for it: most begin with a MAC, and then grow in place
  std::string text;
  text.reserve(kSentence);
  text.assign(17, ':');
  for (int i = 0; i < 6; ++i) {
    const uint8_t octet = mac.octet(i);
    text[static_cast<size_t>(3 * i)] = kDigits[octet >> 4];
    text[static_cast<size_t>(3 * i + 1)] = kDigits[octet & 0xF];
  }
  return text;
}

std::string TextV4(uint32_t address) {
  std::array<char, 15> text;
  char* end = text.data();
  for (int shift = 24; shift >= 0; shift -= 8) {
    const uint32_t octet = address >> shift & 0xFF;
    if (octet >= 100) *end++ = static_cast<char>('0' + octet / 100);
    if (octet >= 10) *end++ = static_cast<char>('0' + octet / 10 % 10);
    *end++ = static_cast<char>('0' + octet % 10);
    if (shift > 0) *end++ = '.';
  }
  return std::string(text.data(), end);
}

std::string Text(IpAddress ip) { return ip.is_v6() ? TextV6(ip) : TextV4(ip.v4()); }

std::string TextSeconds(Duration duration, int decimals) {
  const bool negative = duration.count() < 0;
  uint64_t unit = 1;
  for (int i = decimals; i < 9; ++i) unit *= 10;
  std::string text = std::to_string((Magnitude(duration) + unit / 2) / unit);
  const auto places = static_cast<size_t>(decimals);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  if (places > 0) text.insert(text.size() - places, 1, '.');
  return negative ? "-" + text : text;
}

std::string Text(Duration duration) {
  // Three digits, of which none is smaller than a nanosecond.
  const int digits = static_cast<int>(std::to_string(Magnitude(duration)).size());
  const int decimals = std::clamp(9 + 3 - digits, 0, 9);
  std::string text = TextSeconds(duration, decimals);
  if (decimals > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text + " s";
}

std::string TextUtc(int64_t unix_time) {
  using namespace std::chrono;
  const sys_seconds when{seconds{unix_time}};
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss clock{when - day};
  return Print("%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
               static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
               static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
               static_cast<int>(clock.seconds().count()));
}

std::string TextVersion(uint32_t version) {
  return Print("%u.%u", version >> 8 & 0xFF, version & 0xFF);
}

std::string Count(uint64_t number, std::string_view singular) {
  std::string text = Print("%" PRIu64 " ", number);
  text += singular;
  if (number != 1) text += 's';
  return text;
}

std::string FromUtf16Le(const uint8_t* data, size_t size) {
  constexpr uint32_t kReplacement = 0xFFFD;
  const Bytes bytes(data, size);
  std::string text;
  for (size_t at = 0; bytes.Has(at, 2); at += 2) {
    uint32_t code = bytes.Le16(at);
    if (code == 0) break;
    const bool high = code >= 0xD800 && code < 0xDC00;
    const bool low = code >= 0xDC00 && code < 0xE000;
    if (high && bytes.Has(at + 2, 2) && (bytes.Le16(at + 2) & 0xFC00) == 0xDC00) {
      code = 0x10000 + ((code & 0x3FF) << 10) + (bytes.Le16(at + 2) & 0x3FFu);
      at += 2;
    } else if (high || low || code < 0x20) {
      code = kReplacement;
    }
    AppendUtf8(code, text);
  }
  return text;
}

void Shorten(std::string& text, size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (text[most] & 0xC0) == 0x80) --most;
  text.resize(most);
}

}  // namespace nlb
