# SPDX-License-Identifier: GPL-2.0-or-later
"""Broken captures are named and the rest goes on; what was broken off is taken up again; and the same captures give
the same bytes every time."""
import os
import shutil
import signal
import subprocess
import time

import pytest

import harness
import splitting
import workers


def bytes_of(survey):
    return {name: (survey / name).read_bytes() for name in workers.RESULTS}


def fault_of(survey, name):
    page = (survey / "summary.txt").read_text(encoding="utf-8")
    faults = page.split("Captures with a fault\n")[1].split("\n\n")[0]
    line, = [line for line in faults.splitlines() if f"/{name}: " in line]
    return line.partition(": ")[2]


@pytest.fixture(scope="module")
def ring(desk):
    """A ring buffer of three files, and what an undisturbed survey says of it."""
    pieces = splitting.Pieces(desk.home / "pieces")
    pieces.cut(desk.copy("foreign-router.pcapng", "whole.pcapng"), "ring", "-c", 11)
    folder = desk.home / "pieces/ring"
    return folder, desk.survey("--stretch", "0", folder)


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(desk):
    whole = desk.copy("cluster-split.pcapng", "captures/good.pcapng")
    expected = splitting.read_rows(desk.survey(whole))
    assert expected
    folder = whole.parent
    (folder / "empty.pcap").touch()
    (folder / "words.pcap").write_text("These are words, not packets.\n")
    (folder / "cut.pcapng").write_bytes(whole.read_bytes()[:-10])
    splitting.run("editcap", "-r", whole, folder / "nothing.pcapng", "1000")
    out = desk.survey(folder, folder / "missing.pcap")
    rows = splitting.read_rows(out)
    assert [row for row in rows if row["file"] == str(whole)] == expected
    read = splitting.count_of(folder / "cut.pcapng")
    assert [(row["frame"], row["text"]) for row in rows if row["file"].endswith("cut.pcapng")] == \
        [(row["frame"], row["text"]) for row in expected if row["frame"] <= read]
    assert fault_of(out, "empty.pcap") == "is empty"
    assert fault_of(out, "words.pcap") == "is no capture"
    assert fault_of(out, "cut.pcapng") == "cut short in the middle of a packet"
    assert fault_of(out, "nothing.pcapng") == "holds no packets"
    assert fault_of(out, "missing.pcap") == "cannot be read: No such file or directory"
    # GNU parallel asks lscpu, which complains where /sys is not there.
    assert desk.stderr.count("nlb-survey: ") == 5


def test_a_file_cut_off_in_the_middle_of_a_tap_still_teaches_the_next(desk, ring):
    """Its last packet is lost, and nothing else."""
    folder, survey = ring
    other = shutil.copytree(folder, desk.home / "cut-off")
    second = sorted(other.iterdir())[1]
    lost = splitting.count_of(second)
    second.write_bytes(second.read_bytes()[:-10])

    def told(survey):
        return [(row["file"].rpartition("/")[2], row["frame"], row["text"]) for row in splitting.read_rows(survey)]
    expected = [row for row in told(survey) if row[:2] != (second.name, lost)]
    assert len(expected) < len(told(survey))
    assert told(desk.survey("--stretch", "0", other)) == expected


def test_the_same_bytes_every_time(desk, ring):
    folder, survey = ring
    assert bytes_of(desk.survey("--stretch", "0", "--jobs", "1", folder)) == bytes_of(survey)


KILL = "kill -9 $$"
HOLD = "while [[ -e $(dirname $0)/held ]]; do sleep 0.05; done"


@pytest.mark.parametrize("step", ["learn", "diagnose"])
def test_a_capture_that_the_ring_buffer_overwrote_meanwhile_is_named(desk, step):
    pieces = splitting.Pieces(desk.home / f"live-{step}")
    pieces.cut(desk.copy("foreign-router.pcapng", "whole.pcapng"), "ring", "-c", 11)
    files = sorted(pieces.folder.rglob("*.pcapng"))
    expected = splitting.read_rows(desk.survey(pieces.folder))
    folder = desk.home / f"bin-live-{step}"
    folder.mkdir()
    (folder / "parallel").write_text(
        f"#!/bin/bash\n[[ $* != *' {step}' ]] || rm -f {files[0]}\nexec /usr/bin/parallel \"$@\"\n")
    (folder / "parallel").chmod(0o755)
    out = desk.home / f"live-{step}-out"
    done = desk.run("env", f"PATH={folder}:/usr/bin:/bin", desk.program, "--out", out, pieces.folder)
    assert done.returncode == 0 and done.stderr.count("\n") == 1, done.stderr
    assert fault_of(out, files[0].name) == "cannot be read: No such file or directory"
    of_others = {(row["file"], row["frame"]) for row in expected if row["file"] != str(files[0])}
    assert of_others and {(row["file"], row["frame"]) for row in splitting.read_rows(out)} <= of_others
    assert splitting.read_rows(out)


def saboteur(desk, name, step, number, deed):
    """A tshark that does something else the first time that the step runs it on the file with this number."""
    word = {"learn": "fields", "diagnose": "ek"}[step]
    folder = desk.home / name
    folder.mkdir()
    script = folder / "tshark"
    script.write_text(f"""#!/bin/bash
if [[ "$*" == *"-T {word} "* ]] && (( $(cat {folder}/calls | wc -l) == {number} )); then
  echo >>{folder}/calls
  {deed}
fi
[[ "$*" != *"-T {word} "* ]] || echo >>{folder}/calls
exec /usr/bin/tshark "$@"
""")
    script.chmod(0o755)
    (folder / "calls").touch()
    return folder


@pytest.mark.parametrize("step", ["learn", "diagnose"])
def test_a_killed_worker_is_taken_up_again(desk, ring, step):
    folder, survey = ring
    out = desk.home / f"broken-off-{step}"
    command = [desk.program, "--out", out, "--stretch", "0", "--jobs", "1", folder]
    bin_folder = saboteur(desk, f"bin-{step}", step, 1, KILL)
    done = desk.run("env", f"PATH={bin_folder}:/usr/bin:/bin", *command)
    assert done.returncode == 1
    assert f"nlb-survey: {step}: not all jobs came to their end" in done.stderr
    assert "--resume" in done.stderr
    assert not (out / "summary.txt").exists()
    done = desk.run("env", f"PATH={bin_folder}:/usr/bin:/bin", *command, "--resume")
    assert done.returncode == 0, done.stderr
    assert bytes_of(out) == bytes_of(survey)
    # The others were not done again.
    assert len((bin_folder / "calls").read_text()) == len(list(folder.iterdir())) + 1


def broken_off(desk, out, folder, how):
    """A survey that a signal ends in the middle, and how to begin it again."""
    command = [str(desk.program), "--out", str(out), "--stretch", "0", "--jobs", "1", str(folder)]
    bin_folder = saboteur(desk, f"bin-{how.name}", "diagnose", 1, HOLD)
    held = bin_folder / "held"
    held.touch()
    desk.run("true")
    begun = subprocess.Popen(command, env={**desk.environment(), "PATH": f"{bin_folder}:/usr/bin:/bin"},
                             start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                             **harness.as_plain_user())
    waited = time.monotonic() + 120
    while len((bin_folder / "calls").read_text()) < 2:  # the second job is under way, and stays so
        assert time.monotonic() < waited and begun.poll() is None
        time.sleep(0.01)
    os.killpg(begun.pid, how)
    held.unlink()
    _, said = begun.communicate(timeout=120)
    assert not (out / "summary.txt").exists()
    return command, begun.returncode, said


def test_a_survey_that_was_killed_is_taken_up_again(desk, ring):
    folder, survey = ring
    out = desk.home / "killed"
    command, _, _ = broken_off(desk, out, folder, signal.SIGKILL)
    done = desk.run(*command, "--resume")
    assert done.returncode == 0, done.stderr
    assert bytes_of(out) == bytes_of(survey)


def test_ctrl_c_ends_with_one_word_of_ours(desk, ring):
    """It was a traceback."""
    folder, survey = ring
    out = desk.home / "interrupted"
    command, status, said = broken_off(desk, out, folder, signal.SIGINT)
    assert status == 130
    assert [line for line in said.splitlines() if not line.startswith("parallel: ")] == [
        "nlb-survey: interrupted; run it again with --resume"]
    done = desk.run(*command, "--resume")
    assert done.returncode == 0, done.stderr
    assert bytes_of(out) == bytes_of(survey)


def test_one_survey_does_not_go_on_from_another(desk, ring):
    folder, out = ring
    again = desk.run(desk.program, "--out", out, folder)
    assert again.returncode == 2 and "--resume" in again.stderr
    other = desk.run(desk.program, "--out", out, "--resume", desk.home / "whole.pcapng")
    assert other.returncode == 2 and "another survey" in other.stderr
    assert again.stderr.count("\n") == other.stderr.count("\n") == 1


def test_without_the_plugin_it_says_so(desk):
    done = desk.run("env", f"WIRESHARK_PLUGIN_DIR={desk.prefix.no_plugins}", desk.program, "--out", desk.home / "x",
                    desk.copy("foreign-router.pcapng", "whole.pcapng"))
    assert done.returncode == 1
    assert done.stderr == "nlb-survey: tshark does not load the NLB plugin: run nlb-doctor\n"
