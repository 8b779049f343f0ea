# SPDX-License-Identifier: GPL-2.0-or-later
"""What the lint scripts share: the project's own files, and how a script reports."""
import pathlib
import re
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SOURCES = (".c", ".h", ".cc", ".py", ".sh", ".cmake", ".map")
NAMED_SOURCES = ("CMakeLists.txt", "dev", ".ci/run")
OTHERS_OR_BUILT = re.compile(r"(^|/)(\.git|build[^/]*|__pycache__|\.cache|\.pytest_cache)(/|$)")


def project_files(root=REPOSITORY):
    """Every file but what git keeps for itself and what a build leaves; relative to root."""
    names = (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return sorted(name for name in names if not OTHERS_OR_BUILT.search(name))


def is_source(name):
    path = pathlib.PurePath(name)
    return path.suffix in SOURCES or path.name in NAMED_SOURCES or name in NAMED_SOURCES


def main(check, self_test):
    """With --self-test the rules are tried on examples, otherwise on the project."""
    problems = self_test() if sys.argv[1:] == ["--self-test"] else check(*sys.argv[1:])
    for problem in problems:
        print(problem)
    return 1 if problems else 0
