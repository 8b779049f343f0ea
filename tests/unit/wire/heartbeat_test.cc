// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/heartbeat.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <sstream>
#include <string>

#include "base/text.h"
#include "support/heartbeat_encoder.h"
#include "support/heartbeat_samples.h"

namespace nlb::wire {
namespace {

using test::AddressRecord;
using test::Buffer;
using test::EncodeIdentity;
using test::EncodeRecord;
using test::HostNameRecord;
using test::MembershipFields;
using test::Put;

Bytes All(const Buffer& buffer) { return Bytes(buffer.data(), buffer.size()); }

std::string Hex(uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
  return text;
}

// "host 2 (192.168.100.82) of 192.168.100.80 v206 ..."; "none" when there is no membership.
std::string Dump(const std::optional<Membership>& m) {
  if (!m) return "none";
  std::ostringstream out;
  out << "host " << m->header.host_id << " (" << Text(m->header.host_ip) << ") of "
      << Text(m->header.cluster_ip) << " v" << Hex(m->header.version);
  if (m->Has(slot::kDefaultHostId)) out << " default " << m->default_host_id;
  if (m->Has(slot::kState)) out << " state " << m->state;
  if (m->Has(slot::kRuleCount)) out << " rules " << m->rule_count;
  if (m->Has(slot::kHostCode)) out << " code " << Hex(m->host_code);
  if (m->Has(slot::kPacketsHandled)) out << " packets " << m->packets_handled;
  if (m->Has(slot::kTeaming)) out << " teaming " << Hex(m->teaming);
  out << " [";
  for (size_t i = 0; i < m->codes_captured; ++i) out << (i ? " " : "") << Hex(m->codes[i]);
  const bool all = m->Has(slot::kRuleCount) && m->codes_captured == m->rule_count;
  out << "]" << (all ? "" : " codes cut");
  return out.str();
}

std::string DumpMembership(Bytes payload, size_t wire_len) {
  return Dump(ReadMembership(payload, wire_len));
}

constexpr char kFaults[][10] = {"ok", "cut", "no length", "past end", "no room"};

// One record per line.
std::string DumpRecords(Bytes payload, size_t wire_len) {
  const auto view = HeartbeatView::Of(payload, wire_len);
  if (!view) return "none";
  std::ostringstream out;
  RecordReader records(*view);
  while (const auto record = records.Next()) {
    out << record->offset << "+" << record->size << " type " << int{record->type} << " "
        << kFaults[static_cast<int>(record->fault)];
    if (record->type == kRecordHostName) out << " \"" << record->host_name() << "\"";
    if (const auto address = record->address()) out << " " << Text(*address);
    out << "\n";
  }
  return out.str();
}

std::string DumpRecords(const Buffer& payload) { return DumpRecords(All(payload), payload.size()); }

Buffer Joined(Buffer first, const Buffer& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// ---- membership ---------------------------------------------------------------------------------

TEST(Heartbeat, ReadsThePublicSampleOfHost2) {
  EXPECT_EQ(DumpMembership(Bytes(test::kSampleHost2.data(), 82), test::kSampleWireLength),
            "host 2 (192.168.100.82) of 192.168.100.80 v206 default 0 state 1 rules 9"
            " code 4f3be335 packets 80268987 teaming 0"
            " [61019019 61050050 61087087 6108f08f 611bb1bb 6124b24b 613e13e1 6ffff400 0]");
}

TEST(Heartbeat, ReadsThePublicSampleOfHost1) {
  EXPECT_EQ(DumpMembership(Bytes(test::kSampleHost1.data(), 82), test::kSampleWireLength),
            "host 1 (192.168.100.81) of 192.168.100.80 v206 default 0 state 1 rules 9"
            " code 4f3be2df packets 40178855 teaming 0"
            " [61019019 61050050 61087087 6108f08f 611bb1bb 6124b24b 613e13e1 6ffff400 0]");
}

TEST(Heartbeat, KnowsItsThreeSignaturesAndNobodyElses) {
  struct Row {
    Buffer bytes;
    const char* expected;
  };
  const Row rows[] = {
      {{0xbf, 0x01, 0xde, 0xc0}, "c0de01bf"}, {{0xc0, 0x01, 0xde, 0xc0}, "c0de01c0"},
      {{0xde, 0x01, 0xde, 0xc0}, "c0de01de"}, {{0xf7, 0x8a, 0xde, 0xc0}, "none"},  // LQSR
      {{'X', 'B', 'O', 'X'}, "none"},         {{0xc0, 0xde, 0x01, 0xbf}, "none"},  // byte order
      {{0xbf, 0x01, 0xde}, "none"},           {{}, "none"},
  };
  for (const Row& row : rows) {
    const auto signature = ReadSignature(All(row.bytes));
    EXPECT_EQ(signature ? Hex(static_cast<uint32_t>(*signature)) : "none", row.expected);
  }
}

// Expected text per first length at which it holds.
TEST(Heartbeat, GivesWhatWasCapturedAndNothingMore) {
  const Buffer whole = Encode(MembershipFields{});
  const std::pair<size_t, const char*> steps[] = {
      {0, "none"},
      {20, "host 1 (192.168.2.30) of 192.168.2.10 v206 [] codes cut"},
      {24, "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 [] codes cut"},
      {26, "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 [] codes cut"},
      {28, "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 rules 2 [] codes cut"},
      {32,
       "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 rules 2"
       " code 4f3be335 [] codes cut"},
      {36,
       "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 rules 2"
       " code 4f3be335 packets 1000 [] codes cut"},
      {40,
       "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 rules 2"
       " code 4f3be335 packets 1000 teaming 0 [] codes cut"},
      {48,
       "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 rules 2"
       " code 4f3be335 packets 1000 teaming 0 [61050050] codes cut"},
      {52,
       "host 1 (192.168.2.30) of 192.168.2.10 v206 default 0 state 1 rules 2"
       " code 4f3be335 packets 1000 teaming 0 [61050050 0]"},
  };
  for (size_t length = 0; length <= whole.size(); ++length) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    const char* expected = "";
    for (const auto& [from, text] : steps) {
      if (length >= from) expected = text;
    }
    ASSERT_EQ(DumpMembership(All(cut), whole.size()), expected) << length << " bytes captured";
  }
}

TEST(Heartbeat, LeavesWhatWasCutAtZero) {
  const MembershipFields fields{.packets_handled = 5, .teaming = 6};
  const Buffer whole = Encode(fields);
  const auto cut = ReadMembership(All(Buffer(whole.begin(), whole.begin() + 20)), whole.size());
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->default_host_id + cut->state + cut->rule_count + cut->codes_captured, 0);
  EXPECT_EQ(cut->host_code + cut->packets_handled + cut->teaming, 0u);
}

TEST(Heartbeat, TakesNoMembershipFromAMalformedOne) {
  const size_t kWhole = kMembershipSize;
  struct Row {
    const char* what;
    Buffer bytes;
    size_t wire_len;
    bool exists;
  };
  const Row rows[] = {
      {"healthy", Encode(MembershipFields{}), kWhole, true},
      {"with a trailer", Joined(Encode(MembershipFields{}), {1, 2, 3, 4}), kWhole + 4, true},
      {"host 32", Encode(MembershipFields{.host_id = 32}), kWhole, true},
      {"host 0", Encode(MembershipFields{.host_id = 0}), kWhole, false},
      {"host 33", Encode(MembershipFields{.host_id = 33}), kWhole, false},
      {"host 2^31", Encode(MembershipFields{.host_id = 1u << 31}), kWhole, false},
      {"no rule", Encode(MembershipFields{.rule_count = 0}), kWhole, true},
      {"33 rules", Encode(MembershipFields{.rule_count = 33}), kWhole, true},
      {"34 rules", Encode(MembershipFields{.rule_count = 34}), kWhole, false},
      {"65535 rules", Encode(MembershipFields{.rule_count = 65535}), kWhole, false},
      {"another signature", EncodeIdentity({}), kWhole, false},
      {"a recorder that says 0 bytes", Encode(MembershipFields{}), 0, true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(ReadMembership(All(row.bytes), row.wire_len).has_value(), row.exists) << row.what;
  }
  EXPECT_TRUE(ReadMembership(All(Encode(MembershipFields{.host_id = 0, .cluster_ip = 0})), kWhole))
      << "NLB is not set up";
}

TEST(Heartbeat, TakesWhatWasCutOnTheWireOrByTheCapture) {
  const Buffer whole = Encode(MembershipFields{.default_host_id = 3});
  for (const size_t wire_len : {size_t{50}, kMembershipSize}) {
    const auto heartbeat = ReadMembership(All(whole).First(50), wire_len);
    ASSERT_TRUE(heartbeat);
    EXPECT_EQ(heartbeat->default_host_id, 3);
    EXPECT_TRUE(heartbeat->Has(slot::kReserved));
    EXPECT_FALSE(heartbeat->Has({kMembershipSize, 1}));
  }
  EXPECT_FALSE(ReadMembership(All(whole).First(19), 19)) << "no whole header";
  // A header alone, and Ethernet's padding behind it.
  for (const uint32_t host_id : {1u, 2u}) {
    Buffer padded = Encode(MembershipFields{.host_id = host_id});
    std::fill(padded.begin() + kHeaderSize, padded.end(), uint8_t{0});
    const auto heartbeat = ReadMembership(All(padded).First(46), 46);
    ASSERT_TRUE(heartbeat);
    EXPECT_EQ(heartbeat->header.host_id, host_id);
    EXPECT_FALSE(heartbeat->Has(slot::kOwnId));
  }
}

TEST(Heartbeat, ReadsTheBodyOfAWholeOneWhateverItsIds) {
  const Buffer whole = Encode(MembershipFields{.host_id = 5, .own_id = 0, .default_host_id = 3});
  const auto heartbeat = ReadMembership(All(whole), whole.size());
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(heartbeat->default_host_id, 3);
  EXPECT_TRUE(heartbeat->Has(slot::kReservedTail));
}

TEST(Heartbeat, TakesNothingFromPaddingThatIsNotZero) {
  for (const uint8_t filler : {0x01, 0x20, 0xFF}) {
    Buffer padded = Encode(MembershipFields{});
    std::fill(padded.begin() + kHeaderSize, padded.end(), filler);
    const auto heartbeat = ReadMembership(All(padded).First(46), 46);
    ASSERT_TRUE(heartbeat) << int{filler};
    EXPECT_FALSE(heartbeat->Has(slot::kOwnId)) << int{filler};
    EXPECT_EQ(heartbeat->rule_count, 0) << int{filler};
  }
}

bool IsCut(const Buffer& bytes, size_t captured, size_t wire_len) {
  return HeartbeatView::Of(All(bytes).First(captured), wire_len)->cut();
}

TEST(Heartbeat, IsCutWhenThereWasMoreOfIt) {
  const Buffer membership = Joined(Encode(MembershipFields{}), Buffer(4));
  EXPECT_TRUE(IsCut(membership, kMembershipSize - 1, kMembershipSize));
  EXPECT_FALSE(IsCut(membership, kMembershipSize, kMembershipSize));
  EXPECT_FALSE(IsCut(membership, kMembershipSize, kMembershipSize + 4)) << "a trailer";
  EXPECT_TRUE(IsCut(membership, 46, 46)) << "on the wire";
  const Buffer identity = EncodeIdentity({HostNameRecord(u"WEB01")});
  EXPECT_FALSE(IsCut(identity, 44, 44));
  EXPECT_TRUE(IsCut(identity, 43, 44));
  EXPECT_FALSE(IsCut(identity, 20, 20));
  EXPECT_TRUE(IsCut(identity, 19, 19));
}

TEST(Heartbeat, DoesNotLieWhereItWasCut) {
  Buffer bytes = EncodeIdentity({Buffer(8, 0xFF)}, 0);
  const auto view = [&](size_t captured) {
    return *HeartbeatView::Of(All(bytes).First(captured), bytes.size());
  };
  for (size_t captured = 4; captured <= bytes.size(); ++captured) {
    EXPECT_EQ(view(captured).host_id_lies(), captured >= 16) << captured;
    EXPECT_EQ(view(captured).cluster_ip().has_value(), captured >= 16) << captured;
    EXPECT_EQ(view(captured).host_ip().has_value(), captured >= 20) << captured;
  }
  EXPECT_FALSE(view(bytes.size()).rule_count_lies()) << "an identity heartbeat has no rules";
  EXPECT_EQ(view(20).rules(), 0u);
}

TEST(Heartbeat, KnowsAHostWithoutAShareOfTheWork) {
  const auto share = [](const MembershipFields& fields, size_t captured = kMembershipSize) {
    const Buffer bytes = Encode(fields);
    return ReadMembership(All(bytes).First(captured), bytes.size())->share;
  };
  EXPECT_EQ(share({}), Share::kSome);
  EXPECT_EQ(share({.current = {0, 1}}), Share::kSome);
  EXPECT_EQ(share({.current = {0, 0, 1}}), Share::kNone) << "behind the last rule";
  EXPECT_EQ(share({}, 96), Share::kUnknown);
  EXPECT_EQ(share({.current = {0, 0}}, slot::kCurrentMaps.At(1)), Share::kUnknown);
  // The default rule alone, all maps cut: the default host has it all.
  EXPECT_EQ(share({.default_host_id = 1, .rule_count = 1}, 96), Share::kNone);
  EXPECT_EQ(share({.rule_count = 1}, 96), Share::kUnknown);
  EXPECT_EQ(share({.default_host_id = 1, .rule_count = 2}, 96), Share::kUnknown);
  EXPECT_EQ(share({.rule_count = 1, .current = {0}}), Share::kNone);
  EXPECT_EQ(share({.rule_count = 0}), Share::kUnknown);
  EXPECT_EQ(share({.default_host_id = 1, .rule_count = 1}, slot::kRuleCount.offset),
            Share::kUnknown);
}

// Reads every slot back through the accessors.
MembershipFields Decode(const HeartbeatView& view) {
  MembershipFields f;
  f.signature = view.signature();
  f.version = *view.version();
  f.host_id = *view.host_id();
  f.cluster_ip = view.cluster_ip()->v4();
  f.host_ip = view.host_ip()->v4();
  f.own_id = *view.own_id();
  f.default_host_id = *view.default_host_id();
  f.state = *view.state();
  f.rule_count = *view.rule_count();
  f.host_code = *view.host_code();
  f.packets_handled = *view.packets_handled();
  f.teaming = *view.teaming();
  f.reserved = view.bytes().Le32(slot::kReserved.offset);
  for (size_t i = 0; i < kRuleSlots; ++i) {
    f.codes[i] = *view.rule_code(i);
    f.current[i] = *view.map(slot::kCurrentMaps, i);
    f.next[i] = *view.map(slot::kNewMaps, i);
    f.idle[i] = *view.map(slot::kIdleMaps, i);
    f.ready[i] = *view.map(slot::kReadyMaps, i);
    f.weights[i] = *view.load_weight(i);
    f.reserved_tail[i] = view.bytes().Le32(slot::kReservedTail.At(i));
  }
  return f;
}

TEST(Heartbeat, EncodesWhatItDecodedInEverySlot) {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    Buffer bytes(kMembershipSize);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    Put(bytes, slot::kSignature, static_cast<uint32_t>(Signature::kMembership));
    ASSERT_EQ(Encode(Decode(*HeartbeatView::Of(All(bytes), bytes.size()))), bytes);
  }
}

TEST(Heartbeat, HasNoSlotBehindTheLast) {
  const Buffer whole = Encode(MembershipFields{});
  const auto view = HeartbeatView::Of(All(whole), whole.size());
  EXPECT_TRUE(view->load_weight(kRuleSlots - 1));
  EXPECT_FALSE(view->load_weight(kRuleSlots));
  EXPECT_FALSE(view->rule_code(kRuleSlots));
  EXPECT_FALSE(view->map(slot::kReadyMaps, SIZE_MAX));
}

// ---- rule codes ---------------------------------------------------------------------------------

// "25 or 4121", or "within 1024..65535".
std::string Dump(const RulePorts& ports) {
  if (ports.single_count == 0) {
    return "within " + std::to_string(ports.lowest) + ".." + std::to_string(ports.highest);
  }
  std::string text = std::to_string(ports.single[0]);
  for (size_t i = 1; i < ports.single_count; ++i) text += " or " + std::to_string(ports.single[i]);
  return text;
}

TEST(RuleCode, TellsThePortsOnlyAsFarAsTheCodeDoes) {
  struct Row {
    uint32_t code;
    const char* expected;
  };
  const Row rows[] = {
      // The public sample.
      {0x61019019, "25 or 4121"},
      {0x61050050, "80"},
      {0x61087087, "135 or 4231"},
      {0x6108F08F, "143 or 4239"},
      {0x611BB1BB, "443 or 4539"},
      {0x6124B24B, "587 or 4683"},
      {0x613E13E1, "993 or 5089"},
      {0x6FFFF400, "within 1024..65535"},
      {0x00000000, "within 0..0"},
      // Made: the top byte is not part of the ports.
      {0x00050050, "80"},
      {0xF0050050, "80"},
      {0x62019019, "25"},  // 4121 would need bit 24
      {0x631BB1BB, "443 or 4539 or 8635 or 12731"},
      {0x61FFFFFF, "4095 or 8191"},
      {0x61015014, "within 20..4117"},    // ports 20 to 21, or port 4116
      {0x61F91F90, "within 3984..8081"},  // port 8080
      {0x613C53C5, "965 or 5061"},
      {0x65050050, "within 80..20560"},  // bit 26
      {0x6FFFF000, "within 0..65535"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Dump(PortsOf(row.code)), row.expected) << "code " << Hex(row.code);
  }
}

uint32_t Pack(uint32_t top, uint32_t start, uint32_t end) { return top << 24 | end << 12 | start; }

TEST(RuleCode, AlwaysHasTheTruePortAmongTheSingleOnes) {
  for (const uint32_t top : {0x61u, 0x62u, 0x63u}) {
    for (uint32_t port = 1; port <= 0xFFFF; ++port) {
      const RulePorts ports = PortsOf(Pack(top, port, port));
      ASSERT_TRUE(ports.lowest <= port && port <= ports.highest) << port;
      ASSERT_TRUE(port > 4095 || ports.single_count > 0) << port;
      const auto end = ports.single.begin() + ports.single_count;
      const bool found = std::find(ports.single.begin(), end, port) != end;
      ASSERT_TRUE(found || ports.single_count == 0) << port;
    }
  }
}

TEST(RuleCode, ListsEverySinglePortThatPacksIntoIt) {
  const uint32_t code = 0x631BB1BB;
  std::string expected;
  for (uint32_t port = 0; port <= 0xFFFF; ++port) {
    for (uint32_t top = 0x60; top <= 0x63; ++top) {
      if (Pack(top, port, port) != code) continue;
      expected += (expected.empty() ? "" : " or ") + std::to_string(port);
      break;
    }
  }
  EXPECT_EQ(Dump(PortsOf(code)), expected);
}

TEST(RuleCode, KeepsARangeWithinItsBounds) {
  std::mt19937 random(2);
  for (int round = 0; round < 100000; ++round) {
    const uint32_t start = random() & 0xFFFF;
    const uint32_t end = start + random() % (0x10000 - start);
    const RulePorts ports = PortsOf(Pack(0x61, start, end));
    ASSERT_TRUE(ports.lowest <= start && end <= ports.highest) << start << ".." << end;
    // The one range that passes for a single port ends a multiple of 4096 above its start, give or
    // take hidden bits.
    const bool looks_single = ports.single_count > 0 && start != end;
    ASSERT_TRUE(!looks_single || end - start >= 4081) << start << ".." << end;
  }
}

// ---- identity -----------------------------------------------------------------------------------

TEST(Identity, ReadsNamesAndSeveralAddresses) {
  const Buffer bytes = EncodeIdentity(
      {HostNameRecord(u"WEB01.Süd"), AddressRecord(IpAddress::V4(0xC0A8021E)),
       AddressRecord(IpAddress::V6(0x20010DB800000000, 1)), EncodeRecord(9, {1, 2, 3})});
  EXPECT_EQ(DumpRecords(bytes),
            "20+32 type 1 ok \"WEB01.Süd\"\n"
            "52+16 type 2 ok 192.168.2.30\n"
            "68+32 type 2 ok 2001:db8::1\n"
            "100+16 type 9 ok\n");
  EXPECT_EQ(ReadHostName(All(bytes), bytes.size()), "WEB01.Süd");
}

TEST(Identity, SaysWhereARecordLies) {
  const Buffer name = HostNameRecord(u"WEB01");  // 24 bytes
  struct Row {
    const char* what;
    Buffer bytes;
    const char* expected;
  };
  const Row rows[] = {
      {"no record", EncodeIdentity({}), ""},
      {"length 0", EncodeIdentity({Buffer{1, 0, 0, 0, 0, 0, 0, 0}, name}),
       "20+8 type 1 no length \"\"\n"},
      {"length 0 behind a good one", EncodeIdentity({name, Buffer{7, 0, 0, 0, 0, 0, 0, 0}}),
       "20+24 type 1 ok \"WEB01\"\n44+8 type 7 no length\n"},
      {"past the end", EncodeIdentity({Buffer{1, 2, 0, 0, 0, 0, 0, 0, 'A', 0}}),
       "20+10 type 1 cut \"A\"\n"},  // a broker cut the frame
      {"past the end of any frame", EncodeIdentity({name, Buffer{2, 255, 0, 0, 0, 0, 0, 0, 2, 0}}),
       "20+24 type 1 ok \"WEB01\"\n44+10 type 2 past end\n"},
      {"just not past it", EncodeIdentity({name, Buffer{1, 182, 0, 0, 0, 0, 0, 0, 'A', 0}}),
       "20+24 type 1 ok \"WEB01\"\n44+10 type 1 cut \"A\"\n"},
      {"an address that was cut", EncodeIdentity({Buffer{2, 2, 0, 0, 0, 0, 0, 0, 2, 0}}),
       "20+10 type 2 cut\n"},
      {"an address that was cut, and had no room before",
       EncodeIdentity({Buffer{2, 2, 0, 0, 0, 0, 0, 0, 0x17, 0}}), "20+10 type 2 no room\n"},
      {"no room for the family", EncodeIdentity({Buffer{2, 1, 0, 0, 0, 0, 0, 0}, name}),
       "20+8 type 2 no room\n28+24 type 1 ok \"WEB01\"\n"},
      {"no room for IPv6", EncodeIdentity({EncodeRecord(2, {0x17, 0, 1, 2, 3, 4})}),
       "20+16 type 2 no room\n"},
      {"unknown family", EncodeIdentity({EncodeRecord(2, {9, 0, 1, 2})}), "20+16 type 2 ok\n"},
      {"a record of nothing", EncodeIdentity({EncodeRecord(9, {})}), "20+8 type 9 ok\n"},
      {"a name of nothing", EncodeIdentity({EncodeRecord(1, {})}), "20+8 type 1 ok \"\"\n"},
      {"type 0 with a length", EncodeIdentity({EncodeRecord(0, {1, 2})}), "20+16 type 0 ok\n"},
      {"an address of length 0", EncodeIdentity({Buffer{2, 0, 0, 0, 0, 0, 0, 0}}),
       "20+8 type 2 no length\n"},
      {"another type with a family", EncodeIdentity({EncodeRecord(9, {2, 0, 1, 2, 3, 4})}),
       "20+16 type 9 ok\n"},
      {"name without end", EncodeIdentity({EncodeRecord(1, {'A', 0, 'B', 0, 'C', 0, 'D', 0})}),
       "20+16 type 1 ok \"ABCD\"\n"},
      {"Ethernet padding", Joined(EncodeIdentity({AddressRecord(IpAddress::V4(1))}), Buffer(10)),
       "20+16 type 2 ok 0.0.0.1\n"},
      {"FCS", Joined(EncodeIdentity({name}), {0xde, 0xad, 0xbe, 0xef}),
       "20+24 type 1 ok \"WEB01\"\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(DumpRecords(row.bytes), row.expected) << row.what;
}

TEST(Identity, IsCutByTheCaptureAtAnyByte) {
  const Buffer whole =
      EncodeIdentity({HostNameRecord(u"WEB01"), AddressRecord(IpAddress::V4(0xC0A8021E))});
  const std::pair<size_t, const char*> steps[] = {
      {0, "none"},
      {4, ""},
      {22, "20+24 type 1 cut \"\"\n"},
      {30, "20+24 type 1 cut \"W\"\n"},
      {32, "20+24 type 1 cut \"WE\"\n"},
      {34, "20+24 type 1 cut \"WEB\"\n"},
      {36, "20+24 type 1 cut \"WEB0\"\n"},
      {38, "20+24 type 1 cut \"WEB01\"\n"},
      {44, "20+24 type 1 ok \"WEB01\"\n"},
      {46, "20+24 type 1 ok \"WEB01\"\n44+16 type 2 cut\n"},
      {58, "20+24 type 1 ok \"WEB01\"\n44+16 type 2 cut 192.168.2.30\n"},
      {60, "20+24 type 1 ok \"WEB01\"\n44+16 type 2 ok 192.168.2.30\n"},
  };
  for (size_t length = 0; length <= whole.size(); ++length) {
    const Buffer cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    const char* expected = "";
    for (const auto& [from, text] : steps) {
      if (length >= from) expected = text;
    }
    ASSERT_EQ(DumpRecords(All(cut), whole.size()), expected) << length << " bytes captured";
    ASSERT_EQ(ReadHostName(All(cut), whole.size()), length < 44 ? "" : "WEB01") << length;
  }
}

TEST(Identity, HasAnIpv6AddressWhenItsLastByteWasCaptured) {
  const Buffer whole = EncodeIdentity({AddressRecord(IpAddress::V6(0x20010DB800000000, 1))});
  EXPECT_EQ(DumpRecords(All(whole).First(46), whole.size()), "20+32 type 2 cut 2001:db8::1\n");
  EXPECT_EQ(DumpRecords(All(whole).First(45), whole.size()), "20+32 type 2 cut\n");
}

TEST(Identity, GivesNoHostNameForARecordOfAnotherType) {
  const Buffer bytes = EncodeIdentity({EncodeRecord(9, {'A', 0})});
  EXPECT_EQ(RecordReader(*HeartbeatView::Of(All(bytes), bytes.size())).Next()->host_name(), "");
}

TEST(Identity, GivesTheHostNameBehindOtherRecords) {
  Buffer bytes = EncodeIdentity({AddressRecord(IpAddress::V4(1)), HostNameRecord(u"WEB01")});
  EXPECT_EQ(ReadHostName(All(bytes), bytes.size()), "WEB01");
  for (const Signature other : {Signature::kMembership, Signature::kReliable}) {
    Put(bytes, slot::kSignature, static_cast<uint32_t>(other));
    EXPECT_EQ(ReadHostName(All(bytes), bytes.size()), "");
  }
}

TEST(Identity, GivesNoHostNameForAnImpossibleHost) {
  const Buffer bytes = EncodeIdentity({HostNameRecord(u"WEB01")}, 33);
  EXPECT_EQ(ReadHostName(All(bytes), bytes.size()), "");
}

// ---- any bytes ----------------------------------------------------------------------------------

// Exact allocations, so that AddressSanitizer sees a read of one byte too many.
TEST(Heartbeat, SurvivesAnyBytes) {
  std::mt19937 random(3);
  const uint32_t signatures[] = {0xC0DE01BF, 0xC0DE01C0, 0xC0DE01DE};
  for (int round = 0; round < 20000; ++round) {
    Buffer bytes(random() % (round % 10 ? 120 : 1600));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() % 8 ? random() % 5 : random());
    if (bytes.size() >= 4) Put(bytes, slot::kSignature, signatures[round % 3]);
    bytes.shrink_to_fit();
    const size_t wire_len = random() % 3 ? bytes.size() + random() % 40 : random() % 1600;
    const auto header = ReadHeader(All(bytes), wire_len);
    ASSERT_TRUE(!header || (header->host_id >= 1 && header->host_id <= 32));
    const auto membership = ReadMembership(All(bytes), wire_len);
    ASSERT_TRUE(!membership || membership->codes_captured <= membership->rule_count);
    DumpRecords(All(bytes), wire_len);
    ReadHostName(All(bytes), wire_len);
  }
}

}  // namespace
}  // namespace nlb::wire
