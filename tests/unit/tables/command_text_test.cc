// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/command_text.h"

#include <gtest/gtest.h>

namespace nlb {
namespace {

const auto kCluster = IpAddress::V4(0xC0A8020A);

CommandValues Values() {
  return {.ip = kCluster,
          .mac = ClusterMacOf(NLB_MODE_MULTICAST, kCluster),
          .vlan = 7,
          .ports = {"<port of A>", "<port of B>"}};
}

TEST(CommandText, WritesTheMacAsEachVendorDoes) {
  EXPECT_EQ(FillCommand("{mac.dot} {mac.colon} {mac.comware} {mac.dash}", Values()),
            "03bf.c0a8.020a 03:bf:c0:a8:02:0a 03bf-c0a8-020a 03-BF-C0-A8-02-0A");
}

TEST(CommandText, FillsInWhatIsKnown) {
  EXPECT_EQ(FillCommand("a {ip} {vlan} {vlan.name} {ports};{ports.comma};{port} z", Values()),
            "a 192.168.2.10 7 <name of VLAN 7> <port of A> <port of B>;<port of A>,<port of B>;"
            "<port> z");
}

TEST(CommandText, NamesWhatIsNotKnown) {
  EXPECT_EQ(FillCommand("{mac.dot} {vlan} {vlan.name} {ports} {port} {router}/{length} {vm}", {}),
            "<cluster MAC> <VLAN> <name of VLAN ...> <ports of the hosts> <port> "
            "<router>/<prefix length> <virtual machine>");
}

TEST(CommandText, TakesTheOnlyPort) {
  CommandValues values = Values();
  values.ports.pop_back();
  EXPECT_EQ(FillCommand("{port}", values), "<port of A>");
}

TEST(CommandText, KeepsStepsApart) {
  nlb_command_desc command{};
  command.command = "vlan {vlan}\nquerier";
  EXPECT_EQ(FillSteps(command, Values()), (std::vector<std::string>{"vlan 7", "querier"}));
  command.command = "";
  EXPECT_TRUE(FillSteps(command, Values()).empty());
}

TEST(CommandText, MakesTheMacOfEachMode) {
  EXPECT_EQ(ClusterMacOf(NLB_MODE_UNICAST, kCluster).bits(), 0x02BFC0A8020Au);
  EXPECT_EQ(ClusterMacOf(NLB_MODE_MULTICAST, kCluster).bits(), 0x03BFC0A8020Au);
  EXPECT_EQ(ClusterMacOf(NLB_MODE_IGMP, kCluster).bits(), 0x01005E7F020Au);
  EXPECT_EQ(ClusterMacOf(NLB_MODE_UNKNOWN, kCluster), MacAddress());
}

TEST(CommandText, ShowsAnExampleForTheFirstModeOfACommand) {
  constexpr unsigned kUnicast = 1u << NLB_MODE_UNICAST, kMulticast = 1u << NLB_MODE_MULTICAST,
                     kIgmp = 1u << NLB_MODE_IGMP;
  const auto example = [](unsigned modes, const char* text) {
    nlb_command_desc command{};
    command.modes = modes;
    command.command = text;
    return ExampleOf(command);
  };
  EXPECT_EQ(example(kUnicast, "{mac.colon}"), "02:bf:c0:a8:02:0a");
  EXPECT_EQ(example(kMulticast, "{mac.colon}"), "03:bf:c0:a8:02:0a");
  EXPECT_EQ(example(kIgmp, "{mac.colon}"), "01:00:5e:7f:02:0a");
  EXPECT_EQ(example(kUnicast | kMulticast | kIgmp, "{mac.colon}"), "03:bf:c0:a8:02:0a");
  EXPECT_EQ(example(kUnicast | kIgmp, "{mac.colon}"), "02:bf:c0:a8:02:0a");
  EXPECT_EQ(example(0, "{mac.colon}"), "<cluster MAC>");
  EXPECT_EQ(example(kUnicast, "{ip} {vlan} {ports} {router}/{length}"),
            "192.168.2.10 112 <port of host 1> <port of host 2> 192.168.2.1/24");
}

}  // namespace
}  // namespace nlb
