# SPDX-License-Identifier: GPL-2.0-or-later
"""Cuts captures with editcap, as a ring buffer would, and compares what nlb-survey says of the pieces with what it
says of the whole: same findings, same frames, same words."""
import collections
import json
import pathlib
import re
import subprocess

FRAME = re.compile(r"\bframe (\d+)(?: of ([^ ,;]+?\.pcapng))?")


class Pieces:
    """Captures cut into files: PIECES/KEY/name_00000_20240115090000.pcapng, ..."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.before = {}  # path of a piece -> number of frames in the pieces before it
        self.key = {}  # path of a piece or of a whole -> key

    def add_whole(self, capture, key):
        self.key[str(capture)] = key
        self.before[str(capture)] = 0

    def cut(self, capture, key, option, value):
        folder = self.folder / key
        folder.mkdir(parents=True)
        run("editcap", option, str(value), capture, folder / (pathlib.Path(capture).stem + ".pcapng"))
        before = 0
        for piece in sorted(folder.iterdir()):
            self.key[str(piece)] = key
            self.before[str(piece)] = before
            before += count_of(piece)
        assert before == count_of(capture)

    def rows(self, survey):
        """Findings by key, with frames as numbers of the whole capture."""
        found = collections.defaultdict(list)
        for row in read_rows(survey):
            number = int(row["frame"]) + self.before[row["file"]]
            found[self.key[row["file"]]].append(
                (number, row["time"], row["severity"], row["finding"].rpartition(".")[2], row["cluster"], row["host"],
                 row["forwarder"], row["forwarder_ip"], self.whole_text(row)))
        return {key: sorted(rows) for key, rows in found.items()}

    def whole_text(self, row):
        folder = row["file"].rpartition("/")[0]

        def whole(match):
            file = f"{folder}/{match.group(2)}" if match.group(2) else row["file"]
            return f"frame {int(match.group(1)) + self.before[file]}"
        return FRAME.sub(whole, row["text"])


def read_rows(survey):
    with open(pathlib.Path(survey) / "findings.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def run(*command):
    subprocess.run(list(map(str, command)), check=True, capture_output=True)


def output(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True).stdout


def count_of(capture):
    return int(output("capinfos", "-T", "-m", "-r", "-c", capture).rsplit(",", 1)[1])


def compare(whole, pieces, ignore=lambda row: False):
    """Readable differences between two results of Pieces.rows."""
    lines = []
    for key in sorted(set(whole) | set(pieces)):
        a = collections.Counter(row for row in whole.get(key, []) if not ignore(row))
        b = collections.Counter(row for row in pieces.get(key, []) if not ignore(row))
        lines += [f"{key}: lost  {row}" for row in sorted((a - b).elements())]
        lines += [f"{key}: extra {row}" for row in sorted((b - a).elements())]
    return lines
