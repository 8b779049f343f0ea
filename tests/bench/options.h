// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads options for the programs here: --kind=mix --clusters=2 --hosts=2 --known=1 --shuffled=1
// --copies=1 --delay=900 --seed=1 --length=1500 --frames=1000 --again=1 --tables=1
// --sentences=1
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
  bool again = false;      // ask for each frame a second time, when all are read
  bool tables = false;     // sum the clusters up, and look at what changed after every 100 frames
  bool sentences = false;  // keep them, to count the different ones
  std::vector<std::string> files;  // what is no option

  bool Take(const std::string& name, uint32_t number) {
    const std::map<std::string, uint32_t*> numbers = {
        {"clusters", &traffic.clusters},   {"hosts", &traffic.hosts},
        {"copies", &traffic.copies},       {"delay", &traffic.delay},
        {"length", &traffic.frame_length}, {"frames", &frames}};
    const std::map<std::string, bool*> switches = {{"known", &traffic.known},
                                                   {"shuffled", &traffic.shuffled},
                                                   {"again", &again},
                                                   {"sentences", &sentences},
                                                   {"tables", &tables}};
    if (name == "seed") traffic.seed = number;
    if (numbers.count(name) > 0) *numbers.at(name) = number;
    if (switches.count(name) > 0) *switches.at(name) = number != 0;
    return name == "seed" || numbers.count(name) > 0 || switches.count(name) > 0;
  }
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
    } else if (!read.Take(name, number)) {
      std::fprintf(stderr, "%s: not understood\n", word.c_str());
      std::exit(2);
    }
  }
  return read;
}

}  // namespace nlb::bench
