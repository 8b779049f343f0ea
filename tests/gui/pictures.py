#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pictures.py NLB.SO FOLDER [NAME...]: takes the pictures of docs/ from Wireshark's own window."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))

import harness  # noqa: E402
import nlb_profile  # noqa: E402
import window  # noqa: E402


def details(program, size):
    """The last tree of the frame, which is ours, opened; its findings stay one line each."""
    program.click(size[0] // 3, size[1] - 60)
    program.keys("End", "Right")
    program.settle()


def frame(capture, number, display_filter=None, list_height=400, size=window.SIZE):
    """Packet list and details of one frame."""
    def take(prefix, path):
        options = ["-g", str(number)] + (["-Y", display_filter] if display_filter else [])
        with window.wireshark(prefix, capture, *options, size=size, bytes_pane=False,
                              list_height=list_height) as program:
            details(program, size)
            program.screen.picture(path)
    return take


PICTURES = {
    "foreign-router": frame("foreign-router.pcapng", 8),
    "cluster-split": frame("cluster-split.pcapng", 29),
}


def main(plugin, folder, *names):
    prefix = harness.Prefix(plugin)
    try:
        for name in names or PICTURES:
            nlb_profile.install(prefix)
            path = pathlib.Path(folder) / f"{name}.png"
            PICTURES[name](prefix, path)
            print(f"{path} {path.stat().st_size // 1024} KB", flush=True)
    finally:
        prefix.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
