# SPDX-License-Identifier: GPL-2.0-or-later
"""Which captures there are, and of which tap."""
import os
import re
import sys

from nlb_survey.tools import die

IN_FOLDERS = re.compile(r"\.(pcap|pcapng|cap|dmp)\d*(\.(gz|zst|lz4))?$", re.I)
# Names of ring buffers: dumpcap and editcap (_00001_20261123101500 before the ending, or the other
# way round), tcpdump -C (.pcap12).
RING = re.compile(r"^(.*?)(_\d{5,}_\d{14}|_\d{14}_\d{5,}|(?<=\.pcap)\d+)(\.\w+)*$")


def natural(name):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def captures_of(arguments):
    """Paths as the user wrote them; folders with what is in them. @FILE is a list, one path a line."""
    for argument in arguments:
        if argument.startswith("@"):
            source = sys.stdin if argument == "@-" else open(argument[1:], encoding="utf-8")
            with source:
                yield from captures_of(line for line in source.read().splitlines() if line)
        elif os.path.isdir(argument):
            for folder, folders, names in os.walk(argument):
                folders.sort()
                yield from (os.path.join(folder, name) for name in names if IN_FOLDERS.search(name))
        else:
            yield argument


def tap_of(name, pattern):
    if pattern:
        match = re.search(pattern, name)
        return (match.group(1) if match.re.groups else match.group()) if match else name
    folder, base = os.path.split(name)
    match = RING.match(base)
    return os.path.join(folder, match.group(1)) if match else name


def unreadable(path):
    """Why, or nothing."""
    try:
        with open(path, "rb"):
            return ""
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def list_captures(options):
    """A line for each capture, in the order in which its tap wrote them."""
    names = {os.path.abspath(name): name for name in captures_of(options.captures)}
    if not names:
        die(2, "no captures")
    found = [{"tap": tap_of(name, options.tap), "name": name, "path": path, "options": options.option}
             for path, name in names.items()]
    for capture in found:
        if unreadable(capture["path"]):  # a worker that cannot read it either lacks nothing
            capture["unreadable"] = True
    return sorted(found, key=lambda capture: (capture["tap"], natural(capture["name"])))
