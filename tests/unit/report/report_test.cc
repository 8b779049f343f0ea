// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include <gtest/gtest.h>

#include "catalog/fields.h"

namespace nlb {
namespace {

TEST(Report, KeepsItemsHitsAndTheSummary) {
  nlb_report report;
  EXPECT_TRUE(report.empty());
  const uint32_t id = report.AddNumber(Field("nlb.host_id"), {8, 4, 0, 0}, 7, "seven");
  EXPECT_EQ(report.AddDuration(Field("nlb.interval"), nlb_report::Generated(), Duration(-5)), 1u);
  EXPECT_EQ(report.AddText(Field("nlb.mode"), nlb_report::Generated(), "unicast"), 2u);
  EXPECT_EQ(report.AddBytes(Field("nlb.reserved"), {40, 4, 1, 0}), 3u);
  EXPECT_EQ(report.AddMac(Field("nlb.analysis.forwarder"), nlb_report::Generated(),
                          MacAddress(0x123456789ABC)),
            4u);
  EXPECT_EQ(report.AddIp(Field("nlb.cluster_ip"), {12, 4, 0, 0}, IpAddress::V4(0xC0A8020A)), 5u);
  report.AddHit(3, "A sentence", id);
  report.SetSummary("A line");
  const nlb_view view = report.View();
  ASSERT_EQ(view.item_count, 6u);
  EXPECT_EQ(view.items[0].value, 7u);
  EXPECT_STREQ(view.items[0].text, "seven");
  EXPECT_EQ(view.items[0].offset, 8u);
  EXPECT_EQ(static_cast<int64_t>(view.items[1].value), -5);
  EXPECT_EQ(view.items[1].text, nullptr);
  EXPECT_EQ(view.items[1].flags, NLB_ITEM_GENERATED);
  EXPECT_EQ(view.items[1].offset, 0u);
  EXPECT_EQ(view.items[1].length, 0u);
  EXPECT_STREQ(view.items[2].text, "unicast");
  EXPECT_EQ(view.items[3].depth, 1);
  EXPECT_EQ(view.items[4].address[5], 0xBC);
  EXPECT_EQ(view.items[5].address[0], 192);
  ASSERT_EQ(view.hit_count, 1u);
  EXPECT_EQ(view.hits[0].finding, 3u);
  EXPECT_EQ(view.hits[0].item, id);
  EXPECT_STREQ(view.hits[0].text, "A sentence");
  EXPECT_STREQ(view.summary, "A line");
}

TEST(Report, ShowsTheNumberItselfWithoutAnotherText) {
  nlb_report report;
  report.AddNumber(Field("nlb.host_id"), nlb_report::Generated(), 7, "");
  EXPECT_EQ(report.View().items[0].text, nullptr);
}

TEST(Report, HasAMacOnlyInTheFieldThatHoldsIt) {
  nlb_report report;
  report.AddMac(Field("nlb.analysis.forwarder"), nlb_report::Generated(),
                MacAddress(0x123456789ABC));
  EXPECT_TRUE(report.Has(Field("nlb.analysis.forwarder"), MacAddress(0x123456789ABC)));
  EXPECT_FALSE(report.Has(Field("nlb.analysis.forwarder"), MacAddress(0x123456789ABD)));
  EXPECT_FALSE(report.Has(Field("nlb.mode"), MacAddress(0x123456789ABC)));
}

TEST(Report, MovesTheItemsOfHitsWhenTwoComeFirst) {
  nlb_report report;
  const uint32_t id = report.AddNumber(Field("nlb.host_id"), nlb_report::Generated(), 7);
  report.AddHit(3, "of the item", id);
  report.AddHit(4, "of the line");
  report.AddKeptFirst(nlb_report::Generated(), {Field("nlb.analysis.cause"), "because"},
                      {Field("nlb.analysis.cure"), "so"});
  const nlb_view view = report.View();
  EXPECT_STREQ(view.items[0].text, "because");
  EXPECT_STREQ(view.items[1].text, "so");
  EXPECT_EQ(view.items[0].flags, NLB_ITEM_GENERATED);
  EXPECT_EQ(view.items[view.hits[0].item].value, 7u);
  EXPECT_EQ(view.hits[1].item, NLB_NO_ITEM);
}

TEST(Report, KeepsTextsInTheirPlaceWhileItGrows) {
  nlb_report report;
  report.AddText(Field("nlb.mode"), nlb_report::Generated(), "first");
  const char* first = report.View().items[0].text;
  for (int i = 0; i < 10'000; ++i) report.AddHit(0, "text " + std::to_string(i));
  EXPECT_EQ(report.View().items[0].text, first);
  EXPECT_STREQ(first, "first");
  EXPECT_STREQ(report.View().hits[9'999].text, "text 9999");
}

TEST(Report, IsEmptyAfterItWasCleared) {
  nlb_report report;
  report.AddHit(0, "x");
  report.AddText(Field("nlb.mode"), nlb_report::Generated(), "y");
  report.SetSummary("z");
  report.Clear();
  EXPECT_TRUE(report.empty());
  EXPECT_EQ(report.View().hit_count, 0u);
  EXPECT_EQ(report.View().item_count, 0u);
  EXPECT_STREQ(report.View().summary, "");
}

// An item without a text, a hit or a line whose text is nobody's, a layer without a finding.
TEST(Report, IsClearedOfEachOfItsParts) {
  nlb_report item;
  item.AddNumber(Field("nlb.host_id"), nlb_report::Generated(), 7);
  nlb_report hit;
  hit.AddKeptHit(0, "kept");
  nlb_report line;
  line.SetKeptSummary("kept");
  for (nlb_report* report : {&item, &hit, &line}) {
    EXPECT_FALSE(report->empty());
    report->Clear();
    EXPECT_TRUE(report->empty());
  }
  nlb_report layer;
  layer.AddLayer();
  EXPECT_TRUE(layer.empty());
  layer.Clear();
  EXPECT_TRUE(layer.layers().empty());
}

}  // namespace
}  // namespace nlb
