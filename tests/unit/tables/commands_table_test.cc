// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "support/scenario.h"

namespace nlb::test {
namespace {

std::string Rows(const Scenario& s) { return s.Rows(NLB_TABLE_COMMANDS); }

// The commands of one system, a line each.
std::string CommandsOf(const Scenario& s, const std::string& what) {
  std::string text;
  const std::string rows = Rows(s);
  for (size_t line = 0; line < rows.size(); line = rows.find('\n', line) + 1) {
    const size_t end = rows.find('\n', line);
    const size_t at = rows.find(" | " + what + " | ", line);
    if (at >= end) continue;
    const size_t command = at + what.size() + 6;
    text += rows.substr(command, rows.find(" | ", command) - command) + "\n";
  }
  return text;
}

TEST(CommandsTable, FillsInAddressMacVlanAndPorts) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .vlans = {112}});
  s.At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast, .vlans = {112}});
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco IOS"), "arp 192.168.2.10 03bf.c0a8.020a ARPA\n");
  EXPECT_EQ(CommandsOf(s, "Static MAC | Cisco IOS"),
            "mac address-table static 03bf.c0a8.020a vlan 112 interface <port of "
            "00:15:5d:00:00:01> <port of 00:15:5d:00:00:02>\n");
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco NX-OS"),
            "interface Vlan112\nip arp 192.168.2.10 03bf.c0a8.020a\n");
}

TEST(CommandsTable, HasWhatTheModeNeeds) {
  Scenario unicast;
  unicast.At(0s, Heartbeat{});
  EXPECT_EQ(CommandsOf(unicast, "Static ARP | Cisco IOS"), "");
  EXPECT_EQ(CommandsOf(unicast, "Address bound to one port | Dell (FTOS)"), "ip vlan-flooding\n");
  EXPECT_EQ(CommandsOf(unicast, "Static MAC | Cisco IOS"),
            "mac address-table static 02bf.c0a8.020a vlan <VLAN> interface <port of "
            "02:01:c0:a8:02:0a>\n");
  Scenario igmp;
  igmp.At(0s, Heartbeat{.mode = Mode::kIgmp});
  EXPECT_EQ(CommandsOf(igmp, "IGMP querier | Cisco IOS"), "ip igmp snooping querier\n");
  EXPECT_EQ(CommandsOf(igmp, "Static ARP | Cisco IOS"), "arp 192.168.2.10 0100.5e7f.020a ARPA\n");
}

TEST(CommandsTable, TakesTheMacThatFramesShow) {
  Scenario s;  // set by hand
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .to = "03:bf:01:02:03:04"});
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco IOS"), "arp 192.168.2.10 03bf.0102.0304 ARPA\n");
}

TEST(CommandsTable, NamesAPortByItsHostWhereTheMacTellsNone) {
  Scenario s;
  s.At(0s, Heartbeat{.from = "02:bf:c0:a8:02:0a"});
  EXPECT_EQ(CommandsOf(s, "Static MAC | Cisco IOS"),
            "mac address-table static 02bf.c0a8.020a vlan <VLAN> interface <port of host 1>\n");
}

TEST(CommandsTable, KnowsAClusterWithoutHeartbeats) {
  Scenario s;
  s.At(0s, Arp{.link = {.from = "00:15:5d:00:00:01", .vlans = {9}},
               .mac = "03:bf:c0:a8:02:0a",
               .ip = "192.168.2.10"});
  EXPECT_EQ(CommandsOf(s, "Static MAC | Cisco IOS"),
            "mac address-table static 03bf.c0a8.020a vlan 9 interface <ports of the hosts>\n");
}

// The packet of a client has passed a router: its tag is not the cluster's.
TEST(CommandsTable, TakesNoVlanFromBehindTheRouter) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, Udp{.link = {.vlans = {77}}, .destination = "192.168.2.10"});
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco NX-OS"),
            "interface Vlan<VLAN>\nip arp 192.168.2.10 03bf.c0a8.020a\n");
}

TEST(CommandsTable, FollowsAClusterIntoAnotherMode) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(9s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(CommandsOf(s, "Address bound to one port | Dell (FTOS)"), "");
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco IOS"), "arp 192.168.2.10 03bf.c0a8.020a ARPA\n");
}

TEST(CommandsTable, NamesAtMostEightPorts) {
  Scenario s;
  for (uint32_t id = 1; id <= 12; ++id) s.At(0s, Heartbeat{.host_id = id});
  const std::string command = CommandsOf(s, "Static MAC | Cisco IOS");
  EXPECT_NE(command.find("02:08:c0:a8:02:0a> <ports of the other hosts>\n"), std::string::npos)
      << command;
}

TEST(CommandsTable, IsBounded) {
  Scenario s;
  for (int i = 0; i < 200; ++i) {
    s.At(0s, Heartbeat{.cluster_ip = "10.1.0." + std::to_string(i + 1)});
  }
  const std::string rows = Rows(s);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 4096);
}

TEST(CommandsTable, IsEmptyWithoutACluster) {
  Scenario s;
  s.At(0s, Udp{}).At(1s, Arp{});
  EXPECT_EQ(Rows(s), "");
}

// The rows of one system, whole.
std::string RowsOf(const Scenario& s, const std::string& what) {
  std::istringstream rows(Rows(s));
  std::string text;
  for (std::string row; std::getline(rows, row);) {
    if (row.find(" | " + what + " | ") != row.npos) text += row + "\n";
  }
  return text;
}

TEST(CommandsTable, HasARemarkAtTheFirstStepOnly) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(RowsOf(s, "Static ARP | Cisco NX-OS"),
            "192.168.2.10 | Static ARP | Cisco NX-OS | interface Vlan<VLAN> | Nexus 9000 routes "
            "into a multicast cluster from NX-OS 9.2(1) on | Cisco documents 116150 and 118951\n"
            "192.168.2.10 | Static ARP | Cisco NX-OS | ip arp 192.168.2.10 03bf.c0a8.020a |  | "
            "Cisco documents 116150 and 118951\n");
}

TEST(CommandsTable, HasARowForARemarkWithoutACommand) {
  Scenario s;
  s.At(0s, Heartbeat{});
  EXPECT_EQ(RowsOf(s, "Address bound to one port | Cisco Nexus 9000"),
            "192.168.2.10 | Address bound to one port | Cisco Nexus 9000 | - | the static MAC and "
            "ARP entries under Static MAC | Cisco document 118951\n");
}

TEST(CommandsTable, LearnsNothingFromACopy) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  Udp request{.link = {.to = "03:bf:c0:a8:02:0a"}, .destination = "192.168.2.10"};
  s.At(1s, request);
  request.link = {.from = "00:15:5d:01:02:03", .to = "03:bf:c0:a8:02:0a", .vlans = {9}};
  --request.ttl;
  s.At(1s + 1ms, request);
  ASSERT_EQ(s.Field(3, "copy_of"), "2");
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco NX-OS"),
            "interface Vlan<VLAN>\nip arp 192.168.2.10 03bf.c0a8.020a\n");
  ++request.id;
  s.At(2s, request);
  EXPECT_EQ(CommandsOf(s, "Static ARP | Cisco NX-OS"),
            "interface Vlan9\nip arp 192.168.2.10 03bf.c0a8.020a\n");
}

TEST(CommandsTable, WritesTheRowsOfAClusterAnewWhenItChanged) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.cluster_ip = "192.168.2.20"});
  s.At(1s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2}).At(2s, Udp{});
  const std::string rows = s.Rows(NLB_TABLE_COMMANDS);
  const auto count = std::count(rows.begin(), rows.end(), '\n');
  const std::string half = std::to_string(count / 2), all = std::to_string(count);
  EXPECT_EQ(s.Changes(NLB_TABLE_COMMANDS),
            "0-" + half + " " + half + "-" + all + " 0-0 0-" + half + " 0-0 ");
}

TEST(CommandsTable, HasNoneForAnIpv6Cluster) {
  Scenario s;
  s.At(0s, Advertisement{.mac = "02:bf:20:01:0d:a8", .ip = "2001:db8::10"});
  ASSERT_NE(s.Rows(NLB_TABLE_CAPTURE).find("Heartbeats of 2001:db8::10"), std::string::npos);
  EXPECT_EQ(Rows(s), "");
}

TEST(CommandsTable, HasNoneForAClusterWhoseModeNoAddedFrameTells) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{.destination = "192.168.2.10"});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_COMMANDS);
  AddRecord(summary, s.capture(), s.Layers(2));
  EXPECT_EQ(nlb_summary_row_count(summary), 0u);
  nlb_summary_free(summary);
}

}  // namespace
}  // namespace nlb::test
