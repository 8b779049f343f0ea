// SPDX-License-Identifier: GPL-2.0-or-later
// Promises of the handle as a whole: what is fed once and asked often.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// A story with something for every tracker.
std::vector<Octets> Story() {
  const Udp request{.link = {.to = "02:bf:c0:a8:02:0a"}, .destination = "192.168.2.10"};
  Udp again = request;
  again.link.from = "00:15:5d:01:02:03";
  --again.ttl;
  const Ping reply{.link = {.from = "00:00:00:00:00:0a"}, .reply = true};
  Ping second = reply;
  second.link.from = "00:00:00:00:00:0b";
  second.id = 2;
  Tcp reset{.link = request.link, .destination = "192.168.2.10", .id = 7, .flags = 0x04};
  return {Bytes(Heartbeat{}),
          Bytes(Heartbeat{.host_id = 2, .rule_count = 3}),
          Bytes(Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.10"}),
          Bytes(Arp{.mac = "03:bf:c0:a8:02:0a", .ip = "192.168.2.10"}),
          Bytes(request),
          Bytes(again),
          Bytes(reply),
          Bytes(second),
          Bytes(reset),
          Bytes(IgmpReport{}),
          Bytes(Identity{}),
          Bytes(Heartbeat{.state = 2})};
}

class Player {
 public:
  Player() : story_(Story()), capture_(nlb_capture_new(nullptr)), report_(nlb_report_new()) {
    for (size_t i = 0; i < story_.size(); ++i) {
      const auto size = static_cast<uint32_t>(story_[i].size());
      const auto number = static_cast<uint32_t>(i + 1);
      frames_.push_back({i * 100, number, 0, 0, size, size, static_cast<int64_t>(i) * 1'000'000,
                         story_[i].data()});
    }
  }
  ~Player() {
    nlb_report_free(report_);
    nlb_capture_free(capture_);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  size_t size() const { return frames_.size(); }
  void Feed(size_t i) { EXPECT_EQ(NLB_OK, nlb_capture_feed(capture_, &frames_[i])); }
  std::string Ask(size_t i) {
    EXPECT_EQ(NLB_OK, nlb_capture_report(capture_, &frames_[i], 1, report_));
    const nlb_view view = nlb_report_view(report_);
    std::string text = std::string(view.summary) + "\n";
    for (size_t h = 0; h < view.hit_count; ++h) {
      text += std::string(NameOf(view.hits[h].finding)) + ": " + view.hits[h].text + "\n";
    }
    for (size_t k = 0; k < view.item_count; ++k) {
      text += std::string(nlb_field(view.items[k].field)->filter) + " " + ValueText(view.items[k]) +
              "\n";
    }
    return text;
  }
  std::string AskAll() {
    std::string text;
    for (size_t i = 0; i < size(); ++i) text += std::to_string(i + 1) + " " + Ask(i);
    return text;
  }

 private:
  std::vector<Octets> story_;
  std::vector<nlb_frame> frames_;
  nlb_capture* capture_;
  nlb_report* report_;
};

TEST(Capture, TellsTheSameInAnyOrder) {
  Player player;
  for (size_t i = 0; i < player.size(); ++i) player.Feed(i);
  std::vector<std::string> told;
  for (size_t i = 0; i < player.size(); ++i) told.push_back(player.Ask(i));
  std::vector<size_t> order(player.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) EXPECT_EQ(player.Ask(i), told[i]);
  }
  EXPECT_NE(player.AskAll().find("foreign_router"), std::string::npos);
  EXPECT_NE(player.AskAll().find("vip_mac_conflict"), std::string::npos);
}

TEST(Capture, TakesEachFrameOnce) {
  Player once, twice;
  for (size_t i = 0; i < once.size(); ++i) {
    once.Feed(i);
    twice.Feed(i);
    twice.Feed(i);
  }
  EXPECT_EQ(once.AskAll(), twice.AskAll());
}

TEST(Capture, IsNotTouchedByAnotherOne) {
  Player alone, one, two;
  for (size_t i = 0; i < alone.size(); ++i) alone.Feed(i);
  for (size_t i = 0; i < one.size(); ++i) {
    one.Feed(i);
    two.Feed(two.size() - 1 - i);
  }
  EXPECT_EQ(one.AskAll(), alone.AskAll());
}

TEST(Capture, MayBeAskedBeforeAnythingWasFed) {
  Player player;
  const std::string before = player.AskAll();
  EXPECT_EQ(before.find("masked_mac"), std::string::npos) << before;  // no evidence yet
  for (size_t i = 0; i < player.size(); ++i) player.Feed(i);
  EXPECT_NE(player.AskAll(), before);
}

// ---- links between heartbeats -------------------------------------------------------------------

TEST(Capture, LinksAHeartbeatToTheOneBefore) {
  Scenario s;
  s.At(0s, Heartbeat{.packets_handled = 100}).At(0s, Heartbeat{.host_id = 2});
  s.At(1s, Heartbeat{.packets_handled = 130});
  EXPECT_EQ(s.Previous(1), "");
  EXPECT_EQ(s.Previous(2), "");
  EXPECT_EQ(s.Previous(3), "previous_heartbeat 1\ninterval 1 s\ndelta 30\n");
}

TEST(Capture, CountsPacketsAcrossAWrap) {
  Scenario s;
  s.At(0s, Heartbeat{.packets_handled = 0xFFFFFFFF}).At(1s, Heartbeat{.packets_handled = 4});
  EXPECT_EQ(s.Previous(2), "previous_heartbeat 1\ninterval 1 s\ndelta 5\n");
}

TEST(Capture, LinksBackInTimeToo) {
  Scenario s;
  s.At(5s, Heartbeat{}).At(4s, Heartbeat{});
  EXPECT_EQ(s.Previous(2), "previous_heartbeat 1\ninterval -1 s\ndelta 0\n");
}

TEST(Capture, CountsNoPacketsThatTheCaptureCut) {
  Scenario now;
  now.At(0s, Heartbeat{}).Snaplen(14 + 32).At(1s, Heartbeat{});
  EXPECT_EQ(now.Previous(2), "previous_heartbeat 1\ninterval 1 s\n");
  Scenario before;
  before.Snaplen(14 + 32).At(0s, Heartbeat{}).Snaplen(SIZE_MAX).At(1s, Heartbeat{});
  EXPECT_EQ(before.Previous(2), "previous_heartbeat 1\ninterval 1 s\n");
}

TEST(Capture, LinksNoHeartbeatThatAReadFilterHid) {
  Scenario s;
  s.At(0s, Heartbeat{}).Instead(1s, Heartbeat{});
  EXPECT_EQ(s.Previous(1), "interval 1 s\ndelta 0\n");
}

TEST(Capture, LinksHeartbeatsOfEachLayerByItself) {
  Scenario s;
  s.At(0s, Heartbeat{}).Inside(Heartbeat{.packets_handled = 7});
  s.At(1s, Heartbeat{}).Inside(Heartbeat{.packets_handled = 9});
  EXPECT_EQ(
      s.Previous(2),
      "previous_heartbeat 1\ninterval 1 s\ndelta 0\nprevious_heartbeat 1\ninterval 1 s\ndelta "
      "2\n");
}

// When Wireshark asks again, packets that were not copied pass by as they did the first time.
TEST(Capture, AsksAgainOnlyForWhatHasSomethingToTell) {
  Scenario s;
  s.At(0s, Udp{.id = 1}).At(0s, Udp{.id = 2}).At(1ms, Udp{.id = 2}).At(2ms, Udp{.id = 3});
  s.At(3ms, Udp{.id = 4}).At(4ms, Udp{.id = 4});
  std::string asked;
  for (uint32_t number = 1; number <= 6; ++number) {
    asked += nlb_capture_may_report(s.capture(), &s.frame(number), 1) ? '1' : '0';
  }
  EXPECT_EQ(asked, "011011");
}

// ---- anything at all ----------------------------------------------------------------------------

// Bytes that look like something, cut, stretched and overwritten at random.
Octets AnyBytes(std::mt19937& random, const std::vector<Octets>& story) {
  Octets bytes = story[random() % story.size()];
  switch (random() % 4) {
    case 0:
      bytes.resize(random() % 1600, static_cast<uint8_t>(random()));
      break;
    case 1:
      bytes.resize(random() % 80, static_cast<uint8_t>(random()));
      break;
    default:
      break;
  }
  for (size_t changes = random() % 6; changes > 0 && !bytes.empty(); --changes) {
    const size_t head = std::min<size_t>(bytes.size(), 90);
    bytes[random() % head] = static_cast<uint8_t>(random());
  }
  return bytes;
}

TEST(Capture, SurvivesAnyFrameAtAnyTime) {
  const std::vector<Octets> story = Story();
  for (uint32_t seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    nlb_capture* capture = nlb_capture_new(nullptr);
    nlb_report* report = nlb_report_new();
    nlb_summary* summaries[NLB_TABLE_COUNT];
    for (int i = 0; i < NLB_TABLE_COUNT; ++i)
      summaries[i] = nlb_summary_new(static_cast<nlb_table>(i));
    uint32_t number = 0;
    uint64_t record = 0;
    for (int i = 0; i < 1500; ++i) {
      std::deque<Octets> kept;
      std::vector<nlb_frame> layers;
      ++record;
      number = random() % 20 == 0 ? static_cast<uint32_t>(random()) : number + 1;
      const bool wild_time = random() % 30 == 0;
      const auto ns = static_cast<int64_t>(uint64_t{random()} << 32 | random());
      const int64_t time = wild_time ? ns : int64_t{i} * 700'000'000;
      for (uint32_t layer = 0; layer < 1 + random() % 2; ++layer) {
        const Octets& bytes = kept.emplace_back(AnyBytes(random, story));
        const auto size = static_cast<uint32_t>(bytes.size());
        layers.push_back({record, number, layer, static_cast<uint32_t>(random() % 3), size,
                          size + static_cast<uint32_t>(random() % 3 ? 0 : random() % 2000), time,
                          bytes.data()});
        ASSERT_EQ(NLB_OK, nlb_capture_feed(capture, &layers.back()));
      }
      ASSERT_EQ(NLB_OK, nlb_capture_report(capture, layers.data(), layers.size(), report));
      const nlb_view view = nlb_report_view(report);
      for (size_t h = 0; h < view.hit_count; ++h) {
        ASSERT_NE(nlb_finding(view.hits[h].finding), nullptr);
        ASSERT_STRNE(view.hits[h].text, "");
      }
      for (const nlb_frame& layer : layers) {
        ASSERT_EQ(NLB_OK, nlb_capture_link_heartbeat(capture, &layer, report));
      }
      for (nlb_summary* summary : summaries) {
        ASSERT_EQ(NLB_OK, nlb_summary_add(summary, capture, layers.data(), layers.size()));
      }
    }
    for (nlb_summary* summary : summaries) {
      for (size_t row = 0; row < nlb_summary_row_count(summary); ++row) {
        for (size_t column = 0; column < 20; ++column) {
          ASSERT_NE(nlb_summary_cell(summary, row, column).text, nullptr);
        }
      }
      nlb_summary_free(summary);
    }
    nlb_report_free(report);
    nlb_capture_free(capture);
  }
}

TEST(Capture, SurvivesEveryFrameCutAtEveryByte) {
  nlb_capture* capture = nlb_capture_new(nullptr);
  nlb_report* report = nlb_report_new();
  uint32_t number = 0;
  for (const Octets& bytes : Story()) {
    for (size_t kept = 0; kept <= std::min<size_t>(bytes.size(), 200); ++kept) {
      const Octets exact(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(kept));
      ++number;
      const nlb_frame frame{number,
                            number,
                            0,
                            0,
                            static_cast<uint32_t>(kept),
                            static_cast<uint32_t>(bytes.size()),
                            number * 1'000'000,
                            exact.data()};
      ASSERT_EQ(NLB_OK, nlb_capture_feed(capture, &frame));
      ASSERT_EQ(NLB_OK, nlb_capture_report(capture, &frame, 1, report));
    }
  }
  nlb_report_free(report);
  nlb_capture_free(capture);
}

}  // namespace
}  // namespace nlb::test
