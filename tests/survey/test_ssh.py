# SPDX-License-Identifier: GPL-2.0-or-later
"""Workers on other machines: two sshd on loopback ports, run by the plain user with keys of his own."""
import argparse
import os
import subprocess
import sys
import time

import pytest

import harness
import splitting
import workers
from conftest import MODULES

sys.path.insert(0, str(MODULES))

from nlb_survey import machines as nodes  # noqa: E402

MACHINES = ("tap1", "tap2")
SSHD = "/usr/sbin/sshd"


def configuration(folder, name, port):
    path = folder / f"{name}.sshd"
    path.write_text(f"""
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/key
AuthorizedKeysFile {folder}/key.pub
PidFile {folder}/{name}.pid
StrictModes no
UsePAM no
MaxStartups 50
""")
    return path


def client_configuration(folder, ports):
    path = folder / "ssh_config"
    path.write_text("".join(f"""
Host {name}
  HostName 127.0.0.1
  Port {port}
  User {workers.login()}
  IdentityFile {folder}/key
  IdentitiesOnly yes
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  LogLevel ERROR
""" for name, port in ports.items()))
    return path


@pytest.fixture(scope="module")
def machines(desk):
    """A file for --sshloginfile, with two machines that take one job at a time each."""
    folder = desk.home / "ssh"
    folder.mkdir()
    desk.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key")
    users = folder / "passwd"
    user = os.getuid() or harness.PLAIN_ID
    users.write_text(f"{workers.login()}:x:{user}:{harness.PLAIN_ID}::{desk.home}:/bin/bash\n"
                     "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n")
    ports = {name: workers.free_port() for name in MACHINES}
    config = client_configuration(folder, ports)
    files = {name: configuration(folder, name, port) for name, port in ports.items()}
    desk.run("true")
    environment = {**desk.environment(), "LD_PRELOAD": workers.nss_wrapper(), "NSS_WRAPPER_PASSWD": str(users),
                   "NSS_WRAPPER_GROUP": "/etc/group"}
    running = [subprocess.Popen([SSHD, "-D", "-E", folder / f"{name}.log", "-f", files[name]], env=environment,
                                **harness.as_plain_user()) for name in MACHINES]
    for name in MACHINES:
        wait_for(desk, config, name, folder)
    logins = folder / "machines"
    logins.write_text("".join(f"1/{name}\n" for name in MACHINES))
    # Not in the logins: GNU parallel does not resume where they hold blanks.
    desk.variables["PARALLEL_SSH"] = f"ssh -F {config}"
    desk.ports = ports
    yield logins
    for process in running:
        process.terminate()
        process.wait()


def wait_for(desk, config, name, folder):
    for _ in range(100):
        done = desk.run("ssh", "-F", config, name, "true")
        if done.returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError(done.stderr + (folder / f"{name}.log").read_text())


def test_both_machines_work_and_the_result_is_the_same(desk, machines):
    pieces = splitting.Pieces(desk.home / "pieces")
    pieces.cut(desk.copy("foreign-router.pcapng", "whole.pcapng"), "ring", "-c", 8)
    here = desk.survey("--stretch", "0", pieces.folder)
    there = desk.survey("--stretch", "0", "--sshloginfile", machines, pieces.folder)
    for name in workers.RESULTS:
        assert (there / name).read_bytes() == (here / name).read_bytes()
    assert "foreign_router" in (there / "summary.txt").read_text()
    for step in ("learn", "diagnose"):
        rows = [line.split("\t") for line in (there / f"work/{step}.joblog").read_text().splitlines()[1:]]
        assert {row[1] for row in rows} == set(MACHINES)


@pytest.fixture(scope="module")
def ring(desk):
    """A folder of captures, and what this machine says of it."""
    pieces = splitting.Pieces(desk.home / "ring")
    pieces.cut(desk.copy("foreign-router.pcapng", "whole.pcapng"), "ring", "-c", 8)
    return pieces.folder, desk.survey("--stretch", "0", pieces.folder)


@pytest.mark.parametrize("kind", workers.BAD)
def test_a_machine_that_lacks_something_is_named_and_the_other_does_its_work(desk, machines, ring, kind):
    captures, here = ring
    remote = workers.sick(desk, kind, f'$SSH_CONNECTION == *" {desk.ports["tap2"]}"') / "nlb-survey"
    there = desk.survey("--stretch", "0", "--sshloginfile", machines, "--remote", remote, captures)
    for name in workers.RESULTS:
        assert (there / name).read_bytes() == (here / name).read_bytes()
    said = desk.stderr.splitlines()
    assert [line.split(": ")[1:3] for line in said] == [["learn", "tap2"], ["diagnose", "tap2"]]
    assert all(workers.BAD[kind][1] in line for line in said)


def test_machines_as_they_are_listed(tmp_path):
    listed = tmp_path / "list"
    listed.write_text("# taps\n\n2/one\n  @west/8/two \n")
    options = argparse.Namespace(sshlogin=["3/me@three,:"], sshloginfile=[str(listed)])
    assert list(map(nodes.login_of, nodes.machines_of(options))) == ["me@three", ":", "one", "two"]


def test_captures_that_no_machine_has_are_named(desk, machines, ring):
    captures, _ = ring
    remote = workers.sick(desk, "no captures", "-n $SSH_CONNECTION") / "nlb-survey"
    out = desk.survey("--stretch", "0", "--sshloginfile", machines, "--remote", remote, captures)
    faults = (out / "summary.txt").read_text(encoding="utf-8").split("Captures with a fault\n")[1].split("\n\n")[0]
    assert faults.splitlines() == [f"  {path}: cannot be read: No such file or directory"
                                   for path in sorted(captures.rglob("*.pcapng"))]
    said = [line for line in desk.stderr.splitlines() if "of its jobs" in line]
    assert [line.split(": ")[1:3] for line in said] == [["learn", "tap1"], ["learn", "tap2"]]


def test_a_machine_that_is_gone_is_named_and_the_other_does_its_work(desk, machines, ring):
    captures, here = ring
    there = desk.survey("--stretch", "0", "--sshlogin", "1/nowhere.invalid,1/tap1", captures)
    assert (there / "findings.jsonl").read_bytes() == (here / "findings.jsonl").read_bytes()
    assert "learn: nowhere.invalid: " in desk.stderr and "tap1" not in desk.stderr


def test_a_list_that_only_gnu_parallel_knows_is_not_tried_for_ever(desk, machines):
    (desk.home / ".parallel").mkdir(exist_ok=True)
    (desk.home / ".parallel/sshloginfile").write_text("1/nowhere.invalid\n")
    done = desk.run(desk.program, "--out", desk.home / "for-ever", "--sshlogin", "..",
                    desk.copy("foreign-router.pcapng", "other.pcapng"))
    assert done.returncode == 1 and done.stderr.count("nowhere.invalid: 1 of its jobs") == 1


def test_no_machine_is_left_and_another_goes_on(desk, machines):
    out = desk.home / "gone"
    capture = desk.copy("foreign-router.pcapng", "other.pcapng")
    begin = [desk.program, "--out", out, capture]
    done = desk.run(*begin, "--sshlogin", "1/nowhere.invalid")
    assert done.returncode == 1 and "--resume" in done.stderr
    assert "learn: nowhere.invalid: 1 of its jobs failed" in done.stderr
    done = desk.run(*begin, "--resume", "--sshlogin", "1/tap2")
    assert done.returncode == 0, done.stderr
    assert "foreign_router" in (out / "summary.txt").read_text()
