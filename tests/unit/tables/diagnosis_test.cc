// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <sstream>

#include "support/scenario.h"

namespace nlb::test {
namespace {

nlb_status Add(nlb_diagnosis* diagnosis, Scenario& s, uint32_t number) {
  nlb_report* report = nlb_report_new();
  const auto& layers = s.Layers(number);
  EXPECT_EQ(NLB_OK,
            nlb_capture_report(s.capture(), layers.data(), layers.size(), NLB_DETAIL_FULL, report));
  const nlb_status status = nlb_diagnosis_add(diagnosis, s.capture(), report);
  nlb_report_free(report);
  return status;
}

std::string Report(Scenario& s, nlb_markup markup = NLB_PLAIN) {
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    EXPECT_EQ(NLB_OK, Add(diagnosis, s, number));
  }
  std::string text = nlb_diagnosis_text(diagnosis, markup);
  nlb_diagnosis_free(diagnosis);
  return text;
}

bool Says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST(Diagnosis, SaysWhatIsWrongTheGravestFirst) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .rule_count = 3}).At(1s, Heartbeat{});
  for (int second = 2; second < 9; ++second) s.At(second * 1s, Heartbeat{});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "Something is wrong, 1 error and 1 warning, first of all: ")) << text;
  EXPECT_TRUE(Says(text, "\n1. Error: ")) << text;
  EXPECT_TRUE(Says(text, ", 6 times, first in frame 2\n   seen:   Host 2 ")) << text;
  EXPECT_TRUE(Says(text, "\n   filter: nlb.analysis.rule_mismatch\n")) << text;
  EXPECT_LT(text.find("1. Error: "), text.find("2. Warning: ")) << text;
  EXPECT_LT(text.find("2. Warning: "), text.find("WHAT LOOKS ODD BUT IS NORMAL")) << text;
}

TEST(Diagnosis, NothingWrongIsNotNothingSeen) {
  Scenario healthy;
  healthy.At(0s, Heartbeat{}).At(1s, Heartbeat{});
  EXPECT_TRUE(Says(Report(healthy), "Nothing wrong was found. 1 cluster is proven;"))
      << Report(healthy);
  Scenario other;
  other.At(0s, Udp{});
  EXPECT_TRUE(Says(Report(other), "No NLB cluster is proven in this capture")) << Report(other);
  EXPECT_TRUE(Says(Report(other), "Known clusters")) << Report(other);
  Scenario nothing;
  EXPECT_TRUE(Says(Report(nothing), "Nothing was looked at")) << Report(nothing);
}

TEST(Diagnosis, NamesClustersHostsAndCommands) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(0s, Identity{});
  s.At(1s, Heartbeat{.mode = Mode::kMulticast});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text,
                   "\n   192.168.2.10, multicast (known by heartbeat)\n     host 1  "
                   "192.168.2.30  00:15:5d:00:00:01"))
      << text;
  EXPECT_TRUE(Says(text, "WEB01")) << text;
  EXPECT_TRUE(Says(text, "arp 192.168.2.10 03bf.c0a8.020a ARPA\n")) << text;
  EXPECT_TRUE(Says(text, "Not run here")) << text;
}

TEST(Diagnosis, NamesTheFurtherAddressesThatNeedAnEntry) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_FALSE(Says(Report(s), "further addresses")) << Report(s);
  s.At(
      1s,
      Arp{.link = {.from = "00:15:5d:00:00:01"}, .mac = "03:bf:c0:a8:02:0a", .ip = "192.168.2.11"});
  EXPECT_TRUE(Says(Report(s), "192.168.2.11.\n")) << Report(s);
}

TEST(Diagnosis, AHostileNameIsNoMarkupAndNoCommand) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Identity{.name = "`$(reboot)`\n# x <b>"});
  for (const nlb_markup markup : {NLB_PLAIN, NLB_MARKDOWN}) {
    const std::string text = Report(s, markup);
    EXPECT_FALSE(Says(text, "$(reboot)")) << text;
    EXPECT_FALSE(Says(text, "<b>")) << text;
    EXPECT_TRUE(Says(text, "\\x60\\x24\\x28reboot")) << text;
  }
}

TEST(Diagnosis, ReadsIn80Columns) {
  Scenario s;
  for (uint32_t id = 1; id <= 9; ++id) {
    s.At(0s,
         Heartbeat{.host_id = id, .mode = Mode::kIgmp, .rule_count = static_cast<uint16_t>(id)});
  }
  std::istringstream lines(Report(s));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST(Diagnosis, ListsNoMoreThanCanBeRead) {
  Scenario s;
  for (uint32_t id = 1; id <= 32; ++id) {
    for (int cluster = 1; cluster <= 6; ++cluster) {
      s.At(0s, Heartbeat{.host_id = id, .cluster_ip = "10.1.0." + std::to_string(cluster)});
    }
  }
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "and more: see Statistics > NLB Clusters")) << text;
  EXPECT_TRUE(Says(text, "For 10.1.0.4, unicast")) << text;
  EXPECT_FALSE(Says(text, "For 10.1.0.5, unicast")) << text;
}

TEST(Diagnosis, StartsAgainWhenItIsCleared) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  EXPECT_EQ(Add(diagnosis, s, 1), NLB_OK);
  EXPECT_TRUE(Says(nlb_diagnosis_text(diagnosis, NLB_PLAIN), "1 cluster is proven"));
  nlb_diagnosis_clear(diagnosis);
  EXPECT_TRUE(Says(nlb_diagnosis_text(diagnosis, NLB_PLAIN), "Nothing was looked at"));
  nlb_diagnosis_free(diagnosis);
  EXPECT_STREQ(nlb_diagnosis_text(nullptr, NLB_PLAIN), "");
  EXPECT_EQ(Add(nullptr, s, 1), NLB_ERR_ARGUMENT);
}

}  // namespace
}  // namespace nlb::test
