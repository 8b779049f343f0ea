// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/note_store.h"

#include <gtest/gtest.h>

#include <string>

namespace nlb {
namespace {

// Notes on these positions, told apart by their finding: 0, 1, 2, ...
NoteStore StoreOf(std::initializer_list<Position> positions) {
  NoteStore store;
  uint8_t finding = 0;
  for (const Position at : positions) {
    Note note;
    note.at = at;
    note.finding = finding++;
    store.Add(note);
  }
  return store;
}

std::string Dump(NoteStore::Range range) {
  std::string text;
  for (const Note& note : range) {
    text +=
        (text.empty() ? "" : " ") + std::to_string(note.at) + ":" + std::to_string(note.finding);
  }
  return text;
}

TEST(NoteStore, GivesTheNotesOfAFrameInTheirOrder) {
  const NoteStore store = StoreOf({2, 2, 5, 9, 9, 9});
  EXPECT_EQ(Dump(store.At(2)), "2:0 2:1");
  EXPECT_EQ(Dump(store.At(5)), "5:2");
  EXPECT_EQ(Dump(store.At(9)), "9:3 9:4 9:5");
  for (const Position at : {0u, 1u, 3u, 8u, 10u, UINT32_MAX}) EXPECT_EQ(Dump(store.At(at)), "");
}

TEST(NoteStore, GivesTheNotesBehindAFrameNearestFirst) {
  const NoteStore store = StoreOf({2, 2, 5, 9});
  EXPECT_EQ(Dump(store.After(0, 100, 100)), "2:0 2:1 5:2 9:3");
  EXPECT_EQ(Dump(store.After(2, 100, 100)), "5:2 9:3");
  EXPECT_EQ(Dump(store.After(4, 100, 100)), "5:2 9:3");
  EXPECT_EQ(Dump(store.After(9, 100, 100)), "");
  EXPECT_EQ(Dump(store.After(UINT32_MAX, 100, 100)), "");
  EXPECT_EQ(Dump(store.After(0, 5, 100)), "2:0 2:1 5:2");
  EXPECT_EQ(Dump(store.After(2, 2, 100)), "");
  EXPECT_EQ(Dump(store.After(0, 100, 3)), "2:0 2:1 5:2");
  EXPECT_EQ(Dump(store.After(2, 100, 1)), "5:2");
}

TEST(NoteStore, KnowsWhetherThereIsSomethingWithoutLooking) {
  const NoteStore store = StoreOf({2, 5});
  for (Position at = 0; at < 8; ++at) {
    EXPECT_EQ(store.HasAfter(at), at < 5) << at;
  }
  const NoteStore empty;
  EXPECT_FALSE(empty.HasAfter(0));
  EXPECT_EQ(Dump(empty.At(0)), "");
}

TEST(NoteStore, HoldsManyWithoutMovingAny) {
  NoteStore store;
  for (Position at = 1; at <= 5000; ++at) {
    Note note;
    note.at = at;
    note.detail = at * 3ull;
    store.Add(note);
  }
  EXPECT_EQ(store.size(), 5000u);
  for (Position at = 1; at <= 5000; ++at) {
    const auto range = store.At(at);
    ASSERT_EQ((*range.begin()).detail, at * 3ull);
    ASSERT_TRUE(++range.begin() == range.end());
  }
}

TEST(NoteStore, KeepsAMacBesideTheRest) {
  Note note;
  note.finding = 7;
  note.set_mac(MacAddress(0x02BFC0A8020A));
  EXPECT_EQ(note.mac(), MacAddress(0x02BFC0A8020A));
  EXPECT_EQ(note.finding, 7);
}

}  // namespace
}  // namespace nlb
