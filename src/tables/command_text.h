// SPDX-License-Identifier: GPL-2.0-or-later
//
// A command of catalog/commands.h filled in for one cluster. What is put in is made here of numbers
// and addresses: no text of a capture gets into a command.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/mac.h"
#include "nlb.h"

namespace nlb {

// What is not known stands in angle brackets: "<VLAN>".
struct CommandValues {
  IpAddress ip;
  MacAddress mac;
  uint16_t vlan = 0;               // 0: not known
  std::vector<std::string> ports;  // "<port of 00:22:19:1b:e8:fb>"
  std::string router = "<router>";
  std::string prefix_length = "<prefix length>";
};

// The MAC that NLB makes of an address; an empty one for an unknown mode.
MacAddress ClusterMacOf(nlb_mode mode, IpAddress ip);

std::string FillCommand(std::string_view command, const CommandValues& values);
// The steps of a command, each filled in.
std::vector<std::string> FillSteps(const nlb_command_desc& command, const CommandValues& values);
// The command as the guide shows it: for 192.168.2.10 in VLAN 112, in the first mode it is for.
std::string ExampleOf(const nlb_command_desc& command);

}  // namespace nlb
