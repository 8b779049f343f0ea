// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "support/scenario.h"

namespace nlb::test {
namespace {

std::string Rows(const Scenario& s) { return s.Rows(NLB_TABLE_ADDRESSES); }

constexpr const char* kClient = "00:00:00:00:00:07";
constexpr const char* kClusterMac = "02:bf:c0:a8:02:0a";
constexpr const char* kMasked = "02:01:c0:a8:02:0a";

// The Czech engineer's table: three MACs for one address.
TEST(AddressesTable, ShowsTheThreeMacsOfAnAddress) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {.from = kMasked, .to = kClient}, .mac = kClusterMac, .ip = "192.168.2.10"});
  s.At(2s, Udp{.link = {.from = kClient, .to = kClusterMac},
               .source = "192.168.2.40",
               .destination = "192.168.2.10"});
  s.At(3s, Udp{.link = {.from = kMasked, .to = kClient},
               .source = "192.168.2.10",
               .destination = "192.168.2.40"});
  s.At(3s, Udp{.link = {.from = "02:02:c0:a8:02:0a", .to = kClient},
               .source = "192.168.2.10",
               .destination = "192.168.2.40",
               .id = 2});
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 192.168.2.10 | cluster | 192.168.2.40 | 00:00:00:00:00:07 | "
            "02:bf:c0:a8:02:0a | 02:01:c0:a8:02:0a, 02:02:c0:a8:02:0a | 02:bf:c0:a8:02:0a | 2\n");
}

TEST(AddressesTable, KnowsFurtherAndDedicatedAddresses) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {.from = kMasked, .to = kClient}, .mac = kClusterMac, .ip = "192.168.2.11"});
  s.At(2s, Udp{.link = {.from = kMasked, .to = kClient},
               .source = "192.168.2.30",
               .destination = "192.168.2.40"});
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 192.168.2.11 | further address | - | 00:00:00:00:00:07 | "
            "02:bf:c0:a8:02:0a | 02:01:c0:a8:02:0a | - | 2\n"
            "192.168.2.10 | 192.168.2.30 | host 1 | 192.168.2.40 | 00:00:00:00:00:07 | - | "
            "02:01:c0:a8:02:0a | - | 3\n");
}

// A group is no station, and talks to nobody.
TEST(AddressesTable, LeavesGroupsAndBroadcastsOut) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Udp{.link = {.from = kMasked, .to = "01:00:5e:00:00:fb"},
               .source = "192.168.2.10",
               .destination = "224.0.0.251"});
  s.At(2s, Udp{.link = {.from = kClient, .to = kClusterMac},
               .source = "0.0.0.0",
               .destination = "192.168.2.10",
               .id = 2});
  EXPECT_EQ(Rows(s), "");
}

TEST(AddressesTable, FoldsWhatIsBehindARouter) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(0s, Arp{.link = {.from = kClient}, .mac = kClient, .ip = "192.168.2.1", .reply = false});
  for (uint16_t i = 1; i <= 100; ++i) {
    s.At(1s, Udp{.link = {.from = kClient, .to = kClusterMac},
                 .source = "10.0.0." + std::to_string(i),
                 .destination = "192.168.2.10",
                 .id = i});
  }
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 192.168.2.10 | cluster | 192.168.2.1 and behind it | "
            "00:00:00:00:00:07 | - | - | 02:bf:c0:a8:02:0a | 3\n");
}

TEST(AddressesTable, LeavesCopiesOut) {
  Scenario s;
  s.At(0s, Heartbeat{});
  Udp request{.link = {.from = kClient, .to = kClusterMac},
              .source = "192.168.2.40",
              .destination = "192.168.2.10"};
  s.At(1s, request);
  request.link.from = "00:15:5d:01:02:03";
  --request.ttl;
  s.At(1s + 1ms, request);
  EXPECT_EQ(Rows(s).find("00:15:5d:01:02:03"), std::string::npos) << Rows(s);
}

TEST(AddressesTable, ShowsThreeMacsAtMost) {
  Scenario s;
  s.At(0s, Heartbeat{});
  for (int host = 1; host <= 5; ++host) {
    s.At(1s, Udp{.link = {.from = "02:0" + std::to_string(host) + ":c0:a8:02:0a", .to = kClient},
                 .source = "192.168.2.10",
                 .destination = "192.168.2.40",
                 .id = static_cast<uint16_t>(host)});
  }
  EXPECT_NE(Rows(s).find("02:03:c0:a8:02:0a, ... | "), std::string::npos) << Rows(s);
}

TEST(AddressesTable, TakesNoMoreRowsThanItHasRoomFor) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_ADDRESSES);
  AddRecord(summary, s.capture(), s.Layers(1));
  for (uint32_t i = 0; i < 5000; ++i) {
    Octets bytes = Bytes(Udp{.link = {.to = kClusterMac}, .destination = "192.168.2.10"});
    bytes[10] = static_cast<uint8_t>(i >> 8);
    bytes[11] = static_cast<uint8_t>(i);
    nlb_frame frame = s.frame(1);
    frame.number = 2 + i;
    frame.bytes = bytes.data();
    frame.captured_len = frame.wire_len = static_cast<uint32_t>(bytes.size());
    ASSERT_EQ(NLB_OK, AddRecord(summary, s.capture(), {frame}));
  }
  EXPECT_EQ(nlb_summary_row_count(summary), 4096u);
  nlb_summary_free(summary);
}

TEST(AddressesTable, IsEmptyWithoutACluster) {
  Scenario s;
  s.At(0s, Udp{}).At(1s, Arp{});
  EXPECT_EQ(Rows(s), "");
}

TEST(AddressesTable, TakesWhomAClaimIsForFromArpAndFromNd) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {.from = kMasked, .to = kClient},
               .mac = kClusterMac,
               .ip = "192.168.2.10",
               .target = "192.168.2.40"});
  s.At(2s, Advertisement{.link = {.from = kMasked, .to = kClient},
                         .mac = kClusterMac,
                         .ip = "2001:db8::10",
                         .destination = "2001:db8::40"});
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 192.168.2.10 | cluster | 192.168.2.40 | 00:00:00:00:00:07 | "
            "02:bf:c0:a8:02:0a | 02:01:c0:a8:02:0a | - | 2\n"
            "192.168.2.10 | 2001:db8::10 | further address | 2001:db8::40 | 00:00:00:00:00:07 | "
            "02:bf:c0:a8:02:0a | 02:01:c0:a8:02:0a | - | 3\n");
}

TEST(AddressesTable, ShowsThreeMacsWithoutSayingThatThereAreMore) {
  Scenario s;
  s.At(0s, Heartbeat{});
  for (int host = 1; host <= 3; ++host) {
    s.At(1s, Udp{.link = {.from = "02:0" + std::to_string(host) + ":c0:a8:02:0a", .to = kClient},
                 .source = "192.168.2.10",
                 .destination = "192.168.2.40",
                 .id = static_cast<uint16_t>(host)});
  }
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 192.168.2.10 | cluster | 192.168.2.40 | 00:00:00:00:00:07 | - | "
            "02:01:c0:a8:02:0a, 02:02:c0:a8:02:0a, 02:03:c0:a8:02:0a | - | 2\n");
}

// An answer of the cluster to a client.
Udp Answer(const char* client, uint16_t id = 1) {
  return {.link = {.from = kMasked, .to = kClient},
          .source = "192.168.2.10",
          .destination = client,
          .id = id};
}

// The cell of the asker in the only row.
std::string Asker(const Scenario& s) {
  std::string rows = Rows(s);
  for (int column = 0; column < 3; ++column) rows = rows.substr(rows.find(" | ") + 3);
  return rows.substr(0, rows.find(" | "));
}

TEST(AddressesTable, KnowsARouterByTheFirstAnswerThatItGets) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(0s, Arp{.link = {.from = kClient}, .mac = kClient, .ip = "192.168.2.1", .reply = false});
  s.At(1s, Answer("10.0.0.1"));
  EXPECT_EQ(Asker(s), "192.168.2.1 and behind it");
}

TEST(AddressesTable, NamesTheFirstAddressBehindAMacThatArpDoesNotTell) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Answer("10.0.0.1")).At(2s, Answer("10.0.0.1", 2));
  EXPECT_EQ(Asker(s), "10.0.0.1");
  s.At(3s, Answer("10.0.0.2", 3)).At(4s, Answer("10.0.0.3", 4));
  EXPECT_EQ(Asker(s), "10.0.0.1 and others");
  s.At(5s, Arp{.link = {.from = kClient}, .mac = kClient, .ip = "192.168.2.1", .reply = false});
  s.At(6s, Answer("10.0.0.1", 5));
  EXPECT_EQ(Asker(s), "192.168.2.1 and behind it");
}

TEST(AddressesTable, NamesAStationThatArpWasNotAddressedTo) {
  Scenario s;
  s.At(0s, Heartbeat{});
  s.At(1s, Arp{.link = {.from = kMasked, .to = kClient}, .mac = kClusterMac, .ip = "192.168.2.10"});
  EXPECT_EQ(Asker(s), "-");
  s.At(2s, Answer("192.168.2.40"));
  EXPECT_EQ(Asker(s), "192.168.2.40");
}

TEST(AddressesTable, WhatIsToldToAllHasNoAskers) {
  Scenario s;
  s.At(0s, Heartbeat{});
  for (const char* target : {"192.168.2.40", "192.168.2.41"}) {
    s.At(1s, Arp{.link = {.from = kMasked, .to = "ff:ff:ff:ff:ff:ff"},
                 .mac = kClusterMac,
                 .ip = "192.168.2.10",
                 .reply = false,
                 .target = target});
  }
  EXPECT_EQ(Asker(s), "all");
}

// As a dialog does: it takes what changed after every frame.
TEST(AddressesTable, WritesARowAnewWhenItChanged) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Answer("10.0.0.1")).At(1s, Answer("10.0.0.1", 2));
  s.At(2s, Answer("10.0.0.2", 3)).At(2s, Answer("10.0.0.3", 4));
  for (uint16_t host = 2; host <= 5; ++host) {
    Udp answer = Answer("10.0.0.1", 10 + host);
    answer.link.from = "02:0" + std::to_string(host) + ":c0:a8:02:0a";
    s.At(3s, answer);
  }
  s.At(5s, Arp{.link = {.from = kClient}, .mac = kClient, .ip = "192.168.2.1", .reply = false});
  s.At(6s, Answer("10.0.0.1", 20)).At(6s, Answer("10.0.0.1", 21));
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_ADDRESSES);
  std::string told;
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    AddRecord(summary, s.capture(), s.Layers(number));
    size_t first = 0, end = 0;
    nlb_summary_changes(summary, &first, &end);
    if (first < end) told += std::to_string(number) + " ";
  }
  nlb_summary_free(summary);
  // The second asker; the fourth MAC, but not the fifth; the router's own address.
  EXPECT_EQ(told, "2 4 6 7 8 11 ");
}

}  // namespace
}  // namespace nlb::test
