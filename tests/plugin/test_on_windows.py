# SPDX-License-Identifier: GPL-2.0-or-later
"""What only Windows can get wrong: ./dev windows tshark. Elsewhere there is nothing to try."""
import re
import shutil
import subprocess
import time

import pytest

import harness

pytestmark = pytest.mark.skipif(not harness.WINDOWS, reason="./dev windows tshark runs it, in Wine")

ROUTER = "foreign-router.pcapng"
PIECE = 500  # bytes that the capture grows by at a time
PAUSE = 0.05  # seconds between two
USER = "Jörg Müller"


def run_exe(prefix, *arguments, **changes):
    """tshark.exe without the script that makes its lines those of Linux."""
    return subprocess.run(
        ["/usr/lib/wine/wine64", f"{harness.WINDOWS}/tshark.exe", *arguments], capture_output=True,
        timeout=harness.TIMEOUT, cwd=prefix.root, check=True, env={**prefix.environment(), **changes})


@pytest.mark.parametrize("report", [
    ["-q", "-z", "nlb,findings", "-z", "nlb,clusters", "-z", "nlb,timeline"], ["-V"], ["-T", "json"]])
def test_each_line_ends_once(prefix, tshark, report):
    """A C library of its own would write the plugin's lines with other ends, or in another place."""
    printed = run_exe(prefix, *report, "-r", str(tshark.prefix.captures / ROUTER)).stdout
    assert printed.count(b"\n") > 10
    assert printed.count(b"\r") == printed.count(b"\r\n") == printed.count(b"\n")


def test_tables_of_both_stand_in_the_order_they_were_asked_for(prefix, tshark):
    """Ours between two of Wireshark's: one buffer for both."""
    text = tshark.run("-q", "-z", "io,phs", "-z", "nlb,findings", "-z", "io,stat,0", capture=ROUTER)
    at = [text.index(title) for title in ("IO Statistics", "NLB Findings", "Protocol Hierarchy")]
    assert at == sorted(at)


def test_a_users_table_may_have_the_line_ends_of_windows(prefix, tshark):
    table = prefix.config / "nlb_routers"
    table.write_bytes(b'# Wireshark\r\n"00:15:5d:01:02:03","edge"\r\n')
    try:
        assert tshark.frames(ROUTER, "-Y", "nlb.analysis.foreign_router") == []
        assert "(edge)" in tshark.run("-V", capture=ROUTER)
    finally:
        table.unlink()


def test_a_capture_is_read_while_it_grows(prefix, tshark):
    """It comes in pieces that are no records, and its end is not known."""
    head, records = harness.records_of(harness.CAPTURES / ROUTER)
    data = head + b"".join(records)
    command = ["tshark", "-l", "-r", "-", "-q", "-z", "nlb,findings", "-z", "nlb,timeline"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                          cwd=prefix.root, env=prefix.environment()) as tool:
        for start in range(0, len(data), PIECE):
            tool.stdin.write(data[start:start + PIECE])
            time.sleep(PAUSE)
        text = tool.communicate(timeout=harness.TIMEOUT)[0].decode()
    assert tool.returncode == 0
    assert text == tshark.run(*command[1:2], *command[4:], capture=ROUTER)


def test_a_user_with_a_space_and_an_umlaut_in_his_name(prefix, tshark, plugin, tmp_path):
    """In the folder where Wireshark looks by itself, and a capture that is called like that too."""
    wine = tmp_path / "wine"
    changes = {"WINEPREFIX": str(wine), "USER": USER, "LOGNAME": USER, "WIRESHARK_CONFIG_DIR": ""}
    environment = {**prefix.environment(), **changes}
    del environment["WIRESHARK_CONFIG_DIR"]

    def wine64(*command, **options):
        return subprocess.run(["/usr/lib/wine/wine64", *command], env=environment, check=True,
                              timeout=harness.TIMEOUT, cwd=wine.parent, **options)
    wine64("wineboot", "-i", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = wine / f"drive_c/users/{USER}/AppData/Roaming/Wireshark/plugins/{harness.wireshark_series()}/epan"
    folder.mkdir(parents=True)
    shutil.copy(plugin, folder / "nlb.dll")
    capture = wine / f"drive_c/users/{USER}/Überwachung am Dienstag.pcapng"
    shutil.copy(harness.CAPTURES / ROUTER, capture)
    exe = f"{harness.WINDOWS}/tshark.exe"
    with open(tmp_path / "said", "wb") as said:  # a pipe would stay open as long as Wine does
        wine64(exe, "-G", "plugins", stdout=said)
        wine64(exe, "-q", "-z", "nlb,findings", "-r", f"C:\\users\\{USER}\\Überwachung am Dienstag.pcapng",
               stdout=said)
    subprocess.run(["wineserver", "-k"], env=environment, check=False)
    text = (tmp_path / "said").read_text(encoding="utf-8")
    assert re.search(rf"^nlb\.dll.*{USER}", text, re.M)
    assert "foreign_router" in text
