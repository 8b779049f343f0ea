#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes every generated capture, its expectations, and the table in README.md.

    make.py            write everything
    make.py --check    write nothing; exit 1 and name the files that differ from what the stories say
"""
import argparse
import importlib
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import story  # noqa: E402

TOPICS = ("unicast", "multicast", "igmp", "arp", "ipv6", "cluster", "answer", "addresses", "foreign_router", "copies",
          "views", "encap", "links", "wire")
FOLDER = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- begin generated table: gen/make.py -->", "<!-- end generated table -->"


def table(stories):
    lines = ["| file | frames | shows | fires | near miss, quiet |", "| --- | --- | --- | --- | --- |"]
    for s in stories:
        lines.append(f"| {s.name}.pcapng | {len(s.frames)} | {s.shows} | {', '.join(s.fires()) or '-'} | "
                     f"{', '.join(s.quiet) or '-'} |")
    return "\n".join(lines)


def readme(stories):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{table(stories)}\n{END}{rest.split(END)[1]}"


def uncovered(stories):
    """Findings without a capture that fires them, or without a near miss."""
    fired = {name for s in stories for name in s.fires()}
    missed = {name for s in stories for name in s.quiet}
    return ([f"{name}: no capture fires it" for name in story.FINDINGS if name not in fired] +
            [f"{name}: no near miss" for name in story.FINDINGS if name not in missed] +
            [f"{name}: unknown finding in quiet" for name in sorted(missed) if name not in story.FINDINGS])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 on any difference")
    check = parser.parse_args().check
    for topic in TOPICS:
        importlib.import_module(topic)
    stories = story.told()

    wanted = {}
    for s in stories:
        if f"{s.name}.pcapng" in wanted:
            sys.exit(f"two stories are called {s.name}")
        wanted[f"{s.name}.pcapng"] = s.pcapng()
        wanted[f"{s.name}.expect.json"] = s.expect_json().encode()
    wanted["README.md"] = readme(stories).encode()

    bad = uncovered(stories)
    present = {path.name for pattern in ("*.pcapng", "*.expect.json") for path in FOLDER.glob(pattern)}
    for name in sorted(present - set(wanted)):
        bad.append(f"{name}: no story makes this file")
    for name, data in wanted.items():
        path = FOLDER / name
        if path.exists() and path.read_bytes() == data:
            continue
        if check:
            bad.append(f"{name}: {'differs' if path.exists() else 'missing'}; run gen/make.py")
        else:
            path.write_bytes(data)
            print("wrote", name)
    for line in bad:
        print(line, file=sys.stderr)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
