# SPDX-License-Identifier: GPL-3.0-or-later
"""A freshly installed R4.3 (or R4.2) with Whonix: what a formula finds before it did anything.

Names are those that the installer and qubes-mgmt-salt-dom0-virtual-machines give. The global net qube is sys-firewall,
the first choice of the installer; a machine that routes everything through sys-whonix is a world file away.
"""

from __future__ import annotations

from typing import Any

GIB = 1024**3
LABELS = ("red", "orange", "yellow", "green", "gray", "blue", "purple", "black")


def volumes(klass: str, pool: str = "vm-pool", private: int = 2 * GIB, root: int = 20 * GIB) -> dict[str, Any]:
    """The volumes of a new qube: qubes/vm/{appvm,templatevm,standalonevm}.py default_volume_config."""
    based = klass in ("AppVM", "DispVM")

    def volume(size: int, *, save: bool, snap: bool, rw: bool, where: str, keep: int) -> dict[str, Any]:
        return {"pool": where, "size": size, "rw": rw, "save_on_stop": save, "snap_on_start": snap,
                "revisions_to_keep": keep, "ephemeral": False}  # fmt: skip

    disposable = klass == "DispVM"
    return {
        "root": volume(root, save=not based, snap=based, rw=True, where=pool, keep=1),
        "private": volume(private, save=not disposable, snap=disposable, rw=True, where=pool, keep=1),
        "volatile": volume(root // 2, save=False, snap=False, rw=True, where=pool, keep=0),
        "kernel": volume(300 * 1024**2, save=False, snap=False, rw=False, where="linux-kernel", keep=0),
    }


def qube(klass: str, label: str, *, tags: tuple[str, ...] = (), features: dict[str, str] | None = None,
         running: bool = False, **properties: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "klass": klass,
        "properties": {"label": label, **properties},
        "tags": sorted(tags),
        "features": dict(features or {}),
        "firewall": ["action=accept"],
        "volumes": volumes(klass),
        "power_state": "Running" if running else "Halted",
    }


def template(kind: str | None = None) -> dict[str, Any]:
    features = {"os": "Linux", "qrexec": "1", "gui": "1"}
    if kind is None:
        return qube("TemplateVM", "black", features=features)
    # qubes-core-admin-addon-whonix on_features_request: how a Whonix template says what it is.
    return qube("TemplateVM", "black", tags=("whonix-updatevm",), features={**features, f"whonix-{kind}": "1"})


def world(release: str = "4.3") -> dict[str, Any]:
    whonix = "18" if release == "4.3" else "17"
    fedora = "fedora-42-xfce" if release == "4.3" else "fedora-41-xfce"
    debian = "debian-13-xfce" if release == "4.3" else "debian-12-xfce"
    gateway, workstation = f"whonix-gateway-{whonix}", f"whonix-workstation-{whonix}"
    qubes = {
        "dom0": {"klass": "AdminVM", "properties": {"label": "black"}, "tags": [], "features": {}, "firewall": [],
                 "volumes": {}, "power_state": "Running"},
        fedora: template(),
        debian: template(),
        gateway: template("gw"),
        workstation: template("ws"),
        # A machine that was once R4.1 still has them, though no repository does.
        **({"whonix-gw-16": template("gw"), "whonix-ws-16": template("ws")} if release == "4.2" else {}),
        "default-dvm": qube("AppVM", "red", template=fedora, template_for_dispvms=True,
                            features={"appmenus-dispvm": "1"}),
        "default-mgmt-dvm": qube("AppVM", "black", template=fedora, template_for_dispvms=True, netvm=None,
                                 features={"internal": "1", "no-default-kernelopts": "1"}),
        f"{workstation}-dvm": qube("AppVM", "red", template=workstation, template_for_dispvms=True,
                                   netvm="sys-whonix", tags=("anon-vm", "sdwdate-gui-client"),
                                   default_dispvm=f"{workstation}-dvm", features={"gui-events-max-delay": "100"}),
        "sys-net": qube("AppVM", "red", template=fedora, netvm=None, provides_network=True, running=True, memory=400,
                        virt_mode="hvm", autostart=True, features={"servicevm": "1", "service.clocksync": "1"}),
        "sys-firewall": qube("AppVM", "green", template=fedora, netvm="sys-net", provides_network=True, running=True,
                             autostart=True, features={"servicevm": "1"}),
        "sys-whonix": qube("AppVM", "black", template=gateway, netvm="sys-firewall", provides_network=True,
                           running=True, autostart=True, tags=("anon-gateway", "sdwdate-gui-server"),
                           default_dispvm=None, features={"servicevm": "1"}),
        "anon-whonix": qube("AppVM", "red", template=workstation, netvm="sys-whonix",
                            tags=("anon-vm", "sdwdate-gui-client"), default_dispvm=f"{workstation}-dvm",
                            features={"gui-events-max-delay": "100"}),
        "personal": qube("AppVM", "yellow", template=fedora),
        "vault": qube("AppVM", "black", template=fedora, netvm=None),
    }  # fmt: skip
    return {
        "format": 1,
        "release": release,
        "labels": list(LABELS),
        "kernels": ["6.12.25-1.fc41", "6.6.88-1.fc37"],
        "pools": {"vm-pool": "lvm_thin", "varlibqubes": "file-reflink", "linux-kernel": "linux-kernel"},
        # What qvm-template could install, by repository.
        "available_templates": {
            "qubes-templates-itl": [fedora, debian, "fedora-42-minimal", "debian-13-minimal"],
            "qubes-templates-community": [f"whonix-{kind}-{version}" for kind in ("gateway", "workstation")
                                          for version in ("17", "18")],
        },
        "globals": {
            "default_netvm": "sys-firewall",
            "default_dispvm": "default-dvm",
            "default_template": fedora,
            "management_dispvm": "default-mgmt-dvm",
            "updatevm": "sys-firewall",
            "clockvm": "sys-net",
            "default_guivm": "dom0",
            "default_audiovm": "dom0",
            "default_kernel": "6.12.25-1.fc41",
            "default_pool": "vm-pool",
            "default_qrexec_timeout": 60,
            "default_shutdown_timeout": 60,
        },
        "qubes": qubes,
    }


def names(release: str = "4.3") -> set[str]:
    """Every qube that comes with Qubes: none of them is ever a formula's own."""
    return set(world(release)["qubes"])
