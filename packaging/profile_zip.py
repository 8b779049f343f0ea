#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""profile_zip.py FILE: the profile as Wireshark's own export writes one, a folder with its name in a
zip: Edit > Configuration Profiles > Import > from zip file takes it. The same bytes every time."""
import pathlib
import sys
import zipfile

PROFILE = pathlib.Path(__file__).resolve().parent / "profile/NLB"


def main(out):
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(PROFILE.iterdir()):
            entry = zipfile.ZipInfo(f"{PROFILE.name}/{path.name}")  # of 1980, when a zip's time begins
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(*sys.argv[1:])
