#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_dll.py NLB.DLL SERIES WIRESHARK_ROOT GLIB_ROOT: what must hold of nlb.dll before anybody gets it.

Prints each name that it asks Wireshark and GLib for, with what says that Windows exports it, and ends with
status 1 when something does not hold.
"""
import pathlib
import re
import struct
import subprocess
import sys

OBJDUMP = "x86_64-w64-mingw32ucrt-objdump"
NM = "x86_64-w64-mingw32ucrt-nm"
EXPORTS = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register", "plugin_describe"}
# The Universal C Runtime, which is a part of Windows.
RUNTIME = re.compile(r"KERNEL32\.dll|api-ms-win-crt-[a-z]+-l1-1-0\.dll")
WIRESHARK = {"libwireshark.dll", "libwsutil.dll"}
GLIB = "glib-2.0-0.dll"
# The libraries of the official Wireshark 4.0 are of July 2022, says its tools/win-setup.ps1: GLib 2.72.
OLDEST_GLIB = (2, 72)


def printed(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def imports_of(dll):
    """DLL -> the names asked of it."""
    found, names = {}, None
    for line in printed(OBJDUMP, "-p", dll).splitlines():
        if "DLL Name:" in line:
            names = found.setdefault(line.split()[-1], [])
        elif names is not None and (match := re.match(r"\s+[0-9a-f]+\s+(?:<none>\s+)?[0-9a-f]+\s+(\w+)\s*$", line)):
            names.append(match.group(1))
        elif "Export Table" in line:
            names = None
    return found


def exports_of(dll):
    """name -> relative address"""
    text = printed(OBJDUMP, "-p", dll).partition("[Ordinal/Name Pointer] Table")[2]
    return set(re.findall(r"^\s+\[\s*\d+\].*\s(\w+)$", text, re.MULTILINE))


class Image:
    """The parts of a DLL's file that are looked into by hand."""

    def __init__(self, path):
        self.data = pathlib.Path(path).read_bytes()
        head = struct.unpack_from("<I", self.data, 0x3C)[0]
        self.machine, sections = struct.unpack_from("<HH", self.data, head + 4)
        optional = struct.unpack_from("<H", self.data, head + 20)[0]
        self.flags = struct.unpack_from("<H", self.data, head + 24 + 70)[0]
        self.export_rva = struct.unpack_from("<I", self.data, head + 24 + 112)[0]
        self.sections = [struct.unpack_from("<4I", self.data, head + 24 + optional + 40 * number + 8)
                         for number in range(sections)]

    def at(self, address):
        for size, start, stored, offset in self.sections:
            if start <= address < start + max(size, stored):
                return offset + address - start
        raise ValueError(f"no section has {address:#x}")

    def numbers(self, address, count):
        return struct.unpack_from(f"<{count}I", self.data, self.at(address))

    def text(self, address):
        start = self.at(address)
        return self.data[start:self.data.index(b"\0", start)].decode()

    def exported(self, name):
        """Where the export lies."""
        count, functions, names, ordinals = self.numbers(self.export_rva + 24, 4)
        for number, where in enumerate(self.numbers(names, count)):
            if self.text(where) == name:
                ordinal = struct.unpack_from("<H", self.data, self.at(ordinals) + 2 * number)[0]
                return self.numbers(functions + 4 * ordinal, 1)[0]
        raise ValueError(f"no export {name}")


def declarations(folder, mark):
    """name -> "header:line" of each declaration that begins with the mark."""
    found = {}
    for path in sorted(folder.rglob("*.h")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in re.finditer(mark + r"\b([^;{}]*?)[;{]", text):
            head = re.sub(r"G_GNUC_\w+(\s*\([^()]*\))?|WS_\w+\s*\([^()]*\)|/\*.*?\*/|//[^\n]*", " ",
                          match.group(1), flags=re.DOTALL)
            # A function's name stands before its first parenthesis, a variable's at the end.
            name = re.search(r"(\w+)\s*(?:\(|\[|$)", head.strip())
            if name:
                line = text.count("\n", 0, match.start()) + 1
                found.setdefault(name.group(1), f"{path.relative_to(folder)}:{line}")
    return found


def exported(folder):
    """name -> library: what Debian's libraries of the series export. Wireshark is compiled with hidden
    symbols: these are the names that its sources mark WS_DLL_PUBLIC, also in headers that nobody installs."""
    found = {}
    for path in sorted(folder.rglob("lib*.so.*")):
        for line in printed("nm", "-D", "--defined-only", path).splitlines():
            found.setdefault(line.split()[-1], path.name)
    return found


def glib_versions(folder):
    """name -> (2, N): GLib tells by each declaration since when there is it."""
    found = {}
    for path in folder.rglob("*.h"):
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in re.finditer(r"GLIB_AVAILABLE_IN_(ALL|2_(\d+))\b[^;]*?\b(g_\w+)\s*\(", text):
            found.setdefault(match.group(3), (2, int(match.group(2) or 0)))
    return found


class Report:
    def __init__(self):
        self.failed = 0

    def check(self, holds, good, bad):
        print(f"ok     {good}" if holds else f"WRONG  {bad}")
        self.failed += not holds


def check_imports(report, imports):
    others = {name for name in imports if name not in WIRESHARK | {GLIB} and not RUNTIME.fullmatch(name)}
    report.check(not others, f"imports from {', '.join(sorted(imports))}", f"imports from {sorted(others)}")
    report.check(WIRESHARK | {GLIB} <= set(imports), "imports from Wireshark and GLib",
                 f"imports nothing from {sorted((WIRESHARK | {GLIB}) - set(imports))}")


def check_symbols(report, imports, wireshark, glib):
    public = {name: f"WS_DLL_PUBLIC in {place}"
              for name, place in declarations(wireshark, "WS_DLL_PUBLIC(?:_DEF)?").items()}
    hidden = {name: f"in no installed header; exported by {library}"
              for name, library in exported(wireshark).items()}
    for dll in sorted(WIRESHARK & set(imports)):
        for name in sorted(imports[dll]):
            told = public.get(name) or hidden.get(name)
            report.check(told, f"{dll} {name}: {told}",
                         f"{dll} {name}: no header says WS_DLL_PUBLIC, no library exports it")
    since = glib_versions(glib)
    for name in sorted(imports.get(GLIB, [])):
        version = since.get(name, (2, 0))
        report.check(version <= OLDEST_GLIB, f"{GLIB} {name}: since {version[0]}.{version[1]}",
                     f"{GLIB} {name}: only since GLib {version[0]}.{version[1]}")


def check_image(report, dll, series):
    image = Image(dll)
    report.check(image.machine == 0x8664, "for x86-64", f"for the machine {image.machine:#x}")
    # DYNAMIC_BASE, NX_COMPAT, HIGH_ENTROPY_VA.
    report.check(image.flags & 0x160 == 0x160, "may be loaded anywhere, and has no data that runs",
                 f"DllCharacteristics {image.flags:#x}")
    found = ".".join(str(image.numbers(image.exported(f"plugin_want_{part}"), 1)[0])
                     for part in ("major", "minor"))
    report.check(found == series, f"wants Wireshark {found}", f"wants Wireshark {found}, not {series}")
    report.check(b"msvcrt" not in image.data.lower(), "no msvcrt", "names msvcrt, the old C library")
    return image


def check_setjmp(report, objects):
    """TRY must hand no frame over: see ws_compat.h. A call with a frame is one of __intrinsic_setjmpex
    with another second argument than 0."""
    calls = []
    for path in sorted(pathlib.Path(objects).rglob("*.obj")):
        lines = [line for line in printed(OBJDUMP, "-dr", "--no-show-raw-insn", str(path)).splitlines() if line.strip()]
        for number, line in enumerate(lines):
            if re.search(r"IMAGE_REL_AMD64_\w+\s+(__imp_)?_*(intrinsic_)?setjmp", line):
                # Back to the last write of the second argument.
                writes = [code for code in lines[max(0, number - 12):number] if re.search(r",%[er]dx$", code.strip())]
                calls.append((path.stem, writes[-1].split("\t")[-1].split("#")[0].strip() if writes else "unknown"))
    wrong = [call for call in calls if not re.fullmatch(r"xor\s+%edx,%edx|mov\s+\$0x0,%[er]dx", call[1])]
    report.check(calls and not wrong, f"setjmp gets no frame, in {len(calls)} places",
        f"setjmp gets a frame: {wrong or 'no call found'}")


def main(dll, series, wireshark_root, glib_root, objects):
    report = Report()
    check_image(report, dll, series)
    exports = exports_of(dll)
    report.check(exports == EXPORTS, f"exports {', '.join(sorted(exports))}", f"exports {sorted(exports)}")
    imports = imports_of(dll)
    check_imports(report, imports)
    check_symbols(report, imports, pathlib.Path(wireshark_root), pathlib.Path(glib_root) / "usr/include/glib-2.0")
    check_setjmp(report, objects)
    print(f"{report.failed} wrong" if report.failed else "all of this holds")
    return report.failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
