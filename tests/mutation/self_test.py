#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The mutation run on a project of its own, whose survivors are known; and each kind of fault.

Usage: self_test.py"""
import pathlib
import subprocess
import tempfile

import mutate
import mutants
import overlay

CMAKE = """
cmake_minimum_required(VERSION 3.18)
project(small LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_library(core STATIC src/grade.cc)
target_include_directories(core PUBLIC src)
add_executable(checks tests/unit/grade_test.cc)
target_link_libraries(checks core)
"""
HEADER = """#pragma once
inline bool IsFull(int used) { return used >= 10; }
int Sum(int end);
int Unseen(int x);
"""
SOURCE = """#include "grade.h"
int Sum(int end) {
  int sum = 0;
  for (int i = 0; i != end; ++i) sum += IsFull(i) ? 2 : 1;
  return sum;
}
int Unseen(int x) {
  if (x > 77) return 5;
  return x;
}
"""
TEST = """#include "grade.h"
int main() { return Sum(0) == 0 && Sum(10) == 10 && Sum(11) == 12 && Unseen(1) == 1 ? 0 : 1; }
"""


def changes(line):
    return {mutant.after for mutant in mutants.mutants_of("src/a.cc", line)}


def test_kinds():
    assert changes("return a < b;") == {"return a <= b;"}
    assert changes("x = a == b;") == {"x = a != b;"}
    assert changes("y = a + b;") == {"y = a - b;"}
    assert changes("return a && !b;") == {"return a || !b;", "return a;", "return !b;",
                                          "return a && b;"}
    assert changes("if (Old(x)) return;") == {"if (false && (Old(x))) return;",
                                              "if (true || (Old(x))) return;"}
    assert changes("kMost = 60'000;") == {"kMost = 60001;"}
    assert changes("kType = 0x0800;") == {"kType = 0x801;"}
    assert changes("Learn(ip.source, source_port_);") == {
        "Learn(ip.destination, source_port_);", "Learn(ip.source, destination_port_);"}
    assert changes("kOn = true;") == {"kOn = false;"}
    assert changes("return source;") == {"return destination;"}
    assert changes("Ask(a, source);") == {"Ask(a, destination);"}


def test_what_is_left_alone():
    for line in ['x = "1 < 2 && source";', "// 1 < 2 && source", "std::array<int, 6> x;",
                 "static_assert(kSize == 6);", "#if A == 1", "template <int N = 4>", "c = '1';",
                 "/* a == b */", "Item&& item;", "z1 = y2;",
                 "void Add(const MacAddress& source, std::vector<int> target);"]:
        assert changes(line) == set(), (line, changes(line))


def test_a_condition_over_two_lines():
    found = list(mutants.mutants_of("src/a.cc", "x();\nreturn a &&\n       b;\n"))
    assert {(m.line, m.before, m.after) for m in found} == {
        (2, "return a && b;", "return a;"), (2, "return a && b;", "return b;"),
        (2, "return a &&", "return a ||")}, found


def test_a_change_is_tried_once():
    found = [m.after for m in mutants.mutants_of("src/a.cc", "x = a && b && c;\n")]
    assert sorted(found) == sorted([
        "x = a || b && c;", "x = a && b || c;", "x = b && c;", "x = a&& c;", "x = a && b;"]), found


def test_equivalent():
    known = mutate.read_equivalent("# words\n\nsrc/a.h\nx < y\nx <= y\nnever equal\n")
    assert known == {("src/a.h", "x < y", "x<=y"): "never equal"}
    assert mutate.stale(known, mutants.mutants_of("src/a.h", "  x < y\n")) == []
    assert len(mutate.stale(known, mutants.mutants_of("src/a.h", "  x < z\n"))) == 1


def built(root):
    for name, text in {"CMakeLists.txt": CMAKE, "src/grade.h": HEADER, "src/grade.cc": SOURCE,
                       "tests/unit/grade_test.cc": TEST}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    build = root / "build"
    for command in (["cmake", "-G", "Ninja", "-S", root, "-B", build], ["cmake", "--build", build]):
        subprocess.run(command, check=True, capture_output=True)
    return overlay.Project(root, build, "core", "checks", (), ((),))


def test_run():
    with tempfile.TemporaryDirectory() as folder:
        project = built(pathlib.Path(folder))
        found = list(mutate.all_mutants(project.root))
        known = {("src/grade.cc", "if (x > 77) return 5;", "if(x>78)return5;"): "for the test"}
        survivors = []
        run = mutate.Run(project, 1000, 1, known)
        run.go(found, survivors.append)
        said = "\n".join(survivors)
        # Killed in a source, in a header, and by the clock: i == end never ends.
        assert "grade.h" not in said, said
        assert "src/grade.cc:4" not in said, said
        assert "src/grade.cc:8: if (x > 77) return 5;\n    => if (x > 77) return 6;" in survivors
        assert run.tally == {"killed": len(found) - len(survivors) - 1,
                             "survived": len(survivors), "equivalent": 1}, run.tally
        any_change = {("src/grade.cc", "if (x > 77) return 5;", "*"): "for the test"}
        run = mutate.Run(project, 1000, 1, any_change)
        assert {run.judge(m, None)[1] for m in found
                if m.before == "if (x > 77) return 5;"} == {"equivalent"}
        again = mutate.Run(project, 3, 7, {}).sample(found)
        assert list(again) == list(mutate.Run(project, 3, 7, {}).sample(found))


if __name__ == "__main__":
    for name, test in sorted(globals().items()):
        if name.startswith("test_"):
            test()
