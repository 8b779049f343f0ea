#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_layout.py SOURCES BUILD: whether gcc for Windows lays out each struct of Wireshark's and GLib's
headers as Microsoft's compiler does, which made the official Wireshark.

What Microsoft's compiler does is clang's model of it. A program that gcc compiles compares each size, each
offset and the bits of each bit-field with that, in Wine. BUILD is a build folder of nlb.dll.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

GCC = "x86_64-w64-mingw32ucrt-gcc"
SYSTEM = "/usr/x86_64-w64-mingw32ucrt/include"
WINE = "/usr/lib/wine/wine64"
# Microsoft's layout, with the headers of MinGW, which know no Microsoft compiler.
CLANG = ["clang", "--target=x86_64-pc-windows-msvc", "-fmsc-version=0", "-fms-extensions", "-fgnuc-version=14.0.0",
         "-w", "-nostdlibinc", "-fsyntax-only", "-Xclang", "-fdump-record-layouts-complete"]

HEAD = r"""
#include <stdio.h>
#include <string.h>
static int wrong, count;
static void same(const char *what, size_t here, size_t there)
{
    count++;
    if (here != there) {
        wrong++;
        printf("WRONG  %s: %u, and %u with Microsoft's compiler\n", what, (unsigned)here, (unsigned)there);
    }
}
static void bits(const char *what, const unsigned char *bytes, size_t length, size_t from, size_t to)
{
    count++;
    for (size_t i = 0; i < length * 8; i++) {
        if (((bytes[i / 8] >> (i % 8)) & 1) != (i >= from && i <= to)) {
            wrong++;
            printf("WRONG  %s: bit %u\n", what, (unsigned)i);
            return;
        }
    }
}
int main(void)
{
"""


def includes(sources):
    """What the plugin includes of Wireshark and GLib; packet.h stands first, as in nlb_plugin.h."""
    found = {line for path in sorted((sources / "plugin").glob("*.[ch]"))
             for line in re.findall(r"^#include (<(?:glib|epan|wiretap|wsutil)[^>]*>)",
                 path.read_text(encoding="utf-8"), re.M)}
    first = ["<stdbool.h>", "<stddef.h>", "<glib.h>", "<epan/packet.h>"]
    return [f"#include {name}" for name in first + sorted(found - set(first))]


def roots(build):
    """The folders with headers that the plugin is compiled with."""
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    wireshark, = re.findall(r"^NLB_WIRESHARK_ROOT:\w+=(.*)$", cache, re.M)
    glib, = re.findall(r"^NLB_GLIB_ROOT:\w+=(.*)$", cache, re.M)
    return [str(build / "import/include"), f"{glib}/usr/include/glib-2.0", f"{wireshark}/usr/include/wireshark"]


def records(dump):
    """(name, size, fields) of each named struct or union; a field is (name, offset, first bit, last bit)."""
    seen = set()
    for record in dump.split("*** Dumping AST Record Layout")[1:]:
        lines = [line for line in record.splitlines() if "|" in line]
        head = re.match(r"\s*0 \| ((?:struct |union )?[A-Za-z_]\w*)\s*$", lines[0])
        if not head or head.group(1) in seen or "__" in head.group(1):
            continue
        seen.add(head.group(1))
        fields = []
        for line in lines[1:]:
            # Three blanks: a field of this record, and not of one inside it.
            field = re.match(r"\s*(\d+)(?::(\d+)-(\d+))? \|   (\S.*?)(\w+)$", line)
            # An unnamed struct inside is named by its place.
            if field and not re.search(r"\((unnamed|anonymous) [^)]*$", field.group(4)):
                offset, first, last = (None if text is None else int(text) for text in field.groups()[:3])
                fields.append((field.group(5), offset, first, last))
        size = int(re.search(r"sizeof=(\d+)", record).group(1))
        if fields:
            yield head.group(1), size, fields


def checks(name, size, fields):
    yield f'  {{ {name} it; same("sizeof {name}", sizeof it, {size});'
    for field, offset, first, last in fields:
        what = f'"{name}.{field}"'
        if first is None:
            yield f"    same({what}, offsetof({name}, {field}), {offset});"
        else:
            yield f"    memset(&it, 0, sizeof it); it.{field} = -1;"
            yield f"    bits({what}, (unsigned char *)&it, sizeof it, {offset * 8 + first}, {offset * 8 + last});"
    yield "  }"


def main(sources, build):
    sources, build = pathlib.Path(sources), pathlib.Path(build)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Windows does not tell capital letters from small ones.
        (folder / "BaseTsd.h").write_text("#include <basetsd.h>\n", encoding="utf-8")
        text = "\n".join(includes(sources)) + "\n"
        (folder / "headers.c").write_text(text, encoding="utf-8")
        where = [word for root in [folder, *roots(build)] for word in ("-isystem", str(root))]
        dump = subprocess.run([*CLANG, *where, "-isystem", SYSTEM, str(folder / "headers.c")], check=True,
                              capture_output=True, text=True).stdout
        found = list(records(dump))
        body = [line for record in found for line in checks(*record)]
        tail = ('  printf("%d sizes, offsets and bit-fields of ' + str(len(found)) +
                ' records compared, %d differ\\n", count, wrong);\n  return wrong != 0;\n}\n')
        (folder / "layout.c").write_text(text + HEAD + "\n".join(body) + "\n" + tail, encoding="utf-8")
        program = folder / "layout.exe"
        subprocess.run([GCC, "-mms-bitfields", "-w", *where, "-o", str(program), str(folder / "layout.c")], check=True)
        # A comparison of nothing would differ in nothing.
        names = {name for name, _, _ in found}
        assert {"struct _packet_info", "struct _header_field_info"} <= names, sorted(names)
        return subprocess.run([WINE, str(program)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
