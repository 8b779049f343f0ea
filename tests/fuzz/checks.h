// SPDX-License-Identifier: GPL-2.0-or-later
//
// What holds for every report and table, whatever was fed: the promises of nlb.h.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "nlb.h"

// Ends the program as a sanitizer would, so that the fuzzer keeps the input.
#define NLB_CHECK(condition)                                                       \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                \
    }                                                                              \
  } while (false)

namespace nlb::fuzz {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
inline bool IsUtf8(const char* text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text);
  while (*at != 0) {
    const unsigned first = *at++;
    if (first < 0x80) continue;
    const int tail = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
    if (tail == 0 || first > 0xF4) return false;
    uint32_t code = first & (0x3Fu >> tail);
    for (int i = 0; i < tail; ++i, ++at) {
      if ((*at & 0xC0) != 0x80) return false;
      code = code << 6 | (*at & 0x3Fu);
    }
    const uint32_t lowest = tail == 1 ? 0x80 : tail == 2 ? 0x800 : 0x10000;
    if (code < lowest || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  }
  return true;
}

// Kinds whose value may be shown as text.
inline bool MayShowText(nlb_kind kind) {
  return kind == NLB_KIND_UINT8 || kind == NLB_KIND_UINT16 || kind == NLB_KIND_UINT32 ||
         kind == NLB_KIND_UINT64 || kind == NLB_KIND_FRAME;
}

// captured: bytes given to nlb_decode; 0 for a report of the analysis, which draws no bytes.
inline void CheckItems(const nlb_view& view, size_t captured) {
  int depth = -1;
  for (size_t i = 0; i < view.item_count; ++i) {
    const nlb_item& item = view.items[i];
    NLB_CHECK(item.field < nlb_field_count());
    const nlb_field_desc& field = *nlb_field(item.field);
    NLB_CHECK(item.depth <= depth + 1);
    depth = item.depth;
    const bool generated = (item.flags & NLB_ITEM_GENERATED) != 0;
    NLB_CHECK(!generated || (item.offset == 0 && item.length == 0));
    NLB_CHECK(static_cast<uint64_t>(item.offset) + item.length <= captured);
    const bool is_text = field.kind == NLB_KIND_STRING || field.kind == NLB_KIND_NONE;
    NLB_CHECK(item.text != nullptr || !is_text);
    NLB_CHECK(item.text == nullptr || is_text || MayShowText(field.kind));
    NLB_CHECK(item.text == nullptr || IsUtf8(item.text));
  }
}

inline void CheckHits(const nlb_view& view) {
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb_hit& hit = view.hits[i];
    NLB_CHECK(hit.finding < nlb_finding_count());
    NLB_CHECK(hit.item == NLB_NO_ITEM || hit.item < view.item_count);
    NLB_CHECK(hit.text != nullptr && *hit.text != 0 && IsUtf8(hit.text));
  }
}

inline void CheckView(const nlb_view& view, size_t captured) {
  CheckItems(view, captured);
  CheckHits(view);
  NLB_CHECK(view.summary != nullptr && IsUtf8(view.summary));
  NLB_CHECK(view.hit_count == 0 || *view.summary != 0);
}

inline void CheckTable(nlb_table table, nlb_summary* summary) {
  size_t first = 0, end = 0;
  nlb_summary_changes(summary, &first, &end);
  const size_t rows = nlb_summary_row_count(summary);
  NLB_CHECK(first <= end);
  for (size_t row = first; row < end && row < rows; ++row) {
    for (size_t column = 0; column <= nlb_table_column_count(table); ++column) {
      const nlb_cell cell = nlb_summary_cell(summary, row, column);
      NLB_CHECK(cell.text != nullptr && IsUtf8(cell.text));
      NLB_CHECK(cell.real == cell.real);  // no NaN
    }
  }
}

inline void CheckTimeline(const nlb_timeline* timeline) {
  const size_t count = nlb_timeline_count(timeline);
  for (size_t i = 0; i <= count; ++i) {
    const nlb_moment moment = nlb_timeline_moment(timeline, i);
    for (const char* text : {moment.cluster, moment.part, moment.line}) {
      NLB_CHECK(text != nullptr && IsUtf8(text));
      NLB_CHECK((*text != 0) == (i < count));
    }
  }
}

// Wireshark draws 40 columns, and no arrow that ends where it begins.
inline void CheckFlow(const nlb_flow* flow, std::set<std::string>& columns) {
  const size_t count = nlb_flow_count(flow);
  for (size_t i = 0; i <= count; ++i) {
    const nlb_arrow arrow = nlb_flow_arrow(flow, i);
    for (const char* text : {arrow.from, arrow.to, arrow.label}) {
      NLB_CHECK(text != nullptr && IsUtf8(text));
      NLB_CHECK((*text != 0) == (i < count));
    }
    NLB_CHECK(arrow.comment != nullptr && IsUtf8(arrow.comment));
    if (i == count) break;
    NLB_CHECK(std::string(arrow.from) != arrow.to);
    columns.insert({arrow.from, arrow.to});
  }
  NLB_CHECK(columns.size() <= 40);
}

inline void CheckConversations(const nlb_capture* capture, const nlb_report* report) {
  const nlb_belonging belonging = nlb_capture_belonging(capture, report);
  for (int i = 0; i < NLB_CONVERSATION_COUNT; ++i) {
    char filter[NLB_CONVERSATION_SIZE];
    const size_t length = nlb_conversation_filter(&belonging, static_cast<nlb_conversation>(i),
                                                  filter, sizeof filter);
    NLB_CHECK(length < sizeof filter && std::string(filter).size() == length);
  }
}

}  // namespace nlb::fuzz
