# SPDX-License-Identifier: GPL-3.0-or-later
"""qubesctl with the qubes, for the system test; its first words are where the stand-in dom0's own qubesctl is, and the Salt's Python.

Stands for qubes-mgmt-salt qubesctl and qubessalt/__init__.py (facts of R4.2 and R4.3): dom0 first, and nothing more if that fails (exit 1);
targets are found afterwards, templates before all others, four at a time; a qube for which the tops have nothing is skipped; each is started if it
was not running, given its own pillar and all states but no pillar of others, and shut down again if it was started for this, which is waited for
without a time limit. An unknown name in --targets is dropped in silence. Exit: 20 for a qube of which a state failed.
What salt-ssh does in the qube, its own Salt does there (/opt/standin-salt). Does not model: the management disposables.
"""
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../dom0"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hypervisor import ask  # noqa: E402
from standin import minion, qubes, refused, setup, world  # noqa: E402

DOM0 = "/usr/bin/qubesctl"
WIDE = ("--all", "--templates", "--standalones", "--app", "--skip-dom0")


def main(words):
    """As the real one, by its own arguments."""
    options, command = [], list(words)
    while command and command[0].startswith("--"):
        options.append(command.pop(0))
    # A top.enable and the like, and what it does not know: dom0's own has the words for it.
    asked = {option for option in options if option in WIDE or option.startswith("--targets=")}
    if "--skip-dom0" not in asked:
        code = subprocess.run([DOM0, *(option for option in options if option != "--skip-dom0"), *command], check=False).returncode
        ask(do="settle")
        if not asked:
            return code
        if code != 0:
            print("DOM0 configuration failed, not continuing")
            return 1
    setup.environment(set(filter(None, os.environ.get("DOM0_STANDIN_OWN", "").split(","))))
    test = any(word.lower() == "test=true" for word in command)
    codes = [0]
    for group in groups(asked):
        plans = [(name, plan(name)) for name in group]
        with ThreadPoolExecutor(4) as pool:
            done = pool.map(lambda one: apply(*one, test), [one for one in plans if one[1] is not None])
            for name, code, text in done:
                codes.append(code)
                print(f"{name}:" + (f"\n{text}" if "--show-output" in options else f" {'OK' if code == 0 else 'ERROR'}"), flush=True)
    return max(codes)


def groups(asked):
    """Which qubes: templates, then the rest."""
    known = {name: held["klass"] for name, held in world.load()["qubes"].items() if held["klass"] not in ("AdminVM", "DispVM")}
    targets = next((option.partition("=")[2].split(",") for option in asked if option.startswith("--targets=")), None)
    kinds = {"--templates": "TemplateVM", "--standalones": "StandaloneVM", "--app": "AppVM"}
    wanted = {kind for option, kind in kinds.items() if option in asked}
    chosen = [name for name in sorted(known) if (name in targets if targets is not None else "--all" in asked or known[name] in wanted)]
    return [[name for name in chosen if (known[name] == "TemplateVM") is template] for template in (True, False)]


def plan(name):
    """What the tops have for a qube, and its pillar, both as dom0 renders them; nothing if that is nothing."""
    import salt.pillar

    opts = minion.options(name)
    states = [one for matched in minion.render(name)["top"].values() for one in matched]
    if not states:
        return None
    pillar = salt.pillar.get_pillar(opts, opts["grains"], name, "base").compile_pillar()
    if "_errors" in pillar:
        raise RuntimeError(f"pillar of {name}: {pillar['_errors']}")
    return states, pillar


def apply(name, planned, test):
    """One qube: its exit code and what is shown of it."""
    states, pillar = planned
    with world.changing() as dom0:
        was_running = dom0["qubes"][name]["power_state"] == "Running"
        qubes.start(dom0, name, skip_if_running=True)
    ship(name, pillar)
    try:
        done = ask(do="apply", qube=name, states=states, test=test)
    finally:
        shutil.rmtree(f"/run/system/qubes/{name}/apply")
    if not was_running:
        try:
            with world.changing() as dom0:
                qubes.shutdown(dom0, name)
        except refused.Refused as error:
            return name, 1, f"{done['text']}\n{error}"
        ask(do="settle")
    return name, 20 if done["failed"] else 0, done["text"]


def ship(name, pillar):
    """What the management disposable would have: all of /srv, links followed, without any pillar but the qube's."""
    folder = f"/run/system/qubes/{name}/apply"
    os.makedirs(folder, mode=0o700)
    os.makedirs(f"{folder}/pillar")
    for root in minion.options("dom0")["file_roots"]["base"]:
        if root.startswith("/srv/formulas/"):
            shutil.copytree(root, f"{folder}/srv", dirs_exist_ok=True)
    with open(f"{folder}/pillar/top.sls", "w", encoding="utf-8") as file:
        file.write("#!yaml\nbase: {'*': [combined]}\n")
    with open(f"{folder}/pillar/combined.sls", "w", encoding="utf-8") as file:
        file.write("#!yaml\n" + json.dumps(pillar, default=str))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
