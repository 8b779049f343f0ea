// SPDX-License-Identifier: GPL-2.0-or-later
//
// A capture told as a story: frames with defaults that are healthy, so that a test names only what
// matters, and the findings as text. Everything goes through the C face, as Wireshark does it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "nlb.h"

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
};

// Neighbour advertisement of `ip` with a target link-layer option.
struct Advertisement {
  Link link;
  std::string mac = "00:00:00:00:00:01";
  std::string ip = "2001:db8::1";
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

struct Raw {
  Octets bytes;
};

Octets Bytes(const Arp&);
Octets Bytes(const Advertisement&);
Octets Bytes(const Udp&);
Octets Bytes(const Tcp&);
Octets Bytes(const Ping&);
Octets Bytes(const IgmpReport&);
Octets Bytes(const IgmpQuery&);
Octets Bytes(const Raw&);

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
    return Feed(time, Bytes(frame), interface_id);
  }
  // The same frame number again for a new record: a read filter hid the frame before.
  template <typename Frame>
  Scenario& Instead(std::chrono::nanoseconds time, const Frame& frame) {
    --number_;
    return Feed(time, Bytes(frame), 0);
  }

  // One line for each finding: "2 foreign_router", in the order of frames, only those whose name is
  // asked for.
  std::string Findings(std::string_view only = {}) const;
  // The sentences of one frame's findings.
  std::string Sentences(uint32_t number) const;
  // The fields of one frame: "copy_of 1", one a line; hidden ones in brackets.
  std::string Fields(uint32_t number) const;

  nlb_capture* capture() { return capture_; }
  const nlb_frame& frame(uint32_t number) const;

 private:
  Scenario& Feed(std::chrono::nanoseconds time, Octets bytes, uint32_t interface_id);
  nlb_view Report(uint32_t number) const;

  struct Seen {
    nlb_frame frame;
    Octets bytes;
  };
  nlb_capture* capture_;
  nlb_report* report_;
  std::deque<Seen> frames_;
  uint32_t number_ = 0;
};

// The text of one item's value, as a reader of a test wants it.
std::string ValueText(const nlb_item& item);

}  // namespace nlb::test
