// SPDX-License-Identifier: GPL-2.0-or-later
//
// A short text of headings, paragraphs and commands, written out as plain lines of 74 columns or as
// Markdown.
//
// Some of it comes from a capture, which may be hostile. What is Said() stands in Markdown inside a
// code span, where nothing is markup; all other text is escaped. Control characters and those that
// turn the direction of writing are shown as numbers in both.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nlb {

// A name that somebody else chose: letters, digits, '.', '-' and '_' stay, also those of other
// scripts. Everything else, which a shell or a terminal could take for an order, becomes \x24 or
// \u202e.
std::string SafeName(std::string_view utf8);

class Document {
 public:
  // Not 80: so wide is the window of the report when Wireshark opens it.
  static constexpr size_t kColumns = 74;

  void Title(std::string text) { Add(Kind::kTitle, {}, std::move(text)); }
  void Section(std::string text) { Add(Kind::kSection, {}, std::move(text)); }
  void Heading(std::string text) { Add(Kind::kHeading, {}, std::move(text)); }
  void Paragraph(std::string text) { Add(Kind::kParagraph, {}, std::move(text)); }
  void Bullet(std::string text) { Add(Kind::kBullet, {}, std::move(text)); }
  // "why:    A box that was not addressed ..."
  void Labelled(std::string label, std::string text) {
    Add(Kind::kLabelled, std::move(label), std::move(text));
  }
  // The same for text that a capture says, and for filters.
  void Said(std::string label, std::string text) {
    Add(Kind::kSaid, std::move(label), std::move(text));
  }
  // A line that is typed or compared as it stands: in Markdown in a block of code. The label stands
  // in a column before it.
  void Line(std::string text) { Add(Kind::kLine, {}, std::move(text)); }
  void Line(std::string label, std::string text) {
    Add(Kind::kLine, std::move(label), std::move(text));
  }

  std::string Plain() const;
  std::string Markdown() const;

 private:
  enum class Kind { kTitle, kSection, kHeading, kParagraph, kBullet, kLabelled, kSaid, kLine };
  struct Block {
    Kind kind;
    std::string label, text;
  };

  void Add(Kind kind, std::string label, std::string text);

  std::vector<Block> blocks_;
};

}  // namespace nlb
