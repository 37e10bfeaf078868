# SPDX-License-Identifier: GPL-3.0-or-later
"""Which programs a shell command starts, as far as reading tells.

Knows: pipes, lists, `!`, subshells, `$(…)`, assignments before a command, the keywords of sh.
Does not know: here-documents, eval, a program named in a variable; what runs is caught by bash itself (setup.py).
"""

from __future__ import annotations

import shlex
import shutil
from typing import Iterator

_KEYWORDS = ("!", "if", "then", "elif", "else", "while", "until", "do", "{", "time")
_BUILTINS = (
    ".", ":", "[", "[[", "cd", "command", "done", "echo", "esac", "eval", "exec", "exit", "export", "false", "fi", "for",
    "case", "printf", "pwd", "read", "return", "set", "shift", "test", "trap", "true", "type", "ulimit", "umask",
    "unset", "wait", "}", "local",
)  # fmt: skip


def missing_programs(text: str) -> Iterator[str]:
    for program in programs(text):
        if program not in _BUILTINS and "$" not in program and shutil.which(program) is None:
            yield program


def programs(text: str) -> Iterator[str]:
    """The words in command position."""
    for inner in _substitutions(text):
        yield from programs(inner)
    lexer = shlex.shlex(text.replace("\n", " ; "), posix=True, punctuation_chars="();|&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    expected, skip = True, False
    try:
        words = list(lexer)
    except ValueError:
        return
    for word in words:
        if skip:
            skip = False
        elif word and not word.strip("();|&"):
            expected = True
        elif word in _KEYWORDS and expected:
            continue
        elif word[0] in "<>" or word in ("2>", "2>>", "1>"):
            # A redirection; its file follows unless it is glued on.
            skip = word.lstrip("012<>&") == ""
        elif expected:
            name, equals, _value = word.partition("=")
            if equals and name.isidentifier():
                continue
            expected = False
            if not word.startswith(("$", "`")):
                yield word


def _substitutions(text: str) -> Iterator[str]:
    """The inside of each outermost $(…)."""
    start = text.find("$(")
    while start != -1 and not text.startswith("$((", start):
        depth, end = 0, start + 1
        while end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if depth == 0:
                break
            end += 1
        yield text[start + 2 : end]
        start = text.find("$(", end)
