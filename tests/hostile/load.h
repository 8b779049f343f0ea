// SPDX-License-Identifier: GPL-2.0-or-later
//
// Feeds the core frame after frame as tshark does it, and measures what that costs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "nlb.h"

namespace nlb::test {

// A frame being written. Its bytes are kept from one frame to the next, so that a story changes
// only what differs.
struct Sheet {
  nlb_frame frame{};
  std::vector<uint8_t> bytes;
};

// Writes frame i, from 0 on. record, number (i + 1), lengths and bytes are filled in before; time
// goes on by a millisecond.
using Teller = std::function<void(uint64_t i, Sheet& sheet)>;

struct Cost {
  uint64_t frames = 0;
  uint64_t heartbeats = 0;
  uint64_t stored = 0;                       // findings that cost memory
  std::map<std::string, uint64_t> findings;  // by filter
  int64_t bytes = 0;                         // of the heap at the end
  int64_t peak_bytes = 0;
  // Nanoseconds of CPU time a frame took, in each quarter of the story.
  std::array<double, 4> quarter{};

  uint64_t Times(const std::string& finding) const {
    const auto found = findings.find(finding);
    return found == findings.end() ? 0 : found->second;
  }
  // What is left of the memory when what findings and heartbeats may cost is taken off.
  int64_t TableBytes() const { return bytes - 24 * static_cast<int64_t>(stored + heartbeats); }
};

enum class Tables { kNo, kYes };

// Feeds, asks for and, with tables, sums up all frames of a story, in the timeline too.
Cost Measure(uint64_t frames, const Teller& tell, Tables tables = Tables::kNo,
             const nlb_config* config = nullptr);

// How many frames the bounds are tried with: NLB_BOUNDS_FRAMES, or what the normal test run has
// time for.
uint64_t Frames();

// ---- frames

std::vector<uint8_t> HeartbeatFrame();         // host 1 of 192.168.2.10, 14 + 1496 bytes
std::vector<uint8_t> UdpFrame();               // 10.0.0.1 to 10.0.0.2
std::vector<uint8_t> TcpFrame(uint8_t flags);  // 10.0.0.1:1000 to 10.0.0.2:80
std::vector<uint8_t> ArpFrame();               // a reply: 10.0.0.1 is at 00:00:00:00:00:01

// Big-endian or, as inside heartbeats, little-endian.
void PutBe(std::vector<uint8_t>& bytes, size_t at, uint64_t value, size_t size);
void PutLe(std::vector<uint8_t>& bytes, size_t at, uint64_t value, size_t size);

}  // namespace nlb::test
