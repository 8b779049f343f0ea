// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads --kind=mix --clusters=2 --copies=1 --seed=1 --length=1500 --frames=1000 --again=1 for the
// programs here.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "traffic.h"

namespace nlb::bench {

struct Arguments {
  Options traffic;
  uint32_t frames = 10'000;
  bool again = false;  // ask for each frame a second time, when all are read
  std::vector<std::string> files;  // what is no option
};

inline Arguments ReadArguments(int argc, char** argv) {
  Arguments read;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const size_t equals = word.find('=');
    if (word.rfind("--", 0) != 0 || equals == std::string::npos) {
      read.files.push_back(word);
      continue;
    }
    const std::string name = word.substr(2, equals - 2), value = word.substr(equals + 1);
    const auto number = static_cast<uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    if (name == "kind" && kKinds.count(value) > 0) {
      read.traffic.kind = kKinds.at(value);
    } else if (name == "clusters") {
      read.traffic.clusters = number;
    } else if (name == "copies") {
      read.traffic.copies = number;
    } else if (name == "seed") {
      read.traffic.seed = number;
    } else if (name == "length") {
      read.traffic.frame_length = number;
    } else if (name == "frames") {
      read.frames = number;
    } else if (name == "again") {
      read.again = number != 0;
    } else {
      std::fprintf(stderr, "%s: not understood\n", word.c_str());
      std::exit(2);
    }
  }
  return read;
}

}  // namespace nlb::bench
