#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pictures.py NLB.SO FOLDER [NAME...]: takes the pictures of docs/ from Wireshark's own window."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))

import harness  # noqa: E402
import nlb_profile  # noqa: E402
import window  # noqa: E402

SIZE = (1280, 760)


def frame(capture, number, display_filter=None, list_height=330, details=True, profile="NLB"):
    """Packet list and the analysis of one frame; profile None: Wireshark's default."""
    def take(prefix, path):
        options = ["-g", str(number)] + (["-Y", display_filter] if display_filter else [])
        with window.wireshark(prefix, capture, *options, size=SIZE, bytes_pane=False,
                              list_height=list_height, profile=profile) as program:
            if details:
                program.open_analysis()
            program.screen.picture(path)
    return take


def dialog(capture, show, size=None, options=()):
    """A dialog alone; show(program) opens it."""
    def take(prefix, path):
        with window.wireshark(prefix, capture, *options, size=(1560, 900)) as program:
            shown = show(program)
            if size:
                shown = program.resize(shown, *size)
            program.screen.picture(path, shown)
    return take


def table(capture, name, size):
    """A table that the command line opens."""
    def show(program):
        return program.opened(f"NLB {name}")
    return dialog(capture, show, size, ["-z", f"nlb,{name.lower()}"])


PICTURES = {
    "foreign-router": frame("foreign-router.pcapng", 8),
    "default-profile": frame("foreign-router.pcapng", 8, profile=None, details=False),
    "dead-from-other-subnets": frame("router-refuses.pcapng", 17, list_height=350),
    "one-host": frame("cluster-mac-leak.pcapng", 1),
    "flood": frame("igmp-no-querier.pcapng", 186, "igmp"),
    "mac-flapping": frame("unicast-unmasked.pcapng", 3),
    "not-converging": frame("cluster-not-converging.pcapng", 22),
    "cluster-split": frame("cluster-split.pcapng", 29),
    "not-spoofing": frame("unicast-masked.pcapng", 5),
    "two-replies": frame("unicast-masked.pcapng", 18),
    "on-a-member": frame("igmp-on-a-member.pcapng", 1, details=False),
    "clusters-table": table("cluster-split.pcapng", "Clusters", (1540, 240)),
    "findings-table": table("foreign-router.pcapng", "Findings", (1420, 280)),
    "timeline": dialog("cluster-convergence.pcapng", window.Wireshark.open_timeline, (900, 360)),
    "graph": dialog("foreign-router.pcapng", window.Wireshark.open_graph),
    "report": dialog("foreign-router.pcapng", window.Wireshark.open_report),
    "flow-graph": dialog("foreign-router.pcapng", window.Wireshark.open_flow, (1400, 720)),
    "preferences": dialog("foreign-router.pcapng", window.Wireshark.open_preferences),
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
