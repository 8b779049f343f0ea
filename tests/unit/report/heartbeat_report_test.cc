// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/heartbeat_report.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <sstream>
#include <string>

#include "base/text.h"
#include "catalog/fields.h"
#include "heuristics/registry.h"
#include "report/report.h"
#include "support/heartbeat_encoder.h"
#include "support/heartbeat_samples.h"

namespace nlb {
namespace {

using test::AddressRecord;
using test::Buffer;
using test::EncodeIdentity;
using test::EncodeRecord;
using test::HostNameRecord;
using test::kSampleWireLength;
using test::MembershipFields;
using test::Put;

constexpr auto kMalformedId = static_cast<uint32_t>(Finding("nlb.malformed"));

Bytes All(const Buffer& buffer) { return Bytes(buffer.data(), buffer.size()); }
Bytes Host1() { return Bytes(test::kSampleHost1.data(), test::kSampleHost1.size()); }
Bytes Host2() { return Bytes(test::kSampleHost2.data(), test::kSampleHost2.size()); }

nlb_report Decoded(Bytes payload, size_t wire_len, const uint8_t* destination = nullptr,
                   nlb_detail detail = NLB_DETAIL_FULL) {
  nlb_report report;
  DecodeHeartbeat(payload, wire_len, destination, detail, report);
  return report;
}

std::string ValueText(const nlb_item& item) {
  const nlb_kind kind = kFields[item.field].kind;
  if (item.text != nullptr) return item.text;
  if (kind == NLB_KIND_BYTES) return "...";
  if (kind == NLB_KIND_IPV4) return Text(IpAddress::ReadV4(Bytes(item.address, 4), 0));
  if (kind == NLB_KIND_IPV6) return Text(IpAddress::ReadV6(Bytes(item.address, 16), 0));
  if (kFields[item.field].show != NLB_SHOW_HEX) return std::to_string(item.value);
  char text[19];
  std::snprintf(text, sizeof text, "0x%08llx", static_cast<unsigned long long>(item.value));
  return text;
}

// "8+4 nlb.host_id 2"; children are indented, generated items have no place.
std::string Dump(const nlb_item& item) {
  std::string line(2u * item.depth, ' ');
  line += item.flags & NLB_ITEM_GENERATED
              ? "["
              : std::to_string(item.offset) + "+" + std::to_string(item.length) + " ";
  line += kFields[item.field].filter + (" " + ValueText(item));
  return line + (item.flags & NLB_ITEM_GENERATED ? "]\n" : "\n");
}

std::string Items(const nlb_report& report) {
  std::string text;
  const nlb_view view = report.View();
  for (size_t i = 0; i < view.item_count; ++i) text += Dump(view.items[i]);
  return text;
}

// Only the items whose filter begins like this.
std::string Items(const nlb_report& report, std::string_view filter) {
  std::string text;
  const nlb_view view = report.View();
  for (size_t i = 0; i < view.item_count; ++i) {
    if (std::string_view(kFields[view.items[i].field].filter).starts_with(filter)) {
      text += Dump(view.items[i]);
    }
  }
  return text;
}

// "8 nlb.host_id: Host ID 40 is outside 1 to 32"; "-" without an item.
std::string Hits(const nlb_report& report) {
  std::string text;
  const nlb_view view = report.View();
  for (size_t i = 0; i < view.hit_count; ++i) {
    const nlb_hit& hit = view.hits[i];
    EXPECT_EQ(hit.finding, kMalformedId);
    if (hit.item == NLB_NO_ITEM) {
      text += "-";
    } else {
      const nlb_item& item = view.items[hit.item];
      text += std::to_string(item.offset) + " " + kFields[item.field].filter;
    }
    text += std::string(": ") + hit.text + "\n";
  }
  return text;
}

std::string Summary(const nlb_report& report) { return report.View().summary; }

std::string Summary(const Buffer& payload) {
  return Summary(Decoded(All(payload), payload.size()));
}

// ---- membership ---------------------------------------------------------------------------------

TEST(HeartbeatReport, ShowsThePublicSampleInWireOrder) {
  EXPECT_EQ(Items(Decoded(Host2(), kSampleWireLength, test::kBroadcast)),
            R"(0+4 nlb.signature Membership heartbeat (0xc0de01bf)
4+4 nlb.version 518
8+4 nlb.host_id 2
12+4 nlb.cluster_ip 192.168.100.80
16+4 nlb.host_ip 192.168.100.82
[nlb.mode unicast]
20+2 nlb.own_id host 2 (1 on the wire)
22+2 nlb.default_host_id host 1 (0 on the wire)
24+2 nlb.state 1
26+2 nlb.rule_count 9
28+4 nlb.host_code 0x4f3be335 (inferred: installed 2012-02-15 16:54:13 UTC)
32+4 nlb.packets_handled 80268987
36+4 nlb.teaming 0x00000000
  36+4 nlb.teaming.reserved 0x00000000
  36+4 nlb.teaming.xor_cluster_ip 0x00000000
  36+4 nlb.teaming.participants 0
  36+4 nlb.teaming.reverse_hash 0
  36+4 nlb.teaming.master 0
  36+4 nlb.teaming.active 0
40+4 nlb.reserved ...
44+4 nlb.rule Port rule 1 of 9: port 25 (inferred)
  44+4 nlb.rule.code 0x61019019
  [nlb.rule.start_port 25 (inferred; the same code as port 4121)]
  [nlb.rule.end_port 25 (inferred; the same code as port 4121)]
48+4 nlb.rule Port rule 2 of 9: port 80 (inferred)
  48+4 nlb.rule.code 0x61050050
  [nlb.rule.start_port 80 (inferred)]
  [nlb.rule.end_port 80 (inferred)]
52+4 nlb.rule Port rule 3 of 9: port 135 (inferred)
  52+4 nlb.rule.code 0x61087087
  [nlb.rule.start_port 135 (inferred; the same code as port 4231)]
  [nlb.rule.end_port 135 (inferred; the same code as port 4231)]
56+4 nlb.rule Port rule 4 of 9: port 143 (inferred)
  56+4 nlb.rule.code 0x6108f08f
  [nlb.rule.start_port 143 (inferred; the same code as port 4239)]
  [nlb.rule.end_port 143 (inferred; the same code as port 4239)]
60+4 nlb.rule Port rule 5 of 9: port 443 (inferred)
  60+4 nlb.rule.code 0x611bb1bb
  [nlb.rule.start_port 443 (inferred; the same code as port 4539)]
  [nlb.rule.end_port 443 (inferred; the same code as port 4539)]
64+4 nlb.rule Port rule 6 of 9: port 587 (inferred)
  64+4 nlb.rule.code 0x6124b24b
  [nlb.rule.start_port 587 (inferred; the same code as port 4683)]
  [nlb.rule.end_port 587 (inferred; the same code as port 4683)]
68+4 nlb.rule Port rule 7 of 9: port 993 (inferred)
  68+4 nlb.rule.code 0x613e13e1
  [nlb.rule.start_port 993 (inferred; the same code as port 5089)]
  [nlb.rule.end_port 993 (inferred; the same code as port 5089)]
72+4 nlb.rule Port rule 8 of 9: within ports 1024 to 65535 (inferred)
  72+4 nlb.rule.code 0x6ffff400
76+4 nlb.rule Port rule 9 of 9: default rule
  76+4 nlb.rule.code 0x00000000
[nlb.truncated Cut by the capture: 82 of 1496 bytes were kept]
)");
}

TEST(HeartbeatReport, ShowsMapsAndWeightsOfAWholeHeartbeat) {
  MembershipFields fields;
  fields.idle[0] = 1;
  fields.weights[0] = 70;
  const Buffer whole = Encode(fields);
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.rule"),
            R"(26+2 nlb.rule_count 2
44+4 nlb.rule Port rule 1 of 2: port 80 (inferred), 30 bits in the current map, load weight 70
  44+4 nlb.rule.code 0x61050050
  [nlb.rule.start_port 80 (inferred)]
  [nlb.rule.end_port 80 (inferred)]
  176+8 nlb.rule.map.current 0x000000003fffffff (30 bits set)
  440+8 nlb.rule.map.new 0x000000003fffffff (30 bits set)
  704+8 nlb.rule.map.idle 0x0000000000000001 (1 bit set)
  968+8 nlb.rule.map.ready 0x0000000000000000 (0 bits set)
  1232+4 nlb.rule.load_weight 70
48+4 nlb.rule Port rule 2 of 2: default rule, 0 bits in the current map, load weight 50
  48+4 nlb.rule.code 0x00000000
  184+8 nlb.rule.map.current 0x0000000000000000 (0 bits set)
  448+8 nlb.rule.map.new 0x0000000000000000 (0 bits set)
  712+8 nlb.rule.map.idle 0x0000000000000000 (0 bits set)
  976+8 nlb.rule.map.ready 0x0000000000000000 (0 bits set)
  1236+4 nlb.rule.load_weight 50
)");
}

TEST(HeartbeatReport, ShowsReservedBytesAndNoTruncationInAWholeHeartbeat) {
  Buffer whole = Encode(MembershipFields{});
  whole.insert(whole.end(), {0xde, 0xad, 0xbe, 0xef});  // a trailer
  const nlb_report report = Decoded(All(whole), whole.size());
  EXPECT_EQ(Items(report, "nlb.reserved"), "40+4 nlb.reserved ...\n1364+132 nlb.reserved ...\n");
  EXPECT_EQ(Items(report, "nlb.truncated"), "");
  EXPECT_EQ(Hits(report), "");
}

TEST(HeartbeatReport, GivesEachTeamingBitTheWholeWord) {
  const Buffer whole = Encode(MembershipFields{.teaming = 0x00123417});
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.teaming"),
            R"(36+4 nlb.teaming 0x00123417
  36+4 nlb.teaming.reserved 0x00123417
  36+4 nlb.teaming.xor_cluster_ip 0x00123417
  36+4 nlb.teaming.participants 1192983
  36+4 nlb.teaming.reverse_hash 1192983
  36+4 nlb.teaming.master 1192983
  36+4 nlb.teaming.active 1192983
)");
}

TEST(HeartbeatReport, TellsTheModeByTheDestination) {
  struct Row {
    uint8_t destination[6];
    const char* expected;
  };
  const Row rows[] = {
      {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "[nlb.mode unicast]\n"},
      {{0x03, 0xbf, 192, 168, 2, 10}, "[nlb.mode multicast]\n"},
      {{0x01, 0x00, 0x5e, 0x7f, 2, 10}, "[nlb.mode IGMP multicast]\n"},
      {{0x01, 0x00, 0x5e, 0x00, 0, 1}, ""},
      {{0x02, 0xbf, 192, 168, 2, 10}, ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Items(Decoded(Host1(), kSampleWireLength, row.destination), "nlb.mode"),
              row.expected);
  }
  EXPECT_EQ(Items(Decoded(Host1(), kSampleWireLength, nullptr), "nlb.mode"), "");
}

// The item of a port holds the number that its text begins with.
TEST(HeartbeatReport, GivesThePortOfARuleAsANumberToo) {
  const nlb_report report = Decoded(Host2(), kSampleWireLength);
  const nlb_view view = report.View();
  std::string ports;
  for (size_t i = 0; i < view.item_count; ++i) {
    if (view.items[i].field != Field("nlb.rule.start_port")) continue;
    ports += std::to_string(view.items[i].value) + " ";
  }
  EXPECT_EQ(ports, "25 80 135 143 443 587 993 ");
}

TEST(HeartbeatReport, ShowsNothingOfABodyThatIsPadding) {
  Buffer bytes = Encode(MembershipFields{.host_code = 0});
  bytes.resize(46);
  EXPECT_EQ(Items(Decoded(All(bytes), bytes.size())),
            R"(0+4 nlb.signature Membership heartbeat (0xc0de01bf)
4+4 nlb.version 518
8+4 nlb.host_id 1
12+4 nlb.cluster_ip 192.168.2.10
16+4 nlb.host_ip 192.168.2.30
[nlb.truncated Cut on the wire: 46 of 1496 bytes were kept]
)");
}

TEST(HeartbeatReport, NamesNoDateForAHostCodeOfZero) {
  const Buffer whole = Encode(MembershipFields{.host_code = 0});
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.host_code"),
            "28+4 nlb.host_code 0x00000000\n");
}

// ---- summary ------------------------------------------------------------------------------------

TEST(HeartbeatReport, SumsUpEachKindOfHeartbeat) {
  const Buffer reliable =
      test::EncodeHeader(wire::Signature::kReliable, 0x206, 1, 0xC0A8020A, 0xC0A8021E);
  EXPECT_EQ(Summary(Encode(MembershipFields{})),
            "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10, state 1, 2 rules");
  EXPECT_EQ(Summary(Encode(MembershipFields{.rule_count = 1})),
            "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10, state 1, 1 rule");
  EXPECT_EQ(Summary(EncodeIdentity({HostNameRecord(u"WEB01")})),
            "Identity host 1 \"WEB01\" of cluster 192.168.2.10");
  EXPECT_EQ(Summary(EncodeIdentity({AddressRecord(IpAddress::V4(1))})),
            "Identity host 1 of cluster 192.168.2.10");
  EXPECT_EQ(Summary(EncodeIdentity({HostNameRecord(u"")})),
            "Identity host 1 of cluster 192.168.2.10");
  EXPECT_EQ(Summary(reliable), "Reliable protocol host 1 of cluster 192.168.2.10");
}

// The capture of the public sample kept what the line says, so it is not called truncated.
TEST(HeartbeatReport, SumsUpThePublicSample) {
  EXPECT_EQ(Summary(Decoded(Host1(), kSampleWireLength)),
            "Heartbeat host 1 (192.168.100.81) of cluster 192.168.100.80, state 1, 9 rules");
}

// Expected text per first length at which it holds. 6 bytes is msnlb2.pcapng, a snaplen of 20.
TEST(HeartbeatReport, SaysInTheSummaryWhatWasCaptured) {
  const Buffer whole = Encode(MembershipFields{});
  const std::pair<size_t, const char*> steps[] = {
      {0, ""},
      {4, "Heartbeat [truncated]"},
      {12, "Heartbeat host 1 [truncated]"},
      {16, "Heartbeat host 1 of cluster 192.168.2.10 [truncated]"},
      {20, "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10 [truncated]"},
      {26, "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10, state 1 [truncated]"},
      {28, "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10, state 1, 2 rules"},
  };
  for (size_t length = 0; length <= whole.size(); ++length) {
    const char* expected = "";
    for (const auto& [from, text] : steps) {
      if (length >= from) expected = text;
    }
    const nlb_report report = Decoded(All(whole).First(length), whole.size());
    ASSERT_EQ(Summary(report), expected) << length << " bytes captured";
    ASSERT_EQ(Hits(report), "") << length << " bytes captured";
    const bool says_cut = !Items(report, "nlb.truncated").empty();
    ASSERT_EQ(says_cut, length >= 4 && length < whole.size()) << length << " bytes captured";
  }
}

TEST(HeartbeatReport, SaysThatAnIdentityIsTruncatedWhenItsNameIs) {
  const Buffer whole =
      EncodeIdentity({HostNameRecord(u"WEB01"), AddressRecord(IpAddress::V4(0xC0A8021E))});
  const auto at = [&](size_t length) {
    return Summary(Decoded(All(whole).First(length), whole.size()));
  };
  EXPECT_EQ(at(6), "Identity [truncated]");
  EXPECT_EQ(at(20), "Identity host 1 of cluster 192.168.2.10 [truncated]");
  EXPECT_EQ(at(32), "Identity host 1 \"WE\" of cluster 192.168.2.10 [truncated]");
  EXPECT_EQ(at(44), "Identity host 1 \"WEB01\" of cluster 192.168.2.10");
}

TEST(HeartbeatReport, FindsTheHostNameBehindOtherRecords) {
  const Buffer whole =
      EncodeIdentity({AddressRecord(IpAddress::V4(0xC0A8021E)), HostNameRecord(u"WEB01")});
  EXPECT_EQ(Summary(whole), "Identity host 1 \"WEB01\" of cluster 192.168.2.10");
  EXPECT_EQ(Summary(Decoded(All(whole).First(24), whole.size())),
            "Identity host 1 of cluster 192.168.2.10 [truncated]");
}

TEST(HeartbeatReport, CallsTheReliableProtocolTruncatedWithoutItsCluster) {
  Buffer whole = test::EncodeHeader(wire::Signature::kReliable, 0x206, 1, 0xC0A8020A, 0xC0A8021E);
  whole.resize(100);
  const auto at = [&](size_t length) {
    return Summary(Decoded(All(whole).First(length), whole.size()));
  };
  EXPECT_EQ(at(15), "Reliable protocol host 1 [truncated]");
  EXPECT_EQ(at(16), "Reliable protocol host 1 of cluster 192.168.2.10");
}

// ---- identity and reliable ----------------------------------------------------------------------

TEST(HeartbeatReport, ShowsIdentityRecords) {
  const Buffer whole =
      EncodeIdentity({HostNameRecord(u"WEB01"), AddressRecord(IpAddress::V4(0xC0A8021E)),
                      AddressRecord(IpAddress::V6(0x20010DB800000000, 1)),
                      EncodeRecord(2, {9, 0, 1, 2}), EncodeRecord(7, {1, 2, 3})});
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.identity"),
            R"(20+24 nlb.identity Host name: WEB01
  20+1 nlb.identity.type 1 (host name)
  21+1 nlb.identity.length 3
  28+16 nlb.identity.host_name WEB01
44+16 nlb.identity Address: 192.168.2.30
  44+1 nlb.identity.type 2 (address)
  45+1 nlb.identity.length 2
  52+2 nlb.identity.family 2 (IPv4)
  54+4 nlb.identity.ipv4 192.168.2.30
60+32 nlb.identity Address: 2001:db8::1
  60+1 nlb.identity.type 2 (address)
  61+1 nlb.identity.length 4
  68+2 nlb.identity.family 23 (IPv6)
  70+16 nlb.identity.ipv6 2001:db8::1
92+16 nlb.identity Address
  92+1 nlb.identity.type 2 (address)
  93+1 nlb.identity.length 2
  100+2 nlb.identity.family 9 (unknown)
  102+6 nlb.identity.unknown ...
108+16 nlb.identity Record of unknown type 7
  108+1 nlb.identity.type 7 (unknown)
  109+1 nlb.identity.length 2
  116+8 nlb.identity.unknown ...
)");
}

TEST(HeartbeatReport, ShowsTheReservedBytesOfIdentityRecords) {
  const Buffer whole =
      EncodeIdentity({HostNameRecord(u"WEB01"), AddressRecord(IpAddress::V4(0xC0A8021E))});
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.reserved"),
            "  22+6 nlb.reserved ...\n  46+6 nlb.reserved ...\n");
  EXPECT_EQ(Items(Decoded(All(whole).First(47), whole.size()), "nlb.reserved"),
            "  22+6 nlb.reserved ...\n  46+1 nlb.reserved ...\n");
  EXPECT_EQ(Items(Decoded(All(whole).First(46), whole.size()), "nlb.reserved"),
            "  22+6 nlb.reserved ...\n");
}

TEST(HeartbeatReport, ShowsNoValueOfARecordThatEndsBehindItsHead) {
  const Buffer whole = EncodeIdentity({Buffer{1, 1, 0, 0, 0, 0, 0, 0}});
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.identity"),
            R"(20+8 nlb.identity Host name: 
  20+1 nlb.identity.type 1 (host name)
  21+1 nlb.identity.length 1
)");
}

TEST(HeartbeatReport, SaysHowMuchOfAnIdentityTheCaptureKept) {
  const Buffer whole =
      EncodeIdentity({HostNameRecord(u"WEB01"), AddressRecord(IpAddress::V4(0xC0A8021E))});
  EXPECT_EQ(Items(Decoded(All(whole).First(32), whole.size()), "nlb.truncated"),
            "[nlb.truncated Cut by the capture: 32 of 60 bytes were kept]\n");
}

TEST(HeartbeatReport, ShowsTheBodyOfTheReliableProtocolAsBytes) {
  Buffer whole = test::EncodeHeader(wire::Signature::kReliable, 0x206, 1, 0xC0A8020A, 0xC0A8021E);
  whole.resize(100);
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.reserved"), "20+80 nlb.reserved ...\n");
  whole.resize(20);
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.reserved"), "");
}

TEST(HeartbeatReport, TakesTheBodyOfTheReliableProtocolForNoRecords) {
  Buffer whole = test::EncodeHeader(wire::Signature::kReliable, 0x206, 1, 0xC0A8020A, 0xC0A8021E);
  whole.insert(whole.end(), {7, 9, 0, 0, 0, 0, 0, 0});  // as a record: 72 bytes
  EXPECT_EQ(Items(Decoded(All(whole), whole.size()), "nlb.truncated"), "");
}

// ---- malformed ----------------------------------------------------------------------------------

TEST(HeartbeatReport, SaysWhatLies) {
  struct Row {
    Buffer bytes;
    const char* expected;
  };
  const Row rows[] = {
      {Encode(MembershipFields{.host_id = 0}), "8 nlb.host_id: Host ID 0 is outside 1 to 32\n"},
      {Encode(MembershipFields{.host_id = 33}), "8 nlb.host_id: Host ID 33 is outside 1 to 32\n"},
      {Encode(MembershipFields{.rule_count = 34}),
       "26 nlb.rule_count: 34 port rules are claimed, the heartbeat has room for 33\n"},
      {EncodeIdentity({Buffer{1, 0, 0, 0, 0, 0, 0, 0}}),
       "20 nlb.identity: Identity record at byte 20 has length 0\n"},
      {EncodeIdentity({HostNameRecord(u"WEB01"), Buffer{1, 200, 0, 0, 0, 0, 0, 0}}),
       "44 nlb.identity: Identity record at byte 44 claims 1600 bytes, 8 are left\n"},
      {EncodeIdentity({EncodeRecord(2, {0x17, 0, 1, 2, 3, 4})}),
       "20 nlb.identity: Identity record at byte 20 has no room for the address it "
       "announces\n"},
      {EncodeIdentity({Buffer{1, 0, 0, 0, 0, 0, 0, 0}}, 40),
       "8 nlb.host_id: Host ID 40 is outside 1 to 32\n"
       "20 nlb.identity: Identity record at byte 20 has length 0\n"},
  };
  for (const Row& row : rows) {
    const nlb_report report = Decoded(All(row.bytes), row.bytes.size());
    EXPECT_EQ(Hits(report), row.expected);
    EXPECT_TRUE(Summary(report).ends_with(" [malformed]")) << Summary(report);
  }
}

TEST(HeartbeatReport, SaysWhatARecordHasLeftOnTheWireWhateverTheCaptureKept) {
  const Buffer whole = EncodeIdentity({Buffer{1, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}});
  EXPECT_EQ(Hits(Decoded(All(whole).First(24), whole.size())),
            "20 nlb.identity: Identity record at byte 20 claims 1600 bytes, 12 are left\n");
}

// Only what is an address has to have room for one.
TEST(HeartbeatReport, BlamesNoEmptyRecordOfAnotherKind) {
  const Buffer bytes =
      EncodeIdentity({Buffer{1, 1, 0, 0, 0, 0, 0, 0}, Buffer{7, 1, 0, 0, 0, 0, 0, 0}});
  EXPECT_EQ(Hits(Decoded(All(bytes), bytes.size())), "");
}

// By a packet broker or a tunnel: the length that the frame had is lost.
TEST(HeartbeatReport, SaysWhatWasCutOnTheWire) {
  const auto cut = [](Buffer bytes, size_t size) {
    bytes.resize(size);
    return bytes;
  };
  struct Row {
    Buffer bytes;
    const char* truncated;
    const char* line;
  };
  const Buffer named = EncodeIdentity({HostNameRecord(u"WEB01"), AddressRecord(IpAddress::V4(1))});
  const Row rows[] = {
      {cut(Encode(MembershipFields{}), 1000), "Cut on the wire: 1000 of 1496 bytes were kept",
       "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10, state 1, 2 rules [truncated]"},
      {cut(Encode(MembershipFields{.state = 0, .host_code = 0}), 46),  // padding
       "Cut on the wire: 46 of 1496 bytes were kept",
       "Heartbeat host 1 (192.168.2.30) of cluster 192.168.2.10 [truncated]"},
      {{0xc0, 0x01, 0xde, 0xc0, 6, 2},
       "Cut on the wire: 6 of 20 bytes were kept",
       "Identity [truncated]"},
      {cut(named, 54), "Cut on the wire, inside an identity record",
       "Identity host 1 \"WEB01\" of cluster 192.168.2.10 [truncated]"},
  };
  for (const Row& row : rows) {
    const nlb_report report = Decoded(All(row.bytes), row.bytes.size());
    EXPECT_EQ(Hits(report), "");
    EXPECT_NE(Items(report, "nlb.truncated").find(row.truncated), std::string::npos)
        << Items(report, "nlb.truncated");
    EXPECT_EQ(Summary(report), row.line);
  }
}

TEST(HeartbeatReport, DrawsNoMoreRulesThanThereAreSlots) {
  const Buffer whole = Encode(MembershipFields{.rule_count = 65535});
  const std::string rules = Items(Decoded(All(whole), whole.size()), "nlb.rule.code");
  EXPECT_EQ(std::count(rules.begin(), rules.end(), '\n'), 33);
}

TEST(HeartbeatReport, MakesNoItemsForASummary) {
  const Buffer whole = Encode(MembershipFields{.host_id = 33});
  const nlb_report report = Decoded(All(whole), whole.size(), test::kBroadcast, NLB_DETAIL_SUMMARY);
  EXPECT_EQ(Items(report), "");
  EXPECT_EQ(Hits(report), "-: Host ID 33 is outside 1 to 32\n");
  EXPECT_EQ(Summary(report),
            "Heartbeat host 33 (192.168.2.30) of cluster 192.168.2.10, state 1, 2 rules"
            " [malformed]");
}

TEST(HeartbeatReport, AddsNothingForAnotherSignature) {
  const Buffer bytes = {'X', 'B', 'O', 'X', 0, 0, 0, 0};
  EXPECT_TRUE(Decoded(All(bytes), bytes.size()).empty());
}

TEST(HeartbeatReport, TrustsTheBytesMoreThanTheirRecordedLength) {
  const Buffer whole = Encode(MembershipFields{});
  EXPECT_EQ(Hits(Decoded(All(whole), 60)), "");
}

// ---- any bytes ----------------------------------------------------------------------------------

// Exact allocations, so that AddressSanitizer sees a read of one byte too many. Items must lie
// within the bytes.
TEST(HeartbeatReport, SurvivesAnyBytes) {
  std::mt19937 random(4);
  const uint32_t signatures[] = {0xC0DE01BF, 0xC0DE01C0, 0xC0DE01DE};
  for (int round = 0; round < 3000; ++round) {
    Buffer bytes(random() % (round % 10 ? 120 : 1600));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() % 8 ? random() % 5 : random());
    if (bytes.size() >= 4) Put(bytes, wire::slot::kSignature, signatures[round % 3]);
    bytes.shrink_to_fit();
    const size_t wire_len = random() % 3 ? bytes.size() + random() % 40 : random() % 1600;
    const nlb_report report = Decoded(All(bytes), wire_len, test::kBroadcast);
    const nlb_view view = report.View();
    for (size_t i = 0; i < view.item_count; ++i) {
      ASSERT_TRUE(All(bytes).Has(view.items[i].offset, view.items[i].length)) << Items(report);
    }
    for (size_t i = 0; i < view.hit_count; ++i) ASSERT_LT(view.hits[i].item, view.item_count);
    ASSERT_EQ(Summary(Decoded(All(bytes), wire_len, nullptr, NLB_DETAIL_SUMMARY)), Summary(report));
  }
}

}  // namespace
}  // namespace nlb
