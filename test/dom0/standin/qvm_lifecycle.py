# SPDX-License-Identifier: GPL-3.0-or-later
"""qvm.check, state, create, remove, clone, start, shutdown, kill, pause, unpause, template_installed.

Stands for: the functions of the same names in qubes-mgmt-salt-dom0-qvm _modules/ext_module_qvm.py. As there, most of
them run the qvm programs, none reports `changes`, and a failed create is a success (qubes_utils.py Status._finalize
lets the earlier `check missing` decide).
Does not model: transient states, drives, root images.
"""

from __future__ import annotations

from . import findings, qubes, world
from .qvm_call import ArgumentError, Call, Outcome


def _power(call: Call) -> str:
    call.must_exist()
    return world.load()["qubes"][call.name]["power_state"].lower()


def check(call: Call, wanted: str) -> Outcome:
    call.take((), ("quiet", "template"))
    options = " ".join(f"--{flag}" for flag in call.flags() if flag in ("quiet", "template"))
    done = call.programs(f"/usr/bin/qvm-check {options} {call.name}".replace("  ", " "))
    if (done["retcode"] == 0) == (wanted == "exists"):
        return call.passed(f"[PASS] /usr/bin/qvm-check {call.name} {wanted}")
    return Outcome(False, f"[FAIL] /usr/bin/qvm-check {call.name} {wanted}\n{done['stderr']}")


def state(call: Call, wanted: str) -> Outcome:
    call.take(())
    current = _power(call)
    if current == wanted:
        return call.passed(f"[PASS] qvm.state {wanted}")
    return Outcome(False, f"[FAIL] qvm.state {wanted}: {current}")


def halted(call: Call) -> Outcome:
    """qvm.halted cannot fail: what it prints of a running qube is taken for a reason to skip."""
    current = "missing" if not call.exists() else _power(call)
    if current != "halted":
        call.finding("halted-never-fails", f"qvm.halted is green although {call.name} is {current}")
    return call.passed(f"[SKIP] {current.capitalize()}")


def present(call: Call) -> Outcome:
    options = ("template", "label", "class", "mem", "vcpus", "root-move-from", "root-copy-from")
    flags = ("proxy", "net", "hvm", "hvm-template", "standalone", "quiet")
    call.take(options, flags)
    if check(_plain(call), "exists").result is not False:
        return call.passed(f"[SKIP] A VM with the name '{call.name}' already exists.")
    given = call.flags()
    klass = "TemplateVM" if "hvm-template" in given else "StandaloneVM" if "standalone" in given else call.text("class")
    words = [f"--class={klass or 'AppVM'}"]
    words += [f"--{key}={call.text(key)}" for key in ("template", "label") if call.text(key)]
    words += [f"--property={prop}={call.text(key)}" for key, prop in (("mem", "memory"), ("vcpus", "vcpus")) if call.text(key)]
    if "hvm" in given:
        words.append("--property=virt_mode=hvm")
    if "proxy" in given or "net" in given:
        words.append("--property=provides_network=True")
    if "net" in given:
        words.append("--property=netvm=")
    command = f"/usr/bin/qvm-create {call.name} {' '.join(words)}"
    if call.test:
        return call.passed(f"[TEST] {command}")
    done = call.programs(command)
    if done["retcode"] != 0:
        call.finding("create-failed-green", f"qvm-create of {call.name} failed, and qvm.present says it did not: {done['stderr']}")
    return call.passed(f"[{'PASS' if done['retcode'] == 0 else 'FAIL'}] {command}\n{done['stderr']}")


def absent(call: Call) -> Outcome:
    call.take((), ("just-db", "force-root", "quiet"))
    if not call.exists():
        return call.passed(f"[SKIP] The VM with the name '{call.name}' is already missing.")
    if call.test:
        return call.passed(f"[TEST] /usr/bin/qvm-remove --force {call.name}")
    if _power(call) != "halted":
        stopped = shutdown(_plain(call, flags=["wait", "force"]))
        if stopped.result is False:
            return stopped
    options = " ".join(f"--{flag}" for flag in call.flags())
    done = call.programs(f"/usr/bin/qvm-remove --force {options} {call.name}".replace("  ", " "))
    if call.exists():
        return Outcome(False, f"[FAIL] qvm-remove {call.name}: {done['stderr']}")
    return call.passed(f"[PASS] qvm-remove {call.name}")


def clone(call: Call, source: str) -> Outcome:
    call.take(("path",), ("shutdown", "quiet", "force-root"))
    if check(_plain(call), "exists").result is not False:
        return call.passed(f"[SKIP] A VM with the name '{call.name}' already exists.")
    held = world.load()["qubes"].get(source)
    if held is not None and held["power_state"] != "Halted" and "shutdown" in call.flags():
        stopped = shutdown(Call(source, [], {"flags": ["wait", "force"]}, call.test, call.programs, call.state))
        if stopped.result is False:
            return stopped
    options = [f"--{flag}" for flag in call.flags() if flag in ("quiet", "force-root")]
    options += [f"--path {call.text('path')}"] if call.text("path") else []
    command = " ".join(["/usr/bin/qvm-clone", *options, source, call.name])
    if call.test:
        return call.passed(f"[TEST] {command}\nVM is set to be cloned")
    done = call.programs(command)
    if not call.exists():
        return Outcome(False, f"[FAIL] {command}\n{done['stderr']}")
    if done["retcode"] != 0:
        call.finding("create-failed-green", f"qvm-clone of {source} left an unfinished {call.name}: {done['stderr']}")
    return call.passed(f"[PASS] {command}")


def start(call: Call) -> Outcome:
    call.take(("drive", "hddisk", "cdrom"), ("quiet", "install-windows-tools"))
    current = _power(call)
    if current == "running":
        return call.passed("[PASS] qvm.state running")
    if current == "paused":
        return unpause(_plain(call))
    if call.test:
        return call.passed(f"[TEST] /usr/bin/qvm-start --quiet {call.name}")
    done = call.programs(f"/usr/bin/qvm-start --quiet {call.name}")
    if _power(call) == "running":
        return call.passed("[PASS] qvm.state running")
    return Outcome(False, f"[FAIL] /usr/bin/qvm-start {call.name}\n{done['stderr']}")


def shutdown(call: Call) -> Outcome:
    call.take(("exclude",), ("quiet", "force", "wait", "all", "kill"))
    call.must_exist()
    if call.test:
        return call.passed("VM is set to be killed" if "kill" in call.flags() else "VM is set for shutdown")
    if _power(call) == "halted":
        return call.passed("[PASS] qvm.state halted")
    options = " ".join(f"--{flag}" for flag in call.flags() if flag in ("force", "wait", "quiet"))
    program = "qvm-kill" if "kill" in call.flags() else f"qvm-shutdown {options}"
    done = call.programs(f"/usr/bin/{program} {call.name}")
    if _power(call) != "halted" and "force" in call.flags():
        done = call.programs(f"/usr/bin/qvm-kill {call.name}")
    if _power(call) == "halted":
        return call.passed("[PASS] qvm.state halted")
    return Outcome(False, f"[FAIL] /usr/bin/{program} {call.name}\n{done['stderr']}")


def kill(call: Call) -> Outcome:
    return shutdown(_plain(call, flags=["kill"]))


def pause(call: Call) -> Outcome:
    return _switch(call, "running", "Paused")


def unpause(call: Call) -> Outcome:
    return _switch(call, "paused", "Running")


def _switch(call: Call, before: str, after: str) -> Outcome:
    call.take(())
    if _power(call) != before:
        return call.passed(f"VM is not {before}")
    if call.test:
        return call.passed(f"VM is set to be {after.lower()}")
    call.touched(f"qvm.{'pause' if after == 'Paused' else 'unpause'}")
    with world.changing() as changed:
        changed["qubes"][call.name]["power_state"] = after
    return call.passed(f"[PASS] qvm.state {after.lower()}")


def template_installed(call: Call) -> Outcome:
    repository, pool = call.text("fromrepo"), call.text("pool")
    for key in call.keywords:
        if key not in ("fromrepo", "pool"):
            call.finding("qvm-argument-ignored", f"unknown argument {key!r}: ignored")
    if check(_plain(call, flags=["template"]), "exists").result is not False:
        return Outcome(True, f"Template {call.name} already installed")
    if call.test:
        return Outcome(None, f"Template {call.name} would be installed", {"new": call.name})
    if call.name not in findings.own_names() and call.name not in _offered():
        raise ArgumentError(f"Failed to install template {call.name}")
    with world.changing() as changed:
        qubes.install_template(changed, call.name, repository or None, pool or None)
    return Outcome(True, f"Template {call.name} installed", {"new": {"name": call.name}})


def _offered() -> set[str]:
    return {template for templates in world.load()["available_templates"].values() for template in templates}


def _plain(call: Call, flags: list[str] | None = None) -> Call:
    """The same qube, without the arguments of this call."""
    return Call(call.name, [], {"flags": flags} if flags else {}, call.test, call.programs, call.state)
