# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of other machines share: who the plain user is, free ports, a worker that is killed, machines that lack
something."""
import os
import pathlib
import pwd
import socket
import subprocess
import tempfile

import harness

RESULTS = ("findings.jsonl", "findings.csv", "summary.txt", "summary.html", "nlb_clusters", "nlb_routers")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def login():
    """Who the plain user is: daemons let in nobody else, and look up his shell."""
    return pwd.getpwuid(os.getuid() or harness.PLAIN_ID).pw_name


def nss_wrapper():
    """A library that answers for /etc/passwd or /etc/hosts, as NSS_WRAPPER_PASSWD and NSS_WRAPPER_HOSTS say."""
    found = list(pathlib.Path("/usr/lib").glob("*/libnss_wrapper.so"))
    assert found, "install libnss-wrapper"
    return str(found[0])


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


def other_series(folder):
    """A folder of plugins whose nlb.so is for a Wireshark that nobody has."""
    epan = folder / harness.wireshark_series() / "epan"
    epan.mkdir(parents=True)
    subprocess.run(["cc", "-shared", "-o", epan / "nlb.so", "-x", "c", "-"], check=True, text=True, input="""
const char plugin_version[] = "1";
const int plugin_want_major = 4, plugin_want_minor = 99;
void plugin_register(void) {}
""")
    return folder


# What is wrong with a machine -> what it does before nlb-survey runs there, and what has to be said of it.
BAD = {
    "no plugin": ("export WIRESHARK_PLUGIN_DIR={none}", "tshark does not load the NLB plugin: run nlb-doctor"),
    "other series": ("export WIRESHARK_PLUGIN_DIR={other}", "was compiled for Wireshark version 4.99"),
    "no captures": ("""exec < <(sed 's#"path": "#"path": "/nowhere#g')""", "cannot be read: No such file or directory"),
}


def sick(desk, kind, where):
    """A folder with an nlb-survey that finds nothing as it should be, where a shell's condition holds."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=desk.home))
    other = other_series(folder / "other") if "other" in kind else ""
    script = folder / "nlb-survey"
    script.write_text(f"""#!/bin/bash
if [[ {where} ]]; then
  {BAD[kind][0].format(none=desk.prefix.no_plugins, other=other)}
fi
exec {desk.program} "$@"
""")
    script.chmod(0o755)
    return folder
