// SPDX-License-Identifier: GPL-2.0-or-later
//
// A report as text, to compare what was said at different times.
#pragma once

#include <string>
#include <string_view>

#include "nlb.h"

namespace nlb::fuzz {

inline bool IsName(const nlb_item& item, std::string_view name) {
  return nlb_field(item.field)->filter == name;
}

// Links to later frames come when those were read.
inline bool IsLateLink(const nlb_item& item) {
  return IsName(item, "nlb.analysis.copied_in") || IsName(item, "nlb.analysis.copy_of");
}

inline void AppendItem(const nlb_item& item, std::string& out) {
  out += nlb_field(item.field)->filter;
  out += ' ' + std::to_string(item.value) + ' ' + (item.text ? item.text : "") + ' ';
  out.append(reinterpret_cast<const char*>(item.address), sizeof item.address);
  out += std::to_string(item.flags) + '\n';
}

inline std::string SaidIn(const nlb_view& view) {
  std::string said = std::string(view.summary) + '\n';
  for (size_t i = 0; i < view.hit_count; ++i) {
    said += std::to_string(view.hits[i].finding) + ' ' + view.hits[i].text + '\n';
  }
  for (size_t i = 0; i < view.item_count; ++i) {
    if (!IsLateLink(view.items[i])) AppendItem(view.items[i], said);
  }
  return said;
}

}  // namespace nlb::fuzz
