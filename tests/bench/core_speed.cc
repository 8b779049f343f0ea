// SPDX-License-Identifier: GPL-2.0-or-later
//
// How fast the core takes frames: feed, and the question whether there is something to report. The
// traffic is made before the clock starts. Frames per second are items per second.
#include <benchmark/benchmark.h>

#include <memory>

#include "nlb.h"
#include "traffic.h"

namespace nlb::bench {
namespace {

constexpr size_t kPackets = 1 << 15;  // 3.3 s of traffic: far more than the window

struct Row {
  const char* name;
  Options options;
};

const Row kRows[] = {
    {"mix", {}},
    {"mix with 3 clusters", {.clusters = 3}},
    {"mix with 1,000 clusters", {.clusters = 1000}},
    {"TCP", {.kind = Kind::kTcp}},
    {"TCP, 64 bytes", {.kind = Kind::kTcp, .frame_length = 64}},
    {"TCP, 1,500 bytes", {.kind = Kind::kTcp, .frame_length = 1500}},
    {"TCP, 1 % copies", {.kind = Kind::kTcp, .copies = 1}},
    {"TCP, 50 % copies", {.kind = Kind::kTcp, .copies = 50}},
    {"TCP, 100 % copies", {.kind = Kind::kTcp, .copies = 100}},
    {"UDP", {.kind = Kind::kUdp}},
    {"IPv6", {.kind = Kind::kIpv6}},
    {"VLAN", {.kind = Kind::kVlan}},
    {"ARP", {.kind = Kind::kArp}},
    {"ping", {.kind = Kind::kPing}},
    {"heartbeat", {.kind = Kind::kHeartbeat}},
};

void Feed(benchmark::State& state, const Options& options) {
  Traffic traffic(options);
  std::vector<Packet> packets;
  for (size_t i = 0; i < kPackets; ++i) packets.push_back(traffic.Next());
  const int64_t length = packets.back().time - packets.front().time + options.interval;

  const std::unique_ptr<nlb_capture, decltype(&nlb_capture_free)> capture(nlb_capture_new(nullptr),
                                                                          nlb_capture_free);
  uint32_t number = 0;
  uint32_t round = 0;  // an interface of its own for each: no packet is seen a second time
  int64_t shift = 0;
  size_t next = 0;
  for (auto _ : state) {
    const Packet& packet = packets[next];
    const auto size = static_cast<uint32_t>(packet.bytes.size());
    const nlb_frame frame = {++number,           number, 0, round, size, size, packet.time + shift,
                             packet.bytes.data()};
    nlb_capture_feed(capture.get(), &frame);
    benchmark::DoNotOptimize(nlb_capture_is_reportable(capture.get(), number));
    if (++next == packets.size()) {
      next = 0;
      shift += length;
      ++round;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace
}  // namespace nlb::bench

int main(int argc, char** argv) {
  for (const auto& row : nlb::bench::kRows) {
    benchmark::RegisterBenchmark(row.name, nlb::bench::Feed, row.options);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
