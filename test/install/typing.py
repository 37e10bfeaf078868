#!/usr/bin/python3 -I
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types at a terminal of its own: typing.py COMMAND WORD... -- SEEN TYPED SEEN TYPED...

Runs a command with a terminal as its standard input, output and error, waits until each text is SEEN, then types what belongs to it.
TYPED is sent as it is: a line break at its end is the Enter key, "\\x04" is Ctrl-D, "\\x03" is Ctrl-C. Prints JSON: the command's exit code
and all that the terminal showed.
"""
import json
import os
import pty
import select
import sys
import time

words = sys.argv[1:]
command, script = words[: words.index("--")], words[words.index("--") + 1 :]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, seen_to, ends = b"", 0, time.monotonic() + 60
pairs = list(zip(script[::2], script[1::2]))
while time.monotonic() < ends:
    if pairs and (at := shown.find(pairs[0][0].encode(), seen_to)) >= 0:
        seen_to = at + len(pairs[0][0])
        # getpass flushes what was typed before it switched echo off.
        time.sleep(0.3)
        os.write(terminal, pairs.pop(0)[1].encode())
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        shown += more
if pairs:
    shown += f"\n[never seen: {pairs[0][0]}]".encode()
    os.kill(pid, 9)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({"code": code, "shown": shown.decode().replace("\r\n", "\n")}))
