#!/usr/bin/python3 -I
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills install.sh and judges what is left, inside the sandbox: kill.py steps|ROUNDS:SEED TREE TREE...

ROUNDS:SEED kills at random moments, now and then on an empty machine: the whole process group, or the shell alone, so that its children
live on; every fourth time the next run must finish the work. `steps` kills before each command that can write, one after the other. After
each kill the invariant must hold. Prints counts as a line of JSON, or fails with what is wrong.
"""
import fcntl
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time

LINK, TOP = "/srv/formulas/base/qwbtc-formula", "/srv/salt/_tops/base/qwbtc.top"
CONF, STORE, PILLAR = "/etc/salt/minion.d/formula-qwbtc.conf", "/var/lib/qwbtc-salt/qwbtc", "/srv/pillar/base/qwbtc"


def below(folder):
    """Every file below a folder: path, bytes, mode; links would be followed by Salt, so none may be there."""
    found = {}
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(at, name)
            mode = os.lstat(path).st_mode
            assert not stat.S_ISLNK(mode), f"a link in a version: {path}"
            found[os.path.relpath(path, folder)] = (oct(mode), None if name in folders else open(path, "rb").read())
    return found


def in_force(trees):
    """The tree that Salt reads now, or None. Any mixture, half version or dangling link is an error."""
    for at, folders, files in os.walk("/srv"):
        for name in folders + files:
            path = os.path.join(at, name)
            assert os.path.exists(path), f"a dangling link below /srv: {path} -> {os.readlink(path)}"
    for folder in ("/var/lib/qwbtc-salt", STORE, PILLAR):
        if os.path.exists(folder):
            assert stat.S_IMODE(os.lstat(folder).st_mode) == 0o700, f"{folder} is not root-only"
    for name in os.listdir(STORE) if os.path.exists(STORE) else []:
        assert name == ".stage" or below(f"{STORE}/{name}") in trees.values(), f"a half version: {name}"
    if os.path.lexists(TOP):
        assert os.readlink(TOP) == f"{LINK}/qwbtc/init.top" and os.path.exists(CONF), "a top without its root"
    if os.path.lexists(CONF):
        assert open(CONF).read().endswith(f"file_roots:\n  base:\n    - {LINK}\n"), "a cut conf file"
    if not os.path.lexists(LINK):
        return None
    seen = below(os.path.realpath(LINK))
    for tree, whole in trees.items():
        prefix = "srv/formulas/base/qwbtc-formula/"
        if seen == {path.removeprefix(prefix): is_ for path, is_ in whole.items() if path.startswith(prefix)}:
            return tree
    raise AssertionError("what Salt reads is no tree of ours")


def wait_for_orphans():
    """A killed shell's child goes on and keeps the lock, which a next run would name. Waits until it is gone."""
    fd = os.open("/etc/salt/minion.d", os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.close(fd)


def empty():
    for path in ("/srv/formulas", "/srv/pillar", "/srv/salt/_tops", "/var/lib/qwbtc-salt"):
        shutil.rmtree(path, ignore_errors=True)
    for path in (CONF, "/etc/salt/minion.d/.formula-qwbtc.conf.new"):
        if os.path.exists(path):
            os.remove(path)


def forget_unused():
    """Drops the versions that no link below /srv names, so that they must be stored again."""
    base = "/srv/formulas/base"
    used = [os.readlink(f"{base}/{name}") for name in os.listdir(base)] if os.path.exists(base) else []
    for name in os.listdir(STORE) if os.path.exists(STORE) else []:
        if name != ".stage" and not any(name in target for target in used):
            shutil.rmtree(f"{STORE}/{name}")


def finish(target, trees):
    done = subprocess.run([f"{target}/install.sh"], capture_output=True, text=True)
    assert done.returncode == 0, f"the next run failed: {done.stderr}"
    left = [f"{STORE}/.stage", "/srv/formulas/base/.qwbtc-formula.new", "/etc/salt/minion.d/.formula-qwbtc.conf.new"]
    assert in_force(trees) == target and os.path.lexists(TOP), "the next run did not finish"
    assert not any(map(os.path.lexists, left)), "the next run left something lying about"


def at_random(rounds, trees):
    names, now = list(trees), None
    whole_run = 0.25
    count = {"kills": 0, "old in force": 0, "new in force": 0, "nothing in force": 0, "run was over": 0, "stage left": 0, "finished": 0}
    while count["kills"] < rounds:
        if random.random() < 0.3:
            empty()
            now = None
        else:
            forget_unused()
        target = random.choice([name for name in names if name != now])
        run = subprocess.Popen([f"{target}/install.sh"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if random.random() < 0.4:  # while the copy is being written: a short time, so it is waited for
            while run.poll() is None and not os.path.exists(f"{STORE}/.stage"):
                time.sleep(0.0005)
            time.sleep(random.uniform(0, 0.01))
        else:
            time.sleep(random.uniform(0, whole_run))
        if run.poll() is None:
            count["kills"] += 1
            if random.random() < 0.7:
                os.killpg(run.pid, signal.SIGKILL)
            else:
                run.kill()
            run.wait()
            whole_run *= 1.04
        else:
            assert run.returncode == 0, "a run that nobody killed failed"
            count["run was over"] += 1
            whole_run *= 0.9  # what a run takes depends on what else this machine does
        wait_for_orphans()
        after = in_force(trees)
        assert after in (now, target), f"neither old nor new: {after}"
        count["nothing in force" if after is None else "new in force" if after == target else "old in force"] += 1
        count["stage left"] += os.path.exists(f"{STORE}/.stage")
        now = after
        if count["kills"] % 4 == 0:
            finish(target, trees)
            now, count["finished"] = target, count["finished"] + 1
    return count


WRITERS = ("chmod", "chown", "cp", "ln", "mkdir", "mv", "python3", "qubesctl", "rm", "sync")


def at_each_step(trees):
    """Kills the whole group right before its first command that can write, then its second, and so on until none is left."""
    old, new = list(trees)[:2]
    shutil.rmtree("/tmp/cut", ignore_errors=True)
    os.mkdir("/tmp/cut")
    for tool in WRITERS:
        with open(f"/tmp/cut/{tool}", "w") as script:
            script.write(
                "#!/bin/sh\nleft=$(cat /tmp/cut/.left)\n[ $left -gt 0 ] || kill -9 0\n"
                f'echo $((left - 1)) >/tmp/cut/.left\nexec {shutil.which(tool)} "$@"\n'
            )
        os.chmod(f"/tmp/cut/{tool}", 0o755)
    cut = {**os.environ, "PATH": f"/tmp/cut:{os.environ['PATH']}"}
    count = {}
    for start in (None, old):
        for step in range(100):
            empty()
            if start:
                finish(start, trees)
            with open("/tmp/cut/.left", "w") as left:
                left.write(str(step))
            run = subprocess.run([f"{new}/install.sh"], env=cut, start_new_session=True, capture_output=True)
            assert in_force(trees) in (start, new), f"neither old nor new, cut before writer {step}"
            if run.returncode == 0:
                break
            assert run.returncode == -signal.SIGKILL, run.stderr
            finish(new, trees)
        count["steps of an upgrade" if start else "steps of a fresh install"] = step
    return count


def main():
    trees = {name: below(name) for name in sys.argv[2:]}
    if sys.argv[1] == "steps":
        print(json.dumps(at_each_step(trees)))
    else:
        rounds, seed = map(int, sys.argv[1].split(":"))
        random.seed(seed)
        print(json.dumps(at_random(rounds, trees)))


main()
