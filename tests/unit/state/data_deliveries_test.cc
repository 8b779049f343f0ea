// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/data_deliveries.h"

#include <gtest/gtest.h>

#include "support/facts.h"
#include "support/scenario.h"

namespace nlb::test {
namespace {

constexpr const char* kClient = "00:16:35:c4:25:96";
constexpr const char* kServer = "00:50:56:9a:11:22";

struct Exchange {
  std::string server = "10.0.0.2";
  uint16_t port = 161;
};

Udp Asks(const Exchange& e, const std::string& what, uint16_t id) {
  return {.link = {kClient, kServer, {}},
          .destination = e.server,
          .id = id,
          .destination_port = e.port,
          .payload = what};
}

Udp Tells(const Exchange& e, const std::string& what, uint16_t id, uint8_t ttl = 64) {
  return {.link = {kServer, kClient, {}},
          .source = e.server,
          .destination = "10.0.0.1",
          .ttl = ttl,
          .id = id,
          .source_port = e.port,
          .destination_port = 1000,
          .payload = what};
}

// The request that begins the watch, seen twice and not judged: frames 1 and 2.
void BeginWatch(Scenario& s, const Exchange& e = {}) {
  s.At(0s, Asks(e, "first", 1000)).At(0s, Asks(e, "first", 1000));
}

std::string Delivered(Scenario& s) {
  std::string found;
  for (uint32_t frame = 3; frame <= s.frames(); ++frame) {
    const std::string sentence = s.Sentences(frame);
    if (sentence.find("was delivered twice") != std::string::npos ||
        sentence.find("were delivered twice") != std::string::npos) {
      found += std::to_string(frame) + " ";
    }
  }
  return found;
}

// Enough to see that it is a copy, and not what it wants.
TEST(DataDeliveries, AsksNothingOfAConnectionThatIsCut) {
  Scenario s;
  s.Snaplen(14 + 20 + 10).At(0s, Tcp{.flags = 0x02}).At(0s, Tcp{.flags = 0x02});
  EXPECT_EQ(Delivered(s), "");
}

TEST(DataDeliveries, TellsTwoEqualAnswersToOneQuestion) {
  Scenario s;
  BeginWatch(s);
  s.At(1s, Asks({}, "get", 1)).At(1s, Asks({}, "get", 1));
  s.At(1s, Tells({}, "42", 7)).At(1s, Tells({}, "42", 8));
  EXPECT_EQ(Delivered(s), "6 ");
  EXPECT_EQ(s.Field(6, "related_frame"), "4");
}

TEST(DataDeliveries, TellsTwoAnswersOfOneTransaction) {
  for (const uint16_t port : {53, 1645, 1646, 1812, 1813, 161}) {
    const Exchange e{.port = port};
    Scenario s;
    BeginWatch(s, e);
    s.At(1s, Asks(e, "\x01\x07q", 1)).At(1s, Asks(e, "\x01\x07q", 1));
    const bool dns = port == 53;
    s.At(1s, Tells(e, dns ? "\x01\x07one" : "\x0b\x07one", 7));
    s.At(1s, Tells(e, dns ? "\x01\x07two" : "\x0b\x07two", 8));
    EXPECT_EQ(Delivered(s), port == 161 ? "" : "6 ") << port;
  }
}

TEST(DataDeliveries, StaysQuietWhereOneDeliveryExplainsIt) {
  struct Row {
    const char* what;
    Udp first, second;
  };
  const Row rows[] = {
      {"another answer", Tells({}, "42", 7), Tells({}, "43", 8)},
      {"one packet", Tells({}, "42", 7), Tells({}, "42", 7)},
      {"no identification", Tells({}, "42", 0), Tells({}, "42", 8)},
      {"another way", Tells({}, "42", 7), Tells({}, "42", 8, 63)},
      {"another service", Tells({}, "42", 7), Tells({.port = 162}, "42", 8)},
  };
  for (const Row& row : rows) {
    Scenario s;
    BeginWatch(s);
    s.At(1s, Asks({}, "get", 1)).At(1s, Asks({}, "get", 1));
    s.At(1s, row.first).At(1s, row.second);
    EXPECT_EQ(Delivered(s), "") << row.what;
  }
}

TEST(DataDeliveries, StaysQuietWhereTheClientAsksTwice) {
  Scenario s;
  BeginWatch(s);
  s.At(1s, Asks({}, "get", 1)).At(1s, Asks({}, "get", 1)).At(1400ms, Asks({}, "get", 2));
  s.At(1400ms, Asks({}, "get", 2)).At(1401ms, Tells({}, "42", 7)).At(1401ms, Tells({}, "42", 8));
  EXPECT_EQ(Delivered(s), "");
}

TEST(DataDeliveries, StaysQuietForALateAnswer) {
  for (const auto& [late, expected] : {std::pair{500ms, "6 "}, std::pair{501ms, ""}}) {
    Scenario s;
    BeginWatch(s);
    s.At(1s, Asks({}, "get", 1)).At(1s, Asks({}, "get", 1)).At(1s, Tells({}, "42", 7));
    s.At(1s + late, Tells({}, "42", 8));
    EXPECT_EQ(Delivered(s), expected);
  }
}

TEST(DataDeliveries, JudgesNoServerWhosePacketsAreSeenTwice) {
  Scenario s;
  BeginWatch(s);
  s.At(1s, Asks({}, "get", 1)).At(1s, Asks({}, "get", 1));
  s.At(1s, Tells({}, "42", 7)).At(1s, Tells({}, "42", 7)).At(1s, Tells({}, "42", 8));
  EXPECT_EQ(Delivered(s), "");
}

// Where a mirror doubles all, each frame would leave the fast path for nothing.
TEST(DataDeliveries, WantsNoFramesOfAServerWhosePacketsAreSeenTwice) {
  const World world;
  const Seen asks(Asks({}, "get", 1)), tells(Tells({}, "42", 7));
  DataDeliveries data;
  EXPECT_FALSE(data.MayWatch(EndsOf(asks->ip)));
  data.ObserveAgain({*asks, 1, world.known});
  EXPECT_TRUE(data.MayWatch(EndsOf(asks->ip)));
  EXPECT_TRUE(data.MayWatch(EndsOf(tells->ip)));
  data.ObserveAgain({*tells, 2, world.known});
  EXPECT_FALSE(data.MayWatch(EndsOf(asks->ip)));
  EXPECT_FALSE(data.MayWatch(EndsOf(tells->ip)));
}

TEST(DataDeliveries, JudgesNoServerThatAnswersTwiceByItself) {
  Scenario s;
  BeginWatch(s);
  s.At(1s, Asks({}, "get", 1)).At(1s, Tells({}, "42", 7)).At(1s, Tells({}, "42", 8));
  s.At(2s, Asks({}, "get", 2)).At(2s, Asks({}, "get", 2));
  s.At(2s, Tells({}, "42", 9)).At(2s, Tells({}, "42", 10));
  EXPECT_EQ(Delivered(s), "");
}

TEST(DataDeliveries, WatchesForAMinute) {
  for (const auto& [begin, expected] : {std::pair{60s, "6 "}, std::pair{61s, ""}}) {
    Scenario s;
    BeginWatch(s);
    s.At(begin, Asks({}, "get", 1)).At(begin, Asks({}, "get", 1));
    s.At(begin, Tells({}, "42", 7)).At(begin, Tells({}, "42", 8));
    EXPECT_EQ(Delivered(s), expected);
  }
}

// ---- TCP ----------------------------------------------------------------------------------------

Tcp Data(uint32_t sequence, const std::string& data, uint16_t id) {
  return {.link = {kClient, kServer, {}}, .id = id, .sequence = sequence, .payload = data};
}

Raw HadBefore(uint32_t left, uint32_t right, uint32_t acknowledgment) {
  Octets frame = Bytes(Tcp{.link = {kServer, kClient, {}},
                           .source = "10.0.0.2",
                           .destination = "10.0.0.1",
                           .id = 9,
                           .source_port = 80,
                           .destination_port = 1000,
                           .acknowledgment = acknowledgment,
                           .payload = std::string(12, '\0')});
  const Octets option = {1, 1, 5, 10};
  std::copy(option.begin(), option.end(), frame.begin() + 54);
  for (int i = 0; i < 4; ++i) {
    frame[58 + static_cast<size_t>(i)] = static_cast<uint8_t>(left >> (24 - 8 * i));
    frame[62 + static_cast<size_t>(i)] = static_cast<uint8_t>(right >> (24 - 8 * i));
  }
  frame[46] = 0x80;
  return {frame};
}

// Frames 1 and 2 begin the watch, frame 3 shows how far the data have come.
void BeginConnection(Scenario& s) {
  BeginWatch(s);
  s.At(1s, Data(100, "0123456789", 1));
}

TEST(DataDeliveries, TellsDataThatTheServerHadBefore) {
  Scenario s;
  BeginConnection(s);
  s.At(2s, Data(110, "abcde", 2)).At(2s, Data(110, "abcde", 2)).At(2s, HadBefore(110, 115, 115));
  EXPECT_EQ(Delivered(s), "6 ");
  EXPECT_EQ(s.Field(6, "related_frame"), "5");
  EXPECT_EQ(s.Sentences(6),
            "00:50:56:9a:11:22 had received data of 00:16:35:c4:25:96 before: they were delivered "
            "twice\n");
}

TEST(DataDeliveries, StaysQuietForDataThatTheClientRepeated) {
  Scenario s;
  BeginConnection(s);
  s.At(2s, Data(110, "abcde", 2)).At(2100ms, Data(110, "abcde", 3));
  s.At(2100ms, Data(110, "abcde", 3)).At(2100ms, HadBefore(110, 115, 115));
  EXPECT_EQ(Delivered(s), "");
  Scenario inside;  // a keep-alive repeats the last byte
  BeginConnection(inside);
  inside.At(2s, Data(109, "9", 2)).At(2s, Data(109, "9", 2)).At(2s, HadBefore(109, 110, 110));
  EXPECT_EQ(Delivered(inside), "");
  Scenario unknown;  // what came before it was not seen
  BeginWatch(unknown);
  unknown.At(2s, Data(110, "abcde", 2)).At(2s, Data(110, "abcde", 2));
  unknown.At(2s, HadBefore(110, 115, 115));
  EXPECT_EQ(Delivered(unknown), "");
}

TEST(DataDeliveries, StaysQuietForAnotherSegment) {
  const Raw answers[] = {HadBefore(110, 114, 115), HadBefore(111, 115, 115),
                         HadBefore(110, 115, 110)};  // the last is no second one, but out of order
  for (const Raw& answer : answers) {
    Scenario s;
    BeginConnection(s);
    s.At(2s, Data(110, "abcde", 2)).At(2s, Data(110, "abcde", 2)).At(2s, answer);
    EXPECT_EQ(Delivered(s), "");
  }
  Scenario once;
  BeginConnection(once);
  once.At(2s, Data(110, "abcde", 2)).At(2s, HadBefore(110, 115, 115));
  EXPECT_EQ(Delivered(once), "");
}

// ---- full ---------------------------------------------------------------------------------------

// 256 servers: with eight times as many, the first of them is forgotten.
TEST(DataDeliveries, ForgetsTheOlderServerWhenFull) {
  const auto find = [](int others) {
    Scenario s;
    BeginWatch(s);
    for (int n = 0; n < others; ++n) {
      const Exchange other{.server = "10.1." + std::to_string(n / 250) + "." +
                                     std::to_string(n % 250 + 1)};
      s.At(1s, Asks(other, "first", static_cast<uint16_t>(n + 1)));
      s.At(1s, Asks(other, "first", static_cast<uint16_t>(n + 1)));
    }
    s.At(2s, Asks({}, "get", 1)).At(2s, Asks({}, "get", 1));
    s.At(2s, Tells({}, "42", 7)).At(2s, Tells({}, "42", 8));
    const auto last = static_cast<uint32_t>(2 * others + 6);
    return s.Sentences(last).find("delivered twice") != std::string::npos;
  };
  EXPECT_TRUE(find(0));
  EXPECT_FALSE(find(2048));
}

}  // namespace
}  // namespace nlb::test
