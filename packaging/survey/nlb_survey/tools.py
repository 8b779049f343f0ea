# SPDX-License-Identifier: GPL-2.0-or-later
"""Running Wireshark's tools, and what is to be thought of how they end."""
import functools
import json
import signal
import subprocess
import sys
import tempfile

# The plugin reads TCP by itself; Wireshark's own look at it is most of the time.
TSHARK = ["tshark", "-n", "--disable-protocol", "tcp"]
NO_PLUGIN = "tshark does not load the NLB plugin: run nlb-doctor"
KILLED = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)


NOT_HERE = 3  # status of a step that did its work, but for captures that this machine does not have


def say(message):
    print(f"nlb-survey: {message}", file=sys.stderr)


def die(status, message):
    say(message)
    sys.exit(status)


class Pipe:
    """Commands that read from each other. Iterating gives the lines of the last; then `complaint` is
    what one of them said against the capture, or empty. What is no fault of the capture (killed, out
    of disk, no plugin) ends this process, so that GNU parallel counts the job as failed."""

    def __init__(self, *commands):
        self.commands, self.complaint = commands, ""

    def __iter__(self):
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            running, source = [], subprocess.DEVNULL
            for command in self.commands:
                running.append(subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=said))
                if source is not subprocess.DEVNULL:
                    source.close()
                source = running[-1].stdout
            for line in source:
                yield line.decode("utf-8", "replace").rstrip("\n")
            statuses = [process.wait() for process in running]
            said.seek(0)
            self.judge(statuses, [line for line in said.read().splitlines() if line.strip()])

    def judge(self, statuses, said):
        failed = [(command[0], status) for command, status in zip(self.commands, statuses) if status]
        cut = [line for line in said if "cut short" in line]
        if cut:
            self.complaint = "cut short in the middle of a packet"
        if "tshark" in dict(failed) and not cut and not explanations():
            why = [line for line in said if "lugin 'nlb.so'" in line]
            die(1, NO_PLUGIN + (f" ({why[0]})" if why else ""))
        for tool, status in failed:
            reason = said[0] if said else f"{tool} ended with status {status}"
            if status in KILLED or "No space left" in reason or (tool == "tshark" and status == 1):
                die(1, reason)
            if status != -signal.SIGPIPE and not cut:
                self.complaint = reason


def output_of(*command):
    pipe = Pipe(list(command))
    return list(pipe), pipe.complaint


@functools.lru_cache
def explanations():
    """Filter name of each finding -> (its title, its cause and cure), as the plugin says them. Empty without it."""
    fields = subprocess.run(["tshark", "-G", "fields"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            encoding="utf-8", errors="replace", check=False).stdout
    rows = (line.split("\t") for line in fields.splitlines())
    return {row[2]: (row[1], row[7]) for row in rows if row[0] == "F" and row[2].startswith("nlb.")
            and row[3] == "FT_NONE"}


def preferences(options):
    return [word for option in options for word in ("-o", option)]


def dump(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
