// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts/frame_facts.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/facts.h"

namespace nlb::test {
namespace {

// "ip 10.0.0.1 > 10.0.0.2 proto 17 ttl 64 of 35 bytes", with the segment where it is not plain.
std::string Dump(const Seen& seen) {
  if (!seen.is_ethernet()) return "no Ethernet header";
  const FrameFacts& f = *seen;
  std::string text;
  switch (f.content) {
    case Content::kOther:
      text = "other";
      break;
    case Content::kIp:
      text = "ip " + Text(f.ip.source) + " > " + Text(f.ip.destination) + " proto " +
             std::to_string(f.ip.protocol) + " ttl " + std::to_string(f.ip.ttl) + " of " +
             std::to_string(f.ip.total_length) + " bytes";
      break;
    case Content::kArp:
      text = "arp";
      break;
    case Content::kHeartbeat:
      text = "heartbeat";
      break;
  }
  if (f.claim) {
    text += std::string(f.claim->reply ? " says " : " asks as ") + Text(f.claim->ip) + " at " +
            Text(f.claim->mac);
  }
  if (f.segment.interface_id != 0) text += " interface " + std::to_string(f.segment.interface_id);
  if (f.segment.layer != 0) text += " layer " + std::to_string(f.segment.layer);
  for (int i = f.segment.vlan.count - 1; i >= 0; --i) {
    text += " vlan " + std::to_string(f.segment.vlan.ids >> (16 * i) & 0xFFFF);
  }
  return text;
}

TEST(FrameFacts, SayWhatAFrameCarries) {
  EXPECT_EQ(Dump(Seen(Udp{})), "ip 10.0.0.1 > 10.0.0.2 proto 17 ttl 64 of 35 bytes");
  EXPECT_EQ(Dump(Seen(Arp{})), "arp says 10.0.0.1 at 00:00:00:00:00:01");
  EXPECT_EQ(Dump(Seen(Arp{.reply = false})), "arp asks as 10.0.0.1 at 00:00:00:00:00:01");
  EXPECT_EQ(Dump(Seen(Advertisement{})),
            "ip 2001:db8::1 > ff02::1 proto 58 ttl 255 of 72 bytes says 2001:db8::1 at "
            "00:00:00:00:00:01");
  EXPECT_EQ(Dump(Seen(Heartbeat{})), "heartbeat");
  EXPECT_EQ(Dump(Seen(Heartbeat{.ether_type = NLB_ETHERTYPE_CONVOY})), "heartbeat");
  EXPECT_EQ(Dump(Seen(Heartbeat{.ether_type = 0x8870})), "other");
  EXPECT_EQ(Dump(Seen(Raw{Ethernet({}, NLB_ETHERTYPE, {'X', 'B', 'O', 'X'})})), "other");
  EXPECT_EQ(Dump(Seen(Raw{Ethernet({}, 0x0026, Octets(46))})), "other");
}

TEST(FrameFacts, TellThePlainOnes) {
  EXPECT_EQ(Seen(Udp{})->plain, Plain::kIp);
  EXPECT_EQ(Seen(Udp{.source = "2001:db8::1", .destination = "2001:db8::2"})->plain, Plain::kIp);
  EXPECT_EQ(Seen(Arp{})->plain, Plain::kArp);
  EXPECT_EQ(Seen(Arp{.link = {.to = "ff:ff:ff:ff:ff:ff"}, .reply = false})->plain, Plain::kArp);
  EXPECT_EQ(Seen(Arp{.mac = "00:00:00:00:00:07"})->plain, Plain::kArp) << "a proxy's";
  EXPECT_EQ(Seen(Heartbeat{})->plain, Plain::kNot);
  EXPECT_EQ(Seen(Raw{Ethernet({}, 0x0026, Octets(46))})->plain, Plain::kNot);
  EXPECT_EQ(Seen(Advertisement{.link = {.to = "00:00:00:00:00:02"}})->plain, Plain::kNot);
}

TEST(FrameFacts, TakeNoFrameWithAMacOfNlbsOrAGroupForPlain) {
  for (const char* mac : {"02:bf:0a:00:00:02", "02:05:0a:00:00:02", "03:bf:0a:00:00:02",
                          "01:00:5e:7f:00:02", "01:23:45:67:89:ab"}) {
    EXPECT_EQ(Seen(Udp{.link = {.to = mac}})->plain, Plain::kNot) << mac;
    EXPECT_EQ(Seen(Udp{.link = {.from = mac}})->plain, Plain::kNot) << mac;
    EXPECT_EQ(Seen(Arp{.link = {.to = mac}})->plain, Plain::kNot) << mac;
    EXPECT_EQ(Seen(Arp{.link = {.from = mac}})->plain, Plain::kNot) << mac;
    EXPECT_EQ(Seen(Arp{.mac = mac})->plain, Plain::kNot) << mac;
  }
  EXPECT_EQ(Seen(Udp{.link = {.to = "ff:ff:ff:ff:ff:ff"}})->plain, Plain::kNot);
  EXPECT_EQ(Seen(Arp{.mac = "ff:ff:ff:ff:ff:ff"})->plain, Plain::kNot);
}

TEST(FrameFacts, NameTheSegment) {
  const Udp tagged{.link = {.vlans = {10, 20}}};
  EXPECT_EQ(
      Dump(Seen(tagged, {}, {.interface_id = 3, .layer = 1})),
      "ip 10.0.0.1 > 10.0.0.2 proto 17 ttl 64 of 35 bytes interface 3 layer 1 vlan 10 vlan 20");
}

TEST(FrameFacts, TellSegmentsApartAndHashThemApart) {
  const Segment plain{}, tagged = Seen(Udp{.link = {.vlans = {1}}})->segment;
  EXPECT_EQ(plain, Seen(Udp{.link = {.vlans = {0}}})->segment);  // a priority is no VLAN
  EXPECT_NE(plain, tagged);
  EXPECT_NE(HashOf(plain, 7), HashOf(tagged, 7));
  EXPECT_NE(HashOf(plain, 7), HashOf({1, 0, {}}, 7));
  EXPECT_NE(HashOf(plain, 7), HashOf({0, 1, {}}, 7));
  EXPECT_NE(HashOf({1, 0, {}}, 7), HashOf({0, 1, {}}, 7));
  EXPECT_NE(Seen(Udp{.link = {.vlans = {1, 2}}})->segment,
            Seen(Udp{.link = {.vlans = {2, 1}}})->segment);
}

TEST(FrameFacts, KnowTheLengthOnTheWireWithoutTheHeader) {
  const Seen seen(Heartbeat{.vlans = {7}}, {}, {.captured = 96});
  EXPECT_EQ(seen->payload.size(), 96u - 18);
  EXPECT_EQ(seen->payload_wire_length, 1496u);
}

// Cut anywhere, a frame is what the bytes still prove.
TEST(FrameFacts, SurviveACutAtEveryByte) {
  struct Row {
    Octets bytes;
    size_t ethernet, content;  // from how many bytes on there is a header, the content
    const char* expected;
  };
  const Row rows[] = {
      {Bytes(Udp{}), 14, 34, "ip 10.0.0.1 > 10.0.0.2 proto 17 ttl 64 of 35 bytes"},
      {Bytes(Udp{.link = {.vlans = {7}}}), 18, 38,
       "ip 10.0.0.1 > 10.0.0.2 proto 17 ttl 64 of 35 bytes vlan 7"},
      {Bytes(Tcp{.source = "2001:db8::1", .destination = "2001:db8::2"}), 14, 54,
       "ip 2001:db8::1 > 2001:db8::2 proto 6 ttl 64 of 60 bytes"},
      {Bytes(Arp{}), 14, 42, "arp says 10.0.0.1 at 00:00:00:00:00:01"},
      {Bytes(Heartbeat{}), 14, 18, "heartbeat"},
      {Bytes(Heartbeat{.vlans = {1, 2}}), 22, 26, "heartbeat vlan 1 vlan 2"},
  };
  for (const Row& row : rows) {
    for (size_t kept = 0; kept <= row.bytes.size(); ++kept) {
      const std::string dump = Dump(Seen(Raw{row.bytes}, {}, {.captured = kept}));
      if (kept < row.ethernet) {
        ASSERT_EQ(dump, "no Ethernet header") << kept << " of " << row.expected;
      } else if (kept < row.content) {
        ASSERT_EQ(dump.substr(0, 5), "other") << kept << " of " << row.expected;
      } else {
        ASSERT_EQ(dump, row.expected) << kept << " of " << row.expected;
      }
    }
  }
}

TEST(FrameFacts, TakeNoNeighbourDiscoveryFromALaterFragment) {
  const auto fragment = [](uint8_t offset) {
    Octets bytes = Bytes(Advertisement{});
    bytes[14 + 6] = 44;  // a fragment header follows
    bytes[14 + 5] = static_cast<uint8_t>(bytes[14 + 5] + 8);
    const Octets header = {58, 0, 0, offset, 0, 0, 0, 1};
    bytes.insert(bytes.begin() + 14 + 40, header.begin(), header.end());
    return Raw{bytes};
  };
  EXPECT_TRUE(Seen(fragment(1))->claim.has_value());  // the first, and more follow
  EXPECT_FALSE(Seen(fragment(8))->claim.has_value());
}

TEST(FrameFacts, TakeNoNeighbourDiscoveryFromIpv4) {
  Octets bytes = Bytes(Ping{});
  bytes[14 + 9] = 58;    // protocol ICMPv6
  bytes[14 + 20] = 136;  // neighbour advertisement
  bytes.resize(100);
  EXPECT_FALSE(Seen(Raw{bytes})->claim.has_value());
}

// A source port of 34,816 begins like a neighbour advertisement.
TEST(FrameFacts, TakeNoNeighbourDiscoveryFromAnotherProtocol) {
  Octets bytes = Bytes(Advertisement{});
  ASSERT_TRUE(Seen(Raw{bytes})->claim.has_value());
  bytes[14 + 6] = 17;  // UDP
  EXPECT_FALSE(Seen(Raw{bytes})->claim.has_value());
}

}  // namespace
}  // namespace nlb::test
