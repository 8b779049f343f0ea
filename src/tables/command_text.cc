// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/command_text.h"

#include "base/text.h"
#include "facts/mac_class.h"

namespace nlb {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// The twelve digits of a MAC, a separator behind each group of them.
std::string Grouped(MacAddress mac, size_t digits, char separator) {
  std::string text;
  for (int i = 0; i < 12; ++i) {
    if (i > 0 && static_cast<size_t>(i) % digits == 0) text += separator;
    text += kHex[mac.octet(i / 2) >> (i % 2 == 0 ? 4 : 0) & 0xF];
  }
  return text;
}

std::string Dashed(MacAddress mac) {
  std::string text = Grouped(mac, 2, '-');
  for (char& c : text) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string Joined(const std::vector<std::string>& ports, const char* separator) {
  if (ports.empty()) return "<ports of the hosts>";
  std::string text;
  for (const std::string& port : ports) text += (text.empty() ? "" : separator) + port;
  return text;
}

std::string Vlan(const CommandValues& values) {
  return values.vlan == 0 ? "<VLAN>" : std::to_string(values.vlan);
}

std::string MacIn(std::string_view notation, MacAddress mac) {
  if (mac == MacAddress()) return "<cluster MAC>";
  if (notation == "dot") return Grouped(mac, 4, '.');
  if (notation == "comware") return Grouped(mac, 4, '-');
  return notation == "dash" ? Dashed(mac) : Text(mac);
}

std::string ValueOf(std::string_view name, const CommandValues& values) {
  constexpr std::string_view kMac = "mac.";
  if (name.starts_with(kMac)) return MacIn(name.substr(kMac.size()), values.mac);
  if (name == "ip") return Text(values.ip);
  if (name == "vlan") return Vlan(values);
  if (name == "vlan.name") return "<name of VLAN " + (values.vlan ? Vlan(values) : "...") + ">";
  if (name == "ports") return Joined(values.ports, " ");
  if (name == "ports.comma") return Joined(values.ports, ",");
  if (name == "port") return values.ports.size() == 1 ? values.ports[0] : "<port>";
  if (name == "router") return values.router;
  if (name == "length") return values.prefix_length;
  return "<virtual machine>";
}

nlb_mode FirstModeOf(unsigned modes) {
  for (const nlb_mode mode : {NLB_MODE_MULTICAST, NLB_MODE_UNICAST, NLB_MODE_IGMP}) {
    if (modes >> mode & 1) return mode;
  }
  return NLB_MODE_UNKNOWN;
}

}  // namespace

MacAddress ClusterMacOf(nlb_mode mode, IpAddress ip) {
  const uint32_t tail = ip.mac_tail();
  switch (mode) {
    case NLB_MODE_UNICAST:
      return UnicastClusterMac(tail);
    case NLB_MODE_MULTICAST:
      return MacAddress(uint64_t{0x03BF} << 32 | tail);
    case NLB_MODE_IGMP:
      return MacAddress(uint64_t{0x01005E7F0000} | (tail & 0xFFFF));
    case NLB_MODE_UNKNOWN:
      break;
  }
  return {};
}

std::string FillCommand(std::string_view command, const CommandValues& values) {
  std::string text;
  while (!command.empty()) {
    const size_t open = command.find('{');
    text += command.substr(0, open);
    if (open == command.npos) break;
    const size_t close = command.find('}', open);
    text += ValueOf(command.substr(open + 1, close - open - 1), values);
    command.remove_prefix(close + 1);
  }
  return text;
}

std::vector<std::string> FillSteps(const nlb_command_desc& command, const CommandValues& values) {
  std::vector<std::string> steps;
  std::string_view rest = command.command;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    steps.push_back(FillCommand(rest.substr(0, end), values));
    rest = end == rest.npos ? "" : rest.substr(end + 1);
  }
  return steps;
}

std::string ExampleOf(const nlb_command_desc& command) {
  const auto cluster = IpAddress::V4(0xC0A8020A);
  return FillCommand(command.command, {.ip = cluster,
                                       .mac = ClusterMacOf(FirstModeOf(command.modes), cluster),
                                       .vlan = 112,
                                       .ports = {"<port of host 1>", "<port of host 2>"},
                                       .router = "192.168.2.1",
                                       .prefix_length = "24"});
}

}  // namespace nlb
