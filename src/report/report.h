// SPDX-License-Identifier: GPL-2.0-or-later
//
// The result for one record: items, hits and the summary for drawing, and the facts they were made
// of for the tables, so that no record is taken apart twice. Owns the text.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/mac.h"
#include "base/time.h"
#include "facts/frame_facts.h"
#include "nlb.h"
#include "report/attribution.h"

struct nlb_report {
 public:
  // Where an item's bytes stand. Generated items stand nowhere.
  struct Place {
    uint32_t offset = 0;
    uint32_t length = 0;
    uint8_t depth = 0;
    uint8_t flags = 0;
  };
  struct KeptText {
    uint16_t field;
    const char* text;
  };
  static constexpr Place Generated(uint8_t depth = 0) { return {0, 0, depth, NLB_ITEM_GENERATED}; }

  // One Ethernet layer of a reportable record. The bytes behind the facts are the caller's, and
  // live as long as the frames given to Begin().
  struct Layer {
    nlb::FrameFacts facts;
    std::optional<nlb::Attribution> attribution;
  };

  void Clear() {
    frames_ = {};
    if (!empty() || !texts_.empty() || !layers_.empty()) ClearAll();  // most stay blank
  }
  // Clears, and takes the frames of a record: all that is known of one with nothing to report.
  void Begin(std::span<const nlb_frame> frames, nlb_detail detail) {
    Clear();
    frames_ = frames;
    detail_ = detail;
  }
  // Items cost more than the rest, and nobody draws them without a tree.
  bool wants_items() const { return detail_ == NLB_DETAIL_FULL; }
  bool wants_sentences() const { return detail_ != NLB_DETAIL_FINDINGS; }
  bool wants_attribution() const { return wants_items() || detail_ == NLB_DETAIL_SUMMARY; }
  // Made in its place: facts are large. Valid until the next one.
  Layer& AddLayer() { return layers_.emplace_back(); }
  void DropLastLayer() { layers_.pop_back(); }
  std::span<const nlb_frame> frames() const { return frames_; }
  const std::vector<Layer>& layers() const { return layers_; }

  // Each returns the item's index, for hits and children. `shown` replaces the value in the tree
  // when not empty.
  uint32_t AddNumber(uint16_t field, Place place, uint64_t value);
  uint32_t AddNumber(uint16_t field, Place place, uint64_t value, std::string shown);
  uint32_t AddDuration(uint16_t field, Place place, nlb::Duration value);
  uint32_t AddText(uint16_t field, Place place, std::string text);  // STRING and NONE
  // A text that is the report's already, or lives for ever.
  uint32_t AddKept(uint16_t field, Place place, const char* text);
  // The same for two of them, before all other items.
  void AddKeptFirst(Place place, KeptText first, KeptText second);
  uint32_t AddBytes(uint16_t field, Place place);
  uint32_t AddMac(uint16_t field, Place place, nlb::MacAddress mac);
  uint32_t AddIp(uint16_t field, Place place, nlb::IpAddress ip);
  void AddHit(uint32_t finding, std::string text, uint32_t item = NLB_NO_ITEM);
  void AddKeptHit(uint32_t finding, const char* text, uint32_t item = NLB_NO_ITEM);
  // Equal ones keep their order.
  void OrderHits(bool (*before)(const nlb_hit& a, const nlb_hit& b));
  void SetSummary(std::string summary) { summary_ = Keep(std::move(summary)); }
  void SetKeptSummary(const char* summary) { summary_ = summary; }

  bool Has(uint16_t field, nlb::MacAddress mac) const;
  size_t hit_count() const { return hits_.size(); }
  bool empty() const { return items_.empty() && hits_.empty() && *summary_ == '\0'; }
  nlb_view View() const;

 private:
  void ClearAll();
  static nlb_item ItemOf(uint16_t field, Place place);
  nlb_item& Add(uint16_t field, Place place) { return items_.emplace_back(ItemOf(field, place)); }
  const char* Keep(std::string text);

  std::span<const nlb_frame> frames_;
  nlb_detail detail_ = NLB_DETAIL_FULL;
  std::vector<Layer> layers_;
  std::vector<nlb_item> items_;
  std::vector<nlb_hit> hits_;
  std::deque<std::string> texts_;  // a deque: what c_str() gave stays valid while it grows
  const char* summary_ = "";
};
