#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules for the text of every file: licence line, line length, no machine paths, no leftovers, and
in the core no number with a decimal point that the user's locale could turn into a comma."""
import re
import sys

import common

LICENCE = "SPDX-License-Identifier: GPL-2.0-or-later"
LICENCE_WITHIN = 5  # lines from the top
FORMATTED = (".c", ".h", ".cc")  # what clang-format keeps within its limit
FORMATTED_COLUMNS, COLUMNS = 100, 120
# Written so that this file does not match itself. The builder is the user in the chroots.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home|Users|farm)/(?!builder\b)\w")
LEFTOVER = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")
# tshark and Wireshark set the user's locale, and printf and std::to_string obey it.
FLOAT_PRINTF = re.compile(r"\"[^\"]*%[-+ #0']*(?:\*|\d+)?(?:\.(?:\*|\d+)?)?L?[aefgAEFG]")
FLOAT_TO_STRING = re.compile(r"to_string\((?:static_cast<(?:double|float)>|[^()]*\d\.\d)")
CORE = "src/"
TEXT = (".md", ".json", ".txt", ".yml", ".yaml", ".in")


def check():
    problems = []
    for name in common.project_files():
        if common.is_source(name) or name.endswith(TEXT):
            text = (common.REPOSITORY / name).read_text(encoding="utf-8")
            problems += problems_of(name, text)
    return problems


def problems_of(name, text):
    lines = text.splitlines()
    problems = []
    if common.is_source(name):
        problems += [(1, f"lacks the line {LICENCE}")] * (not has_licence(lines))
        problems += [(number, "is too long") for number in long_lines(name, lines)]
    for number, line in enumerate(lines, 1):
        if MACHINE_PATH.search(line):
            problems.append((number, "names a path of one machine"))
        if name.startswith(CORE) and prints_float(line):
            problems.append((number, "prints a number that depends on the locale"))
        if LEFTOVER.search(line):
            problems.append((number, "leaves something to do"))
    return [f"{name}:{number}: {reason}" for number, reason in problems]


def long_lines(name, lines):
    """Tables that clang-format leaves alone have a row a line, however long."""
    limit = FORMATTED_COLUMNS if name.endswith(FORMATTED) else COLUMNS
    table = False
    for number, line in enumerate(lines, 1):
        if "clang-format o" in line:
            table = "clang-format off" in line
        if len(line) > limit and not table:
            yield number


def prints_float(line):
    code = line.partition("//")[0].replace("%%", "")
    return FLOAT_PRINTF.search(code) or FLOAT_TO_STRING.search(code)


def has_licence(lines):
    return any(LICENCE in line for line in lines[:LICENCE_WITHIN])


def self_test():
    head = f"// {LICENCE}\n"
    allowed = [
        ("src/a.cc", head + "x" * 100),
        ("src/a.h", head + f"// clang-format off\n{'x' * 200}\n// clang-format on\n"),
        ("docs/a.md", "y" * 200),
        ("tests/a.py", head + "y" * 120),
        ("dev", f"#!/bin/sh\n# {LICENCE}\n"),
        ("src/a.cc", head + "// see /usr/lib and docs/home/page"),
        ("src/a.cc", head + 'Print("%02x:%u %s %" PRIu64 " 5%% for", a); // not %f'),
        ("src/a.cc", head + "left % end + std::to_string(number)"),
        ("plugin/a.c", head + 'g_ascii_formatd(text, size, "%.2f", value)'),
    ]
    refused = [
        ("src/a.cc", "int x;"),
        ("src/a.cc", head + "x" * 101),
        ("src/a.h", head + f"// clang-format off\n// clang-format on\n{'x' * 101}\n"),
        ("tests/a.py", head + "y" * 121),
        ("docs/a.md", "look into /" + "home/me/nlb"),
        ("src/a.cc", head + "// TO" + "DO: later"),
        ("src/a.cc", head + 'Print("%.*f", decimals, value)'),
        ("src/a.h", head + 'Print("%10.3f s", value)'),
        ("src/a.cc", head + 'Print("%g", value)'),
        ("src/a.cc", head + "std::to_string(static_cast<double>(ns) / 1e9)"),
    ]
    return ([f"wrongly refused: {case}" for case in allowed if problems_of(*case)]
            + [f"wrongly allowed: {case}" for case in refused if not problems_of(*case)])


if __name__ == "__main__":
    sys.exit(common.main(check, self_test))
