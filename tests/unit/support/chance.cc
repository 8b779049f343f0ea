// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/chance.h"

#include <algorithm>
#include <deque>

#include "base/mix.h"

namespace nlb::test {
namespace {

constexpr uint8_t kSyn = 0x02, kRst = 0x04, kPush = 0x08, kAck = 0x10, kFin = 0x01;

struct Cluster {
  Mode mode;
  std::string ip, further;
  std::string mac, other_mac;     // of its mode, and of another one
  std::vector<std::string> from;  // what its hosts send from
  std::vector<std::string> own;   // their own MACs
  std::vector<std::string> host_ips;
};

class Teller {
 public:
  Teller(uint64_t seed, Scenario& story) : seed_(seed), story_(story) {
    clusters_.push_back(MakeCluster(AnyMode(), "192.168.2.10", "c0:a8:02:0a", "02:0a"));
    if (Once(3)) clusters_.push_back(MakeCluster(AnyMode(), "10.7.0.1", "0a:07:00:01", "00:01"));
    for (uint32_t& weight : weights_) weight = Once(3) ? 0 : 1 + Below(8);
    weights_[Below(kActs)] += 8;
    calm_ = Once(2);
    tagged_ = Once(4);
    two_interfaces_ = Once(5);
    sliced_ = Once(8);
    if (Once(12)) story_.On(Once(2) ? NLB_LINK_COOKED : NLB_LINK_COOKED2);
  }

  void Tell(size_t frames) {
    if (Once(2)) {
      for (uint32_t host = 1; host <= 2; ++host) Put(BeatOf(Some(clusters_), host));
    }
    while (told_ < frames) Act();
  }

 private:
  static constexpr size_t kActs = 9;

  // ---- chance

  uint64_t Next() { return Mix(seed_ += 0x9E3779B97F4A7C15); }
  uint32_t Below(uint32_t end) { return static_cast<uint32_t>((Next() >> 32) * end >> 32); }
  bool Once(uint32_t in) { return Below(in) == 0; }
  // Whether something goes wrong.
  bool Wrong(uint32_t in) { return Once(calm_ ? 8 * in : in); }
  template <typename T>
  const T& Some(const std::vector<T>& of) {
    return of[Below(static_cast<uint32_t>(of.size()))];
  }
  template <typename T>
  T Some(std::initializer_list<T> of) {
    return of.begin()[Below(static_cast<uint32_t>(of.size()))];
  }

  // ---- the network

  Mode AnyMode() { return Some({Mode::kUnicast, Mode::kUnicast, Mode::kMulticast, Mode::kIgmp}); }

  static Cluster MakeCluster(Mode mode, const std::string& ip, const std::string& tail,
                             const std::string& last) {
    const std::string unicast = "02:bf:" + tail, multicast = "03:bf:" + tail;
    Cluster cluster{mode, ip, ip.substr(0, ip.rfind('.')) + ".77", unicast, multicast, {}, {}, {}};
    if (mode == Mode::kMulticast) std::swap(cluster.mac, cluster.other_mac);
    if (mode == Mode::kIgmp) cluster.mac = "01:00:5e:7f:" + last;
    for (const std::string host : {"1", "2", "3"}) {
      const std::string masked = "02:0" + host + ":" + tail, own = "00:15:5d:00:00:0" + host;
      cluster.from.push_back(mode == Mode::kUnicast ? masked : own);
      cluster.own.push_back(own);
      cluster.host_ips.push_back(ip.substr(0, ip.rfind('.')) + ".3" + host);
    }
    return cluster;
  }

  std::string Station() {
    return Some<const char*>({"00:00:00:00:00:01", "00:00:00:00:00:02", "00:00:00:00:00:05",
                              "00:1a:00:00:00:fe", "00:1a:00:00:00:fd", "00:0f:00:00:00:0f"});
  }
  std::string AnyMac() {
    const Cluster& c = Some(clusters_);
    switch (Below(8)) {
      case 0:
        return Some(c.from);
      case 1:
        return c.mac;
      case 2:
        return Some(c.own);
      case 3:
        return Once(3) ? c.other_mac : c.mac;
      case 4:
        return Some<const char*>({"ff:ff:ff:ff:ff:ff", "03:bf:c0:a8:02:1f", "02:bf:c0:a8:02:4d",
                                  "01:00:5e:00:00:01", "00:00:00:00:00:00"});
      default:
        return Station();
    }
  }
  std::string Address() {
    const Cluster& c = Some(clusters_);
    switch (Below(8)) {
      case 0:
      case 1:
        return c.ip;
      case 2:
        return c.further;
      case 3:
        return Some(c.host_ips);
      case 4:
        return Some<const char*>({"2001:db8::1", "2001:db8::2", "fe80::7"});
      default:
        return Client();
    }
  }
  std::string Client() {
    return Some<const char*>({"10.0.0.1", "10.0.0.2", "192.168.2.5", "192.168.2.1"});
  }
  Link AnyLink() { return {AnyMac(), AnyMac(), Tags()}; }
  std::vector<uint16_t> Tags() {
    if (!tagged_ || Once(3)) return {};
    return Once(6) ? std::vector<uint16_t>{7, 112}
                   : std::vector<uint16_t>{Some<uint16_t>({112, 113})};
  }

  // ---- time

  // Since the last frame, or to the edge of a window since one of those before.
  void GoOn() {
    constexpr std::chrono::nanoseconds kEdges[] = {20ms, 100ms, 200ms, 250ms,  500ms, 1s,  1500ms,
                                                   2s,   3s,    4s,    5500ms, 5s,    10s, 15s,
                                                   30s,  60s,   61s,   125s,   260s,  300s};
    if (Once(6)) {
      const auto edge = Some(moments_) + kEdges[Below(std::size(kEdges))] +
                        std::chrono::nanoseconds(static_cast<int>(Below(3)) - 1);
      if (edge > now_ && edge - now_ < (Once(10) ? 400s : 11s)) now_ = edge;
    } else if (Once(40)) {
      now_ -= 1ms;
    } else {
      now_ += Some<std::chrono::nanoseconds>({0ns, 1us, 30us, 1ms, 1ms, 7ms, 40ms});
    }
    if (moments_.size() >= 6) moments_.erase(moments_.begin());
    moments_.push_back(now_);
  }

  // ---- frames

  template <typename Frame>
  void Put(const Frame& frame) {
    Octets bytes = Bytes(frame);
    recent_.push_back(bytes);
    if (recent_.size() > 6) recent_.pop_front();
    PutBytes(std::move(bytes));
  }
  void PutBytes(Octets bytes) {
    GoOn();
    if (sliced_) story_.Snaplen(Some<size_t>({54, 60, 64, 96, SIZE_MAX}));
    story_.At(now_, Raw{std::move(bytes)}, two_interfaces_ ? Below(2) : 0);
    ++told_;
  }

  void Act() {
    uint32_t all = 0;
    for (const uint32_t weight : weights_) all += weight;
    uint32_t dice = Below(all);
    size_t act = 0;
    while (dice >= weights_[act]) dice -= weights_[act++];
    switch (act) {
      case 0:
        return Beat();
      case 1:
        return Resolve();
      case 2:
        return Connect();
      case 3:
        return Discover();
      case 4:
        return Datagram();
      case 5:
        return Igmp();
      case 6:
        return Claims();
      case 7:
        return Segment();
      default:
        return Again();
    }
  }

  Heartbeat BeatOf(const Cluster& c, uint32_t host) {
    return {.host_id = host,
            .mode = c.mode,
            .cluster_ip = c.ip,
            .host_ip = c.host_ips[host - 1],
            .from = c.from[host - 1],
            .vlans = Tags(),
            .packets_handled = static_cast<uint32_t>(1000 + 10 * told_)};
  }

  // A round of a cluster's hosts, a second after the last one; now and then something is wrong.
  void Beat() {
    const Cluster& c = Some(clusters_);
    now_ += Some<std::chrono::nanoseconds>({1s, 1s, 1s, 990ms, 5s, 0s});
    const uint32_t hosts = 1 + Below(3);
    for (uint32_t host = 1; host <= hosts; ++host) {
      Heartbeat beat = BeatOf(c, Wrong(20) ? 1 + Below(3) : host);
      switch (Below(calm_ ? 120 : 24)) {
        case 0:
          beat.state = Some<uint16_t>({0, 2, 3});
          break;
        case 1:
          beat.from = AnyMac();
          break;
        case 2:
          beat.to = AnyMac();
          break;
        case 3:
          beat.host_ip = Some<const char*>({"192.168.2.31", "192.168.2.32", "0.0.0.0"});
          break;
        case 4:
          beat.host_code = 77;
          break;
        case 5:
          beat.rule_count = Some<uint16_t>({1, 3, 40});
          break;
        case 6:
          beat.codes = {Some<uint32_t>({0x61050051, 0x12345678})};
          break;
        case 7:
          beat.teaming = 1 + Below(8);
          break;
        case 8:
          beat.version = Some<uint32_t>({0x204, 0x201});
          break;
        case 9:
          beat.packets_handled = 1000;
          break;
        case 10:
          beat.cluster_ip = Some<const char*>({"0.0.0.0", "192.168.2.11"});
          break;
        case 11:
          beat.mode = AnyMode();
          break;
        case 12:
          beat.default_host_id = 1 + Below(3);
          break;
        default:
          break;
      }
      if (!Wrong(8)) Put(beat);
      if (Once(16)) {
        Put(Identity{.host_id = host,
                     .name = Once(2) ? "WEB01" : "WEB02",
                     .cluster_ip = c.ip,
                     .host_ip = c.host_ips[host - 1]});
      }
    }
  }

  // Who asks for the cluster, and what is answered.
  void Resolve() {
    const Cluster& c = Some(clusters_);
    const std::string asker = Station(), ip = Client();
    const std::string wanted = Once(4) ? c.further : c.ip;
    Put(Arp{{asker, Wrong(6) ? c.mac : "ff:ff:ff:ff:ff:ff", Tags()}, asker, ip, false, wanted});
    if (Wrong(3)) return;
    const std::string from = Some(c.from);
    Put(Arp{{from, asker, Tags()}, Wrong(6) ? AnyMac() : c.mac, wanted, true, ip});
  }

  // A client's connection, with what may go wrong on the way.
  void Connect() {
    const Cluster& c = Some(clusters_);
    const std::string station = Station(), client = Client();
    const std::string server = Once(5) ? c.further : c.ip;
    const auto port = static_cast<uint16_t>(1000 + Below(4));
    const auto service = Some<uint16_t>({80, 80, 443});
    const auto id = Some<uint16_t>({0, 1, 2});
    const size_t host = Below(2);
    Put(Tcp{{station, Wrong(8) ? AnyMac() : c.mac, Tags()},
            client,
            server,
            64,
            id,
            port,
            service,
            100,
            0,
            kSyn});
    if (Wrong(4)) Again();
    if (Wrong(4)) return;
    const auto answer = [&](uint8_t flags, uint32_t sequence, const std::string& payload) {
      const size_t who = Wrong(8) ? Below(3) : host;
      const std::string from = Wrong(8) ? AnyMac() : c.from[who];
      Put(Tcp{{from, Wrong(8) ? AnyMac() : station, Tags()},
              server,
              client,
              Some<uint8_t>({128, 128, 127}),
              id,
              service,
              port,
              sequence,
              101,
              flags,
              payload});
    };
    answer(kSyn | kAck, Wrong(4) ? 600 : 500, "");
    if (Wrong(4)) answer(kSyn | kAck, 500, "");
    if (Wrong(4)) answer(kRst | kAck, 0, "");
    if (Once(2)) {
      Put(Tcp{{station, c.mac, Tags()},
              client,
              server,
              64,
              id,
              port,
              service,
              101,
              501,
              static_cast<uint8_t>(kPush | kAck),
              Once(2) ? "GET / HTTP" : ""});
      if (Wrong(3)) Again();
      answer(Some<uint8_t>({kAck, kPush | kAck, kRst, kFin | kAck}), 501, "payload");
    }
  }

  void Discover() {
    const Cluster& c = Some(clusters_);
    const std::string target = Some<const char*>({"2001:db8::1", "2001:db8::2"});
    if (Once(2)) {
      const std::string mac = AnyMac();
      Put(Solicitation{{mac, "33:33:ff:00:00:01", Tags()}, mac, "2001:db8::2", target});
    } else {
      Put(Advertisement{{Some(c.from), AnyMac(), Tags()},
                        Wrong(3) ? AnyMac() : c.mac,
                        target,
                        Once(2) ? "ff02::1" : "2001:db8::2",
                        Some<uint8_t>({255, 255, 64})});
    }
  }

  void Datagram() {
    const std::string source = Address();
    std::string destination = Address();
    while (destination.find(':') == std::string::npos && source.find(':') != std::string::npos)
      destination = "2001:db8::1";
    if (source.find(':') == std::string::npos && destination.find(':') != std::string::npos)
      destination = "10.0.0.2";
    const auto ttl = Some<uint8_t>({64, 64, 63, 1, 255});
    const auto id = Some<uint16_t>({0, 1, 2, 3});
    if (Once(3)) {
      Put(Ping{AnyLink(), source, destination, ttl, id, Some<uint16_t>({7, 8}), 1, Once(2)});
    } else {
      Put(Udp{AnyLink(), source, destination, ttl, id, 1000, Some<uint16_t>({53, 80, 2000}),
              Some<const char*>({"payload", "another payload", ""})});
    }
  }

  void Igmp() {
    const Cluster& c = clusters_.front();
    if (Once(3)) {
      const std::string from = Station();
      Put(IgmpQuery{{from, "01:00:5e:00:00:01", Tags()}, Once(4) ? "0.0.0.0" : "192.168.2.1"});
    } else {
      Put(IgmpReport{{Wrong(4) ? Station() : Some(c.from), "01:00:5e:7f:02:0a", Tags()},
                     Once(3) ? c.ip : Some(c.host_ips),
                     Some<const char*>({"239.255.2.10", "239.255.2.10", "239.255.0.1"})});
    }
  }

  void Claims() {
    const std::string mac = AnyMac(), ip = Some({Client(), Some(clusters_).ip, Client()});
    Put(Arp{{Once(4) ? AnyMac() : mac, Once(2) ? "ff:ff:ff:ff:ff:ff" : AnyMac(), Tags()},
            mac,
            ip,
            Once(2),
            Once(3) ? ip : Client()});
  }

  void Segment() {
    const std::string source = Client(), destination = Once(2) ? Client() : Some(clusters_).ip;
    const bool back = Once(2);
    Put(Tcp{AnyLink(), back ? destination : source, back ? source : destination,
            Some<uint8_t>({64, 63, 128}), Some<uint16_t>({0, 1, 2}), 1000, 80,
            Some<uint32_t>({1, 101, 500}), Some<uint32_t>({0, 501}),
            Some<uint8_t>({kSyn, kSyn | kAck, kAck, kRst, kRst | kAck, kPush | kAck}),
            Some<const char*>({"", "payload"})});
  }

  // One of the last frames once more, as switches, routers and mirrors do it.
  void Again() {
    if (recent_.empty()) return;
    Octets bytes = recent_[Below(static_cast<uint32_t>(recent_.size()))];
    const uint32_t times = Once(12) ? 9 : 1;
    const size_t ttl = bytes[12] == 0x81 ? 26 : bytes[12] == 0x86 ? 21 : 22;
    if (Once(2) && bytes.size() > 30) bytes[ttl] -= static_cast<uint8_t>(Below(3));
    if (Once(2)) {
      const Octets mac = Mac(Once(3) ? AnyMac() : Station());
      std::copy(mac.begin(), mac.end(), bytes.begin() + 6);
    }
    if (Once(3)) {
      const Octets mac = Mac(AnyMac());
      std::copy(mac.begin(), mac.end(), bytes.begin());
    }
    for (uint32_t i = 0; i < times; ++i) PutBytes(bytes);
    if (Once(4)) recent_.push_back(bytes);
  }

  uint64_t seed_;
  Scenario& story_;
  std::vector<Cluster> clusters_;
  std::array<uint32_t, kActs> weights_{};
  bool calm_ = false;  // less goes wrong
  bool tagged_ = false, two_interfaces_ = false, sliced_ = false;
  std::deque<Octets> recent_;
  std::vector<std::chrono::nanoseconds> moments_{0ns};
  std::chrono::nanoseconds now_{};
  size_t told_ = 0;
};

}  // namespace

void TellByChance(uint64_t seed, size_t frames, Scenario& story) {
  Teller(seed, story).Tell(frames);
}

}  // namespace nlb::test
