# SPDX-License-Identifier: GPL-3.0-or-later
"""The real Salt as dom0 runs it, in this process: `salt-call --local` without starting one for each question.

The qubes are asked in dom0 with `id=<qube>`, as qubesctl does for its own skip check (qubes-mgmt-salt
qubessalt/__init__.py has_config); what salt-ssh would do differently is in audit.py.
Needs the Salt of the virtualenv that runs it.
"""

from __future__ import annotations

import logging
import os
from typing import Any

import salt.client
import salt.config
import salt.loader
import salt.loader.lazy
import salt.state
import salt.states
import salt.version

from . import findings

# What Salt says of this machine or of itself, never of a formula.
_NOISE = ("Unable to find IPv", "Failed to get grain", "Error while collecting PCI", "is deprecated", "pkg_resources")
# While applying, these only repeat a state that failed, which is in the results.
_OF_FAILED_STATES = ("salt.state", "salt.loaded.int.module.cmdmod")
# For each state Salt asks for `<module>.mod_run_check`, finds none and loads every state module there is, and the
# execution modules that those ask for. So it has those alone that a formula for Qubes may use (and its own, such as qvm).
_STATES = ("cmd", "file", "group", "pkg", "service", "test", "user")


class _Log(logging.Handler):
    """Every warning of Salt while it renders or applies is a finding: a formula that is right gives none."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.found: list[tuple[str, str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not any(noise in message for noise in _NOISE):
            self.found.append((record.levelname, record.name, message))


_log = _Log()
logging.getLogger().addHandler(_log)
# Salt keeps every record, down to its finest, until someone sets logging up: a third of the time here.
logging.getLogger().setLevel(logging.WARNING)
_grains: dict[str, Any] = {}


def _list_modules_once() -> None:
    """For each key that a loader has not, it lists all its directories anew, in case a file has come: none ever does."""
    listing = salt.loader.lazy.LazyLoader._refresh_file_mapping

    def list_once(loader: Any) -> None:
        # In __dict__: asking a loader for an attribute makes it look for a module of that name.
        if not loader.__dict__.get("file_mapping"):
            listing(loader)

    salt.loader.lazy.LazyLoader._refresh_file_mapping = list_once


_list_modules_once()


def _matchers_once() -> None:
    """One loader for all lines of a minion's top files, where Salt makes one for each: a fifth of the time here."""
    load = salt.loader.matchers
    last: tuple[Any, Any] = (None, None)

    def load_once(opts: dict[str, Any]) -> Any:
        # Only the last: the modules of two loaders share their __opts__, so whoever was loaded last answers.
        nonlocal last
        if last[0] != opts["id"]:
            last = (opts["id"], load(opts))
        return last[1]

    salt.loader.matchers = load_once


_matchers_once()


def version() -> str:
    return str(salt.version.__version__)


def report_log(where: str, ignored: tuple[str, ...] = ()) -> None:
    """Turn what Salt has logged since the last call into findings."""
    for level, logger, message in dict.fromkeys(_log.found):
        if level != "ERROR" or logger not in ignored:
            findings.record("salt-log", f"{where}: {level} {logger}: {message}")
    _log.found.clear()


def _other_states() -> list[str]:
    modules = {file.partition(".")[0] for file in os.listdir(os.path.dirname(salt.states.__file__))}
    return sorted(modules - {*_STATES, "__init__", "__pycache__"})


def options(minion: str, *, test: bool = False) -> dict[str, Any]:
    """Salt's configuration for one minion, as the files in /etc/salt have it."""
    opts = salt.config.minion_config("/etc/salt/minion")
    opts.update(
        id=minion,
        test=test,
        cachedir=f"/var/cache/salt/{minion}",
        # dom0's Salt starts afresh for each command, so it never sees an old list of files.
        fileserver_list_cache_time=0,
        # Only time: nothing here needs `saltutil.sync_all`, and see _STATES.
        autoload_dynamic_modules=False,
        disable_states=_other_states(),
    )
    if not _grains:
        _grains.update(salt.loader.grains(opts))
    opts["grains"] = {**_grains, "id": minion}
    return opts


def caller(*, test: bool = False) -> salt.client.Caller:
    """A Salt for dom0, as `salt-call --local` makes it. The grains are collected once."""
    opts = options("dom0", test=test)
    collect = salt.loader.grains
    salt.loader.grains = lambda *_arguments, **_keywords: dict(opts["grains"])
    try:
        return salt.client.Caller(mopts=opts)
    finally:
        salt.loader.grains = collect


def _plain(low: Any) -> Any:
    """Without what Salt adds for itself: __env__ and the like, and the keys with two underscores of 3008."""
    if isinstance(low, dict):
        return {
            key: _plain(value)
            for key, value in low.items()
            if not str(key).startswith("__") or key in ("__id__", "__sls__")
        }
    if isinstance(low, (list, tuple)):
        return [_plain(value) for value in low]
    return low


def render(minion: str) -> dict[str, Any]:
    """What state.show_top and state.show_lowstate say of a minion, from one compilation."""
    highstate = salt.state.HighState(options(minion))
    highstate.push_active()
    try:
        top = highstate.top_matches(highstate.get_top())
        low = highstate.compile_low_chunks()
    finally:
        highstate.pop_active()
    report_log(f"rendering {minion}")
    errors = [text for text in low if isinstance(text, str)]
    return {"top": top, "low": [] if errors else _plain(low), "errors": errors}


def apply(minion: salt.client.Caller, function: str = "state.highstate", *arguments: str) -> dict[str, Any]:
    """Apply, and give what each state did, in the order it ran."""
    answer = minion.cmd(function, *arguments)
    report_log("applying dom0", _OF_FAILED_STATES)
    if not isinstance(answer, dict):
        return {"errors": [str(text) for text in answer], "states": [], "exit": 1}
    states = []
    for tag, done in sorted(answer.items(), key=lambda item: item[1].get("__run_num__", 0)):
        module, identifier, name, function = tag.split("_|-")
        comment = _text(done["comment"])
        states.append(
            {
                "id": done.get("__id__", identifier),
                "function": f"{module}.{function}",
                "name": name,
                "result": done["result"],
                "comment": comment,
                "changes": done["changes"],
                "skipped": bool(done.get("skip_watch")) or "condition is" in comment,
            }
        )
    # `qubesctl --dom0-only` exits 2 for a failed state.
    return {"errors": [], "states": states, "exit": 2 if any(state["result"] is False for state in states) else 0}


def _text(comment: Any) -> str:
    return "\n".join(map(str, comment)) if isinstance(comment, (list, tuple)) else str(comment)
