# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be said about ./dev windows on a machine without Wine: how it refuses, and the scripts that
judge and pack nlb.dll."""
import importlib.util
import pathlib
import re
import subprocess
import zipfile

import pytest

from conftest import REPOSITORY

WINDOWS = REPOSITORY / "packaging/windows"


def script(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), WINDOWS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def refused(lines):
    """The status and the words of ./dev windows when these lines of shell stand in for the machine."""
    sourced = "".join(f"source scripts/{name}.sh; " for name in (
        "common", "packages", "series", "chroot", "package", "windows"))
    done = subprocess.run(["bash", "-euc", f"root=$PWD; command_name=windows; {sourced}{lines}"],
                          capture_output=True, text=True, cwd=REPOSITORY, timeout=60, check=False)
    return done.returncode, done.stderr


# A folder for logs, and it goes again.
TEMPORARY = "chroots=$(mktemp -d); trap 'rm -r $chroots' EXIT; mkdir $chroots/logs; "


@pytest.mark.parametrize("lines, said", [
    ("command() { [[ $2 != unshare ]]; }; need_namespaces", "the program unshare is missing"),
    ("unshare() { return 1; }; need_namespaces", "unshare fails here"),
    ("chroots=/tmp; df() { printf 'Avail\\n  12\\n'; }; need_space 4000",
     "/tmp has 12 MB left and this takes 4000 MB"),
    ("command() { [[ $2 != mmdebstrap ]]; }; need_packages() { :; }; need_mmdebstrap",
     "the program mmdebstrap is missing"),
    ("command() { :; }; need_packages() { :; }; keyring=/none; need_mmdebstrap", "/none is missing"),
    (TEMPORARY + "progress try bash -c 'echo noise; echo It lacks this.; exit 90'",
     ": It lacks this."),
    (TEMPORARY + "progress try bash -c 'echo cc1: No space left on device; exit 1'",
     "try: no space is left below"),
    ("choose_series 3.6", "no such series: 3.6"),
])
def test_what_is_missing_is_named_in_one_sentence(lines, said):
    status, words = refused(lines)
    assert status == 2
    assert said in words and words.count("\n") == 1


ARCHIVE = "http://deb.example/debian"


@pytest.mark.parametrize("lacks, verb, said", [
    ("update", "source", f"Debian bookworm cannot be read at {ARCHIVE}"),
    ("showsrc", "source", f"Debian bookworm at {ARCHIVE} has no source package wireshark"),
    ("show", "unpack", f"Debian bookworm at {ARCHIVE} has no package wireshark")])
def test_what_the_archive_lacks_is_named_in_the_last_line(tmp_path, lacks, verb, said):
    """With an apt-get and an apt-cache that know everything but one thing."""
    (tmp_path / "bin").mkdir()
    for name in ("apt-get", "apt-cache"):
        (tmp_path / "bin" / name).write_text(
            f'#!/bin/sh\nfor word; do [ "$word" != {lacks} ] || {{ echo "E: noise" >&2; exit 100; }}; done\n'
            "echo found\n")
        (tmp_path / "bin" / name).chmod(0o755)
    text = (WINDOWS / "fetch.sh").read_text().replace("/var/lib", str(tmp_path))
    done = subprocess.run(["bash", "-c", text, "fetch.sh", verb, ARCHIVE, "bookworm", tmp_path / "out", "wireshark"],
                          capture_output=True, text=True, check=False,
                          env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
    assert done.returncode == 90
    assert done.stdout.splitlines()[-1] == f"{said}: set NLB_DEBIAN_MIRROR to an archive that has it"
    assert not (tmp_path / "out").exists()


def test_a_machine_that_has_everything_is_not_refused():
    assert refused("command() { true; }; unshare() { true; }; need_namespaces; "
                   "df() { printf 'Avail\\n 4000\\n'; }; chroots=/tmp; need_space 4000") == (0, "")


def test_only_what_a_header_exports_counts_as_public(tmp_path):
    (tmp_path / "a.h").write_text("""
        WS_DLL_PUBLIC void open_door(int key);
        WS_DLL_PUBLIC
        const char *name_of(const door *it, void (*tell)(int));
        WS_DLL_PUBLIC int doors;
        WS_DLL_PUBLIC const value_string names[];
        extern int hidden;
        void closed_door(int key);
    """)
    found = script("check_dll").declarations(tmp_path, "WS_DLL_PUBLIC(?:_DEF)?")
    assert set(found) == {"open_door", "name_of", "doors", "names"}
    assert found["open_door"] == "a.h:2"


def test_a_name_that_no_header_exports_is_an_error(tmp_path, capsys):
    check = script("check_dll")
    (tmp_path / "a.h").write_text("WS_DLL_PUBLIC void open_door(int key);\n")
    for names, failed in ((["open_door"], 0), (["open_door", "closed_door"], 1)):
        report = check.Report()
        check.check_symbols(report, {"libwireshark.dll": names}, tmp_path, tmp_path)
        assert report.failed == failed
    assert "closed_door: no header says" in capsys.readouterr().out


# sequence_analysis.h, of the flow graph, is installed by no series.
def test_a_name_of_a_header_that_nobody_installs_is_exported_by_the_library(tmp_path, capsys, monkeypatch):
    check = script("check_dll")
    (tmp_path / "libwireshark.so.16").touch()
    monkeypatch.setattr(check, "printed", lambda *_: "0000000002346cd0 T open_door\n")
    report = check.Report()
    check.check_symbols(report, {"libwireshark.dll": ["open_door", "closed_door"]}, tmp_path, tmp_path)
    assert report.failed == 1
    assert "open_door: in no installed header; exported by libwireshark.so.16" in capsys.readouterr().out


def test_a_name_of_a_newer_glib_is_an_error(tmp_path):
    check = script("check_dll")
    (tmp_path / "g.h").write_text("GLIB_AVAILABLE_IN_2_50\nint g_old (void);\n"
                                  "GLIB_AVAILABLE_IN_2_80\nint g_new (void);\n")
    for name, failed in (("g_old", 0), ("g_new", 1)):
        report = check.Report()
        check.check_symbols(report, {check.GLIB: [name]}, tmp_path, tmp_path)
        assert report.failed == failed


@pytest.mark.parametrize("name, ours", [
    ("KERNEL32.dll", True), ("api-ms-win-crt-stdio-l1-1-0.dll", True), ("msvcrt.dll", False),
    ("libstdc++-6.dll", False), ("libwinpthread-1.dll", False), ("WS2_32.dll", False)])
def test_nlb_dll_brings_what_windows_does_not_have(name, ours):
    check = script("check_dll")
    report = check.Report()
    check.check_imports(report, {"libwireshark.dll": [], "libwsutil.dll": [], check.GLIB: [], name: []})
    assert report.failed == (not ours)


# What objdump prints of a call with our definition of setjmp, and with that of MinGW.
SETJMP = """
   4:	{write}
   6:	lea    0x0(%rip),%rcx        # d <g+0xd>
			9: IMAGE_REL_AMD64_REL32	.bss
   d:	call   12 <g+0x12>
			e: IMAGE_REL_AMD64_REL32	__intrinsic_setjmpex
"""


@pytest.mark.parametrize("write, failed", [("xor    %edx,%edx", 0), ("mov    %rbp,%rdx", 1), ("nop", 1), (None, 1)])
def test_a_setjmp_that_gets_a_frame_is_an_error(tmp_path, monkeypatch, write, failed):
    check = script("check_dll")
    (tmp_path / "dissect.c.obj").touch()
    monkeypatch.setattr(check, "printed", lambda *_: SETJMP.format(write=write) if write else "")
    report = check.Report()
    check.check_setjmp(report, tmp_path)
    assert report.failed == failed


RECORDS = """
*** Dumping AST Record Layout
         0 | struct door
         0 |   int key
     4:0-2 |   unsigned int colour
         8 |   struct handle handle
         8 |     int inside
           | [sizeof=16, align=8]
*** Dumping AST Record Layout
         0 | struct door::(unnamed at a.h:1:1)
         0 |   int nameless
           | [sizeof=4, align=4]
"""


def test_a_dumped_layout_is_read():
    found = list(script("check_layout").records(RECORDS))
    assert found == [("struct door", 16, [("key", 0, None, None), ("colour", 4, 0, 2), ("handle", 8, None, None)])]
    code = "\n".join(script("check_layout").checks(*found[0]))
    assert 'offsetof(struct door, handle), 8' in code and "it.colour = -1" in code and "32, 34" in code


def test_the_zip_is_the_same_every_time(tmp_path):
    stage = tmp_path / "stage"
    (stage / "doc").mkdir(parents=True)
    (stage / "nlb.dll").write_bytes(b"MZ")
    (stage / "doc/README.md").write_text("read me")
    pack = script("make-packages")
    for name in ("one.zip", "two.zip"):
        pack.write_zip(stage, "nlb-1", tmp_path / name)
        (stage / "nlb.dll").touch()
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["nlb-1/doc/README.md", "nlb-1/nlb.dll"]


def test_glibconfig_h_becomes_that_of_windows(tmp_path):
    ours, = pathlib.Path("/usr/lib").glob("*-linux-gnu/glib-2.0/include/glibconfig.h")
    change = script("wireshark/glibconfig")
    (tmp_path / "other.h").write_text("/* nothing of GLib */")
    with pytest.raises(SystemExit, match="is of another GLib"):
        change.main(tmp_path / "other.h", tmp_path / "out.h")
    if "#define GLIB_MINOR_VERSION 74" not in ours.read_text():
        pytest.skip("the change is for Debian 12's GLib")
    change.main(ours, tmp_path / "glibconfig.h")
    text = (tmp_path / "glibconfig.h").read_text()
    assert "typedef unsigned long long gsize;" in text and "#define G_OS_WIN32" in text
    assert "G_OS_UNIX" not in text


def test_the_doctor_serves_what_is_served():
    served = re.findall(r"^(\d\.\d) \w+ +libwireshark", (REPOSITORY / "scripts/series.sh").read_text(), re.M)
    doctor = (WINDOWS / "nlb-doctor.ps1").read_text()
    assert re.findall(r"'(\d\.\d)'", re.search(r"^\$testedSeries = (.*)$", doctor, re.M).group(1)) == served
