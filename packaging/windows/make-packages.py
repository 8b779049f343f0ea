#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""make-packages.py STAGE SCRIPT OUT NAME: the zip and the installer of the files in the folder STAGE, as
OUT/NAME.zip and OUT/NAME.exe. The zip is the same bytes every time."""
import pathlib
import subprocess
import sys
import zipfile


def write_zip(stage, name, target):
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in stage.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(stage)}")  # of 1980, when a zip's time begins
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main(stage, script, out, name):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    write_zip(pathlib.Path(stage), name, out / f"{name}.zip")
    subprocess.run(["makensis", "-V2", f"-DSTAGE={stage}", f"-DOUT={out / name}.exe", script], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
