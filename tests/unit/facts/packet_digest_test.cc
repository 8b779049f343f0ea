// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/packet_digest.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/facts.h"

namespace nlb::test {
namespace {

PacketDigest DigestOf(const Octets& bytes, Where where = {}) {
  const Seen seen(Raw{bytes}, {}, where);
  return seen->is_ip() ? nlb::DigestOf(*seen) : PacketDigest{};
}

uint64_t Value(const Octets& bytes, Where where = {}) {
  const auto digest = DigestOf(bytes, where);
  EXPECT_TRUE(digest);
  return digest.value;
}

// Byte offsets behind an Ethernet header of 14 bytes.
constexpr size_t kIp = 14, kTransport = kIp + 20, kIp6 = 14, kTransport6 = kIp6 + 40;

struct Row {
  const char* what;
  size_t offset;
  bool in_key;
};

void ExpectRows(const Octets& packet, std::initializer_list<Row> rows) {
  const uint64_t original = Value(packet);
  for (const Row& row : rows) {
    Octets changed = packet;
    changed[row.offset] ^= 1;
    EXPECT_EQ(Value(changed) != original, row.in_key) << row.what;
  }
}

TEST(PacketDigest, KeyOfATcpPacket) {
  const Octets packet = Bytes(Tcp{.payload = std::string(100, 'x')});
  ExpectRows(packet, {
                         {"destination MAC", 5, false},
                         {"source MAC", 11, false},
                         {"DSCP", kIp + 1, false},
                         {"identification", kIp + 5, true},
                         {"DF", kIp + 6, true},
                         {"fragment offset", kIp + 7, true},
                         {"TTL", kIp + 8, false},
                         {"header checksum", kIp + 10, false},
                         {"source", kIp + 15, true},
                         {"destination", kIp + 19, true},
                         {"source port, high byte", kTransport, true},
                         {"source port, low byte", kTransport + 1, true},
                         {"destination port", kTransport + 3, true},
                         {"sequence number", kTransport + 7, true},
                         {"acknowledgment number", kTransport + 11, true},
                         {"flags", kTransport + 13, true},
                         {"window", kTransport + 15, true},
                         {"checksum, high byte", kTransport + 16, false},
                         {"checksum, low byte", kTransport + 17, false},
                         {"urgent pointer", kTransport + 19, true},
                         {"payload", kTransport + 20, false},
                     });
}

TEST(PacketDigest, OfTcpTheSequenceNumberTellsThePayload) {
  ExpectRows(Bytes(Tcp{.id = 0, .payload = std::string(100, 'x')}),
             {{"sequence number", kTransport + 7, true}, {"payload", kTransport + 20, false}});
  EXPECT_NE(Value(Bytes(Tcp{.id = 0, .payload = "x"})),
            Value(Bytes(Tcp{.id = 0, .payload = "xx"})));
}

TEST(PacketDigest, KeyOfAUdpPacket) {
  const Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  ExpectRows(packet, {
                         {"source port", kTransport + 1, true},
                         {"destination port", kTransport + 3, true},
                         {"length", kTransport + 5, true},
                         {"checksum, high byte", kTransport + 6, false},
                         {"checksum, low byte", kTransport + 7, false},
                         {"payload byte 1", kTransport + 8, true},
                         {"payload byte 64", kTransport + 71, true},
                         {"payload byte 65", kTransport + 72, false},
                     });
}

TEST(PacketDigest, KeyOfAPing) {
  ExpectRows(Bytes(Ping{}), {
                                {"type", kTransport, true},
                                {"checksum, high byte", kTransport + 2, false},
                                {"checksum, low byte", kTransport + 3, false},
                                {"id", kTransport + 5, true},
                                {"sequence", kTransport + 7, true},
                                {"payload", kTransport + 8, true},
                            });
}

TEST(PacketDigest, KeyOfALongPing) {
  Octets packet = Bytes(Ping{});
  packet.resize(kTransport + 8 + 100);
  packet[kIp + 3] = 20 + 8 + 100;
  ExpectRows(packet, {
                         {"id, high byte", kTransport + 4, true},
                         {"payload byte 64", kTransport + 71, true},
                         {"payload byte 65", kTransport + 72, false},
                     });
}

TEST(PacketDigest, KeyOfAPingOfIpv6) {
  ExpectRows(Bytes(Ping{.source = "2001:db8::1", .destination = "2001:db8::2"}),
             {
                 {"type", kTransport6, true},
                 {"checksum, high byte", kTransport6 + 2, false},
                 {"checksum, low byte", kTransport6 + 3, false},
                 {"id", kTransport6 + 5, true},
                 {"payload", kTransport6 + 8, true},
             });
}

TEST(PacketDigest, KeyOfAnotherProtocolIsAllThatItCarries) {
  Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  packet[kIp + 9] = 89;  // OSPF
  ExpectRows(packet, {
                         {"byte 1", kTransport, true},
                         {"byte 3", kTransport + 2, true},
                         {"byte 4", kTransport + 3, true},
                         {"byte 7", kTransport + 6, true},
                         {"byte 64", kTransport + 63, true},
                         {"byte 65", kTransport + 64, false},
                     });
}

TEST(PacketDigest, KeyOfALaterFragment) {
  Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  packet[kIp + 7] = 0x10;
  ExpectRows(packet, {
                         {"byte 1", kTransport, true},
                         {"byte 64", kTransport + 63, true},
                         {"byte 65", kTransport + 64, false},
                     });
}

TEST(PacketDigest, KeyOfAPacketWithoutIdentification) {
  const Octets packet = Bytes(Udp{.id = 0, .payload = std::string(200, 'x')});
  ExpectRows(packet, {
                         {"payload byte 65", kTransport + 72, true},
                         {"payload byte 200", kTransport + 207, true},
                         {"checksum", kTransport + 6, false},
                         {"TTL", kIp + 8, false},
                     });
}

TEST(PacketDigest, KeyOfAnIpv6Packet) {
  const Octets packet = Bytes(
      Udp{.source = "2001:db8::1", .destination = "2001:db8::2", .payload = std::string(200, 'x')});
  ExpectRows(packet, {
                         {"traffic class", kIp6 + 1, false},
                         {"flow label", kIp6 + 3, false},
                         {"hop limit", kIp6 + 7, false},
                         {"source, first byte", kIp6 + 8, true},
                         {"source, last byte", kIp6 + 23, true},
                         {"destination, first byte", kIp6 + 24, true},
                         {"destination, last byte", kIp6 + 39, true},
                         {"source port", kTransport6 + 1, true},
                         {"checksum", kTransport6 + 7, false},
                         {"payload byte 200", kTransport6 + 207, true},
                     });
}

TEST(PacketDigest, SaysWhetherThereIsAnIdentification) {
  EXPECT_TRUE(DigestOf(Bytes(Udp{.id = 1})).has_identification);
  EXPECT_FALSE(DigestOf(Bytes(Udp{.id = 0})).has_identification);
  EXPECT_FALSE(DigestOf(Bytes(Udp{.source = "2001:db8::1", .destination = "2001:db8::2"}))
                   .has_identification);
}

TEST(PacketDigest, IsTheSameInEveryVlanAndNotOnAnotherInterfaceOrLayer) {
  const Octets plain = Bytes(Udp{}), tagged = Bytes(Udp{.link = {.vlans = {1, 2}}});
  EXPECT_EQ(Value(plain), Value(tagged));
  EXPECT_NE(Value(plain), Value(plain, {.interface_id = 1}));
  EXPECT_NE(Value(plain), Value(plain, {.layer = 1}));
}

TEST(PacketDigest, TellsOtherFramesApartByInterfaceAndLayer) {
  const Arp arp;
  const PacketDigest plain = nlb::DigestOf(*Seen(arp));
  EXPECT_TRUE(plain);
  EXPECT_EQ(plain.value, nlb::DigestOf(*Seen(arp)).value);
  EXPECT_NE(plain.value, nlb::DigestOf(*Seen(arp, {}, {.interface_id = 1})).value);
  EXPECT_NE(plain.value, nlb::DigestOf(*Seen(arp, {}, {.layer = 1})).value);
  // The type was lost: it was taken in twice, by XOR.
  EXPECT_NE(nlb::DigestOf(*Seen(Heartbeat{})).value,
            nlb::DigestOf(*Seen(Heartbeat{.ether_type = NLB_ETHERTYPE_CONVOY})).value);
}

TEST(PacketDigest, TellsIdentificationsApartByEachBit) {
  for (int bit = 1; bit < 16; ++bit) {
    const auto id = static_cast<uint16_t>(1 | 1 << bit);
    EXPECT_NE(Value(Bytes(Udp{.id = id})), Value(Bytes(Udp{.id = 1}))) << bit;
  }
}

TEST(PacketDigest, IgnoresEthernetPadding) {
  const Octets packet = Bytes(Tcp{});  // 54 bytes
  Octets padded = packet;
  padded.resize(60);
  Octets trailer = packet;
  trailer.resize(64, 0xAA);
  EXPECT_EQ(Value(packet), Value(padded));
  EXPECT_EQ(Value(packet), Value(trailer));
}

TEST(PacketDigest, TakesAllTcpOptionsIn) {
  Octets packet = Bytes(Tcp{.payload = std::string(200, 'x')});
  packet[kTransport + 12] = 0xF0;  // header of 60 bytes: 40 of the payload are options
  const uint64_t original = Value(packet);
  Octets last = packet, behind = packet;
  last[kTransport + 59] ^= 1;
  behind[kTransport + 60] ^= 1;
  EXPECT_NE(Value(last), original);
  EXPECT_EQ(Value(behind), original);
}

TEST(PacketDigest, TakesASingleTcpOptionIn) {
  Octets packet = Bytes(Tcp{.payload = std::string(100, 'x')});
  packet[kTransport + 12] = 0x60;  // header of 24 bytes
  ExpectRows(packet, {
                         {"its first byte", kTransport + 20, true},
                         {"its last byte", kTransport + 23, true},
                         {"payload", kTransport + 24, false},
                     });
}

TEST(PacketDigest, TakesALaterFragmentForPayload) {
  Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  packet[kIp + 6] = 0x00;
  packet[kIp + 7] = 0x10;
  Octets changed = packet;
  changed[kTransport + 6] ^= 1;  // where a first fragment has the checksum
  EXPECT_NE(Value(packet), Value(changed));
}

TEST(PacketDigest, NeedsSomethingBehindTheIpHeader) {
  const Octets packet = Bytes(Udp{});
  EXPECT_FALSE(DigestOf(packet, {.captured = kTransport}));
  for (size_t kept = kTransport + 1; kept <= packet.size(); ++kept) {
    EXPECT_TRUE(DigestOf(packet, {.captured = kept})) << kept;
  }
}

// A snaplen of 64 behind a VLAN tag leaves six bytes of TCP: ports and half a sequence number.
TEST(PacketDigest, NeedsMoreThanPortsAndLengthWithoutAnIdentification) {
  const Tcp tcp{.source = "2001:db8::1", .destination = "2001:db8::2"};
  EXPECT_FALSE(DigestOf(*Seen(tcp, {}, {.captured = kTransport6 + 8})));
  EXPECT_TRUE(DigestOf(*Seen(tcp, {}, {.captured = kTransport6 + 9})));
  EXPECT_FALSE(DigestOf(*Seen(Tcp{.id = 0}, {}, {.captured = kTransport + 8})));
  EXPECT_TRUE(DigestOf(*Seen(Tcp{.id = 1}, {}, {.captured = kTransport + 8})));
}

// What a capture kept counts as far as it goes, and nothing behind it; but never the checksum.
void ExpectRowsOfACut(const Octets& packet, size_t kept, std::initializer_list<Row> rows) {
  const Where cut{.captured = kTransport + kept};
  const uint64_t original = Value(packet, cut);
  for (const Row& row : rows) {
    Octets changed = packet;
    changed[kTransport + row.offset] ^= 1;
    EXPECT_EQ(Value(changed, cut) != original, row.in_key) << kept << ": " << row.what;
  }
}

TEST(PacketDigest, KeyOfAPacketThatIsCutInItsTransportHeader) {
  const Octets udp = Bytes(Udp{});
  ExpectRowsOfACut(udp, 4, {{"port", 0, true}, {"port", 3, true}, {"length", 5, false}});
  ExpectRowsOfACut(udp, 8, {{"length", 5, true}, {"checksum", 6, false}, {"checksum", 7, false}});
  const Octets ping = Bytes(Ping{});
  ExpectRowsOfACut(ping, 1, {{"type", 0, true}, {"code", 1, false}});
  ExpectRowsOfACut(ping, 4, {{"code", 1, true}, {"checksum", 2, false}, {"checksum", 3, false}});
  ExpectRowsOfACut(Bytes(Tcp{}), 19,
                   {{"window", 15, true}, {"checksum", 16, false}, {"checksum", 17, false}});
}

TEST(PacketDigest, MissesACopyThatWasCutElsewhereAndInventsNone) {
  const Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  EXPECT_NE(Value(packet, {.captured = 60}), Value(packet, {.captured = 64}));
  // With an identification, what lies behind 64 bytes of payload does not matter.
  EXPECT_EQ(Value(packet, {.captured = kTransport + 72}), Value(packet));
}

TEST(PacketDigest, TellsProtocolsAndLengthsApart) {
  const Octets packet = Bytes(Udp{});
  Octets protocol = packet, length = packet;
  protocol[kIp + 9] = 200;
  length[kIp + 3] = static_cast<uint8_t>(length[kIp + 3] - 1);
  EXPECT_NE(Value(packet), Value(protocol));
  EXPECT_NE(Value(packet), Value(length));
}

// Nothing else differs: both are later fragments, and no byte more or less was captured.
TEST(PacketDigest, TellsLaterFragmentsApartByTheirOffsetAlone) {
  Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  packet[kIp + 7] = 0x10;
  Octets next = packet;
  next[kIp + 7] = 0x11;
  EXPECT_NE(Value(packet), Value(next));
}

TEST(PacketDigest, TellsPacketsApartByATotalLengthThatWasNotCaptured) {
  const Octets packet = Bytes(Udp{.payload = std::string(100, 'x')});
  Octets longer = packet;
  ++longer[kIp + 3];
  const Where cut{.captured = kTransport + 40};
  EXPECT_NE(Value(packet, cut), Value(longer, cut));
}

}  // namespace
}  // namespace nlb::test
