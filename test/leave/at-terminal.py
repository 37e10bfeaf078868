#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command at a terminal of its own and types answers: at-terminal.py ANSWERS COMMAND [ARGUMENT ...]

ANSWERS are lines, typed one after the other when the command asks (its output ends in ": "). What it says, typed text included, goes to
standard output; the exit code is the command's, 128 and the signal's
number if it was killed. A question without an answer is answered by end of file.
"""
import os
import pty
import sys

answers = sys.argv[1].split("\n") if sys.argv[1] else []
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
while True:
    try:
        new = os.read(terminal, 65536)
    except OSError:  # EIO: the other end is closed
        break
    if not new:
        break
    shown += new
    if new.endswith(b": "):
        os.write(terminal, (answers.pop(0) + "\n").encode() if answers else b"\x04")
sys.stdout.write(shown.decode().replace("\r\n", "\n"))
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
