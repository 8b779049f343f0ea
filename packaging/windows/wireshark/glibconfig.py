#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""glibconfig.py FROM TO: Debian's glibconfig.h, changed into that of 64-bit Windows, where long has four
bytes and files are named with backslashes."""
import pathlib
import sys

CHANGES = [
    ("typedef signed long gint64;", "G_GNUC_EXTENSION typedef signed long long gint64;"),
    ("typedef unsigned long guint64;", "G_GNUC_EXTENSION typedef unsigned long long guint64;"),
    ("(val##L)", "(G_GNUC_EXTENSION (val##LL))"),
    ("(val##UL)", "(G_GNUC_EXTENSION (val##ULL))"),
    ('#define G_GINT64_MODIFIER "l"', '#define G_GINT64_MODIFIER "ll"'),
    ('#define G_GINT64_FORMAT "li"', '#define G_GINT64_FORMAT "lli"'),
    ('#define G_GUINT64_FORMAT "lu"', '#define G_GUINT64_FORMAT "llu"'),
    ("#define GLIB_SIZEOF_LONG   8", "#define GLIB_SIZEOF_LONG   4"),
    ("typedef signed long gssize;", "typedef signed long long gssize;"),
    ("typedef unsigned long gsize;", "typedef unsigned long long gsize;"),
    ('#define G_GSIZE_MODIFIER "l"', '#define G_GSIZE_MODIFIER "ll"'),
    ('#define G_GSSIZE_MODIFIER "l"', '#define G_GSSIZE_MODIFIER "ll"'),
    ('#define G_GSIZE_FORMAT "lu"', '#define G_GSIZE_FORMAT "llu"'),
    ('#define G_GSSIZE_FORMAT "li"', '#define G_GSSIZE_FORMAT "lli"'),
    ("G_MAXSIZE\tG_MAXULONG", "G_MAXSIZE\tG_MAXUINT64"),
    ("G_MINSSIZE\tG_MINLONG", "G_MINSSIZE\tG_MININT64"),
    ("G_MAXSSIZE\tG_MAXLONG", "G_MAXSSIZE\tG_MAXINT64"),
    ("(gint)  (glong) (p)", "(gint)  (gint64) (p)"),
    ("(guint) (gulong) (p)", "(guint) (guint64) (p)"),
    ("(gpointer) (glong) (i)", "(gpointer) (gint64) (i)"),
    ("(gpointer) (gulong) (u)", "(gpointer) (guint64) (u)"),
    ("typedef signed long gintptr;", "typedef signed long long gintptr;"),
    ("typedef unsigned long guintptr;", "typedef unsigned long long guintptr;"),
    ('#define G_GINTPTR_MODIFIER      "l"', '#define G_GINTPTR_MODIFIER      "ll"'),
    ('#define G_GINTPTR_FORMAT        "li"', '#define G_GINTPTR_FORMAT        "lli"'),
    ('#define G_GUINTPTR_FORMAT       "lu"', '#define G_GUINTPTR_FORMAT       "llu"'),
    ("#define G_OS_UNIX", "#define G_OS_WIN32\n#define G_PLATFORM_WIN32"),
    ("#define G_THREADS_IMPL_POSIX", "#define G_THREADS_IMPL_WIN32"),
    ("#define G_HAVE_GNUC_VISIBILITY 1", ""),
    ("#define GLIB_HAVE_ALLOCA_H", ""),
    ('__attribute__((visibility("hidden")))', ""),
    ("((glong) GINT64_TO_LE", "((glong) GINT32_TO_LE"),
    ("((gulong) GUINT64_TO_LE", "((gulong) GUINT32_TO_LE"),
    ("((glong) GINT64_TO_BE", "((glong) GINT32_TO_BE"),
    ("((gulong) GUINT64_TO_BE", "((gulong) GUINT32_TO_BE"),
    ('"so"', '"dll"'),
    ("typedef int GPid;", "typedef void * GPid;"),
    ('G_PID_FORMAT "i"', 'G_PID_FORMAT "p"'),
    ("GLIB_SYSDEF_AF_INET6 10", "GLIB_SYSDEF_AF_INET6 23"),
    ("G_DIR_SEPARATOR '/'", "G_DIR_SEPARATOR '\\\\'"),
    ('G_DIR_SEPARATOR_S "/"', 'G_DIR_SEPARATOR_S "\\\\"'),
    ("G_SEARCHPATH_SEPARATOR ':'", "G_SEARCHPATH_SEPARATOR ';'"),
    ('G_SEARCHPATH_SEPARATOR_S ":"', 'G_SEARCHPATH_SEPARATOR_S ";"'),
]


def main(source, target):
    text = pathlib.Path(source).read_text(encoding="utf-8")
    for old, new in CHANGES:
        if old not in text:
            sys.exit(f"{source} has no {old!r}: it is of another GLib than this was written for")
        text = text.replace(old, new)
    target = pathlib.Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
