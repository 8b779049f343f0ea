# SPDX-License-Identifier: GPL-2.0-or-later
"""The faults that are tried: small changes to a line of C++ that a test should notice.

Works on text, and leans on clang-format: a binary operator has a space on both sides, a template
argument has none."""
import dataclasses
import re

COMPARISON = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
ARITHMETIC = {"+": "-", "-": "+", "<<": ">>", ">>": "<<", "&": "|", "|": "&"}
PAIRS = [("source", "destination"), ("sender", "target"), ("client", "server"), ("high", "low"),
         ("captured_len", "wire_len"), ("true", "false")]
SWAPPED = {name: other for a, b in PAIRS for name, other in [(a, b), (b, a)]}

COMPARED = re.compile(r"(?<= )(?:<=|>=|==|!=|<|>)(?=\s)")
CALCULATED = re.compile(r"(?<=[\w)\]] )(?:\+|-|<<|>>|&|\|)(?=\s)")
JOINED = re.compile(r" (&&|\|\|)\s+")
NEGATED = re.compile(r"(?<=[ (])!(?=[\w(])")
GUARDED = re.compile(r"\bif \(")
# Not the size or an argument of a template, and no part of a name or of a fraction.
NUMBER = re.compile(r"(?<![\w.<'])(?<!<)(0x[0-9A-Fa-f']+|\d[\d']*)(?=[uUlL]*\b)(?![\w.']*[.>])")
NAMED = re.compile(r"(?<![A-Za-z])(?:" + "|".join(sorted(SWAPPED, key=len, reverse=True)) +
                   r")(?![A-Za-z])")
# The type of a parameter: the name behind it may be any.
TYPE = re.compile(r"(?!return\b)\b[A-Za-z_][\w:]*[>&*]* $")
# Whatever a line like this says, changing it tests the compiler or the reader.
DECLARES = re.compile(r"^\s*(?:#|static_assert|template\b|using |namespace |friend |SPDX)")
# A text, a character, a comment.
OPAQUE = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])*\'|'
                    r"//[^\n]*|/\*.*?\*/", re.S)


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str  # from the root of the project
    line: int  # from 1
    before: str  # the line, without its indentation
    after: str
    start: int  # in the text of the file
    end: int
    text: str  # what takes that place

    def apply(self, source):
        return source[:self.start] + self.text + source[self.end:]


def code_only(source):
    """The same text, with blanks where nothing is code."""
    return OPAQUE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def end_of(code, at, *stops):
    """The place from `at` on where a bracket closes that is open there, or a stop stands."""
    depth = 0
    while at < len(code):
        if depth == 0 and (code[at] in ")]};" or code.startswith(stops, at)):
            break
        depth += (code[at] in "([{") - (code[at] in ")]}")
        at += 1
    return at


LEFT_ENDS = ("&& ", "|| ", " = ", "return ", " : ", "? ")


def start_of_operand(code, at):
    depth = 0
    while at > 0:
        before = code[:at]
        if depth == 0 and (before[-1] in "([{;,?" or before.endswith(LEFT_ENDS)):
            break
        depth += (before[-1] in ")]}") - (before[-1] in "([{")
        at -= 1
    return at


def changes_of(code):
    """(start, end, text) of each fault in the code of a file."""
    for found in COMPARED.finditer(code):
        yield *found.span(), COMPARISON[found[0]]
    for found in CALCULATED.finditer(code):
        yield *found.span(), ARITHMETIC[found[0]]
    for found in JOINED.finditer(code):
        yield *found.span(1), "||" if found[1] == "&&" else "&&"
        yield found.start(), end_of(code, found.end(), "&&", "||", ",", "?"), ""
        yield start_of_operand(code, found.start()), found.end(), ""
    for found in NEGATED.finditer(code):
        yield *found.span(), ""
    for found in GUARDED.finditer(code):
        end = end_of(code, found.end())
        if code[end:end + 1] != ")":
            continue  # it declares something first
        for whole in ("false && ", "true || "):
            yield found.end(), end, f"{whole}({code[found.end():end]})"
    for found in NUMBER.finditer(code):
        yield *found.span(1), next_number(found[1])
    for found in NAMED.finditer(code):
        if not is_parameter(code, *found.span()):
            yield *found.span(), SWAPPED[found[0]]


def is_parameter(code, start, end):
    """In a declaration or in the head of a function."""
    line = code.rfind("\n", 0, start) + 1
    return code[end] in ",)" and TYPE.search(code[line:start])


def next_number(text):
    value = int(text.replace("'", ""), 0) + 1
    return hex(value) if text.startswith("0x") else str(value)


def mutants_of(path, source):
    code = code_only(source)
    lines = source.splitlines()
    tried = set()  # a condition between two others can be dropped with the one before or behind
    for start, end, text in changes_of(code):
        first, last = code.count("\n", 0, start), code.count("\n", 0, end)
        if DECLARES.match(lines[first]):
            continue
        mutant = Mutant(path, first + 1, "", "", start, end, text)
        after = mutant.apply(source).splitlines()
        count = last - first + 1
        changed = count + len(after) - len(lines)
        change = first, "".join("".join(after[first:first + changed]).split())
        if change in tried:
            continue
        tried.add(change)
        yield dataclasses.replace(mutant, before=joined(lines[first:first + count]),
                                  after=joined(after[first:first + changed]))


def joined(lines):
    return " ".join(line.strip() for line in lines)
