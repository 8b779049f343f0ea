// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include <algorithm>
#include <array>
#include <utility>

void nlb_report::ClearAll() {
  layers_.clear();
  items_.clear();
  hits_.clear();
  texts_.clear();
  summary_ = "";
}

uint32_t nlb_report::AddNumber(uint16_t field, Place place, uint64_t value) {
  Add(field, place).value = value;
  return static_cast<uint32_t>(items_.size() - 1);
}

uint32_t nlb_report::AddNumber(uint16_t field, Place place, uint64_t value, std::string shown) {
  const uint32_t at = AddNumber(field, place, value);
  if (!shown.empty()) items_[at].text = Keep(std::move(shown));
  return at;
}

uint32_t nlb_report::AddDuration(uint16_t field, Place place, nlb::Duration value) {
  return AddNumber(field, place, static_cast<uint64_t>(value.count()));
}

uint32_t nlb_report::AddText(uint16_t field, Place place, std::string text) {
  return AddKept(field, place, Keep(std::move(text)));
}

uint32_t nlb_report::AddKept(uint16_t field, Place place, const char* text) {
  Add(field, place).text = text;
  return static_cast<uint32_t>(items_.size() - 1);
}

void nlb_report::AddKeptFirst(Place place, KeptText first, KeptText second) {
  std::array items = {ItemOf(first.field, place), ItemOf(second.field, place)};
  items[0].text = first.text;
  items[1].text = second.text;
  items_.insert(items_.begin(), items.begin(), items.end());
  for (nlb_hit& hit : hits_) {
    if (hit.item != NLB_NO_ITEM) hit.item += static_cast<uint32_t>(items.size());
  }
}

uint32_t nlb_report::AddBytes(uint16_t field, Place place) {
  Add(field, place);
  return static_cast<uint32_t>(items_.size() - 1);
}

uint32_t nlb_report::AddMac(uint16_t field, Place place, nlb::MacAddress mac) {
  mac.Write(Add(field, place).address);
  return static_cast<uint32_t>(items_.size() - 1);
}

uint32_t nlb_report::AddIp(uint16_t field, Place place, nlb::IpAddress ip) {
  ip.Write(Add(field, place).address);
  return static_cast<uint32_t>(items_.size() - 1);
}

bool nlb_report::Has(uint16_t field, nlb::MacAddress mac) const {
  return std::any_of(items_.begin(), items_.end(), [&](const nlb_item& item) {
    return item.field == field && nlb::MacAddress::Read(nlb::Bytes(item.address, 6), 0) == mac;
  });
}

void nlb_report::AddHit(uint32_t finding, std::string text, uint32_t item) {
  AddKeptHit(finding, Keep(std::move(text)), item);
}

void nlb_report::AddKeptHit(uint32_t finding, const char* text, uint32_t item) {
  hits_.push_back({finding, item, text});
}

void nlb_report::OrderHits(bool (*before)(const nlb_hit& a, const nlb_hit& b)) {
  if (hits_.size() < 2) return;  // the usual case: a sort takes memory first
  std::stable_sort(hits_.begin(), hits_.end(), before);
}

nlb_view nlb_report::View() const {
  return {items_.data(), items_.size(), hits_.data(), hits_.size(), summary_};
}

nlb_item nlb_report::ItemOf(uint16_t field, Place place) {
  nlb_item item{};
  item.field = field;
  item.depth = place.depth;
  item.flags = place.flags;
  item.offset = place.offset;
  item.length = place.length;
  return item;
}

const char* nlb_report::Keep(std::string text) {
  return texts_.emplace_back(std::move(text)).c_str();
}
