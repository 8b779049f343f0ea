// SPDX-License-Identifier: GPL-2.0-or-later
//
// Writes seeded traffic as a pcap file: nlb_bench_capture [OPTIONS, see options.h] FILE
#include <array>
#include <cstdio>

#include "options.h"

namespace {

using nlb::bench::Packet;

// The classic format with nanoseconds, in this machine's byte order.
void WriteHead(std::FILE* out) {
  constexpr std::array<uint32_t, 6> kHead = {0xA1B23C4D, 4u << 16 | 2, 0, 0, 65535, 1};
  std::fwrite(kHead.data(), sizeof kHead, 1, out);
}

void Write(const Packet& packet, std::FILE* out) {
  constexpr int64_t kSecond = 1'000'000'000;
  const auto length = static_cast<uint32_t>(packet.bytes.size());
  const std::array<uint32_t, 4> head = {static_cast<uint32_t>(packet.time / kSecond),
                                        static_cast<uint32_t>(packet.time % kSecond), length,
                                        length};
  std::fwrite(head.data(), sizeof head, 1, out);
  std::fwrite(packet.bytes.data(), length, 1, out);
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = nlb::bench::ReadArguments(argc, argv);
  if (arguments.files.size() != 1) {
    std::fprintf(stderr, "one file expected\n");
    return 2;
  }
  std::FILE* out = std::fopen(arguments.files[0].c_str(), "wb");
  if (!out) {
    std::perror(arguments.files[0].c_str());
    return 1;
  }
  WriteHead(out);
  nlb::bench::Traffic traffic(arguments.traffic);
  for (uint32_t i = 0; i < arguments.frames; ++i) Write(traffic.Next(), out);
  return std::fclose(out) == 0 ? 0 : 1;
}
