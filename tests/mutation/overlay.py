# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the unit tests once, and again with one file of src/ changed.

Each worker has a copy of src/. What is compiled anew from it is linked before the objects of the
build: the first definition of an inline function is the one that counts, and without optimisation
every call goes there."""
import dataclasses
import json
import os
import pathlib
import resource
import shlex
import shutil
import subprocess
import tempfile

MEMORY = 4 << 30  # bytes for a test program: a changed bound must not take the machine's
SLOW = 0.005  # seconds a test may take to be among those that are asked first


# A tenth of a second instead of nearly one.
FAST_LINKER = ["-fuse-ld=mold"] if shutil.which("mold") else []


class Broken(Exception):
    """The project itself does not build or does not pass."""


@dataclasses.dataclass
class Project:
    root: pathlib.Path  # holds src/, and what its build compiles
    build: pathlib.Path  # of CMake with Ninja, built
    core: str = "nlb_core"
    tests: str = "nlb_unit_tests"
    libraries: tuple = ("-lgtest", "-lgtest_main")
    runs: tuple = (("--gtest_fail_fast", "--gtest_brief=1"),)  # arguments, one run after the other


def slow_last(project, program):
    """The project, with its few slow tests in a run of their own: nearly every change is noticed
    by the fast ones."""
    with tempfile.TemporaryDirectory() as folder:
        told = pathlib.Path(folder, "told.json")
        subprocess.run([program, f"--gtest_output=json:{told}"], check=True, cwd=folder,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        suites = json.loads(told.read_text())["testsuites"]
    slow = ":".join(f"{suite['name']}.{test['name']}" for suite in suites
                    for test in suite["testsuite"] if float(test["time"].rstrip("s")) > SLOW)
    if not slow:
        return project
    runs = tuple((*run, f"--gtest_filter={which}{slow}") for which in ("-", "")
                 for run in project.runs)
    return dataclasses.replace(project, runs=runs)


class Objects:
    """What the build made: for each object its source, its command and the headers it read."""

    def __init__(self, project):
        self.project = project
        self.commands, self.of_source, self.needs = {}, {}, {}
        for entry in json.loads((project.build / "compile_commands.json").read_text()):
            words = shlex.split(entry["command"])
            output = words[words.index("-o") + 1]
            if not any(f"CMakeFiles/{target}.dir/" in output
                       for target in (project.core, project.tests)):
                continue
            if pathlib.Path(words[0]).name == "ccache":
                words = words[1:]
            self.commands[output] = words
            self.of_source[self.relative(entry["file"])] = output
        self.read_needs()

    def relative(self, path):
        return os.path.relpath(path, self.project.root)

    def read_needs(self):
        said = subprocess.run(["ninja", "-C", self.project.build, "-t", "deps", *self.commands],
                              check=True, capture_output=True, text=True).stdout
        output = None
        for line in said.splitlines():
            if line and not line.startswith(" "):
                output = line.partition(":")[0]
            elif line:
                path = self.relative(os.path.join(self.project.build, line.strip()))
                self.needs.setdefault(path, []).append(output)

    def stages(self, path):
        """Which objects to compile anew when `path` has changed: first those that most likely tell,
        then, for a header, all of the core and of what the tests share that read it."""
        if path in self.of_source:
            return [[self.of_source[path]]]
        stem = pathlib.PurePath(path).with_suffix("")
        namesakes = [str(stem) + ".cc", str(stem).replace("src", "tests/unit", 1) + "_test.cc"]
        likely = [self.of_source[name] for name in namesakes if name in self.of_source]
        readers = [output for output in self.needs.get(path, [])
                   if self.project.core in output or "/support/" in output]
        tests = [output for output in likely if output not in readers]
        everything = readers + tests
        return [stage for stage in (likely, everything) if stage]


class Worker:
    """A copy of src/ that is changed, compiled, linked and run."""

    def __init__(self, project, objects, folder, limit):
        self.project, self.objects, self.limit = project, objects, limit
        self.folder = pathlib.Path(folder)
        shutil.copytree(project.root / "src", self.folder / "src")

    def tries(self, mutant):
        """"killed", "survived", or "invalid" when it does not compile."""
        place = self.folder / mutant.path
        source = place.read_text()
        place.write_text(mutant.apply(source))
        try:
            for stage in self.objects.stages(mutant.path) or [[]]:
                program = self.link(stage)
                if program is None:
                    return "invalid"
                if not self.passes(program):
                    return "killed"
            return "survived"
        finally:
            place.write_text(source)

    def link(self, outputs):
        made = []
        for output in outputs:
            made.append(self.folder / output.replace("/", "_"))
            if not quiet(self.command(output, made[-1]), self.project.build):
                return None
        program = self.folder / "tests"
        rest = [output for output in self.objects.commands if output not in outputs]
        link = ["c++", *FAST_LINKER, "-o", program, *made, *rest, *self.project.libraries, "-pthread"]
        return program if quiet(link, self.project.build) else None

    def command(self, output, made):
        old, new = str(self.project.root / "src"), str(self.folder / "src")
        words = [word.replace(old, new) for word in self.objects.commands[output]]
        words[words.index("-o") + 1] = str(made)
        return words

    def passes(self, program):
        return all(self.passes_run(program, arguments) for arguments in self.project.runs)

    def passes_run(self, program, arguments):
        try:
            return subprocess.run([program, *arguments], cwd=self.folder,
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False,
                                  timeout=self.limit, preexec_fn=bound).returncode == 0
        except subprocess.TimeoutExpired:
            return False


def bound():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def quiet(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
