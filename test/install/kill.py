#!/usr/bin/python3 -I
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills install.sh and rotate-secrets and judges what is left, inside the sandbox: kill.py fresh|upgrade|rotation|ROUNDS:SEED TREE TREE...

ROUNDS:SEED kills at random moments, now and then on an empty machine, now and then a rotation: the whole process group, or the shell alone,
so that its children live on; every fourth time the next run must finish the work. The others kill before each command that can write, and
before each call of rotate-secrets that writes, one after the other. After each kill the invariant must hold: the old or the new version is
in force with all the secrets that it needs, and those that both know are what they were. Prints counts as a line of JSON, or fails with
what is wrong.
"""
import fcntl
import hashlib
import hmac
import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time

LINK, TOP = "/srv/formulas/base/qwbtc-formula", "/srv/salt/_tops/base/qwbtc.top"
CONF, STORE, PILLAR = "/etc/salt/minion.d/formula-qwbtc.conf", "/var/lib/qwbtc-salt/qwbtc", "/srv/pillar/base/qwbtc"


def parts():
    """The pillar as Salt would read it: (qube, kind, key) to text. Anything cut, open to others or named but missing is an error."""
    texts, top = {}, None
    for name in os.listdir(PILLAR) if os.path.exists(PILLAR) else []:
        path = os.path.join(PILLAR, name)
        assert stat.S_IMODE(os.lstat(path).st_mode) == 0o600, f"{path} is not root-only"
        if name.startswith("."):
            assert re.fullmatch(r"\.(init\.top|[a-z-]+\.sls)\.new", name), f"an unknown leftover: {path}"
            continue
        first, *lines = open(path, encoding="ascii").read().split("\n")
        assert first == "#!yaml", f"{path} is not plain YAML"
        content = json.loads("\n".join(line for line in lines if not line.startswith("#")))
        if name == "init.top":
            top = content["base"]
        else:
            for kind, keys in content["qwbtc"].items():
                texts.update({(name.removesuffix(".sls"), kind, key): text for key, text in keys.items()})
    for qube, states in (top or {}).items():
        assert states == [f"qwbtc.{qube}"] and os.path.exists(f"{PILLAR}/{qube}.sls"), f"the pillar's top names {qube}, which is not there"
    return texts, set(top or {})


def needed(tree):
    """What a tree wants from the pillar: (qube, kind, key) to the pattern."""
    with open(f"{tree}/MANIFEST.json", encoding="utf-8") as file:
        secrets = json.load(file)["secrets"]
    return {(qube, *entry["pillar"].split(":")[1:]): entry["check"] for qube, entries in secrets.items() for entry in entries}


def judge_secrets(tree, before, hashed=True):
    """All that a version in force needs is there, fits, and is what it was before; each hash is that of its password."""
    texts, top = parts()
    for place, check in needed(tree).items() if tree else ():
        text = texts.get(place)
        assert text is not None and place[0] in top, f"in force, but its secret {place} is missing"
        assert re.fullmatch(check, text), f"{place} does not fit"
        assert place not in before or before[place] == text, f"{place} was changed"
        if place[1] == "rpcauth" and hashed:
            salt, digest = text.split(":")[1].split("$")
            password = texts[place[2], "rpc", place[0]].split(":")[1]
            assert hmac.new(salt.encode(), password.encode(), hashlib.sha256).hexdigest() == digest, f"{place} is not of its password"


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
        if os.path.islink(f"{STORE}/{name}"):
            assert name in ("previous", ".previous.new"), f"an unknown link: {name}"
            continue
        assert name in (".stage", ".gone") or below(f"{STORE}/{name}") in trees.values(), f"a half version: {name}"
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
        if name not in (".stage", "previous", ".previous.new") and not any(name in target for target in used):
            shutil.rmtree(f"{STORE}/{name}")


def finish(target, trees):
    done = subprocess.run([f"{target}/install.sh"], capture_output=True, text=True)
    assert done.returncode == 0, f"the next run failed: {done.stderr}"
    left = [f"{STORE}/.stage", f"{STORE}/.gone", f"{STORE}/.previous.new", *(f"{PILLAR}/{name}" for name in os.listdir(PILLAR) if name[0] == "."), "/srv/formulas/base/.qwbtc-formula.new", "/etc/salt/minion.d/.formula-qwbtc.conf.new"]
    assert in_force(trees) == target and os.path.lexists(TOP), "the next run did not finish"
    assert not any(map(os.path.lexists, left)), "the next run left something lying about"
    judge_secrets(target, {})
    assert set(parts()[0]) == set(needed(target)), "the next run left secrets that nothing names"


def wait_for(run, path_exists, seconds):
    while run.poll() is None and not path_exists():
        time.sleep(0.0005)
    time.sleep(random.uniform(0, seconds))


def half_written():
    return os.path.exists(PILLAR) and any(name.startswith(".") for name in os.listdir(PILLAR))


def at_random(rounds, trees):
    names, now = list(trees), None
    whole_run = 0.25
    count = {"kills": 0, "old in force": 0, "new in force": 0, "nothing in force": 0, "run was over": 0, "stage left": 0, "finished": 0}
    count.update({"rotations": 0, "secrets half written": 0, "passwords ahead of their hashes": 0})
    while count["kills"] < rounds:
        rotation = now is not None and random.random() < 0.25
        if rotation:
            finish(now, trees)
        elif random.random() < 0.3:
            empty()
            now = None
        else:
            forget_unused()
        before = parts()[0]
        target = now if rotation else random.choice([name for name in names if name != now])
        command = [f"{now}/rotate-secrets", "--yes"] if rotation else [f"{target}/install.sh"]
        run = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        how = random.random()
        if how < 0.25 and not rotation:  # while the copy is being written: a short time, so it is waited for
            wait_for(run, lambda: os.path.exists(f"{STORE}/.stage"), 0.01)
        elif how < 0.6 or rotation:  # while a secret is being written
            wait_for(run, half_written, 0.01)
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
        count["secrets half written"] += half_written()
        if rotation:
            count["rotations"] += 1
            judge_secrets(after, {}, hashed=False)
            try:
                judge_secrets(after, {})
            except AssertionError:
                count["passwords ahead of their hashes"] += 1
        else:
            judge_secrets(after, before)
        now = after
        if rotation or count["kills"] % 4 == 0:
            finish(target, trees)
            now, count["finished"] = target, count["finished"] + 1
    return count


WRITERS = ("chmod", "chown", "cp", "ln", "mkdir", "mv", "python3", "qubesctl", "rm", "sync")

# Counts the calls of rotate-secrets that write, and kills its whole group before one of them. Python tells of each call before it makes it.
HARNESS = """
import os, runpy, signal, sys
counting = False
def count(event, arguments):
    global counting
    writes = event in ("os.rename", "os.remove", "os.mkdir", "os.chmod", "os.chown")
    writes = writes or (event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if counting or not writes:
        return
    counting = True
    with open("/tmp/cut/.left") as file:
        left = int(file.read())
    if left <= 0:
        os.kill(0, signal.SIGKILL)
    with open("/tmp/cut/.left", "w") as file:
        file.write(str(left - 1))
    counting = False
sys.addaudithook(count)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def cut_off():
    """An environment in which the group is killed before the writing call that /tmp/cut/.left counts down to."""
    shutil.rmtree("/tmp/cut", ignore_errors=True)
    os.mkdir("/tmp/cut")
    with open("/tmp/cut/.harness.py", "w") as file:
        file.write(HARNESS)
    for tool in WRITERS:
        with open(f"/tmp/cut/{tool}", "w") as script:
            script.write("#!/bin/sh\n")
            if tool == "python3":
                script.write('case "$2" in */rotate-secrets) exec /usr/bin/python3 -I /tmp/cut/.harness.py "$2" "$3" ;; esac\n')
            script.write(
                "left=$(cat /tmp/cut/.left)\n[ $left -gt 0 ] || kill -9 0\n"
                f'echo $((left - 1)) >/tmp/cut/.left\nexec {shutil.which(tool)} "$@"\n'
            )
        os.chmod(f"/tmp/cut/{tool}", 0o755)
    return {**os.environ, "PATH": f"/tmp/cut:{os.environ['PATH']}"}


def at_each_step(how, trees):
    """Kills the whole group right before its first call that can write, then its second, and so on until none is left."""
    old, new = list(trees)[:2]
    start = None if how == "fresh" else old
    target = old if how == "rotation" else new
    cut = cut_off()
    for step in range(200):
        if how != "rotation":
            empty()
        if start and in_force(trees) != start:
            finish(start, trees)
        before = parts()[0]
        with open("/tmp/cut/.left", "w") as left:
            left.write(str(step))
        command = ["python3", "-I", f"{old}/rotate-secrets", "--yes"] if how == "rotation" else [f"{new}/install.sh"]
        run = subprocess.run(command, env=cut, start_new_session=True, stdin=subprocess.DEVNULL, capture_output=True)
        after = in_force(trees)
        assert after in (start, target), f"neither old nor new, cut before writer {step}"
        judge_secrets(after, {} if how == "rotation" else before, hashed=how != "rotation")
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL, run.stderr
        finish(target, trees)
    return {"kills": step}


def main():
    trees = {name: below(name) for name in sys.argv[2:]}
    if sys.argv[1] in ("fresh", "upgrade", "rotation"):
        print(json.dumps(at_each_step(sys.argv[1], trees)))
    else:
        rounds, seed = map(int, sys.argv[1].split(":"))
        random.seed(seed)
        print(json.dumps(at_random(rounds, trees)))


main()
