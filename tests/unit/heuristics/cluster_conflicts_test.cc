// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "support/scenario.h"

namespace nlb::test {
namespace {

// The findings of this file, whatever else fires.
std::string Conflicts(const Scenario& s) {
  std::string text;
  for (const char* name : {"duplicate_host_id", "rule_mismatch", "default_host_conflict",
                           "mode_mismatch", "teaming_mismatch", "version_mismatch", "mac_flapping",
                           "cluster_mac_differs", "host_keeps_mac", "unconfigured_host"}) {
    text += s.Findings(name);
  }
  return text;
}

// The other host is alive for 5 s.
struct Edge {
  std::chrono::nanoseconds age;
  bool fires;
};
constexpr Edge kLiveEdges[] = {{0s, true}, {5s, true}, {5s + 1ns, false}};

// ---- duplicate_host_id --------------------------------------------------------------------------

TEST(DuplicateHostId, FiresForOneIdWithTwoAddresses) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(500ms, Heartbeat{.host_ip = "192.168.2.77", .host_code = 7});
  s.At(1s, Heartbeat{});
  EXPECT_EQ(s.Findings("duplicate_host_id"), "2 duplicate_host_id\n3 duplicate_host_id\n");
  EXPECT_EQ(s.Sentence(2, "duplicate_host_id"), "192.168.2.77 and 192.168.2.30 are both host 1");
}

TEST(DuplicateHostId, FiresForOneIdWithTwoHostCodes) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(500ms, Heartbeat{.host_code = 0x12345678});
  EXPECT_EQ(s.Findings("duplicate_host_id"), "2 duplicate_host_id\n");
  EXPECT_EQ(s.Sentence(2, "duplicate_host_id"),
            "Host 1 has code 0x12345678 here and another host with that ID has 0x4f3be301");
}

TEST(DuplicateHostId, StaysQuietWhenTheHostMerelyChangedItsNic) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(1s, Heartbeat{.mode = Mode::kMulticast, .from = "00:15:5d:99:99:99"});
  EXPECT_EQ(Conflicts(s), "");
}

// In unicast mode two hosts with one ID have one masked MAC: only their alternation tells.
TEST(DuplicateHostId, FiresForTwoMachinesOfOneImageInUnicastModeOnceTheyAlternate) {
  Scenario s;
  const Heartbeat one{.host_code = 7}, two{.host_ip = "192.168.2.77", .host_code = 7};
  s.At(0s, one).At(500ms, two).At(1s, one).At(1500ms, two);
  EXPECT_EQ(Conflicts(s), "3 duplicate_host_id\n4 duplicate_host_id\n");
}

// Old heartbeats have no code: then nothing shows that the two addresses are one machine.
TEST(DuplicateHostId, TakesACodeOfZeroForNone) {
  const auto without_code = [](const Heartbeat& heartbeat) {
    Octets bytes = Bytes(heartbeat);
    std::fill_n(bytes.begin() + 14 + 28, 4, uint8_t{0});
    return Raw{bytes};
  };
  Scenario s;
  s.At(0s, without_code({})).At(500ms, without_code({.host_ip = "192.168.2.77"}));
  EXPECT_EQ(Conflicts(s), "2 duplicate_host_id\n");
}

TEST(DuplicateHostId, FiresAtOnceForTwoMachinesOfOneImageInMulticastMode) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .host_code = 7});
  s.At(500ms, Heartbeat{.mode = Mode::kMulticast,
                        .host_ip = "192.168.2.77",
                        .from = "00:15:5d:00:00:77",
                        .host_code = 7});
  EXPECT_EQ(Conflicts(s), "2 duplicate_host_id\n");
}

// A tunnel's packets may bring several frames in one record.
TEST(DuplicateHostId, FiresForTwoMachinesOfOneImageThatAlternateInOneRecord) {
  const Heartbeat one{.host_code = 7}, two{.host_ip = "192.168.2.77", .host_code = 7};
  Scenario s;
  s.At(0s, one).At(1s, Udp{}).Inside(one);  // one cluster, on both levels
  s.At(2s, one).Inside(two).At(3s, one);
  EXPECT_EQ(Conflicts(s), "4 duplicate_host_id\n");
}

TEST(DuplicateHostId, StaysQuietForAHostWhoseAddressChanged) {
  for (const Mode mode : {Mode::kUnicast, Mode::kMulticast, Mode::kIgmp}) {
    Scenario s;
    const Heartbeat before{.host_id = 2, .mode = mode};
    const Heartbeat after{
        .host_id = 2, .mode = mode, .host_ip = "192.168.2.41", .host_code = 0x4f3be302};
    for (auto now = 0s; now < 5s; now += 1s) s.At(now, before);
    for (auto now = 5s; now < 10s; now += 1s) s.At(now, after);
    EXPECT_EQ(Conflicts(s), "");
  }
}

TEST(DuplicateHostId, StaysQuietForAHostThatStartsBeforeItsAddressIsBound) {
  Scenario s;
  const Heartbeat bound{.host_id = 2}, bare{.host_id = 2, .host_ip = "0.0.0.0"};
  s.At(0s, bound).At(1s, bound);
  s.At(20s, bare).At(21s, bare).At(22s, bound).At(23s, bound).At(24s, bound);
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DuplicateHostId, StaysQuietForTwoClusters) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.cluster_ip = "192.168.2.20", .host_ip = "192.168.2.77"});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DuplicateHostId, StaysQuietForTwoSegments) {
  Scenario s;
  s.At(0s, Heartbeat{}, 0).At(0s, Heartbeat{.host_ip = "192.168.2.77"}, 1);
  s.At(0s, Heartbeat{.host_ip = "192.168.2.78", .vlans = {3}});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DuplicateHostId, StaysQuietWhenTheOtherHostIsNoLongerAlive) {
  for (const Edge& edge : kLiveEdges) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(edge.age, Heartbeat{.host_ip = "192.168.2.77", .host_code = 7});
    EXPECT_EQ(s.Findings("duplicate_host_id"), edge.fires ? "2 duplicate_host_id\n" : "")
        << edge.age.count();
  }
}

TEST(DuplicateHostId, StaysQuietWhenTheHostCodeWasCutByTheCapture) {
  Scenario s;
  s.At(0s, Heartbeat{}).Snaplen(14 + 28).At(1s, Heartbeat{}).At(2s, Heartbeat{});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DuplicateHostId, StaysQuietWhenTheIdIsGivenToAnotherHostLater) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2}).At(0s, Heartbeat{});
  for (auto now = 1s; now < 10s; now += 1s) s.At(now, Heartbeat{});
  s.At(10s, Heartbeat{.host_id = 2, .host_ip = "192.168.2.88"});
  EXPECT_EQ(Conflicts(s), "");
}

// ---- rule_mismatch ------------------------------------------------------------------------------

TEST(RuleMismatch, FiresForAnotherNumberOfRules) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .rule_count = 3}).At(1s, Heartbeat{});
  EXPECT_EQ(Conflicts(s), "2 rule_mismatch\n3 rule_mismatch\n");
  EXPECT_EQ(s.Sentence(2, "rule_mismatch"), "Host 2 announces 3 rules, host 1 announces 2");
}

TEST(RuleMismatch, FiresForAnotherCode) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .codes = {0x61019019}});
  EXPECT_EQ(Conflicts(s), "2 rule_mismatch\n");
  EXPECT_EQ(s.Sentence(2, "rule_mismatch"), "Port rule 1 of host 2 differs from host 1's");
}

TEST(RuleMismatch, IsSaidOnceForEachHeartbeat) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  s.At(0s, Heartbeat{.host_id = 3, .rule_count = 3});
  EXPECT_EQ(Conflicts(s), "3 rule_mismatch\n");
}

// One image, and the cluster's MAC in both: the IDs and the addresses tell that they are two.
TEST(RuleMismatch, FiresAtOnceForTwoMachinesOfOneImageThatDoNotMaskTheirMac) {
  const char* mac = "02:bf:c0:a8:02:0a";
  Scenario s;
  s.At(0s, Heartbeat{.from = mac, .host_code = 7});
  s.At(0s, Heartbeat{.host_id = 2, .from = mac, .rule_count = 3, .host_code = 7});
  EXPECT_EQ(s.Findings("rule_mismatch"), "2 rule_mismatch\n");
}

TEST(RuleMismatch, StaysQuietForWhatStandsBehindTheRules) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .codes = {0x61050050, 0, 0x61019019}});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(RuleMismatch, StaysQuietForTheSameRules) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(RuleMismatch, StaysQuietWhenTheOtherHostIsNoLongerAlive) {
  for (const Edge& edge : kLiveEdges) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(edge.age, Heartbeat{.host_id = 2, .rule_count = 3});
    EXPECT_EQ(Conflicts(s), edge.fires ? "2 rule_mismatch\n" : "") << edge.age.count();
  }
}

TEST(RuleMismatch, ComparesOnlyWhatBothCapturesKept) {
  Scenario s;
  s.At(0s, Heartbeat{.codes = {1, 2}});
  s.Snaplen(14 + 44 + 4).At(0s, Heartbeat{.host_id = 2, .codes = {1, 3}});
  EXPECT_EQ(Conflicts(s), "");
  Scenario no_count;
  no_count.At(0s, Heartbeat{}).Snaplen(14 + 26).At(0s, Heartbeat{.host_id = 2});
  EXPECT_EQ(Conflicts(no_count), "");
}

// ---- default_host_conflict ----------------------------------------------------------------------

// Two hosts, a second apart from 0 s on, each its own default host.
void Split(Scenario& s, std::chrono::seconds until) {
  for (auto now = 0s; now < until; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .default_host_id = 1});
  }
}

TEST(DefaultHostConflict, FiresOnEveryHeartbeatAfterTenSeconds) {
  Scenario s;
  Split(s, 13s);
  EXPECT_EQ(Conflicts(s),
            "23 default_host_conflict\n24 default_host_conflict\n25 default_host_conflict\n"
            "26 default_host_conflict\n");
  EXPECT_EQ(s.Sentence(23, "default_host_conflict"),
            "Host 1 says the default host is 1, host 2 says 2");
}

TEST(DefaultHostConflict, StaysQuietForExactlyTenSeconds) {
  Scenario exactly;
  Split(exactly, 10s);
  exactly.At(10s, Heartbeat{});
  EXPECT_EQ(Conflicts(exactly), "");
  Scenario beyond;
  Split(beyond, 10s);
  beyond.At(10s + 1ns, Heartbeat{});
  EXPECT_EQ(Conflicts(beyond), "21 default_host_conflict\n");
}

TEST(DefaultHostConflict, CountsAnewWhenTheHostsHadAgreed) {
  Scenario s;
  Split(s, 9s);
  s.At(9s, Heartbeat{.default_host_id = 1});
  for (auto now = 10s; now < 20s; now += 1s) {
    s.At(now, Heartbeat{}).At(now, Heartbeat{.host_id = 2, .default_host_id = 1});
  }
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DefaultHostConflict, DoesNotCountAHostThatIsNoLongerAlive) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 2, .default_host_id = 1});
  for (auto now = 0s; now < 20s; now += 1s) s.At(now, Heartbeat{});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DefaultHostConflict, DoesNotCountTheTimeThatAClockJumpedBack) {
  Scenario s;
  Split(s, 9s);
  s.At(-100s, Heartbeat{}).At(-100s, Heartbeat{.host_id = 2, .default_host_id = 1});
  s.At(-91s, Heartbeat{});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DefaultHostConflict, StaysQuietWhenTheCaptureCutTheDefaultHost) {
  Scenario s;
  s.Snaplen(14 + 22);
  Split(s, 20s);
  EXPECT_EQ(Conflicts(s), "");
}

TEST(DefaultHostConflict, StaysQuietWhenTheCaptureCutTheDefaultHostOfOneOfThem) {
  Scenario s;
  for (auto now = 0s; now < 15s; now += 1s) {
    s.Snaplen(SIZE_MAX).At(now, Heartbeat{.default_host_id = 1});
    s.Snaplen(14 + 22).At(now, Heartbeat{.host_id = 2});
  }
  EXPECT_EQ(Conflicts(s), "");
}

// ---- mode_mismatch ------------------------------------------------------------------------------

TEST(ModeMismatch, FiresWhenOneHostIsInAnotherMode) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
  EXPECT_EQ(Conflicts(s), "2 mode_mismatch\n");
  EXPECT_EQ(s.Sentence(2, "mode_mismatch"), "Host 2 uses multicast, host 1 uses unicast");
}

TEST(ModeMismatch, FiresBetweenTheTwoMulticastModes) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast})
      .At(0s, Heartbeat{.host_id = 2, .mode = Mode::kIgmp});
  EXPECT_EQ(Conflicts(s), "2 mode_mismatch\n");
}

TEST(ModeMismatch, StaysQuietWhenAllAreInOneMode) {
  for (const Mode mode : {Mode::kUnicast, Mode::kMulticast, Mode::kIgmp}) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = mode}).At(0s, Heartbeat{.host_id = 2, .mode = mode});
    EXPECT_EQ(Conflicts(s), "");
  }
}

TEST(ModeMismatch, StaysQuietWhenTheOtherHostIsNoLongerAlive) {
  for (const Edge& edge : kLiveEdges) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(edge.age, Heartbeat{.host_id = 2, .mode = Mode::kMulticast});
    EXPECT_EQ(Conflicts(s), edge.fires ? "2 mode_mismatch\n" : "") << edge.age.count();
  }
}

TEST(ModeMismatch, StaysQuietWhenTheDestinationTellsNoMode) {
  Scenario s;  // a member's own recorder writes its station MAC there
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(0s, Heartbeat{.host_id = 2, .mode = Mode::kMulticast, .to = "00:15:5d:00:00:01"});
  s.At(1s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_EQ(Conflicts(s), "");
}

// ---- teaming_mismatch ---------------------------------------------------------------------------

TEST(TeamingMismatch, FiresWhenTheWordsDiffer) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .teaming = 0x11});
  EXPECT_EQ(Conflicts(s), "2 teaming_mismatch\n");
  EXPECT_EQ(s.Sentence(2, "teaming_mismatch"), "Host 2 has teaming 0x11, host 1 has 0x0");
}

TEST(TeamingMismatch, StaysQuietWhenOnlyReservedBitsDiffer) {
  Scenario s;
  s.At(0s, Heartbeat{.teaming = 0x00000011}).At(0s, Heartbeat{.host_id = 2, .teaming = 0xFF000011});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(TeamingMismatch, FiresForEveryBitThatIsNotReserved) {
  for (uint32_t bit = 0; bit < 24; ++bit) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .teaming = 1u << bit});
    EXPECT_EQ(Conflicts(s), "2 teaming_mismatch\n") << bit;
  }
}

TEST(TeamingMismatch, StaysQuietWhenTheCaptureCutTheWord) {
  Scenario s;
  s.At(0s, Heartbeat{.teaming = 1}).Snaplen(14 + 36).At(0s, Heartbeat{.host_id = 2});
  s.Snaplen(SIZE_MAX).At(1s, Heartbeat{.teaming = 1});
  EXPECT_EQ(Conflicts(s), "");
}

// ---- version_mismatch ---------------------------------------------------------------------------

TEST(VersionMismatch, FiresWhenTheVersionsDiffer) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .version = 0x204}).At(1s, Heartbeat{});
  EXPECT_EQ(Conflicts(s), "2 version_mismatch\n3 version_mismatch\n");
  EXPECT_EQ(s.Sentence(2, "version_mismatch"), "Host 2 runs version 2.4, host 1 runs 2.6");
}

TEST(VersionMismatch, StaysQuietWhenTheOtherHostIsNoLongerAlive) {
  for (const Edge& edge : kLiveEdges) {
    Scenario s;
    s.At(0s, Heartbeat{}).At(edge.age, Heartbeat{.host_id = 2, .version = 0x204});
    EXPECT_EQ(Conflicts(s), edge.fires ? "2 version_mismatch\n" : "") << edge.age.count();
  }
}

// ---- mac_flapping -------------------------------------------------------------------------------

const std::string kCluster = "02:bf:c0:a8:02:0a";

TEST(MacFlapping, FiresOnEachChangeOfTheHostBehindOneMac) {
  Scenario s;
  const Heartbeat one{.from = kCluster}, two{.host_id = 2, .from = kCluster};
  s.At(0s, one).At(100ms, two).At(1s, one).At(1100ms, two);
  EXPECT_EQ(Conflicts(s), "2 mac_flapping\n3 mac_flapping\n4 mac_flapping\n");
  EXPECT_EQ(s.Sentence(3, "mac_flapping"),
            "02:bf:c0:a8:02:0a is host 1 here and was host 2 before");
}

TEST(MacFlapping, StaysQuietOnHeartbeatsWithoutAChangeBetween) {
  Scenario s;
  const Heartbeat one{.from = kCluster}, two{.host_id = 2, .from = kCluster};
  s.At(0s, one).At(100ms, two).At(1s, two).At(2s, two);
  EXPECT_EQ(Conflicts(s), "2 mac_flapping\n");
}

TEST(MacFlapping, FiresForAChangeInOneRecord) {
  const Heartbeat one{.from = kCluster}, two{.host_id = 2, .from = kCluster};
  Scenario s;
  s.At(0s, one).At(1s, Udp{}).Inside(one);  // one cluster, on both levels
  s.At(2s, one).Inside(two).At(3s, one);
  EXPECT_EQ(Conflicts(s), "3 mac_flapping\n4 mac_flapping\n");
}

TEST(MacFlapping, StaysQuietForMaskedHosts) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(100ms, Heartbeat{.host_id = 2}).At(1s, Heartbeat{});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(MacFlapping, StaysQuietForAHostThatWasGivenAnotherId) {
  Scenario s;
  const std::string mac = "00:15:5d:00:00:01", ip = "192.168.2.30";
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .host_ip = ip, .from = mac, .host_code = 7});
  s.At(1s, Heartbeat{
               .host_id = 2, .mode = Mode::kMulticast, .host_ip = ip, .from = mac, .host_code = 7});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(MacFlapping, FiresForTwoMachinesThatHaveTheCodeOrTheAddressInCommon) {
  const Heartbeat one{.from = kCluster, .host_code = 7};
  Scenario code;
  code.At(0s, one).At(100ms, Heartbeat{.host_id = 2, .from = kCluster, .host_code = 7});
  EXPECT_EQ(code.Findings("mac_flapping"), "2 mac_flapping\n");
  Scenario address;
  address.At(0s, one);
  address.At(100ms, Heartbeat{.host_id = 2, .host_ip = "192.168.2.30", .from = kCluster});
  EXPECT_EQ(address.Findings("mac_flapping"), "2 mac_flapping\n");
}

TEST(MacFlapping, StaysQuietWhenTheOtherHostIsNoLongerAlive) {
  for (const Edge& edge : kLiveEdges) {
    Scenario s;
    s.At(0s, Heartbeat{.from = kCluster}).At(edge.age, Heartbeat{.host_id = 2, .from = kCluster});
    EXPECT_EQ(s.Findings("mac_flapping"), edge.fires ? "2 mac_flapping\n" : "") << edge.age.count();
  }
}

TEST(MacFlapping, StaysQuietForTwoCapturePoints) {
  Scenario s;
  s.At(0s, Heartbeat{.from = kCluster}, 0).At(0s, Heartbeat{.host_id = 2, .from = kCluster}, 1);
  EXPECT_EQ(Conflicts(s), "");
}

// ---- cluster_mac_differs ------------------------------------------------------------------------

TEST(ClusterMacDiffers, FiresForASourceThatIsNotMadeOfTheClusterIp) {
  Scenario s;
  s.At(0s, Heartbeat{.from = "02:01:0a:0b:0c:0d"});
  EXPECT_EQ(Conflicts(s), "1 cluster_mac_differs\n");
  EXPECT_EQ(s.Sentence(1, "cluster_mac_differs"),
            "02:01:0a:0b:0c:0d is not made of the cluster IP 192.168.2.10");
}

TEST(ClusterMacDiffers, FiresForASourceThatIsNotMasked) {
  Scenario s;
  s.At(0s, Heartbeat{.from = "02:bf:0a:0b:0c:0d"});
  EXPECT_EQ(Conflicts(s), "1 cluster_mac_differs\n");
}

TEST(ClusterMacDiffers, StaysQuietForAVendorsMacWithTheIdInItsSecondByte) {
  Scenario s;
  s.At(0s, Heartbeat{.from = "00:01:0a:0b:0c:0d"});
  EXPECT_EQ(s.Findings("cluster_mac_differs"), "");
}

TEST(ClusterMacDiffers, FiresForADestinationThatIsNotMadeOfTheClusterIp) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .to = "03:bf:0a:0b:0c:0d"});
  s.At(0s, Heartbeat{.mode = Mode::kIgmp, .cluster_ip = "10.1.1.1", .to = "01:00:5e:7f:01:02"});
  EXPECT_EQ(s.Findings("cluster_mac_differs"), "1 cluster_mac_differs\n2 cluster_mac_differs\n");
}

// Any group MAC may be set.
TEST(ClusterMacDiffers, FiresForAGroupMacThatNlbDoesNotMake) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast, .to = "03:11:22:33:44:55"});
  EXPECT_EQ(s.Findings("cluster_mac_differs"), "1 cluster_mac_differs\n");
  EXPECT_EQ(s.Sentence(1, "cluster_mac_differs"),
            "03:11:22:33:44:55 is not made of the cluster IP 192.168.2.10");
  Scenario cooked;  // keeps no destination
  const Cooked beat{.ethernet = Bytes(Heartbeat{.mode = Mode::kMulticast}), .packet_type = 2};
  cooked.On(NLB_LINK_COOKED).At(0s, beat);
  Octets strange = Bytes(beat);
  strange[0] = 0x03;  // a packet type that does not exist, where the first bytes of a MAC would be
  strange[1] = 0xbf;
  cooked.At(1s, Raw{strange});
  EXPECT_EQ(cooked.Findings("cluster_mac_differs"), "");
}

TEST(ClusterMacDiffers, StaysQuietWhenTheMacCarriesTheClusterIp) {
  for (const Mode mode : {Mode::kUnicast, Mode::kMulticast, Mode::kIgmp}) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = mode});
    EXPECT_EQ(Conflicts(s), "");
  }
}

TEST(ClusterMacDiffers, StaysQuietForTwoBytesThatMatchInIgmpMode) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kIgmp, .to = "01:00:5e:7f:02:0a"});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(ClusterMacDiffers, IsSaidOnceForEachHost) {
  Scenario s;
  for (auto now = 0s; now < 4s; now += 1s) {
    s.At(now, Heartbeat{.from = "02:01:0a:0b:0c:0d"});
    s.At(now, Heartbeat{.host_id = 2, .from = "02:02:0a:0b:0c:0d"});
  }
  EXPECT_EQ(Conflicts(s), "1 cluster_mac_differs\n2 cluster_mac_differs\n");
}

TEST(ClusterMacDiffers, StaysQuietForTheMaskOfAnotherHost) {
  Scenario s;  // 02-04 from host 1 is no mask of its own: Extreme Networks has such MACs
  s.At(0s, Heartbeat{.from = "02:04:96:0b:0c:0d"});
  EXPECT_EQ(s.Findings("cluster_mac_differs"), "");
}

TEST(ClusterMacDiffers, StaysQuietForAMalformedHeartbeat) {
  Scenario s;
  s.At(0s, Heartbeat{.host_id = 33, .from = "02:21:0a:0b:0c:0d", .to = "03:bf:0a:0b:0c:0d"});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(ClusterMacDiffers, StaysQuietWhenTheHeartbeatNamesNoCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.cluster_ip = "0.0.0.0", .from = "02:01:fb:7e:a2:d1"});
  EXPECT_EQ(Conflicts(s), "1 unconfigured_host\n");
}

// ---- host_keeps_mac -----------------------------------------------------------------------------

TEST(HostKeepsMac, FiresForAUnicastHostThatSendsFromItsOwnMac) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(500ms, Heartbeat{.host_id = 2, .from = "00:15:5d:01:02:03"});
  s.At(1500ms, Heartbeat{.host_id = 2, .from = "00:15:5d:01:02:03"});
  EXPECT_EQ(Conflicts(s), "2 host_keeps_mac\n3 host_keeps_mac\n");
  EXPECT_EQ(s.Sentence(2, "host_keeps_mac"),
            "Host 2 (192.168.2.31) sends from its own MAC 00:15:5d:01:02:03");
}

TEST(HostKeepsMac, FiresForAMacThatMerelyLooksMasked) {
  Scenario s;  // Extreme Networks'
  s.At(0s, Heartbeat{.host_id = 2, .from = "02:04:96:01:02:03"});
  EXPECT_EQ(Conflicts(s), "1 host_keeps_mac\n");
}

TEST(HostKeepsMac, FiresForAHostWhoseAddressChanged) {
  const char* mac = "00:15:5d:01:02:03";
  Scenario s;
  s.At(0s, Heartbeat{.from = mac}).At(1s, Heartbeat{.host_ip = "192.168.2.77", .from = mac});
  EXPECT_EQ(s.Findings("host_keeps_mac"), "1 host_keeps_mac\n2 host_keeps_mac\n");
}

TEST(HostKeepsMac, StaysQuietForTheClustersMac) {
  for (const char* mac : {"02:01:c0:a8:02:0a",     // masked
                          "02:bf:c0:a8:02:0a",     // not masked
                          "02:07:c0:a8:02:0a",     // with the ID it had before
                          "02:bf:0a:0b:0c:0d",     // set by hand
                          "03:bf:c0:a8:02:0a",     // a made-up frame
                          "01:15:5d:01:02:03"}) {  // another one
    Scenario s;
    s.At(0s, Heartbeat{.from = mac}).At(1s, Heartbeat{.from = mac});
    EXPECT_EQ(s.Findings("host_keeps_mac"), "") << mac;
  }
}

TEST(HostKeepsMac, StaysQuietInTheMulticastModes) {
  for (const Mode mode : {Mode::kMulticast, Mode::kIgmp}) {
    Scenario s;
    s.At(0s, Heartbeat{.mode = mode}).At(1s, Heartbeat{.mode = mode, .from = "00:15:5d:01:02:03"});
    s.At(2s, Identity{});  // to all, from the masked MAC
    EXPECT_EQ(Conflicts(s), "");
  }
}

constexpr const char* kSetByHand = "00:11:22:33:44:55";

TEST(HostKeepsMac, StaysQuietForAClusterMacOfTheUsersTable) {
  const nlb_cluster_entry row{
      {192, 168, 2, 10}, NLB_MODE_UNICAST, {0, 0x11, 0x22, 0x33, 0x44, 0x55}};
  nlb_config config = Scenario::Defaults();
  config.clusters = &row;
  config.cluster_count = 1;
  Scenario s(config);
  s.At(0s, Heartbeat{.from = kSetByHand});
  EXPECT_EQ(s.Findings("host_keeps_mac"), "");
}

TEST(HostKeepsMac, StaysQuietForAMacWithWhichArpAnswersForTheCluster) {
  const Arp arp{
      .link = {kSetByHand, "00:00:00:00:00:02", {}}, .mac = kSetByHand, .ip = "192.168.2.10"};
  Scenario s;
  s.At(0s, arp).At(1s, Heartbeat{.from = kSetByHand});
  EXPECT_EQ(s.Findings("host_keeps_mac"), "");
  Scenario masked;  // another host shows that the cluster has another
  masked.At(0s, arp).At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2, .from = kSetByHand});
  EXPECT_EQ(masked.Findings("host_keeps_mac"), "3 host_keeps_mac\n");
}

TEST(HostKeepsMac, StaysQuietForAMacOfTwoHosts) {
  Scenario s;
  s.At(0s, Heartbeat{.from = kSetByHand});
  s.At(100ms, Heartbeat{.host_id = 2, .from = kSetByHand}).At(1s, Heartbeat{.from = kSetByHand});
  EXPECT_EQ(s.Findings("host_keeps_mac"), "1 host_keeps_mac\n");  // nobody could know
}

// Frames as long as a membership heartbeat may not get here.
TEST(HostKeepsMac, FiresOnceForIdentityHeartbeats) {
  const auto told = [](const char* from, const char* to, const char* cluster) {
    Octets frame = Bytes(Identity{.host_id = 2, .cluster_ip = cluster});
    const Octets source = Mac(from), destination = Mac(to);
    std::copy(destination.begin(), destination.end(), frame.begin());
    std::copy(source.begin(), source.end(), frame.begin() + 6);
    Scenario s;
    s.At(0s, Heartbeat{.cluster_ip = cluster}).At(1s, Raw{frame}).At(6s, Raw{frame});
    return s.Findings("host_keeps_mac");
  };
  const char* all = "ff:ff:ff:ff:ff:ff";
  EXPECT_EQ(told("00:15:5d:01:02:03", all, "192.168.2.10"), "2 host_keeps_mac\n");
  EXPECT_EQ(told("02:02:c0:a8:02:0a", all, "192.168.2.10"), "") << "masked";
  EXPECT_EQ(told("00:15:5d:01:02:03", "03:bf:c0:a8:02:0a", "192.168.2.10"), "") << "multicast";
  EXPECT_EQ(told("00:15:5d:01:02:03", all, "0.0.0.0"), "") << "not set up";
}

TEST(HostKeepsMac, StaysQuietForTheIdentityHeartbeatsOfTwoHostsWithOneMac) {
  const auto identity = [](uint32_t id) {
    Octets frame = Bytes(Identity{.host_id = id});
    const Octets source = Mac(kSetByHand);
    std::copy(source.begin(), source.end(), frame.begin() + 6);
    return Raw{frame};
  };
  Scenario s;
  s.At(0s, identity(1)).At(1s, identity(2)).At(5s, identity(1)).At(6s, identity(2));
  EXPECT_EQ(s.Findings("host_keeps_mac"), "1 host_keeps_mac\n");  // nobody could know
}

// Its membership heartbeats are told each time, and those before are enough.
TEST(HostKeepsMac, IsNotToldOfTheIdentityHeartbeatsToo) {
  Octets frame = Bytes(Identity{});
  const Octets source = Mac("00:15:5d:01:02:03");
  std::copy(source.begin(), source.end(), frame.begin() + 6);
  const Heartbeat own{.from = "00:15:5d:01:02:03"};
  Scenario s;
  s.At(0s, own).At(500ms, Raw{frame}).At(1s, own);
  EXPECT_EQ(s.Findings("host_keeps_mac"), "1 host_keeps_mac\n3 host_keeps_mac\n");
}

// ---- unconfigured_host --------------------------------------------------------------------------

TEST(UnconfiguredHost, FiresOnceForAHostOfNoCluster) {
  Scenario s;
  for (auto now = 0s; now < 20s; now += 1s) {
    s.At(now, Heartbeat{.cluster_ip = "0.0.0.0", .from = "3c:97:0e:12:34:56", .state = 3});
  }
  s.At(20s, Heartbeat{.cluster_ip = "0.0.0.0", .host_ip = "10.0.0.7", .from = "3c:97:0e:00:00:07"});
  EXPECT_EQ(Conflicts(s), "1 unconfigured_host\n21 unconfigured_host\n");
  EXPECT_EQ(s.Sentence(1, "unconfigured_host"),
            "3c:97:0e:12:34:56 names no cluster: NLB is not set up there");
}

TEST(UnconfiguredHost, FiresForAHostWithoutAnIdEither) {
  Octets nobody = Bytes(Heartbeat{.cluster_ip = "0.0.0.0", .from = "3c:97:0e:12:34:56"});
  nobody[14 + 8] = 0;
  Scenario s;
  s.At(0s, Raw{nobody});
  EXPECT_EQ(s.Findings(), "1 unconfigured_host\n");
}

TEST(UnconfiguredHost, StaysQuietForAHostWithoutADedicatedAddress) {
  Scenario s;
  s.At(0s, Heartbeat{.host_ip = "0.0.0.0"});
  EXPECT_EQ(Conflicts(s), "");
}

TEST(UnconfiguredHost, ProvesNoCluster) {
  Scenario s;
  s.At(0s, Heartbeat{.cluster_ip = "0.0.0.0", .from = "02:01:00:00:00:00"});
  s.At(1s, Udp{.link = {"02:bf:00:00:00:00", "00:00:00:00:00:02", {}}});
  EXPECT_EQ(s.Findings(), "1 unconfigured_host\n");
}

// ---- clusters without an IPv4 address -----------------------------------------------------------

// What their heartbeats hold in its place is not known; if it is 0.0.0.0, all of them look like
// one.
TEST(ClustersWithoutAnAddress, ContradictNobody) {
  Scenario s;
  uint32_t packets = 0;
  for (auto now = 0s; now < 70s; now += 1s) {
    Heartbeat one{.cluster_ip = "0.0.0.0", .host_ip = "0.0.0.0", .from = "02:01:fb:7e:a2:d1"};
    Heartbeat other = one;
    one.host_code = 11;
    other.from = "02:01:11:22:33:44";
    other.version = 0x204;
    other.default_host_id = 1;
    other.state = 2;
    other.rule_count = 3;
    other.host_code = 21;
    other.packets_handled = ++packets;
    other.teaming = 0x11;
    s.At(now, one).At(now, other);
  }
  EXPECT_EQ(s.Findings(), "1 unconfigured_host\n2 unconfigured_host\n");
}

TEST(ClustersWithoutAnAddress, ContradictNobodyIfTheyNameAGroupEither) {
  for (const char* ip : {"255.255.255.255", "239.1.2.3"}) {
    Scenario s;
    s.At(0s, Heartbeat{.cluster_ip = ip, .from = "00:15:5d:01:02:03"});
    s.At(0s, Heartbeat{.host_id = 2, .cluster_ip = ip, .version = 0x204, .rule_count = 3});
    EXPECT_EQ(Conflicts(s), "") << ip;
  }
}

}  // namespace
}  // namespace nlb::test
