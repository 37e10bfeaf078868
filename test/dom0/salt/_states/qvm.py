# SPDX-License-Identifier: GPL-3.0-or-later
"""The qvm states.

Stands for: qubes-mgmt-salt-dom0-qvm _states/ext_state_qvm.py; what each does and does not model: standin/qvm_*.py.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from standin import qvm_lifecycle, qvm_settings  # noqa: E402
from standin.qvm_call import ArgumentError, Call, Outcome  # noqa: E402

# qvm.vm runs its actions in this order, whatever order the .sls has.
ORDER = ["exists", "running", "missing", "halted", "absent", "present", "clone", "prefs", "devices", "service",
         "features", "firewall", "tags", "unpause", "pause", "shutdown", "kill", "start", "run"]  # fmt: skip


def __virtual__():
    return "qvm"


def _programs(command):
    # As the real module: quietly, and leaving the exit code in __context__, where `unless: - fun:` sees it.
    return __salt__["cmd.run_all"](command, output_loglevel="quiet")


def _outcome(function, name, positional, keywords, *more):
    state = __low__.get("__id__") if __low__ else None
    kept = {key: value for key, value in keywords.items() if not key.startswith("__")}
    try:
        return function(Call(name, list(positional), kept, bool(__opts__["test"]), _programs, state), *more)
    except ArgumentError as wrong:
        return Outcome(False, f"====== stderr ======\n{wrong}")


def _returned(name, outcome):
    return {"name": name, "result": outcome.result, "comment": outcome.comment, "changes": outcome.changes}


def _exists(name, positional, keywords):
    return _outcome(qvm_lifecycle.check, name, positional, keywords, "exists")


def _missing(name, positional, keywords):
    return _outcome(qvm_lifecycle.check, name, positional, keywords, "missing")


def _running(name, positional, keywords):
    return _outcome(qvm_lifecycle.state, name, positional, keywords, "running")


def _halted(name, positional, keywords):
    return _outcome(qvm_lifecycle.halted, name, positional, keywords)


def _clone(name, positional, keywords):
    positional, keywords = list(positional), dict(keywords)
    if "source" in keywords:
        source = keywords.pop("source")
    elif positional:
        source = positional.pop(0)
    else:
        raise TypeError("clone() missing 1 required positional argument: 'source'")
    return _outcome(qvm_lifecycle.clone, name, positional, keywords, source)


def _plain(function):
    return lambda name, positional, keywords: _outcome(function, name, positional, keywords)


ACTIONS = {
    "exists": _exists,
    "missing": _missing,
    "running": _running,
    "halted": _halted,
    "clone": _clone,
    **{name: _plain(getattr(qvm_lifecycle, name)) for name in ("present", "absent", "start", "shutdown", "kill", "pause", "unpause")},
    **{name: _plain(getattr(qvm_settings, name)) for name in ("prefs", "features", "service", "tags", "firewall", "devices", "run")},
}  # fmt: skip


def _state(action):
    def state(name, *args, **kwargs):
        return _returned(name, ACTIONS[action](name, args, kwargs))

    state.__name__ = action
    state.__doc__ = f"qvm.{action}: standin/qvm_lifecycle.py or qvm_settings.py."
    return state


exists, missing, running, halted = _state("exists"), _state("missing"), _state("running"), _state("halted")
present, absent, clone = _state("present"), _state("absent"), _state("clone")
prefs, features, service, tags, firewall = (_state(a) for a in ("prefs", "features", "service", "tags", "firewall"))
devices, run = _state("devices"), _state("run")
start, shutdown, kill, pause, unpause = (_state(a) for a in ("start", "shutdown", "kill", "pause", "unpause"))


def template_installed(name, **kwargs):
    """qvm.template_installed."""
    return _returned(name, _outcome(qvm_lifecycle.template_installed, name, (), kwargs))


def vm(name, *args, **kwargs):
    """qvm.vm: several actions on one qube, in ORDER or in that of `actions`; after a failed one the rest is skipped,
    but not in test mode."""
    kwargs = {key: value for key, value in kwargs.items() if not key.startswith("__")}
    wanted = [_action(entry) for entry in kwargs.pop("actions", ORDER)]
    returned = {"name": name, "changes": {}, "result": None if __opts__["test"] else True, "comment": ""}
    for key in kwargs:
        if key not in [action for action, _value in wanted]:
            return {**returned, "result": False, "comment": f"Unknown action keyword: {key}"}
    comments = []
    for action, value in wanted:
        if action not in kwargs:
            continue
        positional, keywords = [], {}
        for option in kwargs[action]:
            if isinstance(option, dict):
                keywords.update(option)
            else:
                positional.append(option)
        if not (returned["result"] or __opts__["test"]):
            comments.append(f"====== ['{action}'] ======\n[SKIP] Skipping due to previous failure!")
            continue
        outcome = ACTIONS[action](name, positional, keywords)
        # `not None` is true: in test mode a simulated action makes the whole None, as in the real one.
        if not outcome.result and "pass" not in value.lower():
            returned["result"] = outcome.result
        if outcome.changes:
            returned["changes"][f"qvm.{action}"] = outcome.changes
        comments.append(f"====== ['{action}'] ======\n{outcome.comment}")
    returned["comment"] = "\n\n".join(comments)
    return returned


def _action(entry):
    if isinstance(entry, dict):
        return next(iter(entry.items()))
    return entry, "fail"
