// SPDX-License-Identifier: GPL-2.0-or-later
// The short way must agree with the long one: frame_facts and packet_digest.
#include "facts/fast_path.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "support/facts.h"
#include "wire/transport.h"

namespace nlb::test {
namespace {

bool Passes(const Octets& bytes, uint32_t layer = 0, nlb_link link = NLB_LINK_ETHERNET) {
  const auto size = static_cast<uint32_t>(bytes.size());
  Fingerprint fingerprint;
  return ReadFingerprint({0, 1, layer, 0, size, size, 0, bytes.data(), link}, fingerprint);
}

TEST(FirstLook, LetsPassWhatOnlyItsCopiesMatterOf) {
  EXPECT_TRUE(Passes(Bytes(Udp{})));
  EXPECT_TRUE(Passes(Bytes(Tcp{})));
  EXPECT_TRUE(Passes(Bytes(Udp{.link = {.vlans = {7}}})));
  EXPECT_TRUE(Passes(Bytes(Udp{.source = "2001:db8::1", .destination = "2001:db8::2"})));
  EXPECT_TRUE(Passes(Bytes(Udp{.link = {.to = "ff:ff:ff:ff:ff:ff"}})));
}

TEST(FirstLook, StopsWhatTeachesMore) {
  for (const uint8_t flags : {0x02, 0x12, 0x04, 0x14}) {
    EXPECT_FALSE(Passes(Bytes(Tcp{.flags = flags}))) << int{flags};
  }
  EXPECT_FALSE(Passes(Bytes(Ping{})));
  EXPECT_FALSE(Passes(Bytes(Arp{})));
  EXPECT_FALSE(Passes(Bytes(Advertisement{})));
  EXPECT_FALSE(Passes(Bytes(Heartbeat{})));
  EXPECT_FALSE(Passes(Bytes(IgmpReport{.link = {}})));
  for (const char* mac : {"02:bf:0a:00:00:02", "02:05:0a:00:00:02", "03:bf:0a:00:00:02",
                          "01:00:5e:7f:00:02", "01:23:45:67:89:ab"}) {
    EXPECT_FALSE(Passes(Bytes(Udp{.link = {.to = mac}}))) << mac;
    EXPECT_FALSE(Passes(Bytes(Udp{.link = {.from = mac}}))) << mac;
  }
  EXPECT_FALSE(Passes(Bytes(Udp{}), 1)) << "an inner layer is a copy when the outer one is";
}

TEST(FirstLook, StopsWhatIsNoIpPacket) {
  const Octets four = Bytes(Udp{});
  const Octets six = Bytes(Udp{.source = "2001:db8::1", .destination = "2001:db8::2"});
  for (const Octets& packet : {four, six}) {
    EXPECT_FALSE(Passes(Ethernet({}, 0x88F7, {packet.begin() + 14, packet.end()})))
        << "another protocol that begins like it";
    EXPECT_FALSE(Passes({packet.begin(), packet.begin() + 14 + 19})) << "cut in its header";
  }
}

TEST(FirstLook, StopsLinksThatAreNotAnalysed) {
  const Octets cooked = Bytes(Cooked{Bytes(Udp{})});
  EXPECT_TRUE(Passes(cooked, 0, NLB_LINK_COOKED));
  EXPECT_FALSE(Passes(cooked, 0, NLB_LINK_OTHER));
  const auto size = static_cast<uint32_t>(cooked.size());
  const nlb_frame frame{0, 1, 0, 0, size, size, 0, cooked.data(), NLB_LINK_OTHER};
  wire::Ethernet seen;
  EXPECT_FALSE(ParseLink(frame, seen));
}

// Frames with noise in their heads, cut anywhere.
TEST(FirstLook, AgreesWithTheLongWay) {
  std::mt19937 random(7);
  const auto below = [&](size_t end) { return random() % end; };
  const std::vector<Octets> frames = {
      Bytes(Udp{}),
      Bytes(Udp{.id = 0}),
      Bytes(Tcp{.payload = std::string(200, 'x')}),
      Bytes(Udp{.link = {.vlans = {7, 8}}}),
      Bytes(Udp{.source = "2001:db8::1", .destination = "2001:db8::2"}),
      Bytes(Advertisement{}),
      Bytes(Arp{}),
      Bytes(Ping{}),
      Bytes(Heartbeat{})};
  int passed = 0;
  for (int i = 0; i < 20000; ++i) {
    Octets bytes = frames[below(frames.size())];
    for (size_t n = below(3); n > 0; --n) {
      bytes[below(std::min<size_t>(bytes.size(), 60))] = static_cast<uint8_t>(random());
    }
    bytes.resize(14 + below(bytes.size() - 13));
    const nlb_frame frame{0, 1, 0, 5, static_cast<uint32_t>(bytes.size()), 2000, 99, bytes.data()};
    Fingerprint fingerprint;
    if (!ReadFingerprint(frame, fingerprint)) continue;
    ++passed;
    FrameFacts facts;
    ASSERT_TRUE(ReadFrame(frame, facts));
    EXPECT_TRUE(facts.is_ip());
    EXPECT_EQ(facts.source_role, MacRole::kNone) << Text(facts.source);
    EXPECT_EQ(facts.destination_role, MacRole::kNone) << Text(facts.destination);
    EXPECT_FALSE(facts.claim);
    EXPECT_NE(facts.ip.protocol, wire::kIgmp);
    EXPECT_FALSE(wire::IsRequestOrAnswer(facts.ip));
    EXPECT_EQ(fingerprint.time, facts.time);
    EXPECT_EQ(fingerprint.source, facts.source);
    EXPECT_EQ(fingerprint.destination, facts.destination);
    EXPECT_EQ(fingerprint.vlan, facts.segment.vlan);
    EXPECT_EQ(fingerprint.ttl, facts.ip.ttl);
    EXPECT_EQ(fingerprint.ends.source, static_cast<uint32_t>(facts.ip.source.low()));
    EXPECT_EQ(fingerprint.ends.destination, static_cast<uint32_t>(facts.ip.destination.low()));
    const PacketDigest digest = DigestOf(facts);
    EXPECT_EQ(fingerprint.digest.value, digest.value);
    EXPECT_EQ(fingerprint.digest.has_identification, digest.has_identification);
  }
  EXPECT_GT(passed, 5000);
}

}  // namespace
}  // namespace nlb::test
