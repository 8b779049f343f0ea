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

// ---- one by one, past the fast path -------------------------------------------------------------

// A server that is watched. What is judged is told by the position of the request; 0: nothing.
struct Watched {
  explicit Watched(std::chrono::nanoseconds time = 0s) { Again(Asks({}, "first", 1000), time); }
  template <typename Frame>
  Watched& Again(const Frame& frame, std::chrono::nanoseconds time = 1s, Where where = {}) {
    const Seen seen(frame, time, where);
    data.ObserveAgain({*seen, ++at, world.known});
    return *this;
  }
  template <typename Frame>
  Position First(const Frame& frame, std::chrono::nanoseconds time = 1s, Where where = {}) {
    const Seen seen(frame, time, where);
    return data.ObserveFirst({*seen, ++at, world.known}).value_or(0);
  }
  template <typename Frame>
  bool MayWatch(const Frame& frame) const {
    return data.MayWatch(EndsOf(Seen(frame)->ip));
  }
  World world;
  DataDeliveries data;
  Position at = 0;
};

// Whether two answers to one request that was seen again tell something.
bool IsTold(const Exchange& e, const Udp& asks, const Udp& first, const Udp& second,
            Where where = {}) {
  Watched w;
  w.Again(Asks(e, "first", 1000)).First(asks, 1s, where);
  w.Again(asks, 1s, where).First(first, 1s, where);
  return w.First(second, 1s, where) != 0;
}

bool IsTold(const Udp& first, const Udp& second, Where where = {}) {
  return IsTold({}, Asks({}, "get", 1), first, second, where);
}

TEST(DataDeliveries, NeedTwoAnswersThatAreTwoPackets) {
  struct Row {
    uint16_t first, second;
    bool told;
  };
  for (const Row& row :
       {Row{7, 8, true}, {1, 8, true}, {8, 1, true}, {7, 7, false}, {0, 8, false}, {8, 0, false}}) {
    EXPECT_EQ(IsTold(Tells({}, "42", row.first), Tells({}, "42", row.second)), row.told)
        << row.first << " " << row.second;
  }
}

TEST(DataDeliveries, NeedTwoAnswersOfOneServerToOneClientThatSayTheSame) {
  const Udp first = Tells({}, "42", 7);
  const auto other = [](const auto& change) {
    Udp second = Tells({}, "42", 8);
    change(second);
    return second;
  };
  EXPECT_TRUE(IsTold(first, other([](Udp&) {})));
  EXPECT_FALSE(IsTold(first, other([](Udp& udp) { udp.payload = "52"; })));
  EXPECT_FALSE(IsTold(first, other([](Udp& udp) { udp.link.from = "00:50:56:9a:11:23"; })));
  EXPECT_FALSE(IsTold(first, other([](Udp& udp) { udp.destination_port = 1001; })));
  EXPECT_FALSE(IsTold(first, other([](Udp& udp) { udp.destination = "10.0.0.9"; })));
  const Exchange of_other{.server = "10.0.0.3"};
  EXPECT_FALSE(IsTold(of_other, Asks({}, "get", 1), first, Tells(of_other, "42", 8)));
}

TEST(DataDeliveries, NeedAnswersThatWereCapturedWhole) {
  EXPECT_FALSE(IsTold(Tells({}, "", 7), Tells({}, "", 8))) << "and that say something";
  const std::string value = "a long value";
  EXPECT_TRUE(IsTold(Tells({}, value, 7), Tells({}, value, 8)));
  EXPECT_FALSE(IsTold(Tells({}, value, 7), Tells({}, value, 8), {.captured = 14 + 20 + 8 + 4}));
}

TEST(DataDeliveries, TellTransactionsByTheirFirstTwoBytes) {
  for (const uint16_t port : {53, 1812}) {
    const Exchange e{.port = port};
    const Udp asks = Asks(e, "\x01\x07q", 1);
    const Udp first = Tells(e, "\x01\x07one", 7), second = Tells(e, "\x01\x07two", 8);
    EXPECT_TRUE(IsTold(e, asks, first, second)) << port;
    EXPECT_TRUE(IsTold(e, asks, first, second, {.captured = 14 + 20 + 8 + 2})) << port;
    EXPECT_FALSE(IsTold(e, asks, first, second, {.captured = 14 + 20 + 8 + 1})) << port;
    EXPECT_FALSE(IsTold(e, asks, first, Tells(e, "\x01\x08two", 8))) << port;
  }
}

TEST(DataDeliveries, JudgeWhatIsAskedAgainAfterHalfASecond) {
  for (const auto& [later, told] : {std::pair(Duration(500ms), false), {500ms + 1ns, true}}) {
    Watched w;
    w.First(Asks({}, "get", 1), 1s);
    w.First(Asks({}, "get", 2), 1s + later);
    w.Again(Asks({}, "get", 2), 1s + later).First(Tells({}, "42", 7), 1s + later);
    EXPECT_EQ(w.First(Tells({}, "42", 8), 1s + later) != 0, told);
  }
}

TEST(DataDeliveries, JudgeFromTheBeginningOfTime) {
  Watched w;
  w.First(Asks({}, "get", 1), 0s);
  w.Again(Asks({}, "get", 1), 0s).First(Tells({}, "42", 7), 0s);
  EXPECT_NE(w.First(Tells({}, "42", 8), 0s), 0u);
}

TEST(DataDeliveries, LinkTheFirstTimeThatTheRequestWasSeenAgain) {
  Watched w;
  w.First(Asks({}, "get", 1));
  w.Again(Asks({}, "get", 1)).Again(Asks({}, "get", 1)).First(Tells({}, "42", 7));
  EXPECT_EQ(w.First(Tells({}, "42", 8)), 3u);
}

TEST(DataDeliveries, WatchWhereDataWereSeenAgain) {
  const auto watches = [](const auto& frame, Where where = {}) {
    const World world;
    const Seen seen(frame, {}, where);
    DataDeliveries data;
    data.ObserveAgain({*seen, 1, world.known});
    return data.MayWatch(EndsOf(seen->ip));
  };
  const Udp asks = Asks({}, "get", 1);
  EXPECT_TRUE(watches(asks));
  EXPECT_TRUE(watches(asks, {.captured = 14 + 20 + 8}));
  EXPECT_FALSE(watches(asks, {.captured = 14 + 20 + 7}));
  EXPECT_TRUE(watches(Tcp{.payload = "1"}));
  EXPECT_FALSE(watches(Tcp{}));
  EXPECT_FALSE(watches(Ping{}));
  Udp group = asks;
  group.destination = "239.1.2.3";
  EXPECT_FALSE(watches(group));
  Octets fragment = Bytes(asks);
  fragment[21] = 1;
  EXPECT_FALSE(watches(Raw{fragment}));
}

TEST(DataDeliveries, WatchNobodyElse) {
  const Watched w;
  EXPECT_TRUE(w.MayWatch(Asks({}, "get", 1)));
  EXPECT_FALSE(w.MayWatch(Udp{.source = "10.0.0.7", .destination = "10.0.0.8"}));
}

TEST(DataDeliveries, LeaveAServerAloneForAMinuteAfterItsOwnPacketWasSeenAgain) {
  for (const auto& [later, watched] : {std::pair(Duration(60s), false), {60s + 1ns, true}}) {
    Watched w;
    w.Again(Tells({}, "42", 7), 1s).Again(Asks({}, "get", 1), 50s);  // which does not count
    w.Again(Asks({}, "get", 2), 1s + later);
    EXPECT_EQ(w.MayWatch(Asks({}, "get", 2)), watched);
  }
}

TEST(DataDeliveries, JudgeNoAnswerOfAServerThatIsLeftAlone) {
  Watched w;
  w.First(Asks({}, "get", 1));
  w.Again(Asks({}, "get", 1)).Again(Tells({}, "other", 6)).First(Tells({}, "42", 7));
  EXPECT_EQ(w.First(Tells({}, "42", 8)), 0u);
}

// The server asks a station, which is not watched before its question is seen again.
TEST(DataDeliveries, JudgeNothingThatCameBeforeTheWatch) {
  Udp asks = Tells({}, "what", 5);
  asks.destination = "10.0.0.9";
  Udp answer = Asks({}, "this", 7);
  answer.source = "10.0.0.9";
  Watched w;
  w.First(asks);
  w.Again(asks).First(answer);
  answer.id = 8;
  EXPECT_EQ(w.First(answer), 0u);
}

TEST(DataDeliveries, TakeNothingFromOtherProtocols) {
  Octets other = Bytes(Udp{});
  other.resize(14 + 20);
  other[17] = 20;
  other[23] = 99;
  Watched w;
  EXPECT_EQ(w.First(Raw{other}), 0u);
  EXPECT_EQ(w.First(Arp{}), 0u);
}

Udp FromPort(Udp udp, int port) {
  udp.source_port = static_cast<uint16_t>(port);
  return udp;
}
Udp ToPort(Udp udp, int port) {
  udp.destination_port = static_cast<uint16_t>(port);
  return udp;
}

TEST(DataDeliveries, KeepRequestsApartThatNeedOnePlace) {
  Watched once;  // the request was seen once, others again
  once.First(Asks({}, "get", 1));
  for (int port = 2000; port < 7000; ++port) once.Again(FromPort(Asks({}, "get", 1), port));
  once.First(Tells({}, "42", 7));
  EXPECT_EQ(once.First(Tells({}, "42", 8)), 0u);
  Watched again;  // it was seen again, and others are answered
  again.First(Asks({}, "get", 1));
  again.Again(Asks({}, "get", 1));
  for (int port = 2000; port < 7000; ++port) {
    again.First(ToPort(Tells({}, "42", 7), port));
    EXPECT_EQ(again.First(ToPort(Tells({}, "42", 8), port)), 0u) << port;
  }
}

TEST(DataDeliveries, SpreadRequestsOverAllPlaces) {
  Watched w;
  for (int port = 2000; port < 2100; ++port) w.First(FromPort(Asks({}, "get", 1), port));
  for (int port = 2000; port < 2100; ++port) w.Again(FromPort(Asks({}, "get", 1), port));
  int told = 0;
  for (int port = 2000; port < 2100; ++port) {
    w.First(ToPort(Tells({}, "42", 7), port));
    told += w.First(ToPort(Tells({}, "42", 8), port)) != 0;
    w.Again(FromPort(Asks({}, "get", 1), port));
  }
  EXPECT_GT(told, 80);
}

// What the client has sent before: ten bytes from 100 on.
struct Connected : Watched {
  Connected() { First(Data(100, "0123456789", 1)); }
  // Whether the server's word tells something of this segment, which is seen twice.
  bool Tells(uint32_t sequence, const std::string& what, Duration later = {}) {
    const auto end = static_cast<uint32_t>(sequence + what.size());
    First(Data(sequence, what, 2));
    Again(Data(sequence, what, 2));
    return First(HadBefore(sequence, end, end), 1s + later) != 0;
  }
};

TEST(DataDeliveries, TellDataOfAnyLengthAndSequenceNumber) {
  EXPECT_TRUE(Connected().Tells(110, "abcde"));
  EXPECT_TRUE(Connected().Tells(110, "a"));
  Watched high;
  high.First(Data(0x9000'0000, "0123456789", 1));
  high.First(Data(0x9000'000A, "abcde", 2));
  high.Again(Data(0x9000'000A, "abcde", 2));
  EXPECT_NE(high.First(HadBefore(0x9000'000A, 0x9000'000F, 0x9000'000F)), 0u);
}

TEST(DataDeliveries, TakeTheServersWordForUpToHalfASecond) {
  EXPECT_TRUE(Connected().Tells(110, "abcde", 500ms));
  EXPECT_FALSE(Connected().Tells(110, "abcde", 500ms + 1ns));
}

TEST(DataDeliveries, RememberHowFarTheDataCameBeforeOlderOnesWereRepeated) {
  Connected c;
  c.First(Data(110, "abcde", 2));
  c.First(Data(100, "0123456789", 3));
  EXPECT_FALSE(c.Tells(110, "abcde"));
}

TEST(DataDeliveries, TakeNothingFromSegmentsWithoutData) {
  Connected c;
  c.First(Data(110, "abcde", 2));
  c.Again(Data(110, "abcde", 2));
  EXPECT_EQ(c.First(Data(110, "", 3)), 0u);  // captured late
  EXPECT_EQ(c.First(Tcp{.link = {kServer, kClient, {}}, .source = "10.0.0.2"}), 0u);
  EXPECT_NE(c.First(HadBefore(110, 115, 115)), 0u);
}

TEST(DataDeliveries, KeepSegmentsApartThatNeedOnePlace) {
  Connected c;
  c.First(Data(110, "abcde", 2));
  c.Again(Data(110, "abcde", 2));
  for (uint32_t left = 200'000; left < 205'000; ++left) {
    ASSERT_EQ(c.First(HadBefore(left, 115, 115)), 0u) << left;
  }
  EXPECT_NE(c.First(HadBefore(110, 115, 115)), 0u);
}

TEST(DataDeliveries, JudgeNoSegmentThatCameBeforeTheWatch) {
  const auto from_server = [](uint32_t sequence, const std::string& data) {
    return Tcp{.link = {kServer, kClient, {}},
               .source = "10.0.0.2",
               .destination = "10.0.0.9",
               .source_port = 1000,
               .destination_port = 80,
               .sequence = sequence,
               .payload = data};
  };
  Octets had_before = HadBefore(110, 115, 115).bytes;
  had_before[14 + 15] = 9;  // from 10.0.0.9
  had_before[14 + 19] = 2;  // to 10.0.0.2
  Watched w;
  w.First(from_server(100, "0123456789"));
  w.First(from_server(110, "abcde"));
  w.Again(from_server(110, "abcde"));
  EXPECT_EQ(w.First(Raw{had_before}), 0u);
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
