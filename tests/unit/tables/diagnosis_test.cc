// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <sstream>

#include "support/scenario.h"

namespace nlb::test {
namespace {

nlb_status Add(nlb_diagnosis* diagnosis, Scenario& s, uint32_t number) {
  nlb_report* report = nlb_report_new();
  const auto& layers = s.Layers(number);
  EXPECT_EQ(NLB_OK,
            nlb_capture_report(s.capture(), layers.data(), layers.size(), NLB_DETAIL_FULL, report));
  const nlb_status status = nlb_diagnosis_add(diagnosis, s.capture(), report);
  nlb_report_free(report);
  return status;
}

std::string Report(Scenario& s, nlb_markup markup = NLB_PLAIN) {
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  for (uint32_t number = 1; number <= s.frames(); ++number) {
    EXPECT_EQ(NLB_OK, Add(diagnosis, s, number));
  }
  std::string text = nlb_diagnosis_text(diagnosis, markup);
  nlb_diagnosis_free(diagnosis);
  return text;
}

bool Says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST(Diagnosis, SaysWhatIsWrongTheGravestFirst) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .rule_count = 3}).At(1s, Heartbeat{});
  for (int second = 2; second < 9; ++second) s.At(second * 1s, Heartbeat{});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "Something is wrong, 1 error and 1 warning, first of all: ")) << text;
  EXPECT_TRUE(Says(text, "\n1. Error: ")) << text;
  EXPECT_TRUE(Says(text, ", 6 times, first in frame 2\n   seen:   Host 2 ")) << text;
  EXPECT_TRUE(Says(text, "\n   filter: nlb.analysis.rule_mismatch\n")) << text;
  EXPECT_LT(text.find("1. Error: "), text.find("2. Warning: ")) << text;
  EXPECT_LT(text.find("2. Warning: "), text.find("WHAT LOOKS ODD BUT IS NORMAL")) << text;
}

TEST(Diagnosis, NothingWrongIsNotNothingSeen) {
  Scenario healthy;
  healthy.At(0s, Heartbeat{}).At(1s, Heartbeat{});
  EXPECT_TRUE(Says(Report(healthy), "Nothing wrong was found. 1 cluster is proven;"))
      << Report(healthy);
  Scenario other;
  other.At(0s, Udp{});
  EXPECT_TRUE(Says(Report(other), "No NLB cluster is proven in this capture")) << Report(other);
  EXPECT_TRUE(Says(Report(other), "Known clusters")) << Report(other);
  Scenario nothing;
  EXPECT_TRUE(Says(Report(nothing), "Nothing was looked at")) << Report(nothing);
}

TEST(Diagnosis, NamesClustersHostsAndCommands) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  s.At(0s, Identity{});
  s.At(1s, Heartbeat{.mode = Mode::kMulticast});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text,
                   "\n   192.168.2.10, multicast (known by heartbeat)\n     host 1  "
                   "192.168.2.30  00:15:5d:00:00:01"))
      << text;
  EXPECT_TRUE(Says(text, "WEB01")) << text;
  EXPECT_TRUE(Says(text, "arp 192.168.2.10 03bf.c0a8.020a ARPA\n")) << text;
  EXPECT_TRUE(Says(text, "Not run here")) << text;
}

TEST(Diagnosis, NamesTheFurtherAddressesThatNeedAnEntry) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kMulticast});
  EXPECT_FALSE(Says(Report(s), "further addresses")) << Report(s);
  s.At(
      1s,
      Arp{.link = {.from = "00:15:5d:00:00:01"}, .mac = "03:bf:c0:a8:02:0a", .ip = "192.168.2.11"});
  EXPECT_TRUE(Says(Report(s), "192.168.2.11.\n")) << Report(s);
}

TEST(Diagnosis, AHostileNameIsNoMarkupAndNoCommand) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Identity{.name = "`$(reboot)`\n# x <b>"});
  for (const nlb_markup markup : {NLB_PLAIN, NLB_MARKDOWN}) {
    const std::string text = Report(s, markup);
    EXPECT_FALSE(Says(text, "$(reboot)")) << text;
    EXPECT_FALSE(Says(text, "<b>")) << text;
    EXPECT_TRUE(Says(text, "\\x60\\x24\\x28reboot")) << text;
  }
}

TEST(Diagnosis, ReadsIn80Columns) {
  Scenario s;
  for (uint32_t id = 1; id <= 9; ++id) {
    s.At(0s,
         Heartbeat{.host_id = id, .mode = Mode::kIgmp, .rule_count = static_cast<uint16_t>(id)});
  }
  std::istringstream lines(Report(s));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST(Diagnosis, ListsNoMoreThanCanBeRead) {
  Scenario s;
  for (uint32_t id = 1; id <= 32; ++id) {
    for (int cluster = 1; cluster <= 6; ++cluster) {
      s.At(0s, Heartbeat{.host_id = id, .cluster_ip = "10.1.0." + std::to_string(cluster)});
    }
  }
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "and more: see Statistics > NLB Clusters")) << text;
  EXPECT_TRUE(Says(text, "For 10.1.0.4, unicast")) << text;
  EXPECT_FALSE(Says(text, "For 10.1.0.5, unicast")) << text;
}

// Rows that had come after the table was sorted last stood behind, and were cut off.
TEST(Diagnosis, ListsTheFirstClustersOfAll) {
  Scenario s;
  for (uint32_t id = 1; id <= 32; ++id) {
    for (const char* cluster : {"10.1.0.1", "10.1.0.2"})
      s.At(0s, Heartbeat{.host_id = id, .cluster_ip = cluster});
  }
  s.At(1s, Heartbeat{.cluster_ip = "10.0.0.1"});
  const std::string text = Report(s);
  const std::string hosts = text.substr(text.find("CLUSTERS AND HOSTS"));
  EXPECT_LT(hosts.find("10.0.0.1"), hosts.find("10.1.0.1")) << text;
}

TEST(Diagnosis, StartsAgainWhenItIsCleared) {
  Scenario s;
  s.At(0s, Heartbeat{});
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  EXPECT_EQ(Add(diagnosis, s, 1), NLB_OK);
  EXPECT_TRUE(Says(nlb_diagnosis_text(diagnosis, NLB_PLAIN), "1 cluster is proven"));
  nlb_diagnosis_clear(diagnosis);
  EXPECT_TRUE(Says(nlb_diagnosis_text(diagnosis, NLB_PLAIN), "Nothing was looked at"));
  nlb_diagnosis_free(diagnosis);
  EXPECT_STREQ(nlb_diagnosis_text(nullptr, NLB_PLAIN), "");
  EXPECT_EQ(Add(nullptr, s, 1), NLB_ERR_ARGUMENT);
}

// What stands behind a title, up to the words that follow; to the end without them.
std::string Part(const std::string& text, const std::string& title, std::string_view until) {
  const size_t at = text.find("\n" + title + "\n\n");
  if (at == text.npos) return "no such part";
  const size_t begin = at + title.size() + 3;
  return text.substr(begin, text.find(until, begin) - begin);
}

TEST(Diagnosis, ShowsEachPartOfAHealthyCluster) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2}).At(1s, Heartbeat{});
  s.At(
      1s,
      Arp{.link = {.from = "02:01:c0:a8:02:0a"}, .mac = "02:bf:c0:a8:02:0a", .ip = "192.168.2.11"});
  const std::string text = Report(s);
  EXPECT_FALSE(Says(text, "WHAT IS")) << text;
  EXPECT_FALSE(Says(text, "further addresses")) << text;  // ARP entries are for multicast
  EXPECT_EQ(Part(text, "WHAT LOOKS ODD BUT IS NORMAL", "\nWHAT"),
            R"(- Masked source MAC, 4 times: A host in unicast mode hides the cluster MAC
  from the switch behind 02-host-w-x-y-z.
- ARP sender differs from the frame's source, once: NLB answers ARP with
  the cluster MAC but sends the frame from another; this is not spoofing.
)");
  EXPECT_EQ(Part(text, "WHAT THIS CAPTURE POINT CANNOT SHOW", "\nCLUSTERS"),
            R"(- Link types: Ethernet 4 frames, in 1.0 s. Cannot be judged: whether hosts
  are without work, which takes 60 s; whether groups are reported and
  queried, which takes 130 s.
- VLAN tags: none. Cannot be judged: which VLAN a frame was in.
- Traffic of 192.168.2.10: none. Cannot be judged: whether clients are
  served, by whom, and what happens on the way.
- Which entries switches and routers hold: only what follows from them is
  seen.
)");
  EXPECT_EQ(Part(text, "CLUSTERS AND HOSTS", "\nCOMMANDS"),
            R"(   192.168.2.10, unicast (known by heartbeat)
     host 1  192.168.2.30  02:01:c0:a8:02:0a  live
     host 2  192.168.2.31  02:02:c0:a8:02:0a  live
)");
  EXPECT_EQ(Part(text, "COMMANDS", "     Allied Telesis"),
            R"(Not run here: they are taken from the vendors' public documents, which
Statistics > NLB Commands and the guide name. Look them up for your
release before you type.

For 192.168.2.10, unicast
   Static MAC
     Cisco IOS             mac address-table static 02bf.c0a8.020a vlan
                             <VLAN> interface <port of 02:01:c0:a8:02:0a>
                             <port of 02:02:c0:a8:02:0a>
     Cisco Nexus 9000      mac address-table static 02bf.c0a8.020a vlan
                             <VLAN> interface <port>
                           interface Vlan<VLAN>
                           ip arp 192.168.2.10 02bf.c0a8.020a
                           (the port, or port channel, that leads to all
                             hosts)
   Address bound to one port
     Dell (FTOS)           ip vlan-flooding
                           (for all VLANs)
)");
}

TEST(Diagnosis, TellsWhetherGroupsAreHeardOfOnlyWithAClusterThatNeedsIt) {
  Scenario s;
  s.At(0s, Heartbeat{.mode = Mode::kIgmp});
  EXPECT_FALSE(Says(Report(s), "WHAT LOOKS ODD")) << Report(s);
  EXPECT_EQ(Part(Report(s), "WHAT THIS CAPTURE POINT CANNOT SHOW", "\nCLUSTERS"),
            R"(- Link types: Ethernet 1 frame, in 0.0 s. Cannot be judged: whether hosts
  are without work, which takes 60 s; whether groups are reported and
  queried, which takes 130 s.
- VLAN tags: none. Cannot be judged: which VLAN a frame was in.
- ARP and ND: none. Cannot be judged: whose MAC is whose, but for what
  traffic and heartbeats show.
- IGMP: no report, no query. Cannot be judged: whether groups are reported
  and queried elsewhere.
- Heartbeats of 192.168.2.10: 1 heartbeat of host 1. Cannot be judged:
  whether there are hosts that are not heard here.
- Traffic of 192.168.2.10: none. Cannot be judged: whether clients are
  served, by whom, and what happens on the way.
- Which entries switches and routers hold: only what follows from them is
  seen.
)");
}

TEST(Diagnosis, NumbersWhatIsWrongAndThenWhatIsUnusual) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2}).At(1s, Heartbeat{});
  s.At(2s, Heartbeat{.version = 0x205}).At(3s, Heartbeat{.version = 0x205});
  for (int second = 4; second < 9; ++second) s.At(second * 1s, Heartbeat{});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "\nSomething is wrong, 1 warning, first of all: Host 2 (192.168.2.31)"))
      << text;
  EXPECT_EQ(Part(text, "WHAT IS WRONG", "\nWHAT LOOKS"),
            R"(1. Warning: Host lost, once, first in frame 8
   seen:   Host 2 (192.168.2.31) has been silent for 6 s
   why:    The host is down, stopped or drained, its heartbeats do not get
           here, or its period is long.
   do:     Check the host's link, VLAN and NIC, or set
           nlb.heartbeat_period to the cluster's.
   filter: nlb.analysis.host_lost

WHAT IS UNUSUAL

2. Note: NLB versions differ, 2 times, first in frame 4
   seen:   Host 1 runs version 2.5, host 2 runs 2.6
   why:    Hosts of one cluster run different versions of Windows.
   do:     Accepted while upgrading host by host; finish the upgrade.
   filter: nlb.analysis.version_mismatch
)");
}

TEST(Diagnosis, CountsWhatIsWrong) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .rule_count = 3});
  EXPECT_TRUE(Says(Report(s), "\nSomething is wrong, 1 error, first of all: ")) << Report(s);
  s.At(1s, Heartbeat{}).At(1s, Heartbeat{.host_id = 2, .teaming = 1});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "\nSomething is wrong, 2 errors, first of all: ")) << text;
  EXPECT_TRUE(Says(text, "\n1. Error: Port rules differ, ")) << text;
  EXPECT_TRUE(Says(text, "\n2. Error: Teaming differs, ")) << text;
}

TEST(Diagnosis, TellsTheUnusualFromTheWrong) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(0s, Heartbeat{.host_id = 2, .version = 0x205});
  const std::string text = Report(s);
  EXPECT_TRUE(Says(text, "\nNothing wrong was found, 1 thing unusual. 1 cluster is proven;"))
      << text;
  EXPECT_FALSE(Says(text, "WHAT IS WRONG")) << text;
  EXPECT_TRUE(Says(text, "\nWHAT IS UNUSUAL\n\n1. Note: NLB versions differ, once")) << text;
}

TEST(Diagnosis, Lists64Hosts) {
  Scenario s;
  const auto lines = [&] {
    std::istringstream text(Part(Report(s), "CLUSTERS AND HOSTS", "\nCOMMANDS"));
    size_t hosts = 0;
    for (std::string line; std::getline(text, line);) hosts += Says(line, "     host ");
    return hosts;
  };
  for (const char* cluster : {"10.1.0.1", "10.1.0.2"}) {
    for (uint32_t id = 1; id <= 32; ++id) {
      s.At(0s, Heartbeat{.host_id = id, .cluster_ip = cluster});
    }
  }
  EXPECT_EQ(lines(), 64u);
  EXPECT_FALSE(Says(Report(s), "and more: see Statistics > NLB Clusters")) << Report(s);
  s.At(0s, Heartbeat{.cluster_ip = "10.1.0.3"});
  EXPECT_EQ(lines(), 64u);
  EXPECT_TRUE(Says(Report(s), "and more: see Statistics > NLB Clusters")) << Report(s);
}

TEST(Diagnosis, HasNoCommandsForAClusterWhoseModeNoAddedFrameTells) {
  Scenario s;
  s.At(0s, Heartbeat{}).At(1s, Udp{.destination = "192.168.2.10"});
  nlb_diagnosis* diagnosis = nlb_diagnosis_new();
  EXPECT_EQ(NLB_OK, Add(diagnosis, s, 2));
  EXPECT_EQ(Part(nlb_diagnosis_text(diagnosis, NLB_PLAIN), "CLUSTERS AND HOSTS", "the end"),
            "   known by their addresses only: see Statistics > NLB Addresses\n");
  nlb_diagnosis_free(diagnosis);
}

TEST(Diagnosis, HasNoCommandsForAnIpv6Cluster) {
  Scenario s;
  s.At(0s, Advertisement{.mac = "02:bf:20:01:0d:a8", .ip = "2001:db8::10"});
  EXPECT_EQ(Part(Report(s), "CLUSTERS AND HOSTS", "the end"),
            "   2001:db8::10, unicast (known by arp)\n     no heartbeat\n");
}

TEST(Diagnosis, IsShortWhenNothingWasLookedAt) {
  Scenario s;
  EXPECT_EQ(Report(s),
            "NLB REPORT\n\nNothing was looked at: no frame is of a link type that is analysed. "
            "This\nsays nothing about NLB.\n");
}

}  // namespace
}  // namespace nlb::test
