#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""reference_current.py TOOL: docs/reference.md is what the tool nlb_reference prints, and the commands in
docs/guide.md what it prints of them."""
import difflib
import subprocess
import sys

import common

PAGE = "docs/reference.md"
GUIDE = "docs/guide.md"
BEGIN, END = "<!-- commands, written by ./dev doc -->\n", "<!-- end of the commands -->\n"


def check(tool):
    return difference(PAGE, text_of(PAGE), printed(tool)) + \
        difference(GUIDE, between_marks(text_of(GUIDE)), printed(tool, "commands"))


def text_of(name):
    page = common.REPOSITORY / name
    return page.read_text(encoding="utf-8") if page.exists() else ""


def printed(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def between_marks(text):
    return text.partition(BEGIN)[2].partition(END)[0]


def difference(name, written, printed_text):
    lines = list(difflib.unified_diff(written.splitlines(), printed_text.splitlines(), name,
                                      "nlb_reference", lineterm="", n=0))
    return lines + ["Run ./dev doc to write it anew."] if lines else []


def self_test():
    problems = []
    if difference(PAGE, "a\nb\n", "a\nb\n"):
        problems.append("wrongly refused: the same page")
    if not difference(PAGE, "a\n", "a\nb\n"):
        problems.append("wrongly allowed: a page that lacks a line")
    if between_marks(f"x\n{BEGIN}a\n{END}y\n") != "a\n" or between_marks("a\n") != "":
        problems.append("what stands between the marks is not found")
    return problems


if __name__ == "__main__":
    sys.exit(common.main(check, self_test))
