// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every display field, one row each. The filter name is the identifier: Field("nlb.host_id") is the
// row's number, and a name that is not in the table does not compile. Filter names are the
// product's API (CHANGELOG when one changes).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "nlb.h"

namespace nlb {

// clang-format off
inline constexpr nlb_section kHb = NLB_SECTION_HEARTBEAT;
inline constexpr nlb_section kAn = NLB_SECTION_ANALYSIS;

inline constexpr auto kFields = std::to_array<nlb_field_desc>({
    // The heartbeat: layout and evidence in docs/format.md.
    {"nlb.signature", "Signature", "Tells a membership heartbeat, an identity heartbeat and the reliable protocol apart",
     NLB_KIND_UINT32, NLB_SHOW_HEX, 0, kHb},
    {"nlb.version", "Version", "Version of the NLB driver that sent this", NLB_KIND_UINT32, NLB_SHOW_VERSION, 0, kHb},
    {"nlb.host_id", "Host ID", "Priority of the sending host, 1 to 32, unique in the cluster", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kHb},
    {"nlb.cluster_ip", "Cluster IP", "Primary virtual address of the cluster", NLB_KIND_IPV4, NLB_SHOW_DEC, 0, kHb},
    {"nlb.host_ip", "Host IP", "Dedicated address of the sending host", NLB_KIND_IPV4, NLB_SHOW_DEC, 0, kHb},
    {"nlb.mode", "Cluster mode", "Unicast, multicast or IGMP multicast, told by the destination MAC", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kHb},
    {"nlb.own_id", "Sender counts itself as", "Host ID as the convergence code counts it, from zero on the wire", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.default_host_id", "Default host", "Host that takes what no port rule covers, from zero on the wire", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.state", "Convergence state", "1 in a cluster that has settled; the other numbers have no public names", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.rule_count", "Port rules", "Number of port rules, the built-in default rule included", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.host_code", "Host code", "Number that tells two hosts with one priority apart, inferred to be the time of installation", NLB_KIND_UINT32, NLB_SHOW_HEX, 0, kHb},
    {"nlb.packets_handled", "Packets handled", "Running count of the packets this host accepted", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kHb},
    {"nlb.packets_handled.delta", "Packets since previous heartbeat", "Growth of the count since this host's heartbeat before", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kHb},
    {"nlb.teaming", "Teaming (BDA)", "Bidirectional affinity: which team the adapter belongs to", NLB_KIND_UINT32, NLB_SHOW_HEX, 0, kHb},
    {"nlb.teaming.reserved", "Reserved", "Reserved bits of the teaming word", NLB_KIND_UINT32, NLB_SHOW_HEX, 0xFF000000, kHb},
    {"nlb.teaming.xor_cluster_ip", "XOR of cluster IPs", "XOR of the low 16 bits of each team member's cluster IP", NLB_KIND_UINT32, NLB_SHOW_HEX, 0x00FFFF00, kHb},
    {"nlb.teaming.participants", "Participants", "Number of clusters in the team", NLB_KIND_UINT32, NLB_SHOW_DEC, 0x000000F8, kHb},
    {"nlb.teaming.reverse_hash", "Reverse hashing", "Source and destination swap places in the hash", NLB_KIND_BOOLEAN, NLB_SHOW_DEC, 0x00000004, kHb},
    {"nlb.teaming.master", "Master", "This adapter decides for the team", NLB_KIND_BOOLEAN, NLB_SHOW_DEC, 0x00000002, kHb},
    {"nlb.teaming.active", "Active", "Teaming is switched on", NLB_KIND_BOOLEAN, NLB_SHOW_DEC, 0x00000001, kHb},
    {"nlb.reserved", "Reserved", "Bytes without a known meaning", NLB_KIND_BYTES, NLB_SHOW_DEC, 0, kHb},
    {"nlb.rule", "Port rule", "One port rule with this host's share of it", NLB_KIND_NONE, NLB_SHOW_DEC, 0, kHb},
    {"nlb.rule.code", "Code", "Port range, protocol and filtering mode in one word", NLB_KIND_UINT32, NLB_SHOW_HEX, 0, kHb},
    {"nlb.rule.start_port", "First port", "Inferred from the rule code of a rule for one port; doubles above 4095 are named", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.rule.end_port", "Last port", "Inferred from the rule code of a rule for one port; doubles above 4095 are named", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.rule.map.current", "Current map", "Buckets of clients this host serves now", NLB_KIND_UINT64, NLB_SHOW_HEX, 0, kHb},
    {"nlb.rule.map.new", "New map", "Buckets of clients this host shall serve after convergence", NLB_KIND_UINT64, NLB_SHOW_HEX, 0, kHb},
    {"nlb.rule.map.idle", "Idle map", "Buckets the sender calls idle", NLB_KIND_UINT64, NLB_SHOW_HEX, 0, kHb},
    {"nlb.rule.map.ready", "Ready map", "Buckets the sender calls ready", NLB_KIND_UINT64, NLB_SHOW_HEX, 0, kHb},
    {"nlb.rule.load_weight", "Load weight", "Share of the load this host asks for in this rule", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity", "Identity record", "One record of an identity heartbeat", NLB_KIND_NONE, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.type", "Type", "1 host name, 2 address", NLB_KIND_UINT8, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.length", "Length", "Length of the record in units of 8 bytes (unit inferred)", NLB_KIND_UINT8, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.host_name", "Host name", "Name of the sending host", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.family", "Address family", "2 is IPv4, 23 is IPv6", NLB_KIND_UINT16, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.ipv4", "IPv4 address", "Address of the sending host", NLB_KIND_IPV4, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.ipv6", "IPv6 address", "Address of the sending host", NLB_KIND_IPV6, NLB_SHOW_DEC, 0, kHb},
    {"nlb.identity.unknown", "Unknown", "Bytes of a record without a known meaning", NLB_KIND_BYTES, NLB_SHOW_DEC, 0, kHb},
    {"nlb.truncated", "Cut by the capture", "Only part of this heartbeat was recorded, which is no mistake of the sender", NLB_KIND_NONE, NLB_SHOW_DEC, 0, kHb},
    {"nlb.previous_heartbeat", "Previous heartbeat", "The heartbeat before this one from the same host of the same cluster", NLB_KIND_FRAME, NLB_SHOW_DEC, 0, kHb},
    {"nlb.interval", "Interval", "Time since this host's previous heartbeat", NLB_KIND_DURATION, NLB_SHOW_DEC, 0, kHb},

    // The analysis.
    {"nlb.analysis.finding", "Finding", "What was found on this frame, gravest first; without what most frames of a healthy cluster show", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.severity", "Severity", "Chat, Note, Warning or Error: the gravest of this frame's findings", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.severity_level", "Severity level", "0 Chat, 1 Note, 2 Warning, 3 Error: compares with >=, also by name", NLB_KIND_UINT8, NLB_SHOW_SEVERITY, 0, kAn},
    {"nlb.analysis.message", "Message", "The sentence of the gravest finding: who does what", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.source", "Source", "Who sent this frame, in the terms of its cluster: host 1 of 192.168.2.10", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.destination", "Destination", "Whom this frame is for, in the terms of its cluster: all hosts of 192.168.2.10", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.cluster_ip", "Cluster IP", "Cluster this frame belongs to", NLB_KIND_IPV4, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.host_id", "Host ID", "Host of the cluster that sent this frame", NLB_KIND_UINT8, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.mode", "Cluster mode", "unicast, multicast or IGMP multicast", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.evidence", "Evidence", "What proves that the address belongs to a cluster: configured, heartbeat, arp, address or traffic", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.evidence_frame", "Evidence in frame", "Frame in which the evidence was first seen", NLB_KIND_FRAME, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.related_frame", "Related frame", "The other frame this finding speaks of", NLB_KIND_FRAME, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.copy_of", "Copy of frame", "This packet was seen before, in that frame", NLB_KIND_FRAME, NLB_SHOW_COPY, 0, kAn},
    {"nlb.analysis.copied_in", "Copied in frame", "This packet is seen again, in that frame (known only once that frame was read)", NLB_KIND_FRAME, NLB_SHOW_COPY, 0, kAn},
    {"nlb.analysis.copy_delta", "Time since that frame", "Negative when the copy was captured before the original", NLB_KIND_DURATION, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.ttl_drop", "TTL lower by", "How many routers the copy passed", NLB_KIND_UINT8, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.forwarder", "Forwarder", "Ethernet source of the copy: the box that sent it again", NLB_KIND_ETHER, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.forwarder_ip", "Forwarder IP", "Address that ARP gave to the forwarder's MAC", NLB_KIND_IPV4, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.other_host_id", "Other host ID", "The other host this finding speaks of: the lost one, or the one that differs", NLB_KIND_UINT8, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.other_host_ip", "Other host IP", "Dedicated address of that other host", NLB_KIND_IPV4, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.silent_for", "Silent for", "How long the host sent no heartbeat", NLB_KIND_DURATION, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.accepted_in", "Accepted in frame", "Frame in which another host accepted or opened this connection", NLB_KIND_FRAME, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.flood_packets", "Packets flooded", "Requests to a cluster that this port got until this frame", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.flood_bytes", "Bytes flooded", "The same in bytes on the wire", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.flood_clients", "Clients of the flood", "How many addresses sent them; 64 may be more", NLB_KIND_UINT32, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.cause", "Cause", "Why it happens, for notes, warnings and errors", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
    {"nlb.analysis.cure", "Cure", "What to change, for notes, warnings and errors", NLB_KIND_STRING, NLB_SHOW_DEC, 0, kAn},
});
// clang-format on

// Every frame with a warning, an error or a malformed heartbeat.
inline constexpr char kBrokenFilter[] =
    "nlb.analysis.severity in {\"Warning\", \"Error\"} || nlb.malformed";

// Row number of a filter name; a name that is not in the table does not compile.
consteval uint16_t Field(std::string_view filter) {
  for (size_t i = 0; i < kFields.size(); ++i) {
    if (filter == kFields[i].filter) return static_cast<uint16_t>(i);
  }
  throw "no such field in catalog/fields.h";
}

}  // namespace nlb
