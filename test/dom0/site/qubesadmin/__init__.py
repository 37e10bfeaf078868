# SPDX-License-Identifier: GPL-3.0-or-later
"""qubesadmin for scripts that look at dom0: the classes and methods of the real one, over the stand-in's stored world.

Stands for: qubes-core-admin-client qubesadmin/{app,base,features,firewall,storage,tags,vm/__init__}.py of R4.2 and R4.3.
Refuses beyond the real one: every write (setting an attribute, a feature, a tag, a volume's size …), starting and stopping; names that the
real classes have not, with the exceptions that the real ones raise. Answers come as the bytes that qubesd sends (standin/qubesd.py), so that
nothing but what the wire carries is known here.
Does not model: blind mode, events, devices, notes, remote qubes, GetAll refused by policy.
"""

import os
import sys

sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from standin import qubesd  # noqa: E402

from . import exc, firewall, storage  # noqa: E402

sys.path.pop()

DEFAULT = object()


def _call(dest, method, argument=None):
    if os.environ.get("DOM0_STANDIN_QUBESD") == "down":
        raise exc.QubesDaemonCommunicationError("Failed to connect to qubesd service: [Errno 13] Permission denied")
    try:
        answer = qubesd.answer(dest, method, argument)
    except qubesd.Failure as failure:
        raise getattr(exc, failure.kind)(str(failure)) from None
    if answer == b"" and os.environ.get("DOM0_STANDIN_QUBESD") == "silent":
        raise exc.QubesDaemonAccessError("Got empty response from qubesd. See journalctl in dom0 for details.")
    return answer


class _Looked:
    """An object whose attributes nobody may set from outside."""

    def __setattr__(self, key, value):
        if key.startswith("_") or key in type(self)._local:
            return object.__setattr__(self, key, value)
        raise qubesd.Written(f"{self!r}.{key} = {value!r}")

    def __delattr__(self, key):
        raise qubesd.Written(f"del {self!r}.{key}")

    _local = ()


class PropertyHolder(_Looked):
    """base.py: each attribute that the class has not is a property of qubesd's."""

    _local = ("app", "log")

    def __init__(self, app, prefix, dest):
        self.app = app
        self._method_prefix = prefix
        self._method_dest = dest
        self._properties_cache = {}

    def property_list(self):
        return _call(self._method_dest, self._method_prefix + "List").decode("ascii").splitlines()

    def property_is_default(self, item):
        return self._property(item)[0]

    def __getattr__(self, item):
        value = self._property(item)[1]
        if value is AttributeError:
            raise AttributeError(item)
        return value

    def _property(self, item):
        if item.startswith("_"):
            raise AttributeError(item)
        if self.app.cache_enabled and not self._properties_cache:
            lines = _call(self._method_dest, self._method_prefix + "GetAll").decode().splitlines()
            for line in lines:
                name, rest = line.replace("\\n", "\n").replace("\\\\", "\\").split(" ", 1)
                self._properties_cache[name] = self._parsed(rest)
        if item in self._properties_cache:
            return self._properties_cache[item]
        if self.app.cache_enabled:
            raise AttributeError(item)
        try:
            return self._parsed(_call(self._method_dest, self._method_prefix + "Get", item).decode())
        except (exc.QubesDaemonAccessError, exc.QubesVMNotFoundError):
            raise exc.QubesPropertyAccessError(item) from None

    def _parsed(self, answer):
        default, kind, value = answer.split(" ", 2)
        return default == "default=True", self._value(kind.partition("=")[2], value)

    def _value(self, kind, value):
        if kind in ("bool", "int") and value == "":
            return AttributeError
        if kind == "bool":
            return value == "True"
        if kind == "int":
            return int(value)
        if kind in ("vm", "label") and value == "":
            return None
        if kind == "vm":
            return self.app.domains.get_blind(value)
        return Label(self.app, value) if kind == "label" else value


class Label(_Looked):
    def __init__(self, app, name):
        self._app, self._name = app, name

    @property
    def name(self):
        return self._name

    def __str__(self):
        return self._name


class Features(_Looked):
    """features.py: no `in`, as the real one has none of its own: it asks __iter__."""

    def __init__(self, vm):
        self._vm = vm

    def __getitem__(self, item):
        return _call(self._vm.name, "admin.vm.feature.Get", item).decode()

    def __iter__(self):
        return iter(_call(self._vm.name, "admin.vm.feature.List").decode().splitlines())

    keys = __iter__

    def items(self):
        for key in self:
            yield key, self[key]

    def get(self, item, default=None):
        try:
            return self[item]
        except KeyError:
            return default

    def check_with_template(self, feature, default=None):
        try:
            return _call(self._vm.name, "admin.vm.feature.CheckWithTemplate", feature).decode()
        except KeyError:
            return default

    def __setitem__(self, key, value):
        raise qubesd.Written(f"feature {key} = {value!r}")

    def __delitem__(self, key):
        raise qubesd.Written(f"del feature {key}")


class Tags(_Looked):
    """tags.py."""

    def __init__(self, vm):
        self._vm = vm

    def __iter__(self):
        return iter(_call(self._vm.name, "admin.vm.tag.List").decode().splitlines())

    def __contains__(self, elem):
        return _call(self._vm.name, "admin.vm.tag.Get", elem) == b"1"

    def _write(self, *what):
        raise qubesd.Written(f"tags {what}")

    add = remove = update = discard = _write


class QubesVM(PropertyHolder):
    """vm/__init__.py."""

    _local = ("app", "log", "tags", "features", "firewall")

    def __init__(self, app, name, klass=None, power_state=None):
        super().__init__(app, "admin.vm.property.", name)
        self._klass, self._power_state, self._volumes = klass, power_state, None
        self.tags, self.features = Tags(self), Features(self)
        self.firewall = firewall.Firewall(self, _call)

    @property
    def name(self):
        return self._method_dest

    @property
    def klass(self):
        if self._klass is None:
            line = _call(self.name, "admin.vm.List").decode("ascii")
            self._klass = dict(part.split("=", 1) for part in line.split()[1:])["class"]
        return self._klass

    def get_power_state(self):
        if self._power_state is not None:
            return self._power_state
        try:
            state = _call(self.name, "admin.vm.CurrentState").decode("ascii")
        except (exc.QubesDaemonAccessError, exc.QubesVMNotFoundError):
            return "NA"
        return dict(part.split("=", 1) for part in state.split())["power_state"]

    def is_halted(self):
        return self.get_power_state() == "Halted"

    def is_running(self):
        return self.get_power_state() not in ("Halted", "NA")

    @property
    def volumes(self):
        if self._volumes is None:
            names = _call(self.name, "admin.vm.volume.List").decode("ascii").splitlines()
            self._volumes = {name: storage.Volume(self.name, name, _call) for name in names}
        return self._volumes

    def __str__(self):
        return self.name

    def __repr__(self):
        return f"<QubesVM {self.name}>"

    def __eq__(self, other):
        if isinstance(other, QubesVM):
            return self.name == other.name
        return self.name == other if isinstance(other, str) else NotImplemented

    def __lt__(self, other):
        return self.name < other.name if isinstance(other, QubesVM) else NotImplemented

    def __hash__(self):
        return hash(self.name)

    def _write(self, *_words, **_named):
        raise qubesd.Written(f"{self.name} was to be started, stopped or asked to run something")

    start = shutdown = kill = pause = unpause = suspend = resume = run = run_service = run_with_args = _write


class VMCollection(_Looked):
    """app.py."""

    def __init__(self, app):
        self._app, self._listed, self._objects = app, None, {}

    def _list(self):
        if self._listed is None:
            lines = _call("dom0", "admin.vm.List").decode("ascii").splitlines()
            self._listed = {line.split()[0]: dict(part.split("=", 1) for part in line.split()[1:]) for line in lines}
        return self._listed

    def __contains__(self, item):
        return (item.name if isinstance(item, QubesVM) else item) in self._list()

    def get_blind(self, item):
        if item not in self._objects:
            known = (self._listed or {}).get(item, {})
            # Without its cache the real one drops the state and asks each time.
            state = known.get("state") if self._app.cache_enabled else None
            self._objects[item] = QubesVM(self._app, item, known.get("class"), state)
        return self._objects[item]

    def __getitem__(self, item):
        item = item.name if isinstance(item, QubesVM) else item
        if item not in self:
            raise KeyError(item)
        return self.get_blind(item)

    def get(self, item, default=None):
        return self[item] if item in self else default

    def __iter__(self):
        for name in sorted(self._list()):
            yield self[name]

    def keys(self):
        return self._list().keys()

    def __delitem__(self, key):
        raise qubesd.Written(f"removal of {key}")


class _Named(_Looked):
    """base.py WrapperObjectsCollection."""

    def __init__(self, app, method, make):
        self._app, self._method, self._make = app, method, make

    def __iter__(self):
        yield from _call("dom0", self._method).decode("ascii").splitlines()

    def keys(self):
        return list(self)

    def __contains__(self, item):
        return item in list(self)

    def __getitem__(self, item):
        if item not in self:
            raise KeyError(item)
        return self._make(item)

    def values(self):
        return [self._make(name) for name in self]


class Qubes(PropertyHolder):
    """QubesLocal of app.py."""

    _local = ("app", "log", "domains", "labels", "pools", "cache_enabled")
    cache_enabled = False

    def __init__(self):
        super().__init__(self, "admin.property.", "dom0")
        self.domains = VMCollection(self)
        self.labels = _Named(self, "admin.label.List", lambda name: Label(self, name))
        self.pools = _Named(self, "admin.pool.List", lambda name: storage.Pool(name, _call))

    def _write(self, *_words, **_named):
        raise qubesd.Written("a qube or a pool was to be made or removed")

    add_new_vm = clone_vm = add_pool = remove_pool = _write
