# SPDX-License-Identifier: GPL-2.0-or-later
"""Workers on other machines: two sshd on loopback ports, run by the plain user with keys of his own."""
import os
import pathlib
import subprocess
import time

import pytest

import harness
import splitting
import workers

MACHINES = ("tap1", "tap2")
SSHD = "/usr/sbin/sshd"


def nss_wrapper():
    found = list(pathlib.Path("/usr/lib").glob("*/libnss_wrapper.so"))
    assert found, "install libnss-wrapper"
    return str(found[0])


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
    environment = {**desk.environment(), "LD_PRELOAD": nss_wrapper(), "NSS_WRAPPER_PASSWD": str(users),
                   "NSS_WRAPPER_GROUP": "/etc/group"}
    running = [subprocess.Popen([SSHD, "-D", "-E", folder / f"{name}.log", "-f", files[name]], env=environment,
                                **harness.as_plain_user()) for name in MACHINES]
    for name in MACHINES:
        wait_for(desk, config, name, folder)
    logins = folder / "machines"
    logins.write_text("".join(f"1/{name}\n" for name in MACHINES))
    # Not in the logins: GNU parallel does not resume where they hold blanks.
    desk.variables["PARALLEL_SSH"] = f"ssh -F {config}"
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


def test_a_machine_that_is_gone_stops_the_survey_and_another_goes_on(desk, machines):
    out = desk.home / "gone"
    capture = desk.copy("foreign-router.pcapng", "other.pcapng")
    begin = [desk.program, "--out", out, capture]
    done = desk.run(*begin, "--sshlogin", "1/nowhere.invalid")
    assert done.returncode == 1 and "--resume" in done.stderr
    done = desk.run(*begin, "--resume", "--sshlogin", "1/tap2")
    assert done.returncode == 0, done.stderr
    assert "foreign_router" in (out / "summary.txt").read_text()
