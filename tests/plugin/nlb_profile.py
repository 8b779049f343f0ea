# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile packaging/profile/NLB: how a user installs it, and what its files say."""
import csv
import re
import shutil

import harness

FOLDER = harness.REPOSITORY / "packaging/profile/NLB"


def install(prefix):
    """What a user does: copy the folder to where his Wireshark looks."""
    folder = prefix.config / "profiles/NLB"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(FOLDER, folder)
    prefix.hand_over()


def lines(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def table(name):
    """The rows of one of Wireshark's user tables."""
    plain = [re.sub(r"\\x([0-9a-f]{2})", in_csv, line)
             for line in lines(name)]
    return list(csv.reader(plain))


def in_csv(code):
    """A character that the file writes as its number; csv doubles the quotes inside a cell."""
    return chr(int(code[1], 16)).replace('"', '""')


def colours():
    """(name, filter, background, foreground); a colour is three numbers up to 65535."""
    rows = [line.split("@")[1:] for line in lines("colorfilters")]
    return [(name, text, *([int(part) for part in colour.split(",")]
                           for colour in re.findall(r"\[([\d,]+)\]", both)))
            for name, text, both in rows]


def colour_of(rule):
    """The background of the rule, as "#E69F00"."""
    row = next(row for row in colours() if row[0] == rule)
    return "#" + "".join(f"{part >> 8:02X}" for part in row[2])


def saved_filters():
    """(name, filter)"""
    return [re.fullmatch(r'"([^"]*)" (.*)', line).groups() for line in lines("dfilters")]


def filters():
    """(where it stands, filter) of everything in the profile that is one."""
    found = [(f"colorfilters: {row[0]}", row[1]) for row in colours()]
    found += [(f"dfilter_buttons: {row[1]}", row[2]) for row in table("dfilter_buttons")]
    found += [(f"dfilters: {name}", text) for name, text in saved_filters()]
    found += [(f"io_graphs: {row[1]}", row[2]) for row in table("io_graphs")]
    found += [("profile_settings", line.partition(": ")[2]) for line in lines("profile_settings")
              if line.startswith("auto_switch_filter")]
    return found
