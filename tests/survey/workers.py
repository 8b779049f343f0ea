# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of other machines share: who the plain user is, free ports, a worker that is killed in the middle."""
import os
import pwd
import socket

import harness

RESULTS = ("findings.jsonl", "findings.csv", "summary.txt", "summary.html", "nlb_clusters", "nlb_routers")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def login():
    """Who the plain user is: daemons let in nobody else, and look up his shell."""
    return pwd.getpwuid(os.getuid() or harness.PLAIN_ID).pw_name


def killer(folder, step):
    """A folder with a tshark that kills the nlb-survey which runs it for the second job of this step."""
    word = {"learn": "fields", "diagnose": "ek"}[step]
    folder.mkdir()
    script = folder / "tshark"
    script.write_text(f"""#!/bin/bash
if [[ "$*" == *"-T {word} "* ]] && ! mkdir {folder}/first 2>/dev/null && mkdir {folder}/second 2>/dev/null; then
  kill -9 $PPID
fi
exec /usr/bin/tshark "$@"
""")
    script.chmod(0o755)
    return folder
