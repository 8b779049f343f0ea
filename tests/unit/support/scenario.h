// SPDX-License-Identifier: GPL-2.0-or-later
//
// A capture told as a story: frames with defaults that are healthy, so that a test names only what
// matters, and the findings as text. Everything goes through the C face, as Wireshark does it.
//
// Every story checks three promises of the core on the way: feeding a frame again changes nothing,
// a frame tells the same whenever it is asked, and a sentence is no longer than a line.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nlb.h"
#include "support/heartbeat_encoder.h"

namespace nlb::test {

using namespace std::chrono_literals;
using Octets = std::vector<uint8_t>;

Octets Mac(std::string_view text);  // "02:bf:c0:a8:02:0a"
Octets Ip(std::string_view text);   // "192.168.2.10" or an IPv6 address

struct Link {
  std::string from = "00:00:00:00:00:01";
  std::string to = "00:00:00:00:00:02";
  std::vector<uint16_t> vlans = {};  // outermost first
};

// Puts an Ethernet header before a payload.
Octets Ethernet(const Link& link, uint16_t type, const Octets& payload);

struct Arp {
  Link link;
  std::string mac = "00:00:00:00:00:01";  // sender hardware address
  std::string ip = "10.0.0.1";            // sender protocol address
  bool reply = true;
  std::string target = "0.0.0.0";  // target protocol address
};

// Neighbour advertisement of `ip` with a target link-layer option.
struct Advertisement {
  Link link;
  std::string mac = "00:00:00:00:00:01";
  std::string ip = "2001:db8::1";
  std::string destination = "ff02::1";
  uint8_t hop_limit = 255;
};

// Neighbour solicitation of `target` with a source link-layer option.
struct Solicitation {
  Link link;
  std::string mac = "00:00:00:00:00:01";
  std::string source = "2001:db8::2";
  std::string target = "2001:db8::1";
};

struct Udp {
  Link link;
  std::string source = "10.0.0.1", destination = "10.0.0.2";
  uint8_t ttl = 64;
  uint16_t id = 1;
  uint16_t source_port = 1000, destination_port = 2000;
  std::string payload = "payload";
};

struct Tcp {
  Link link;
  std::string source = "10.0.0.1", destination = "10.0.0.2";
  uint8_t ttl = 64;
  uint16_t id = 1;
  uint16_t source_port = 1000, destination_port = 80;
  uint32_t sequence = 1, acknowledgment = 0;
  uint8_t flags = 0x10;  // ACK
  std::string payload = {};
};

struct Ping {
  Link link;
  std::string source = "10.0.0.1", destination = "10.0.0.2";
  uint8_t ttl = 64;
  uint16_t id = 1;
  uint16_t echo_id = 7, sequence = 1;
  bool reply = false;
};

struct IgmpReport {
  Link link{"00:00:00:00:00:01", "01:00:5e:7f:02:0a", {}};
  std::string source = "192.168.2.10", group = "239.255.2.10";
};

struct IgmpQuery {
  Link link{"00:00:00:00:00:01", "01:00:5e:00:00:01", {}};
  std::string source = "192.168.2.1";
};

enum class Mode : uint8_t { kUnicast, kMulticast, kIgmp };

// A membership heartbeat of a healthy host. What is left empty follows from the rest.
struct Heartbeat {
  uint32_t host_id = 1;
  Mode mode = Mode::kUnicast;
  std::string cluster_ip = "192.168.2.10";
  std::string host_ip = {};  // 192.168.2.30 for host 1, .31 for host 2, ...
  std::string from = {};     // masked in unicast mode, else 00:15:5d:00:00 and the host ID
  std::string to = {};       // broadcast in unicast mode, else the cluster MAC
  std::vector<uint16_t> vlans = {};
  uint32_t version = 0x206;
  uint16_t default_host_id = 0;  // host 1
  uint16_t state = 1;
  uint16_t rule_count = 2;  // port 80 and the default rule
  PerRule<uint32_t> codes = {0x61050050};
  uint32_t host_code = 0;  // 0x4f3be300 and the host ID
  uint32_t packets_handled = 1000;
  uint32_t teaming = 0;
  uint16_t ether_type = NLB_ETHERTYPE;
};

// An identity heartbeat of the same host.
struct Identity {
  uint32_t host_id = 1;
  std::string name = "WEB01";  // ASCII
  std::string cluster_ip = "192.168.2.10";
  std::string host_ip = {};
};

struct Raw {
  Octets bytes;
};

// An Ethernet frame as Linux's "any" interface keeps it: to us 0, all 1, a group 2, others 3, from
// us 4. With an interface index, in the second version.
struct Cooked {
  Octets ethernet;
  uint16_t packet_type = 0;
  uint32_t interface_index = 0;  // 0: the first version
};

Octets Bytes(const Arp&);
Octets Bytes(const Advertisement&);
Octets Bytes(const Solicitation&);
Octets Bytes(const Udp&);
Octets Bytes(const Tcp&);
Octets Bytes(const Ping&);
Octets Bytes(const IgmpReport&);
Octets Bytes(const IgmpQuery&);
Octets Bytes(const Heartbeat&);
Octets Bytes(const Identity&);
Octets Bytes(const Raw&);
Octets Bytes(const Cooked&);

class Scenario {
 public:
  Scenario() : Scenario(Defaults()) {}
  explicit Scenario(const nlb_config& config);
  ~Scenario();
  Scenario(const Scenario&) = delete;
  Scenario& operator=(const Scenario&) = delete;

  static nlb_config Defaults();

  // Feeds a frame at a time since the start of the story. Frames are numbered from 1.
  template <typename Frame>
  Scenario& At(std::chrono::nanoseconds time, const Frame& frame, uint32_t interface_id = 0) {
    Open(++number_);
    return Feed(time, Bytes(frame), interface_id);
  }
  // The same for a frame that nobody ever looks at: quick, for stories with thousands.
  template <typename Frame>
  Scenario& Unseen(std::chrono::nanoseconds time, const Frame& frame) {
    ++number_;
    FeedUnseen(time, Bytes(frame));
    return *this;
  }
  // The next Ethernet header of the same record: the inside of a tunnel.
  template <typename Frame>
  Scenario& Inside(const Frame& frame) {
    return Feed(last_time_, Bytes(frame), 0);
  }
  // The same frame number again for a new record: a read filter hid the frame before.
  template <typename Frame>
  Scenario& Instead(std::chrono::nanoseconds time, const Frame& frame) {
    hides_ = true;
    Open(number_);
    return Feed(time, Bytes(frame), 0);
  }
  // The next frame has this number: the ones before it are no Ethernet.
  Scenario& Number(uint32_t number) {
    number_ = number - 1;
    return *this;
  }
  // From here on the frames are of this link type.
  Scenario& On(nlb_link link) {
    link_ = link;
    return *this;
  }
  // From here on the capture keeps only so many bytes of a frame.
  Scenario& Snaplen(size_t bytes) {
    snaplen_ = bytes;
    return *this;
  }

  // One line for each finding: "2 foreign_router", in the order of frames, only those whose name is
  // asked for.
  std::string Findings(std::string_view only = {}) const;
  // Whether any frame has the finding, unseen ones included: only for findings that need no bytes.
  bool SaysAnywhere(std::string_view finding) const;
  // The sentences of one frame's findings, one a line.
  std::string Sentences(uint32_t number) const;
  // The first sentence of one finding of a frame.
  std::string Sentence(uint32_t number, std::string_view finding) const;
  // The fields of one frame: "copy_of 1", one a line; hidden ones in brackets.
  std::string Fields(uint32_t number) const;
  // The value of one field of a frame, several with ", " between; "" when it is not there.
  std::string Field(uint32_t number, std::string_view name) const;
  // What links a heartbeat to the one before, as Fields() writes it.
  std::string Previous(uint32_t number) const;
  // The line of the tree.
  std::string Summary(uint32_t number) const;
  // A statistics table over all frames: cells with " | " between them, a line for each row.
  std::string Rows(nlb_table table) const;
  // Which rows changed with each frame, as a dialog asks: "0-1 0-2 0-0 ".
  std::string Changes(nlb_table table) const;
  // Each line of the timeline with its count: "2 | 192.168.2.10 | Heartbeats | Host 1 (...)".
  std::string Timeline() const;
  // The flow graph: "2 10.0.0.5 > all hosts of 192.168.2.10: SYN (the comment)", a line for each.
  std::string Flow() const;
  // Adds one frame to a flow graph.
  void AddTo(nlb_flow* flow, uint32_t number) const;
  // The display filter for what a frame belongs to.
  std::string Conversation(uint32_t number, nlb_conversation which) const;

  nlb_capture* capture() { return capture_; }
  uint32_t frames() const { return number_; }
  // The first layer.
  const nlb_frame& frame(uint32_t number) const { return Layers(number).front(); }
  const std::vector<nlb_frame>& Layers(uint32_t number) const { return records_.at(number).layers; }

 private:
  struct Record {
    std::vector<nlb_frame> layers;
    std::deque<Octets> bytes;
    std::string told;  // the findings, when it was fed
    bool reportable = false;
  };

  void Open(uint32_t number);
  nlb_frame Frame(std::chrono::nanoseconds time, const Octets& bytes) const;
  bool Take(const nlb_frame& frame);  // whether that gave something to report
  void FeedUnseen(std::chrono::nanoseconds time, const Octets& bytes);
  Scenario& Feed(std::chrono::nanoseconds time, Octets bytes, uint32_t interface_id);
  nlb_view Report(uint32_t number) const;
  std::string FindingsOf(uint32_t number) const;  // with sentences
  static std::string ItemsOf(const nlb_view& view);

  nlb_capture* capture_;
  nlb_report* report_;
  std::map<uint32_t, Record> records_;  // by number; the last record that has it
  uint64_t fed_ = 0;                    // records
  uint32_t number_ = 0;
  size_t snaplen_ = SIZE_MAX;
  nlb_link link_ = NLB_LINK_ETHERNET;
  std::chrono::nanoseconds last_time_{};
  bool hides_ = false;
};

// Adds a record to a table, as the plugin does: by its report.
nlb_status AddRecord(nlb_summary* summary, const nlb_capture* capture,
                     const std::vector<nlb_frame>& layers);
// The text of one item's value, as a reader of a test wants it.
std::string ValueText(const nlb_item& item);
// A finding's name without what all have in front: "foreign_router", "malformed".
std::string_view NameOf(uint32_t finding);

}  // namespace nlb::test
