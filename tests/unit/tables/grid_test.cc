// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/grid.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

std::string Dump(const Grid<int>& grid) {
  std::string text;
  for (size_t i = 0; i < grid.size(); ++i) text += std::get<std::string>(grid.row(i)[0]) + " ";
  return text;
}

using Changes = std::pair<size_t, size_t>;

TEST(Grid, KeepsRowsSortedByTheirKey) {
  Grid<int> grid;
  grid.Put(20, {"b"});
  grid.Put(30, {"c"});
  grid.Put(10, {"a"});
  grid.Put(20, {"B"});
  EXPECT_EQ(Dump(grid), "a B c ");
  grid.Erase(20);
  grid.Erase(99);
  EXPECT_EQ(Dump(grid), "a c ");
}

TEST(Grid, TellsWhichRowsChangedSinceTheLastCall) {
  Grid<int> grid;
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 0));
  for (const int key : {10, 20, 30, 40}) grid.Put(key, {"x"});
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 4));
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 0));
  grid.Put(30, {"y"});
  EXPECT_EQ(grid.TakeChanges(), Changes(2, 3));
  grid.Put(20, {"y"});
  grid.Put(40, {"y"});
  EXPECT_EQ(grid.TakeChanges(), Changes(1, 4));
  grid.Put(25, {"new"});  // the rows behind moved down
  EXPECT_EQ(grid.TakeChanges(), Changes(2, 5));
  grid.Erase(10);  // and up; the last row is gone
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 5));
  grid.Erase(10);
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 0));
}

TEST(Grid, ReplacesOneCellOfARowThatIsThere) {
  Grid<int> grid;
  for (const int key : {10, 20}) grid.Put(key, {"x", "y"});
  grid.TakeChanges();
  grid.PutCell(20, 1, "y");
  grid.PutCell(30, 1, "z");
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 0));
  grid.PutCell(20, 1, "z");
  EXPECT_EQ(grid.TakeChanges(), Changes(1, 2));
  EXPECT_EQ(std::get<std::string>(grid.row(1)[0]), "x");
  EXPECT_EQ(std::get<std::string>(grid.row(1)[1]), "z");
  EXPECT_EQ(grid.size(), 2u);
}

TEST(Grid, TakesNoNewRowWhenItIsFull) {
  Grid<size_t> grid;
  for (size_t i = 0; i < Grid<size_t>::kMaxRows; ++i) {
    EXPECT_TRUE(grid.Takes(i));
    grid.Put(i, {uint64_t{1}});
  }
  EXPECT_FALSE(grid.Takes(99'999));
  EXPECT_TRUE(grid.Takes(7));
  grid.Put(99'999, {uint64_t{1}});
  grid.Put(7, {uint64_t{2}});
  EXPECT_EQ(grid.size(), Grid<size_t>::kMaxRows);
  EXPECT_EQ(std::get<uint64_t>(grid.row(7)[0]), 2u);
  grid.Erase(7);
  EXPECT_TRUE(grid.Takes(99'999));
}

// What a dialog draws: it takes the changes after every row.
TEST(Grid, ShowsAFewRowsForEachThatIsNew) {
  constexpr size_t kRows = Grid<size_t>::kMaxRows;
  Grid<size_t> grid;
  size_t drawn = 0;
  for (size_t i = 0; i < kRows; ++i) {
    grid.Put(kRows - i, {"x"});  // each before all others
    const Changes changes = grid.TakeChanges();
    drawn += changes.second - changes.first;
  }
  EXPECT_LE(drawn, 6 * kRows);
  grid.Sort();
  for (size_t i = 0; i + 1 < kRows; ++i) {  // clusters that ARP told of, and that are heard now
    grid.Erase(i + 1);
    const Changes changes = grid.TakeChanges();
    EXPECT_LE(changes.second - changes.first, kRows);
  }
  EXPECT_EQ(grid.size(), 1u);
}

TEST(Grid, PutsNewRowsBehindUntilItIsSorted) {
  Grid<int> grid;
  for (int key = 1; key <= 100; ++key) grid.Put(2 * key, {"x"});
  grid.Put(51, {"new"});
  EXPECT_EQ(std::get<std::string>(grid.row(100)[0]), "new");
  grid.PutCell(51, 0, "again");
  grid.Sort();
  EXPECT_EQ(std::get<std::string>(grid.row(25)[0]), "again");
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 101));
  for (int i = 0; i < 2; ++i) grid.Put(53 + 2 * i, {"y"});
  EXPECT_EQ(grid.TakeChanges(), Changes(101, 103));
  for (int i = 0; i < 101; ++i) grid.Put(2, {"z"});  // a table to which nobody adds
  EXPECT_EQ(std::get<std::string>(grid.row(27)[0]), "y");
}

std::string TextAt(const Grid<int>& grid, size_t row) {
  return std::get<std::string>(grid.row(row)[0]);
}

TEST(Grid, SortsItselfAfterAsManyChangesAsThereAreRows) {
  Grid<int> grid;
  for (int key = 1; key <= 100; ++key) grid.Put(2 * key, {"x"});
  // The second time it counts from the start again.
  for (const auto& [key, place] : {std::pair{51, 25}, {53, 27}}) {
    for (int i = 0; i < 10; ++i) grid.Put(2, {"while it is sorted"});
    grid.Put(key, {"new"});
    const size_t rows = grid.size();
    for (size_t changes = 1; changes < rows - 1; ++changes) grid.Put(2, {"z"});
    EXPECT_EQ(TextAt(grid, rows - 1), "new");
    grid.TakeChanges();
    grid.Put(2, {"z"});
    EXPECT_EQ(TextAt(grid, static_cast<size_t>(place)), "new") << key;
  }
}

TEST(Grid, TouchesWhatSortingMoves) {
  Grid<int> grid;
  for (int key = 1; key <= 100; ++key) grid.Put(2 * key, {"x"});
  grid.Put(51, {"new"});
  grid.TakeChanges();
  grid.Sort();
  EXPECT_EQ(grid.TakeChanges(), Changes(25, 101));
  grid.Sort();
  EXPECT_EQ(grid.TakeChanges(), Changes(0, 0));
}

TEST(Grid, SortsASmallOneAtOnce) {
  constexpr int kSmall = Grid<int>::kSmall;
  Grid<int> grid;
  for (int key = 2; key <= kSmall; ++key) grid.Put(key, {"x"});
  grid.Put(1, {"first"});  // the last one that is small
  EXPECT_EQ(TextAt(grid, 0), "first");
  grid.Put(0, {"before it"});
  EXPECT_EQ(TextAt(grid, kSmall), "before it");
}

TEST(Grid, LetsTheLastRowTakeThePlaceOfOneThatIsGone) {
  constexpr int kSmall = Grid<int>::kSmall;
  Grid<int> grid;
  for (int key = 1; key <= kSmall + 2; ++key) grid.Put(key, {std::to_string(key)});
  grid.Erase(1);  // too many to sort
  EXPECT_EQ(TextAt(grid, 0), "66");
  grid.Put(66, {"still found"});
  EXPECT_EQ(TextAt(grid, 0), "still found");
  grid.Erase(2);
  EXPECT_EQ(TextAt(grid, 0), "3");
  EXPECT_EQ(TextAt(grid, kSmall - 1), "still found");
  grid.Erase(3);
  EXPECT_EQ(TextAt(grid, 0), "4");
}

TEST(Grid, ForgetsTheLastRowWhenItIsErased) {
  Grid<int> grid;
  for (const int key : {10, 20}) grid.Put(key, {"x"});
  grid.Erase(20);
  EXPECT_EQ(Dump(grid), "x ");
  grid.Put(20, {"y"});
  EXPECT_EQ(Dump(grid), "x y ");
}

TEST(Grid, ErasesTheRowsThatAreMeant) {
  Grid<int> grid;
  for (const int key : {1, 2, 3, 4, 5}) grid.Put(key, {std::to_string(key)});
  grid.EraseIf([](int key) { return key % 2 == 1; });
  EXPECT_EQ(Dump(grid), "2 4 ");
  grid.EraseIf([](int) { return false; });
  EXPECT_EQ(Dump(grid), "2 4 ");
}

}  // namespace
}  // namespace nlb
