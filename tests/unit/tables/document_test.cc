// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/document.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace nlb {
namespace {

TEST(SafeName, KeepsWhatHostNamesAreMadeOf) {
  EXPECT_EQ(SafeName("WEB-01_a.example"), "WEB-01_a.example");
  EXPECT_EQ(SafeName("сервер1"), "сервер1");
  EXPECT_EQ(SafeName("\u00a1"), "\u00a1");
  EXPECT_EQ(SafeName(""), "");
}

TEST(SafeName, LeavesNothingToAShellATerminalOrAReader) {
  EXPECT_EQ(SafeName("$(id)`id`;a b"), "\\x24\\x28id\\x29\\x60id\\x60\\x3ba\\x20b");
  EXPECT_EQ(SafeName("a\x1b[31m\r\n"), "a\\x1b\\x5b31m\\x0d\\x0a");
  EXPECT_EQ(SafeName("a\u202egnp"), "a\\u202egnp");  // turns the direction of writing
  EXPECT_EQ(SafeName("\u00a0\u007f"), "\\xa0\\x7f");
  EXPECT_EQ(SafeName("a\u200bb\u009b"), "a\\u200bb\\x9b");  // no width; a terminal's escape
  EXPECT_EQ(SafeName("\\x24"), "\\x5cx24");                 // is not mistaken for an escape of ours
  EXPECT_EQ(SafeName("a\xff\xe2\x80"), "a\\xff\\xe2\\x80");  // no UTF-8
}

TEST(SafeName, KeepsOfAsciiOnlyLettersDigitsDotHyphenAndUnderscore) {
  std::string kept;
  for (char c = 1; c > 0 && c < 0x7F; ++c) {
    if (SafeName(std::string(1, c)) == std::string(1, c)) kept += c;
  }
  EXPECT_EQ(kept, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
}

TEST(SafeName, TakesBytesThatAreNoCharacterOneByOne) {
  EXPECT_EQ(SafeName("\xa1\xc1"), "\\xa1\\xc1");  // begin no character
  EXPECT_EQ(SafeName("\u0080\u00c2\u07ff\u0800"), "\\x80\u00c2\u07ff\u0800");
  EXPECT_EQ(SafeName("\xc3"
                     "a\xe2\x80z"),
            "\\xc3a\\xe2\\x80z");
  EXPECT_EQ(SafeName("\U0010ffff"), "\\u10ffff");
  EXPECT_EQ(SafeName("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");  // behind the last one
  EXPECT_EQ(SafeName("\xed\xa0\x80"), "\\ud800");                   // half a character
}

// The blocks of what is invisible, and what stands before and behind each.
TEST(SafeName, EscapesNoMoreThanTheBlocksOfWhatIsInvisible) {
  for (const char* shown :
       {"\u00a1", "\u00ac", "\u00ae", "\u061b", "\u061d", "\u180d", "\u180f", "\u1fff", "\u2070",
        "\ud7ff", "\uf900", "\ufefe", "\uff00", "\uffef", "\ufffc", "\U00010000", "\U000dffff"}) {
    EXPECT_EQ(SafeName(shown), shown);
  }
  for (const char* hidden : {"\u00a0", "\u00ad", "\u061c", "\u180e", "\u2000", "\u206f", "\ue000",
                             "\uf8ff", "\ufeff", "\ufff0", "\ufffb", "\U000e0000", "\U0010ffff"}) {
    EXPECT_NE(SafeName(hidden), hidden);
  }
}

TEST(Document, WritesPlainLinesOf80Columns) {
  Document d;
  d.Title("NLB report");
  d.Paragraph("word " + std::string(200, 'x'));
  std::string words;
  for (int i = 0; i < 60; ++i) words += "слово ";
  d.Section("What");
  d.Heading("1. " + words);
  d.Labelled("why", words);
  d.Said("seen", words);
  d.Bullet(words);
  d.Line(words);
  d.Line("Cisco", words);
  std::istringstream lines(d.Plain());
  size_t longest = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("xxx") != line.npos) continue;  // a word that is longer stays whole
    const auto width = static_cast<size_t>(std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
    longest = std::max(longest, width);
  }
  EXPECT_LE(longest, Document::kColumns);
  EXPECT_GT(longest, Document::kColumns - 7);
}

TEST(Document, ALineMayHaveAllColumns) {
  for (const size_t last : {4, 5}) {
    Document document;
    document.Paragraph(std::string(Document::kColumns - 5, 'x') + " " + std::string(last, 'y'));
    EXPECT_EQ(document.Plain().find("x y") != std::string::npos, last == 4) << document.Plain();
  }
}

TEST(Document, AWordThatIsLongerThanALineStaysOnTheFirstOne) {
  Document d;
  d.Bullet(std::string(200, 'x') + " y");
  EXPECT_EQ(d.Plain(), "- " + std::string(200, 'x') + "\n  y\n");
}

TEST(Document, GoesOnBelowTheTextOfTheLineBefore) {
  const std::string x(40, 'x'), y(40, 'y'), text = x + " " + y;
  Document d;
  d.Paragraph(text);
  d.Heading(text);
  d.Bullet(text);
  d.Labelled("why", text);
  d.Said("filter", text);
  d.Line(text);
  d.Line("Cisco", text);
  const auto gap = [](size_t size) { return std::string(size, ' '); };
  EXPECT_EQ(d.Plain(), x + "\n" + y + "\n\n" +                              //
                           x + "\n   " + y + "\n" +                         //
                           "- " + x + "\n  " + y + "\n" +                   //
                           "   why:    " + x + "\n" + gap(11) + y + "\n" +  //
                           "   filter: " + x + "\n" + gap(11) + y + "\n" +  //
                           "   " + x + "\n" + gap(5) + y + "\n" +           //
                           "     Cisco" + gap(17) + x + "\n" + gap(29) + y + "\n");
}

TEST(Document, PutsAnEmptyLineBeforeEachPart) {
  Document d;
  d.Paragraph("a");
  d.Section("b");
  d.Bullet("c");
  d.Bullet("d");
  d.Line("e");
  d.Line("f");
  d.Bullet("g");
  d.Heading("h");
  d.Labelled("why", "i");
  d.Line("j");
  d.Heading("k");
  d.Section("l");
  d.Line("m");
  d.Paragraph("n");
  d.Title("o");
  EXPECT_EQ(
      d.Plain(),
      "a\n\nB\n\n- c\n- d\n\n   e\n   f\n- g\n\nh\n   why:    i\n   j\n\nk\n\nL\n\n   m\n\nn\n"
      "O\n");
}

TEST(Document, WritesOnlyLettersOfTitlesLarge) {
  Document d;
  d.Title("`az{ AZ 09 \u00e4");
  EXPECT_EQ(d.Plain(), "`AZ{ AZ 09 \u00e4\n");
}

TEST(Document, ALabelMayBeWiderThanItsColumn) {
  Document d;
  d.Line("exactly 21 characters", "a");
  d.Line("these are 22 character", "b");
  d.Line("and these are even more than that", "c");
  EXPECT_EQ(d.Plain(),
            "     exactly 21 characters a\n     these are 22 character b\n"
            "     and these are even more than that c\n");
}

TEST(Document, ShowsControlCharactersAsNumbers) {
  Document d;
  d.Bullet("\x1f!~\u007f\u0080\u009f\u00a0\u00a1\u0100");
  EXPECT_EQ(d.Plain(), "- \\x1f!~\\x7f\\x80\\x9f\\xa0\u00a1\u0100\n");
}

TEST(Document, LooksLikeAReport) {
  Document d;
  d.Title("Title");
  d.Paragraph("Text.");
  d.Section("Part");
  d.Heading("1. Warning");
  d.Said("seen", "a");
  d.Labelled("do", "b");
  d.Line("Cisco", "arp");
  EXPECT_EQ(d.Plain(),
            "TITLE\n\nText.\n\nPART\n\n1. Warning\n   seen:   a\n   do:     b\n"
            "     Cisco                 arp\n");
  EXPECT_EQ(d.Markdown(),
            "# Title\n\nText.\n\n## Part\n\n### 1. Warning\n\n- **seen:** `a`\n- **do:** b\n\n"
            "```\n  Cisco                 arp\n```\n");
}

TEST(Document, NothingThatIsSaidIsMarkup) {
  Document d;
  d.Said("seen", "`**a**` <b> \x1b[31m\n# x");
  EXPECT_EQ(d.Markdown(), "- **seen:** `'**a**' <b> \\x1b[31m\\x0a# x`\n");
  EXPECT_EQ(d.Plain(), "   seen:   `**a**` <b> \\x1b[31m\\x0a# x\n");
}

TEST(Document, TextIsEscapedInMarkdown) {
  Document d;
  d.Bullet("a <b> *c* [d](e) `f` # | $g");
  EXPECT_EQ(d.Markdown(), "- a \\<b\\> \\*c\\* \\[d\\]\\(e\\) \\`f\\` \\# \\| \\$g\n");
  EXPECT_EQ(d.Plain(), "- a <b> *c* [d](e) `f` # | $g\n");
}

TEST(Document, ALineDoesNotEndItsBlock) {
  Document d;
  d.Line("```");
  d.Paragraph("after");
  EXPECT_EQ(d.Markdown(), "\n```\n'''\n```\n\nafter\n");
}

}  // namespace
}  // namespace nlb
