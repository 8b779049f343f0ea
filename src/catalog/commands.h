// SPDX-License-Identifier: GPL-2.0-or-later
//
// The commands for switches, routers, hypervisors and Windows, one row each, with the document they
// are taken from. None was run by this project. The guide's section, the report and the table of
// commands are made from these rows.
//
// A command has its steps a line each. In braces stands what is filled in for a cluster:
//   {ip}           its primary address
//   {mac.dot}      its MAC as Cisco writes it, 03bf.c0a8.020a; {mac.colon}, {mac.dash} and
//   {mac.comware}  (03bf-c0a8-020a) for the others
//   {vlan}         its VLAN; {vlan.name} where a name is wanted
//   {ports}        the switch ports of its hosts, a blank between them; {ports.comma}; {port} one
//   {router}       the router's address in that VLAN; {length} of its prefix
//   {vm}           a host's name in the hypervisor
#pragma once

#include <array>
#include <string_view>

#include "nlb.h"

namespace nlb {

struct PurposeDesc {
  const char* title;
  const char* intro;  // what it is for
};

// clang-format off
// In the order of nlb_purpose.
inline constexpr auto kPurposes = std::to_array<PurposeDesc>({
    {"Static ARP", "On every router of the subnet, in the multicast modes: routers refuse the group MAC that ARP tells them."},
    {"Static MAC", "On the switches, so that requests reach the ports of the hosts and no others."},
    {"Address bound to one port", "On layer 3 switches that learn the cluster's address on the port of one ARP answer."},
    {"IGMP querier", "In the VLAN of the cluster, in IGMP mode: without queries switches forget the group."},
    {"ARP inspection", "Where it drops the cluster's ARP answers, whose sender is not the sender of the frame."},
    {"VMware", "Settings of the port group."},
    {"Hyper-V", "For the adapter of each host, before the cluster is built."},
    {"Windows", "Values stand under `HKLM\\SYSTEM\\CurrentControlSet\\Services\\WLBS\\Parameters\\Interface\\{adapter}`; restart the host after a change."},
});
static_assert(kPurposes.size() == NLB_PURPOSE_COUNT);

inline constexpr unsigned kUnicast = 1u << NLB_MODE_UNICAST;
inline constexpr unsigned kIgmp = 1u << NLB_MODE_IGMP;
inline constexpr unsigned kMulticasts = 1u << NLB_MODE_MULTICAST | kIgmp;
inline constexpr unsigned kEveryMode = kUnicast | kMulticasts;

inline constexpr auto kCommands = std::to_array<nlb_command_desc>({
    {NLB_PURPOSE_STATIC_ARP, "Cisco IOS", kMulticasts, "arp {ip} {mac.dot} ARPA", "", "Cisco document 216092"},
    {NLB_PURPOSE_STATIC_ARP, "Cisco NX-OS", kMulticasts, "interface Vlan{vlan}\nip arp {ip} {mac.dot}",
     "Nexus 9000 routes into a multicast cluster from NX-OS 9.2(1) on", "Cisco documents 116150 and 118951"},
    {NLB_PURPOSE_STATIC_ARP, "Allied Telesis", 1u << NLB_MODE_MULTICAST, "interface vlan{vlan}\narp-mac-disparity multicast",
     "accepts the answers instead", "Allied Telesis x510 command reference, arp-mac-disparity"},
    {NLB_PURPOSE_STATIC_ARP, "Allied Telesis", kIgmp, "interface vlan{vlan}\narp-mac-disparity multicast-igmp",
     "accepts the answers instead", "Allied Telesis x510 command reference, arp-mac-disparity"},
    {NLB_PURPOSE_STATIC_ARP, "Juniper Junos", kMulticasts,
     "set interfaces irb unit {vlan} family inet address {router}/{length} arp {ip} multicast-mac {mac.colon}",
     "", "Juniper, Junos statement arp (Interfaces)"},
    {NLB_PURPOSE_STATIC_ARP, "Aruba CX", kIgmp, "interface vlan {vlan}\narp ipv4 {ip} mac {mac.colon}",
     "knows IGMP mode only", "Aruba AOS-CX 10.06 guide"},
    {NLB_PURPOSE_STATIC_ARP, "HPE Comware", kMulticasts, "undo arp check enable",
     "lets it learn the group MAC", "vcloudnine.de, HP Comware and Windows NLB cluster in multicast mode"},
    {NLB_PURPOSE_STATIC_ARP, "Dell (FTOS)", kMulticasts, "arp {ip} {mac.colon} vlan {vlan}",
     "and the static MAC entry below", "Dell S4810 command reference, page 1096"},

    {NLB_PURPOSE_STATIC_MAC, "Cisco IOS", kEveryMode, "mac address-table static {mac.dot} vlan {vlan} interface {ports}",
     "", "Cisco document 216092"},
    {NLB_PURPOSE_STATIC_MAC, "Cisco Catalyst 6500", kIgmp,
     "mac address-table static {mac.dot} vlan {vlan} interface {ports} disable-snooping", "", "Cisco document 216092"},
    {NLB_PURPOSE_STATIC_MAC, "Cisco Nexus 7000", kMulticasts,
     "mac address-table multicast {mac.dot} vlan {vlan} interface {port}\nvlan configuration {vlan}\nlayer-2 multicast lookup mac",
     "the first step once for each port", "Cisco document 116150"},
    {NLB_PURPOSE_STATIC_MAC, "Cisco Nexus 9000", kUnicast,
     "mac address-table static {mac.dot} vlan {vlan} interface {port}\ninterface Vlan{vlan}\nip arp {ip} {mac.dot}",
     "the port, or port channel, that leads to all hosts", "Cisco document 118951"},
    {NLB_PURPOSE_STATIC_MAC, "HPE Comware", kMulticasts, "mac-address multicast {mac.comware} interface {ports} vlan {vlan}",
     "", "HP FlexFabric 11900 command reference, mac-address multicast"},
    {NLB_PURPOSE_STATIC_MAC, "Dell (FTOS)", kMulticasts,
     "mac-address-table static {mac.colon} multicast vlan {vlan} output-range {ports.comma}",
     "some releases call it range-output", "Dell S4810 command reference, page 1096"},

    {NLB_PURPOSE_BOUND_ADDRESS, "Dell (FTOS)", kUnicast, "ip vlan-flooding", "for all VLANs", "Dell S4810 command reference, page 1096"},
    {NLB_PURPOSE_BOUND_ADDRESS, "Allied Telesis", kUnicast, "interface vlan{vlan}\narp-mac-disparity unicast", "",
     "Allied Telesis x510 command reference, arp-mac-disparity"},
    {NLB_PURPOSE_BOUND_ADDRESS, "Huawei", kUnicast, "mac-address multiport {mac.comware} interface {ports} vlan {vlan}",
     "HPE Comware and H3C have the command too; whether it cures this there is not said", "Huawei EDOC1000041694, multi-interface ARP"},
    {NLB_PURPOSE_BOUND_ADDRESS, "D-Link (DGS-1520)", kUnicast, "nlb unicast-fdb {mac.dash} interface {ports.comma}",
     "or a range of ports", "D-Link DGS-1520 CLI reference, pages 706 and 707"},
    {NLB_PURPOSE_BOUND_ADDRESS, "Cisco Nexus 9000", kUnicast, "", "the static MAC and ARP entries under Static MAC", "Cisco document 118951"},

    {NLB_PURPOSE_QUERIER, "Cisco IOS", kIgmp, "ip igmp snooping querier", "or `ip pim sparse-mode` on the VLAN's interface", "Cisco document 216092"},
    {NLB_PURPOSE_QUERIER, "Cisco NX-OS", kIgmp, "vlan configuration {vlan}\nip igmp snooping querier {router}", "",
     "Cisco document 116150"},
    {NLB_PURPOSE_QUERIER, "Aruba CX", kIgmp,
     "vlan {vlan}\nip igmp snooping enable\ninterface vlan {vlan}\nip igmp enable\nip igmp querier", "", "Aruba AOS-CX 10.06 guide"},
    {NLB_PURPOSE_QUERIER, "Juniper Junos (EX)", kIgmp,
     "set protocols igmp-snooping vlan {vlan.name} l2-querier source-address {router}", "", "Juniper, Junos statement l2-querier"},

    {NLB_PURPOSE_ARP_INSPECTION, "Cisco IOS", kEveryMode, "interface {port}\nip arp inspection trust",
     "for each port; or no `src-mac` in `ip arp inspection validate`", "Cisco Catalyst 3560 command reference, ip arp inspection"},

    {NLB_PURPOSE_VMWARE, "unicast", kUnicast, "Notify Switches = No\nForged Transmits = Accept\nMAC Address Changes = Accept",
     "all hosts of the cluster on one ESXi host and port group; VMware advises multicast mode", "VMware KB 1556"},
    {NLB_PURPOSE_VMWARE, "multicast", kMulticasts, "Notify Switches = Yes",
     "static ARP and static MAC on the physical switch", "VMware KB 1006525"},

    {NLB_PURPOSE_HYPERV, "PowerShell", kUnicast, "Set-VMNetworkAdapter -VMName {vm} -MacAddressSpoofing On", "",
     "Microsoft, Set-VMNetworkAdapter; techcommunity 371631"},

    {NLB_PURPOSE_WINDOWS, "state of the cluster", kEveryMode, "nlb query\nnlb display\nGet-NlbClusterNode", "", "Microsoft, nlb.exe and PowerShell"},
    {NLB_PURPOSE_WINDOWS, "convergence history", kEveryMode, "Get-NlbClusterDriverInfo -ConvergenceHistory", "",
     "Microsoft, Get-NlbClusterDriverInfo"},
    {NLB_PURPOSE_WINDOWS, "MAC of an address", kEveryMode, "nlb ip2mac {ip}", "", "Microsoft, nlb.exe"},
    {NLB_PURPOSE_WINDOWS, "hide the cluster MAC", kUnicast, "MaskSourceMAC = 1", "the default", "KB193602"},
    {NLB_PURPOSE_WINDOWS, "one ping answer", kEveryMode, "FilterICMP = 1", "", "Microsoft, document cc709622"},
    {NLB_PURPOSE_WINDOWS, "hosts reach each other", kUnicast, "UnicastInterHostCommSupport = 1", "", "Microsoft WMI, AccessNlbRegParam"},
    {NLB_PURPOSE_WINDOWS, "heartbeats", kEveryMode, "AliveMsgPeriod = 1000\nAliveMsgTolerance = 5",
     "these are the defaults; set the plugin's preferences alike", "KB193601"},
});
// clang-format on

// What may stand in braces.
inline constexpr auto kPlaceholders = std::to_array<std::string_view>(
    {"ip", "mac.dot", "mac.colon", "mac.dash", "mac.comware", "vlan", "vlan.name", "ports",
     "ports.comma", "port", "router", "length", "vm"});

consteval bool HasKnownPlaceholders(std::string_view command) {
  for (size_t open = command.find('{'); open != command.npos; open = command.find('{', open + 1)) {
    const size_t close = command.find('}', open);
    if (close == command.npos) return false;
    const std::string_view name = command.substr(open + 1, close - open - 1);
    bool known = false;
    for (const std::string_view one : kPlaceholders) known = known || one == name;
    if (!known) return false;
  }
  return true;
}

consteval bool AllHaveKnownPlaceholders() {
  for (const nlb_command_desc& row : kCommands) {
    if (!HasKnownPlaceholders(row.command)) return false;
  }
  return true;
}
static_assert(AllHaveKnownPlaceholders());

}  // namespace nlb
