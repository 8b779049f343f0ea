# SPDX-License-Identifier: GPL-2.0-or-later
"""The first command a user types: ./dev run."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest

import harness

DEV = harness.REPOSITORY / "dev"
ROUTER = "foreign-router.pcapng"


def dev(*arguments, **options):
    return subprocess.run([DEV, *arguments], capture_output=True, text=True, timeout=600,
                          stdin=subprocess.DEVNULL, **options)


@pytest.fixture(scope="module", autouse=True)
def built():
    """The first of all runs builds, and says so; this folder may have been built by another compiler only."""
    assert dev("run").returncode == 0


@pytest.fixture
def path(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("These are words,\nnot packets.\n")
    (tmp_path / "short text").write_text("hello\n")
    (tmp_path / "json").write_text('{"packets": 0}\n')
    (tmp_path / "magic number only").write_bytes(bytes.fromhex("d4c3b2a1"))
    return tmp_path


@pytest.mark.parametrize("name", ["missing", "folder", "empty", "text", "short text", "json",
                                  "magic number only"])
def test_what_is_no_capture_gets_one_line(path, name):
    done = dev("run", str(path / name))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"{name}: " in done.stderr


def test_without_a_name_it_diagnoses_the_foreign_router(tshark):
    done = dev("run")
    assert done.returncode == 0
    assert done.stderr == ""
    rows = tshark.rows(ROUTER, ["nlb.analysis.forwarder"], "-Y", "nlb.analysis.foreign_router")
    assert rows
    assert "foreign_router" in done.stdout
    for address, in rows:
        assert address in done.stdout


def test_a_relative_name_is_meant_from_where_the_user_stands(path):
    capture = (harness.CAPTURES / ROUTER).read_bytes()
    (path / "a capture.pcapng").write_bytes(capture)
    done = dev("run", "a capture.pcapng", cwd=path)
    assert done.returncode == 0
    assert "foreign_router" in done.stdout


def test_a_capture_cut_short_is_still_diagnosed(path):
    capture = (harness.CAPTURES / ROUTER).read_bytes()
    (path / "cut.pcapng").write_bytes(capture[:-10])
    done = dev("run", str(path / "cut.pcapng"))
    assert done.returncode == 0
    assert "foreign_router" in done.stdout
    assert done.stderr.count("\n") == 1
    assert "cut short" in done.stderr


def test_the_gui_needs_a_display():
    done = dev("gui", env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr


@pytest.mark.parametrize("arguments", [["no-such-command"], ["run", "one", "two"], ["help", "x"]])
def test_a_wrong_command_is_told(arguments):
    done = dev(*arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_help_lists_what_there_is():
    done = dev("help")
    names = [line.split()[0] for line in done.stdout.splitlines()[2:]]
    assert done.returncode == 0
    assert {"run", "gui", "test", "help"} <= set(names)
    sources = [DEV, *(harness.REPOSITORY / "scripts").glob("*.sh")]
    functions = {name for source in sources
                 for name in re.findall(r"^cmd_(\w+)\(\)", source.read_text("utf-8"), re.M)}
    assert set(names) == functions


def test_the_fuzzer_is_given_folders_that_exist(tmp_path):
    """libFuzzer ended at once where a target had no regressions yet, and nobody heard of it."""
    script = """
        root=$1; source scripts/common.sh; source scripts/fuzz.sh; fuzz_build=$2/fuzz
        for target in "${fuzz_targets[@]}"; do fuzz_folders "$target"; done"""
    done = subprocess.run(["bash", "-euc", script, "-", harness.REPOSITORY, tmp_path], check=True,
                          capture_output=True, text=True, cwd=harness.REPOSITORY)
    folders = [pathlib.Path(line) for line in done.stdout.splitlines()]
    assert tmp_path / "fuzz/corpus/decode" in folders
    assert all(folder.is_dir() for folder in folders)


def bash(script, *arguments, **options):
    return subprocess.run(["bash", "-euc", script, "-", *arguments], check=True, capture_output=True, text=True,
                          cwd=harness.REPOSITORY, **options).stdout


def test_a_diagnosis_does_not_install_what_only_tests_need():
    """`./dev run` installed an ssh server."""
    listed = bash('source scripts/packages.sh; echo "${build_packages[*]}"').split()
    assert "tshark" in listed and "g++" in listed
    assert [name for name in listed if re.search("ssh|gtest|benchmark|valgrind|python|parallel", name)] == []
    presets = json.loads((harness.REPOSITORY / "CMakePresets.json").read_text("utf-8"))["configurePresets"]
    run, = (preset for preset in presets if preset["name"] == "run")
    assert run["cacheVariables"]["NLB_BUILD_TESTS"] == "OFF"
    script = "root=$1; source scripts/build.sh; light_preset"
    assert bash(script, "/nowhere") == "run\n"


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_folders_made_under_sudo_are_the_callers(tmp_path):
    script = "source scripts/common.sh; source scripts/chroot.sh; make_folder $1/cache/nlb/logs; make_folder $1/cache"
    bash(script, tmp_path, env={**os.environ, "SUDO_UID": "4000", "SUDO_GID": "4000"})
    made = [tmp_path / name for name in ("cache", "cache/nlb", "cache/nlb/logs")]
    assert [path.stat().st_uid for path in [tmp_path, *made]] == [0, 4000, 4000, 4000]


# ---- what goes wrong before anything is built ----

@pytest.fixture
def programs(tmp_path):
    """programs(name=script): programs that stand before the system's; `calls` notes each apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def write(**scripts):
        for name, script in scripts.items():
            path = folder / name.replace("_", "-")
            path.write_text(f"#!/bin/bash\necho {path.name} \"$@\" >>{tmp_path}/calls\n{script}\n")
            path.chmod(0o755)
        return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    return write


INSTALL = "source scripts/common.sh; source scripts/packages.sh; install_packages libwireshark-dev cmake"
OLD = "echo '  Candidate: 3.4.16-0+deb11u1'"
LISTS_COME_BY_UPDATE = "grep -q update $(dirname $0)/../calls && " + OLD


@pytest.mark.skipif(os.getuid() != 0, reason="else sudo is asked")
@pytest.mark.parametrize("answer", [OLD, LISTS_COME_BY_UPDATE], ids=["lists", "no lists yet"])
def test_an_archive_with_an_old_wireshark_is_told_before_anything_is_installed(programs, tmp_path, answer):
    """Debian 11 got 126 packages, and then an error of CMake's."""
    done = subprocess.run(["bash", "-euc", INSTALL], cwd=harness.REPOSITORY, capture_output=True, text=True,
                          env=programs(apt_cache=answer, apt_get=""))
    assert done.returncode == 1
    assert "has Wireshark 3.4.16, and the plugin needs 4.0 or later" in done.stderr.splitlines()[-1]
    assert " install " not in (tmp_path / "calls").read_text()


@pytest.mark.skipif(os.getuid() != 0, reason="else sudo is asked")
def test_of_an_apt_get_that_fails_only_its_errors_are_shown(programs):
    fails = "[[ $* == *update* ]] || { seq 150; echo 'E: Unable to locate package cmake'; exit 100; }"
    done = subprocess.run(["bash", "-euc", INSTALL], cwd=harness.REPOSITORY, capture_output=True, text=True,
                          env=programs(apt_cache="echo '  Candidate: 4.4.19-1'", apt_get=fails))
    assert done.returncode == 1
    assert [line.partition("dev ")[0] for line in done.stderr.splitlines()] == [
        "", "E: Unable to locate package cmake", ""]


BUILD = "root=$1; source scripts/common.sh; source scripts/build.sh; build_preset run nlb"


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
@pytest.mark.parametrize("status", [0, 1])
def test_what_sudo_builds_is_the_callers(programs, tmp_path, status):
    environment = programs(cmake=f"mkdir -p build/run; touch build/run/CMakeCache.txt; exit {status}")
    done = subprocess.run(["bash", "-euc", BUILD, "-", tmp_path], cwd=harness.REPOSITORY, capture_output=True,
                          env={**environment, "SUDO_UID": "4000", "SUDO_GID": "4000"})
    assert done.returncode == status
    build = tmp_path / "build"
    assert {path.stat().st_uid for path in [build, *build.rglob("*")]} == {4000}


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_a_build_folder_of_root_is_told_in_one_line():
    """It was 80 lines of CMake's and ninja's."""
    with tempfile.TemporaryDirectory() as folder:  # where everyone may read
        os.chmod(folder, 0o755)
        os.mkdir(f"{folder}/build")
        shutil.copytree(harness.REPOSITORY / "scripts", f"{folder}/scripts")
        done = subprocess.run(["bash", "-euc", BUILD, "-", folder], cwd=folder, capture_output=True, text=True,
                              **harness.as_plain_user())
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "belongs to root" in done.stderr
