# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes and pools, to look at: qubes-core-admin-client qubesadmin/storage.py."""

from standin import qubesd

_FLAGS = ("rw", "ephemeral", "snap_on_start", "save_on_stop")


class Volume:
    def __init__(self, vm, name, call):
        object.__setattr__(self, "_asked", (vm, "admin.vm.volume.Info", name))
        object.__setattr__(self, "_call", call)

    def _info(self):
        return dict(line.split("=", 1) for line in self._call(*self._asked).decode("ascii").splitlines())

    def __getattr__(self, item):
        if item in ("pool", "vid", "source"):
            return self._info()[item]
        if item in ("size", "usage", "revisions_to_keep"):
            return int(self._info()[item])
        if item in _FLAGS:
            return self._info()[item] == "True"
        raise AttributeError(item)

    def is_outdated(self):
        return self._info().get("is_outdated", False) == "True"

    def __setattr__(self, key, value):
        raise qubesd.Written(f"volume {self._asked[0]}:{self._asked[2]} {key} = {value!r}")

    def _write(self, *_words, **_named):
        raise qubesd.Written(f"volume {self._asked[0]}:{self._asked[2]}")

    resize = revert = import_data = import_data_with_size = clear_data = clone = _write


class Pool:
    def __init__(self, name, call):
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_call", call)

    def __str__(self):
        return self.name

    @property
    def usage_details(self):
        lines = self._call("dom0", "admin.pool.UsageDetails", self.name).decode().splitlines()
        return {key: int(value) for key, value in (line.split("=", 1) for line in lines)}

    @property
    def config(self):
        lines = self._call("dom0", "admin.pool.Info", self.name).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def driver(self):
        return self.config["driver"]

    @property
    def size(self):
        return self.usage_details.get("data_size")

    @property
    def usage(self):
        return self.usage_details.get("data_usage")

    def __setattr__(self, key, value):
        raise qubesd.Written(f"pool {self.name} {key} = {value!r}")
