// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/transport.h"

#include <gtest/gtest.h>

#include "support/scenario.h"

namespace nlb::wire {
namespace {

using test::Octets;

Bytes All(const Octets& octets) { return Bytes(octets.data(), octets.size()); }

Octets Header(uint8_t flags) {
  return {0x03, 0xE8, 0, 80, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x50, flags};
}

TEST(Tcp, IsReadFromFourteenBytes) {
  const auto tcp = ParseTcp(All(Header(0x12)));
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->source_port, 1000);
  EXPECT_EQ(tcp->destination_port, 80);
  EXPECT_EQ(tcp->sequence, 0x11223344u);
  EXPECT_EQ(tcp->acknowledgment, 0x55667788u);
  EXPECT_EQ(tcp->header_length, 20);
  Octets cut = Header(0x12);
  while (!cut.empty()) {
    cut.pop_back();
    EXPECT_FALSE(ParseTcp(All(cut))) << cut.size();
  }
}

TEST(Sack, IsReadBehindOtherOptions) {
  Octets header = Header(0x10);
  header.resize(20);
  const Octets options = {1, 1, 5, 10, 0, 0, 0, 7, 0, 0, 0, 9};
  header.insert(header.end(), options.begin(), options.end());
  header[12] = 0x80;
  const auto read = [](const Octets& octets) {
    return ParseSack(All(octets), *ParseTcp(All(octets)));
  };
  ASSERT_TRUE(read(header));
  EXPECT_EQ(read(header)->left, 7u);
  EXPECT_EQ(read(header)->right, 9u);
  Octets timestamps = header;
  timestamps[20] = 8;  // two bytes long, and SACK behind
  timestamps[21] = 2;
  EXPECT_TRUE(read(timestamps));
  const auto behind = [&](const Octets& others) {
    Octets other(header.begin(), header.begin() + 20);
    other.insert(other.end(), others.begin(), others.end());
    return read(other).has_value();
  };
  EXPECT_TRUE(behind({1, 5, 10, 0, 0, 0, 7, 0, 0, 0, 9, 0}));
  EXPECT_FALSE(behind({0, 2, 5, 10, 0, 0, 0, 7, 0, 0, 0, 9})) << "behind the end of the list";
  EXPECT_FALSE(behind({8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 1, 1})) << "timestamps";
  EXPECT_FALSE(behind({1, 1, 5, 9, 0, 0, 0, 7, 0, 0, 0, 9})) << "no room for a block";
  Octets outside = header;
  outside[12] = 0x50;  // the header ends before the options
  EXPECT_FALSE(read(outside));
  for (const uint8_t first : {0, 8}) {  // the end of the list, and an option of length 0
    Octets none = header;
    none[20] = first;
    none[21] = 0;
    EXPECT_FALSE(read(none)) << int{first};
  }
  Octets cut = header;
  while (cut.size() > 14) {
    cut.pop_back();
    EXPECT_FALSE(read(cut)) << cut.size();
  }
}

TEST(Tcp, TellsTheLastSegment) {
  for (const uint8_t flags : {0x01, 0x11, 0x19}) {
    EXPECT_TRUE(ParseTcp(All(Header(flags)))->is_fin()) << int{flags};
  }
  for (const uint8_t flags : {0x00, 0x02, 0x10, 0xFE}) {
    EXPECT_FALSE(ParseTcp(All(Header(flags)))->is_fin()) << int{flags};
  }
}

IpPacket Packet(uint8_t protocol, const Octets& transport) {
  IpPacket ip;
  ip.protocol = protocol;
  ip.transport = All(transport);
  return ip;
}

TEST(Tcp, StandsInTheFirstFragmentOfATcpPacket) {
  Octets header = Header(0x12);
  EXPECT_TRUE(TcpOf(Packet(kTcp, header)));
  EXPECT_FALSE(TcpOf(Packet(kUdp, header)));
  EXPECT_FALSE(HasTcpHeader(Packet(kTcp, header))) << "cut behind the flags";
  header.resize(20);
  EXPECT_TRUE(HasTcpHeader(Packet(kTcp, header)));
  EXPECT_FALSE(HasTcpHeader(Packet(kUdp, header)));
  header.resize(19);
  EXPECT_FALSE(HasTcpHeader(Packet(kTcp, header)));
  header.resize(40);
  IpPacket fragment = Packet(kTcp, header);
  fragment.fragment = 0x2000;
  EXPECT_TRUE(TcpOf(fragment));
  EXPECT_TRUE(HasTcpHeader(fragment));
  fragment.fragment = 1;
  EXPECT_FALSE(TcpOf(fragment));
  EXPECT_FALSE(HasTcpHeader(fragment));
}

TEST(Tcp, CarriesWhatTheHeadersLeave) {
  const auto length = [](IpAddress source, uint32_t total, uint8_t header) {
    IpPacket ip;
    ip.source = source;
    ip.total_length = total;
    return DataLength(ip, {.header_length = header});
  };
  const IpAddress v4 = IpAddress::V4(0x0A000001), v6 = IpAddress::V6(0x20010DB800000000, 1);
  EXPECT_EQ(length(v4, 1500, 20), 1460u);
  EXPECT_EQ(length(v4, 1500, 32), 1448u);
  EXPECT_EQ(length(v6, 1500, 20), 1440u);
  EXPECT_EQ(length(v4, 41, 20), 1u);
  EXPECT_EQ(length(v4, 40, 20), 0u);
  EXPECT_EQ(length(v4, 39, 20), 0u);
  EXPECT_EQ(length(v6, 60, 20), 0u);
}

TEST(RequestOrAnswer, OpensOrResetsAConnectionOrMayBeAnEcho) {
  const auto is = [](uint8_t protocol, const Octets& transport) {
    return IsRequestOrAnswer(Packet(protocol, transport));
  };
  for (const uint8_t flags : {0x02, 0x12, 0x04, 0x14, 0xC2}) {
    EXPECT_TRUE(is(kTcp, Header(flags))) << int{flags};
  }
  for (const uint8_t flags : {0x00, 0x01, 0x10, 0x18, 0xF9}) {
    EXPECT_FALSE(is(kTcp, Header(flags))) << int{flags};
  }
  Octets cut = Header(0x02);
  cut.pop_back();
  EXPECT_FALSE(is(kTcp, cut));
  EXPECT_TRUE(is(kIcmp, {}));
  EXPECT_TRUE(is(kIcmpv6, {}));
  EXPECT_FALSE(is(kUdp, Header(0x02)));
}

TEST(Tcp, TellsSynSynAckAndReset) {
  struct Row {
    uint8_t flags;
    const char* expected;
  };
  const Row rows[] = {
      {0x02, "syn"},     {0x12, "syn-ack"}, {0x10, ""},      {0x04, "reset"},
      {0x14, "reset"},   {0x06, "reset"},   {0x16, "reset"}, {0xC2, "syn"},  // ECN set-up
      {0x52, "syn-ack"}, {0x01, ""},        {0x18, ""},      {0x03, "syn"},
  };
  for (const Row& row : rows) {
    const auto tcp = ParseTcp(All(Header(row.flags)));
    const std::string kind = std::string(tcp->is_syn() ? "syn" : "") +
                             (tcp->is_syn_ack() ? "syn-ack" : "") +
                             (tcp->is_reset() ? "reset" : "");
    EXPECT_EQ(kind, row.expected) << int{row.flags};
  }
}

TEST(Echo, IsARequestOrAReplyOfItsProtocol) {
  struct Row {
    uint8_t protocol, type;
    const char* expected;
  };
  const Row rows[] = {
      {kIcmp, 8, "request"}, {kIcmp, 0, "reply"},       {kIcmp, 128, "none"},
      {kIcmp, 3, "none"},    {kIcmpv6, 128, "request"}, {kIcmpv6, 129, "reply"},
      {kIcmpv6, 8, "none"},  {kIcmpv6, 0, "none"},
  };
  for (const Row& row : rows) {
    const auto echo = ParseEcho(row.protocol, All({row.type, 0, 0, 0, 0x12, 0x34, 0x56, 0x78}));
    EXPECT_EQ(!echo ? "none" : echo->reply ? "reply" : "request", std::string(row.expected));
    if (echo) {
      EXPECT_EQ(echo->id, 0x1234);
      EXPECT_EQ(echo->sequence, 0x5678);
    }
  }
  EXPECT_FALSE(ParseEcho(kIcmp, All({8, 0, 0, 0, 1, 2, 3})));
}

TEST(Igmp, IsAQueryOrAReportOfAnyVersion) {
  const Octets group = {239, 255, 2, 10};
  const auto read = [&](uint8_t type, const Octets& behind) {
    Octets message = {type, 0, 0, 0};
    message.insert(message.end(), behind.begin(), behind.end());
    IpPacket ip;
    ip.protocol = kIgmp;
    ip.transport = All(message);
    const auto igmp = ParseIgmp(ip);
    if (!igmp) return std::string("none");
    return std::string(igmp->query ? "query" : "report") + " " + std::to_string(igmp->group >> 16) +
           "." + std::to_string(igmp->group & 0xFFFF);
  };
  const std::string expected = " 61439.522";  // 239.255 and 2.10
  EXPECT_EQ(read(0x11, group), "query" + expected);
  EXPECT_EQ(read(0x12, group), "report" + expected);
  EXPECT_EQ(read(0x16, group), "report" + expected);
  EXPECT_EQ(read(0x17, group), "none");  // leave
  EXPECT_EQ(read(0x11, {239, 255, 2}), "none");
  // Version 3: a count of records, then type, auxiliary length, sources and group.
  EXPECT_EQ(read(0x22, {0, 0, 0, 1, 4, 0, 0, 0, 239, 255, 2, 10}), "report" + expected);
  EXPECT_EQ(read(0x22, {0, 0, 0, 1, 4, 0, 0, 0, 239, 255, 2}), "none");
}

// ---- IGMPv3: RFC 3376 4.2.12 --------------------------------------------------------------------

constexpr uint8_t kIsInclude = 1, kIsExclude = 2, kToInclude = 3, kToExclude = 4;

TEST(Igmp, HasRecordsInVersionThreeAlone) {
  for (const uint8_t type : {0x11, 0x12, 0x16}) {
    const Octets message = {type, 0, 0, 0, 239, 255, 2, 10, 4, 0, 0, 0, 239, 255, 2, 11};
    const auto igmp = ParseIgmp(Packet(kIgmp, message));
    ASSERT_TRUE(igmp);
    EXPECT_EQ(igmp->record_count, 0);
    EXPECT_TRUE(igmp->records.empty());
    std::string joined;
    ForEachGroup(*igmp, [&](uint32_t group) { joined += std::to_string(group & 0xFF) + " "; });
    EXPECT_EQ(joined, "10 ");
  }
  const Octets message = {0x22, 0, 0, 0, 0, 0, 1, 2, 4, 0, 0, 0, 239, 255, 2, 10};
  const auto igmp = ParseIgmp(Packet(kIgmp, message));
  ASSERT_TRUE(igmp);
  EXPECT_EQ(igmp->record_count, 258);
  EXPECT_EQ(igmp->records.data(), message.data() + 8);
  EXPECT_EQ(igmp->records.size(), 8u);
}

TEST(Igmp, StandsInTheFirstFragmentOfAnIgmpPacket) {
  const Octets report = {0x16, 0, 0, 0, 239, 255, 2, 10};
  IpPacket ip = Packet(kIgmp, report);
  EXPECT_TRUE(ParseIgmp(ip));
  ip.fragment = 1;
  EXPECT_FALSE(ParseIgmp(ip));
  EXPECT_FALSE(ParseIgmp(Packet(kUdp, report)));
}

// A record of 239.255.2.<last>, with so many sources.
Octets Record(uint8_t type, uint8_t last, uint8_t sources = 0) {
  Octets record = {type, 0, 0, sources, 239, 255, 2, last};
  record.resize(8 + size_t{4} * sources);
  return record;
}

// The last byte of each group that is joined.
std::string Joined(uint16_t count, std::initializer_list<Octets> records) {
  Octets all;
  for (const Octets& record : records) all.insert(all.end(), record.begin(), record.end());
  std::string joined;
  ForEachGroup({false, 0, All(all), count},
               [&](uint32_t group) { joined += std::to_string(group & 0xFF) + " "; });
  return joined;
}

TEST(IgmpVersion3, IncludingNobodyLeavesTheGroup) {
  for (const uint8_t type : {kIsInclude, kToInclude}) {
    EXPECT_EQ(Joined(1, {Record(type, 10)}), "") << int{type};
    EXPECT_EQ(Joined(1, {Record(type, 10, 1)}), "10 ") << int{type};
  }
  for (const uint8_t type : {kIsExclude, kToExclude}) {
    EXPECT_EQ(Joined(1, {Record(type, 10)}), "10 ") << int{type};
    EXPECT_EQ(Joined(1, {Record(type, 10, 1)}), "10 ") << int{type};
  }
}

TEST(IgmpVersion3, HasAsManyRecordsAsItSays) {
  EXPECT_EQ(Joined(0, {Record(kToExclude, 10)}), "");
  EXPECT_EQ(Joined(1, {Record(kToExclude, 10), Record(kToExclude, 11)}), "10 ");
  EXPECT_EQ(Joined(2, {Record(kToExclude, 10, 3), Record(kToExclude, 11)}), "10 11 ");
  EXPECT_EQ(Joined(9, {Record(kToExclude, 10), Record(kToExclude, 11)}), "10 11 ");
  EXPECT_EQ(Joined(1, {Octets(1)}), "") << "cut";
}

TEST(IgmpVersion3, StepsOverAuxiliaryData) {
  Octets record = Record(kToExclude, 10, 1);
  record[1] = 2;  // words
  record.resize(record.size() + 8, 0xFF);
  EXPECT_EQ(Joined(2, {record, Record(kToExclude, 11)}), "10 11 ");
}

}  // namespace
}  // namespace nlb::wire
