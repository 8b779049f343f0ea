// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/scenario.h"

namespace nlb {
namespace {

using namespace std::chrono_literals;

TEST(Text, WritesMacAndIpv4AddressesAsWiresharkDoes) {
  EXPECT_EQ(Text(MacAddress(0x02BFC0A8020A)), "02:bf:c0:a8:02:0a");
  EXPECT_EQ(Text(MacAddress()), "00:00:00:00:00:00");
  EXPECT_EQ(Text(IpAddress::V4(0xC0A8020A)), "192.168.2.10");
  EXPECT_EQ(TextV4(0xFFFFFFFF), "255.255.255.255");
  EXPECT_EQ(TextV4(0), "0.0.0.0");
}

TEST(Text, WritesNoMacWhereNoneWasCaptured) {
  EXPECT_EQ(Text(MacAddress::Unseen(0, 1)), "a MAC that was not captured");
}

// RFC 5952, section by section.
TEST(Text, WritesIpv6AddressesInTheirShortestForm) {
  struct Row {
    const char* given;
    const char* expected;
  };
  const Row rows[] = {
      {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},  // 4.1, 4.2.1
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},            // 4.2.2: not one group
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},                     // 4.2.3: the longest
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},               // 4.2.3: the first
      {"2001:DB8:ABCD:EF01:2345:6789:ABCD:EF01", "2001:db8:abcd:ef01:2345:6789:abcd:ef01"},  // 4.3
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"0:1::", "0:1::"},
      {"1:0:0:2:0:0:0:0", "1:0:0:2::"},
      {"0:0:0:0:0:0:1:0", "::1:0"},
      {"0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
      {"1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"},
      {"::ffff:192.0.2.1", "::ffff:c000:201"},
  };
  for (const Row& row : rows) {
    const test::Octets octets = test::Ip(row.given);
    EXPECT_EQ(Text(IpAddress::ReadV6(Bytes(octets.data(), 16), 0)), row.expected) << row.given;
  }
}

TEST(Text, WritesDurationsInSecondsWithThreeDigits) {
  struct Row {
    Duration duration;
    const char* expected;
  };
  const Row rows[] = {
      {0ns, "0 s"},
      {1ns, "0.000000001 s"},
      {-12us, "-0.000012 s"},
      {400us, "0.0004 s"},
      {999'950ns, "0.001 s"},
      {1ms, "0.001 s"},
      {12'345us, "0.0123 s"},
      {-10ms, "-0.01 s"},
      {999ms, "0.999 s"},
      {1s, "1 s"},
      {2100ms, "2.1 s"},
      {99'960ms, "100 s"},
      {999s, "999 s"},
      {1000s, "1000 s"},
      {1234s, "1234 s"},
      {86400s, "86400 s"},
      {-1500ms, "-1.5 s"},
      {12'500ms, "12.5 s"},
      {12s, "12 s"},
      {120s, "120 s"},
      {99'949ms, "99.9 s"},
      {9'995ms, "10 s"},
      {-9'994ms, "-9.99 s"},
      {123'456'789ns, "0.123 s"},
      {-1ns, "-0.000000001 s"},
      {Duration::max(), "9223372037 s"},
      {Duration::min(), "-9223372037 s"},
  };
  for (const Row& row : rows) EXPECT_EQ(Text(row.duration), row.expected) << row.duration.count();
}

TEST(Text, WritesSecondsWithAFixedNumberOfDecimals) {
  EXPECT_EQ(TextSeconds(0ns, 3), "0.000");
  EXPECT_EQ(TextSeconds(1ms, 3), "0.001");
  EXPECT_EQ(TextSeconds(499us, 3), "0.000");
  EXPECT_EQ(TextSeconds(12'345'500us, 3), "12.346");
  EXPECT_EQ(TextSeconds(-12'345'499us, 3), "-12.345");
  EXPECT_EQ(TextSeconds(1500ms, 0), "2");
  EXPECT_EQ(TextSeconds(1ns, 9), "0.000000001");
  EXPECT_EQ(TextSeconds(Duration::max(), 9), "9223372036.854775807");
  EXPECT_EQ(TextSeconds(Duration::min(), 9), "-9223372036.854775808");
}

TEST(Text, NeverFallsBackToExponents) {
  for (const int64_t ns : {999'400, 999'500, 999'999, 999'499'999, 999'500'000, 999'999'999}) {
    EXPECT_EQ(Text(Duration(ns)).find('e'), std::string::npos) << Text(Duration(ns));
  }
  EXPECT_EQ(Text(Duration(999'999'999'999)).find('e'), std::string::npos);
}

TEST(Text, WritesVersionsOfTheirTwoLowBytes) {
  EXPECT_EQ(TextVersion(0x206), "2.6");
  EXPECT_EQ(TextVersion(0xFFFFFFFF), "255.255");
}

TEST(Text, WritesDatesInUtc) {
  EXPECT_EQ(TextUtc(0x4F3BE335), "2012-02-15 16:54:13 UTC");
  EXPECT_EQ(TextUtc(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(TextUtc(951'782'400), "2000-02-29 00:00:00 UTC");
  EXPECT_EQ(TextUtc(UINT32_MAX), "2106-02-07 06:28:15 UTC");
  EXPECT_EQ(TextUtc(int64_t{UINT32_MAX} + 1), "2106-02-07 06:28:16 UTC");
  EXPECT_EQ(TextUtc(-1), "1969-12-31 23:59:59 UTC");
}

TEST(Text, CountsInTheRightNumber) {
  EXPECT_EQ(Count(0, "rule"), "0 rules");
  EXPECT_EQ(Count(1, "rule"), "1 rule");
  EXPECT_EQ(Count(UINT64_MAX, "bit"), "18446744073709551615 bits");
}

std::string Utf8(const std::vector<uint16_t>& units, size_t odd = 0) {
  std::vector<uint8_t> bytes;
  for (const uint16_t unit : units) {
    bytes.push_back(static_cast<uint8_t>(unit));
    bytes.push_back(static_cast<uint8_t>(unit >> 8));
  }
  bytes.resize(bytes.size() + odd, 0x41);
  return FromUtf16Le(bytes.data(), bytes.size());
}

TEST(Text, TurnsUtf16IntoUtf8) {
  EXPECT_EQ(Utf8({}), "");
  EXPECT_EQ(Utf8({'W', 'E', 'B', '0', '1'}), "WEB01");
  EXPECT_EQ(Utf8({'A', 0, 'B'}), "A");
  EXPECT_EQ(Utf8({0x7F, 0x80, 0x7FF, 0x800, 0xFFFF}),
            "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
  EXPECT_EQ(Utf8({0xD83D, 0xDE00, 'A'}),
            "\xF0\x9F\x98\x80"
            "A");
  EXPECT_EQ(Utf8({0xE9, 0x20AC}), "\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(Utf8({0xD83D, 0xDE01}), "\xF0\x9F\x98\x81");
  EXPECT_EQ(Utf8({0xD800, 0xDC00}), "\xF0\x90\x80\x80");  // the first and the last of the pairs
  EXPECT_EQ(Utf8({0xDBFF, 0xDFFF}), "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(Utf8({0xD7FF, 0xE000}), "\xED\x9F\xBF\xEE\x80\x80");  // beside them
  EXPECT_EQ(Utf8({'A'}, 1), "A");                                 // half a unit
}

TEST(Text, ReplacesWhatIsNoCharacter) {
  const std::string replaced = "\xEF\xBF\xBD";
  EXPECT_EQ(Utf8({0xD83D}), replaced);             // a pair cut off
  EXPECT_EQ(Utf8({0xD83D, 'A'}), replaced + "A");  // a high half alone
  EXPECT_EQ(Utf8({0xDE00, 'A'}), replaced + "A");  // a low half alone
  EXPECT_EQ(Utf8({0xDC00, 0xDC00}), replaced + replaced);
  EXPECT_EQ(Utf8({0xD83D, 0xE000}), replaced + "\xEE\x80\x80");
  EXPECT_EQ(Utf8({0x1F, 0x20}), replaced + " ");
  EXPECT_EQ(Utf8({0xD83D, 0xD83D, 0xDE00}), replaced + "\xF0\x9F\x98\x80");
  EXPECT_EQ(Utf8({'\n', 0x1B, 'A'}), replaced + replaced + "A");  // no control characters in trees
}

TEST(Text, ShortensBetweenCharacters) {
  const auto shortened = [](std::string text, size_t most) {
    Shorten(text, most);
    return text;
  };
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abc", 2), "ab");
  EXPECT_EQ(shortened("a\xF0\x9F\x98\x80", 4), "a");
  EXPECT_EQ(shortened("a\xF0\x9F\x98\x80", 5), "a\xF0\x9F\x98\x80");
  EXPECT_EQ(shortened("\x80\x80", 1), "");
  EXPECT_EQ(shortened("", 0), "");
}

}  // namespace
}  // namespace nlb
