#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""reference_current.py TOOL: docs/reference.md is what the tool nlb_reference prints."""
import difflib
import subprocess
import sys

import common

PAGE = "docs/reference.md"


def check(tool):
    printed = subprocess.run([tool], capture_output=True, text=True, check=True).stdout
    page = common.REPOSITORY / PAGE
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    return difference(written, printed)


def difference(written, printed):
    lines = list(difflib.unified_diff(written.splitlines(), printed.splitlines(), PAGE,
                                      "nlb_reference", lineterm="", n=0))
    return lines + ["Run ./dev doc to write it anew."] if lines else []


def self_test():
    problems = []
    if difference("a\nb\n", "a\nb\n"):
        problems.append("wrongly refused: the same page")
    if not difference("a\n", "a\nb\n"):
        problems.append("wrongly allowed: a page that lacks a line")
    return problems


if __name__ == "__main__":
    sys.exit(common.main(check, self_test))
