// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "support/fed.h"
#include "support/scenario.h"

namespace nlb::test {
namespace {

std::string Rows(const Scenario& s) { return s.Rows(NLB_TABLE_LOAD); }

constexpr const char* kHost1 = "02:01:c0:a8:02:0a";
constexpr const char* kHost2 = "02:02:c0:a8:02:0a";

struct Connection {
  const char* host = kHost1;
  const char* client = "10.0.0.1";
  uint16_t client_port = 1000;
  uint16_t port = 80;
  const char* vip = "192.168.2.10";
  uint16_t id = 1;
};

// A packet of the server; a SYN-ACK is 40 bytes of IP.
Tcp Packet(const Connection& c, uint8_t flags, const char* payload = "") {
  return {.link = {.from = c.host},
          .source = c.vip,
          .destination = c.client,
          .id = c.id,
          .source_port = c.port,
          .destination_port = c.client_port,
          .acknowledgment = 2,
          .flags = flags,
          .payload = payload};
}
Tcp Accept(const Connection& c = {}) { return Packet(c, 0x12); }
Tcp Data(const Connection& c, const char* payload) { return Packet(c, 0x18, payload); }

TEST(LoadTable, CountsConnectionsClientsAndBytesOfEachHost) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Accept());
  s.At(1s, Accept({.client_port = 1001, .id = 2}));
  s.At(2s, Accept({.client = "10.0.0.2", .id = 3}));
  s.At(3s, Accept({.host = kHost2, .client = "10.0.0.3"}));
  s.At(4s, Data({.id = 4}, "0123456789"));
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 1 | 3 | 2 | 75 | 170 | 0\n"
            "192.168.2.10 | 80 | 2 | 1 | 1 | 25 | 40 | 0\n");
}

// A dialog draws the rows that changed, and most packets are data.
TEST(LoadTable, WritesTheRowsOfTheOtherHostsForANewConnectionOnly) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Accept()).At(0s, Accept({.host = kHost2, .client = "10.0.0.2"}));
  s.At(1s, Data({.host = kHost2, .id = 2}, "0123456789"));
  s.At(2s, Accept({.client = "10.0.0.3", .id = 3}));
  EXPECT_EQ(s.Changes(NLB_TABLE_LOAD), "0-0 0-1 0-2 1-2 0-2 ");
}

TEST(LoadTable, KeepsPortsAndClustersApart) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.cluster_ip = "192.168.2.20"});
  s.At(1s, Accept()).At(1s, Accept({.port = 443, .id = 2}));
  s.At(1s, Accept({.host = "02:01:c0:a8:02:14", .vip = "192.168.2.20", .id = 3}));
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 1 | 1 | 1 | 100 | 40 | 0\n"
            "192.168.2.10 | 443 | 1 | 1 | 1 | 100 | 40 | 0\n"
            "192.168.2.20 | 80 | 1 | 1 | 1 | 100 | 40 | 0\n");
}

TEST(LoadTable, CountsARepeatedSynAckOnceAndACopyNotAtAll) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Accept()).At(0s, Accept()).At(3s, Accept({.id = 9}));
  EXPECT_EQ(Rows(s), "192.168.2.10 | 80 | 1 | 1 | 1 | 100 | 80 | 0\n");
}

TEST(LoadTable, TellsTheHostByTheSourceOfItsHeartbeats) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 5, .mode = Mode::kMulticast});
  s.At(1s, Accept({.host = "00:15:5d:00:00:05"}));
  s.At(1s, Accept({.host = "00:15:5d:00:00:06", .client = "10.0.0.2"}));
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 5 | 1 | 1 | 50 | 40 | 0\n"
            "192.168.2.10 | 80 | unknown | 1 | 1 | 50 | 40 | 0\n");
}

TEST(LoadTable, CountsNoAnswerOfAFurtherAddressBeforeItsArp) {
  Scenario s;  // the table is filled after the whole file was read
  s.At(0s, Heartbeat{}).At(1s, Accept({.vip = "192.168.2.11"}));
  s.At(2s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.11"});
  EXPECT_EQ(Rows(s), "");
}

TEST(LoadTable, SumsFurtherAddressesUpUnderTheCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Arp{.mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.11"});
  s.At(1s, Accept()).At(1s, Accept({.client = "10.0.0.2", .vip = "192.168.2.11"}));
  EXPECT_EQ(Rows(s), "192.168.2.10 | 80 | 1 | 2 | 2 | 100 | 80 | 0\n");
}

TEST(LoadTable, HasNoRowForConnectionsThatTheClusterOpensItself) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Data({.port = 50123}, "GET"));
  EXPECT_EQ(Rows(s), "");
}

TEST(LoadTable, HasNoRowForWhatIsNoCluster) {
  Scenario s;
  s.At(0s, Accept()).At(1s, Udp{});
  EXPECT_EQ(Rows(s), "");
}

// A request of 40 bytes.
Tcp Request(const Connection& c = {}, uint8_t flags = 0x02) {
  return {.link = {.from = "00:00:00:00:00:07", .to = "02:bf:c0:a8:02:0a"},
          .source = c.client,
          .destination = c.vip,
          .id = c.id,
          .source_port = c.client_port,
          .destination_port = c.port,
          .flags = flags};
}

TEST(LoadTable, CountsWhatEveryHostOfThePortGets) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request()).At(1s, Accept()).At(1s, Request({.id = 2}, 0x10));
  s.At(2s, Accept({.host = kHost2, .client = "10.0.0.2"}));
  s.At(3s, Request({.port = 443, .id = 3}, 0x10));  // of a connection that nobody accepted here
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 1 | 1 | 1 | 50 | 40 | 80\n"
            "192.168.2.10 | 80 | 2 | 1 | 1 | 50 | 40 | 80\n");
}

TEST(LoadTable, ShowsAPortThatNobodyAnswersUntilSomebodyDoes) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Request());
  EXPECT_EQ(Rows(s), "192.168.2.10 | 80 | none seen | 0 | 0 | 0 | 0 | 40\n");
  s.At(2s, Accept());
  EXPECT_EQ(Rows(s), "192.168.2.10 | 80 | 1 | 1 | 1 | 100 | 40 | 40\n");
}

TEST(LoadTable, IsNotFilledByAScanOfPorts) {
  Scenario s;
  s.At(0s, Heartbeat{});
  for (uint16_t port = 1; port <= 200; ++port) {
    s.At(1s, Request({.port = port, .id = port}));
  }
  const std::string rows = Rows(s);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 64);
  s.At(2s, Accept({.port = 200}));  // has its row, but of its requests nothing is known
  EXPECT_NE(Rows(s).find("192.168.2.10 | 200 | 1 | 1 | 1 | 100 | 40 | 0\n"), std::string::npos);
}

TEST(LoadTable, RoundsShares) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Accept());
  s.At(1s, Accept({.host = kHost2, .client = "10.0.0.2"}));
  s.At(1s, Accept({.host = kHost2, .client = "10.0.0.3"}));
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 1 | 1 | 1 | 33 | 40 | 0\n"
            "192.168.2.10 | 80 | 2 | 2 | 2 | 67 | 80 | 0\n");
}

TEST(LoadTable, TakesNoMoreRowsThanItHasRoomFor) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_summary* summary = nlb_summary_new(NLB_TABLE_LOAD);
  for (uint32_t port = 1; port <= 5000; ++port) {
    const Octets bytes = Bytes(Accept({.port = static_cast<uint16_t>(port)}));
    nlb_frame frame = s.frame(1);
    frame.number = 1 + port;
    frame.record = 1000 + port;
    frame.bytes = bytes.data();
    frame.captured_len = frame.wire_len = static_cast<uint32_t>(bytes.size());
    ASSERT_TRUE(IsTaken(nlb_capture_feed(s.capture(), &frame)));
    ASSERT_EQ(NLB_OK, AddRecord(summary, s.capture(), {frame}));
  }
  EXPECT_EQ(nlb_summary_row_count(summary), 4096u);
  nlb_summary_free(summary);
}

TEST(LoadTable, TakesAMacForAMaskedOneOnlyOfAClusterThatIsKnown) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Accept({.host = "02:05:01:02:03:04"}));
  s.At(1s, Accept({.host = "02:bf:c0:a8:02:0a", .client = "10.0.0.2"}));
  EXPECT_EQ(Rows(s), "192.168.2.10 | 80 | unknown | 2 | 2 | 100 | 80 | 0\n");
}

TEST(LoadTable, TellsTheHostWhoseFramesAreSeenBeforeTheyAreMasked) {
  Scenario s;
  s.At(0s, Heartbeat{});
  for (uint16_t i = 1; i <= 2; ++i) {
    Connection c{.host = "02:bf:c0:a8:02:0a", .client_port = i, .id = i};
    s.At(i * 1s, Accept(c));
    c.host = kHost1;
    s.At(i * 1s + 5us, Accept(c));
  }
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 1 | 1 | 1 | 50 | 40 | 0\n"
            "192.168.2.10 | 80 | unknown | 1 | 1 | 50 | 40 | 0\n");
}

TEST(LoadTable, ShowsAnUnansweredPortAlsoBesideAnAnsweredOne) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Accept()).At(1s, Accept({.host = kHost2, .client = "10.0.0.2"}));
  s.At(2s, Request({.port = 443}));
  EXPECT_EQ(Rows(s),
            "192.168.2.10 | 80 | 1 | 1 | 1 | 50 | 40 | 0\n"
            "192.168.2.10 | 80 | 2 | 1 | 1 | 50 | 40 | 0\n"
            "192.168.2.10 | 443 | none seen | 0 | 0 | 0 | 0 | 40\n");
}

TEST(LoadTable, WritesOnlyTheRowsOfThePortForANewConnection) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Accept()).At(0s, Accept({.port = 443, .id = 2}));
  s.At(0s, Accept({.port = 8080, .id = 3})).At(1s, Accept({.client = "10.0.0.2", .id = 4}));
  s.At(2s, Request({.port = 443, .id = 5}));
  EXPECT_EQ(s.Changes(NLB_TABLE_LOAD), "0-0 0-1 1-2 2-3 0-1 1-2 ");
}

}  // namespace
}  // namespace nlb::test
