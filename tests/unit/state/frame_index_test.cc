// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/frame_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace nlb {
namespace {

// Feeds records with these numbers and tells what each position is called: "1 2 - 3", - for hidden.
std::string Names(const std::vector<uint32_t>& numbers) {
  FrameIndex index;
  Position last = 0;
  for (const uint32_t number : numbers) last = index.Add(number);
  std::string text;
  for (Position at = 1; at <= last; ++at) {
    const auto number = index.NumberOf(at);
    text += (text.empty() ? "" : " ") + (number ? std::to_string(*number) : "-");
  }
  return text;
}

TEST(FrameIndex, CountsLikeTheUserWithoutAReadFilter) { EXPECT_EQ(Names({1, 2, 3}), "1 2 3"); }

TEST(FrameIndex, HidesTheRecordsWhoseNumberIsGivenAgain) {
  EXPECT_EQ(Names({1, 1}), "- 1");
  EXPECT_EQ(Names({1, 1, 1, 2}), "- - 1 2");
  EXPECT_EQ(Names({1, 2, 2, 3, 3, 4}), "1 - 2 - 3 4");
  EXPECT_EQ(Names({1, 2, 3, 2}), "1 - - 2");
}

TEST(FrameIndex, MergesRunsThatTouch) {
  EXPECT_EQ(Names({1, 2, 2, 2, 2}), "1 - - - 2");
  EXPECT_EQ(Names({1, 2, 2, 1}), "- - - 1");
  EXPECT_EQ(Names({1, 2, 2, 3, 3, 2, 3}), "1 - - - - 2 3");
  EXPECT_EQ(Names({1, 2, 3, 3, 4, 4, 1}), "- - - - - - 1");
}

TEST(FrameIndex, LeavesRoomForRecordsThatWereNeverFed) {
  FrameIndex index;
  EXPECT_EQ(index.Add(5), 5u);
  EXPECT_EQ(index.Add(9), 9u);
  EXPECT_EQ(index.PositionOf(9), 9u);
  EXPECT_EQ(index.PositionOf(100), 100u);
}

TEST(FrameIndex, FindsAPositionByItsNumber) {
  FrameIndex index;
  for (const uint32_t number : {1, 2, 2, 3, 3, 4}) index.Add(number);
  EXPECT_EQ(index.PositionOf(1), 1u);
  EXPECT_EQ(index.PositionOf(2), 3u);
  EXPECT_EQ(index.PositionOf(3), 5u);
  EXPECT_EQ(index.PositionOf(4), 6u);
  EXPECT_EQ(index.PositionOf(5), 7u);  // to come
}

TEST(FrameIndex, HasNoFrameAtPositionZero) {
  FrameIndex index;
  EXPECT_EQ(index.NumberOf(0), 0u);
  index.Add(1);
  index.Add(1);
  EXPECT_EQ(index.NumberOf(0), 0u);
}

TEST(FrameIndex, EndsAtTheLastNumberThereIs) {
  FrameIndex index;
  EXPECT_EQ(index.Add(UINT32_MAX), UINT32_MAX);
  EXPECT_EQ(index.Add(UINT32_MAX), UINT32_MAX);
  EXPECT_EQ(index.Add(1), UINT32_MAX);
}

// Against a plain list of what is visible.
TEST(FrameIndex, AgreesWithAListWhateverIsHidden) {
  std::mt19937 random(20);
  for (int round = 0; round < 200; ++round) {
    FrameIndex index;
    std::vector<std::pair<uint32_t, Position>> visible;
    std::set<Position> hidden;
    Position last = 0;
    for (int i = 0; i < 60; ++i) {
      const uint32_t next = visible.empty() ? 1 : visible.back().first + 1;
      const uint32_t back = random() % 3 == 0 ? random() % 6 : 0;
      const uint32_t ahead = random() % 8 == 0 ? random() % 4 : 0;
      const uint32_t number = next + ahead > back + 1 ? next + ahead - back : 1;
      while (!visible.empty() && visible.back().first >= number) {
        hidden.insert(visible.back().second);
        visible.pop_back();
      }
      const Position at = index.Add(number);
      ASSERT_GT(at, last);
      last = at;
      visible.emplace_back(number, at);
      for (const auto& [shown, position] : visible) {
        ASSERT_EQ(index.PositionOf(shown), position) << round << " " << i;
        ASSERT_EQ(index.NumberOf(position), shown) << round << " " << i;
      }
      for (const Position position : hidden) ASSERT_FALSE(index.NumberOf(position));
    }
  }
}

}  // namespace
}  // namespace nlb
