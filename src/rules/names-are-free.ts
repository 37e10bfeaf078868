// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";

const reserved = message("QB404", {
  severity: "error",
  title: "Qubes reserves the name",
  say: (name: string) => `Qubes OS does not let a qube be named "${name}"`,
  why: "none and default are words of qvm-prefs, dom0 is the host, names that end in -dm are device models, and disp names are given to disposables.",
  fix: "Choose another name.",
  source: "qubes-core-admin qubes/vm/__init__.py, validate_name; qubes/vm/dispvm.py",
});

const stock = message("QB405", {
  severity: "error",
  title: "a qube of the machine bears the name",
  say: (name: string) => `"${name}" is a qube of the machine itself, or declared under external:`,
  why: "States for it would change a qube that other qubes rely on.",
  fix: "Choose a name of its own, sys-bitcoin instead of sys-whonix for instance.",
});

const template = message("QB406", {
  severity: "error",
  title: "a template clone bears the name",
  say: (name: string) => `"${name}" is the name of the template clone that this formula makes`,
  why: "Names are unique on a machine.",
  fix: "Choose another name.",
});

const RESERVED = /^(?:none|default|dom0|domain-0|disp[0-9]+|disp-mgmt-.*|.*-dm)$/i;
const MACHINE = /^(?:sys-usb|sys-vpn|sys-audio|sys-gui.*|default-.*|whonix-.*|fedora-.*|debian-.*|anon-whonix)$/;

/** The names of our qubes belong to nobody else. */
export function* namesAreFree(model: Model): Iterable<Finding> {
  const externals = new Set(model.externals.map((one) => one.name));
  const templates = new Set(model.templates.map((one) => one.name));
  for (const { name, path } of model.qubes) {
    if (RESERVED.test(name)) yield { ...finding(reserved, path, name), part: "key" };
    else if (externals.has(name) || MACHINE.test(name)) yield { ...finding(stock, path, name), part: "key" };
    else if (templates.has(name)) yield { ...finding(template, path, name), part: "key" };
  }
}
