// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/document.h"

#include <cstdint>
#include <cstdio>
#include <utility>

namespace nlb {
namespace {

// ---- characters ----

struct Character {
  uint32_t code = 0;
  size_t size = 1;  // bytes
  bool valid = true;
};

// Text of the core is UTF-8; a byte that is not counts as one character.
Character CharacterAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  const uint8_t lead = byte(0);
  const size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 0 || lead > 0xF4 || at + size > text.size()) return {lead, 1, false};
  if (size == 1) return {lead, 1, true};
  uint32_t code = lead & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, 1, false};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  return {code, size, true};
}

std::string Numbered(uint32_t code) {
  char text[12];
  std::snprintf(text, sizeof text, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
  return text;
}

// Control characters, and what is invisible or turns the direction of writing (Unicode's blocks of
// such characters, not the characters one by one).
bool IsShown(const Character& c) {
  const uint32_t code = c.code;
  if (!c.valid || code < 0x20 || (code >= 0x7F && code <= 0xA0)) return false;
  const bool invisible = code == 0xAD || code == 0x061C || code == 0x180E || code == 0xFEFF ||
                         (code >= 0x2000 && code <= 0x206F) ||
                         (code >= 0xD800 && code <= 0xF8FF) ||  // surrogates, private use
                         (code >= 0xFFF0 && code <= 0xFFFB) || code >= 0xE0000;
  return !invisible;
}

bool IsNameCharacter(uint32_t code) {
  const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  return letter || (code >= '0' && code <= '9') || code == '.' || code == '-' || code == '_' ||
         code > 0xA0;
}

template <typename Keep>
std::string Escaped(std::string_view text, Keep keep) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const Character c = CharacterAt(text, at);
    if (IsShown(c) && keep(c.code)) {
      out += text.substr(at, c.size);
    } else {
      out += Numbered(c.code);
    }
    at += c.size;
  }
  return out;
}

std::string Printable(std::string_view text) {
  return Escaped(text, [](uint32_t) { return true; });
}

size_t WidthOf(std::string_view text) {
  size_t width = 0;
  for (const char c : text) width += (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  return width;
}

// ---- plain lines ----

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// Words in lines: the first begins behind `head`, the others are indented as far. A word longer
// than a line stays whole.
std::string Wrapped(const std::string& head, size_t indent, std::string_view text) {
  std::string out = head;
  size_t column = WidthOf(head);
  bool first = true;
  while (!text.empty()) {
    const size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (!first && column + 1 + WidthOf(word) > Document::kColumns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += WidthOf(word);
    first = false;
  }
  return out + "\n";
}

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// "  Cisco IOS           arp 192.168.2.10 ...": what stands before a line with a label.
std::string LineHead(const std::string& label) {
  constexpr size_t kWidth = 22;
  return label.empty() ? "" : "  " + Padded(label + " ", kWidth);
}

// ---- Markdown ----

std::string EscapedMarkdown(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_{}[]<>()#+!|&~$@";
  std::string out;
  for (const char c : Printable(text)) {
    if (kMarkup.find(c) != kMarkup.npos) out += '\\';
    out += c;
  }
  return out;
}

// Nothing inside a code span is markup but its end.
std::string CodeSpan(std::string_view text) {
  std::string code = Printable(text);
  for (char& c : code) {
    if (c == '`') c = '\'';
  }
  return code.empty() ? "" : "`" + code + "`";
}

}  // namespace

std::string SafeName(std::string_view utf8) { return Escaped(utf8, IsNameCharacter); }

void Document::Add(Kind kind, std::string label, std::string text) {
  blocks_.push_back({kind, std::move(label), std::move(text)});
}

std::string Document::Plain() const {
  constexpr size_t kLabel = 11;  // "   filter: "
  std::string out;
  Kind before = Kind::kTitle;
  for (const Block& block : blocks_) {
    const std::string text = Printable(block.text);
    const bool new_part = block.kind == Kind::kSection || block.kind == Kind::kHeading ||
                          block.kind == Kind::kParagraph || before == Kind::kSection ||
                          (block.kind == Kind::kLine && before == Kind::kBullet);
    if (new_part && !out.empty()) out += '\n';
    switch (block.kind) {
      case Kind::kTitle:
      case Kind::kSection:
        out += Upper(text) + "\n";
        break;
      case Kind::kHeading:
      case Kind::kParagraph:
        out += Wrapped("", block.kind == Kind::kHeading ? 3 : 0, text);
        break;
      case Kind::kBullet:
        out += Wrapped("- ", 2, text);
        break;
      case Kind::kLabelled:
      case Kind::kSaid:
        out += Wrapped("   " + Padded(block.label + ":", kLabel - 3), kLabel, text);
        break;
      case Kind::kLine: {
        const std::string head = "   " + LineHead(block.label);
        out += Wrapped(head, head.size() + 2, text);
        break;
      }
    }
    before = block.kind;
  }
  return out;
}

std::string Document::Markdown() const {
  std::string out;
  bool in_code = false;
  for (const Block& block : blocks_) {
    const bool is_code = block.kind == Kind::kLine;
    if (in_code != is_code) out += is_code ? "\n```\n" : "```\n";
    in_code = is_code;
    const std::string text = is_code ? "" : EscapedMarkdown(block.text);
    switch (block.kind) {
      case Kind::kTitle:
        out += "# " + text + "\n";
        break;
      case Kind::kSection:
        out += "\n## " + text + "\n";
        break;
      case Kind::kHeading:
        out += "\n### " + text + "\n\n";
        break;
      case Kind::kParagraph:
        out += "\n" + text + "\n";
        break;
      case Kind::kBullet:
        out += "- " + text + "\n";
        break;
      case Kind::kLabelled:
        out += "- **" + EscapedMarkdown(block.label) + ":** " + text + "\n";
        break;
      case Kind::kSaid:
        out += "- **" + EscapedMarkdown(block.label) + ":** " + CodeSpan(block.text) + "\n";
        break;
      case Kind::kLine: {
        std::string line = LineHead(block.label) + Printable(block.text);
        // Three backquotes would end the block.
        for (char& c : line) c = c == '`' ? '\'' : c;
        out += line + "\n";
        break;
      }
    }
  }
  return in_code ? out + "```\n" : out;
}

}  // namespace nlb
