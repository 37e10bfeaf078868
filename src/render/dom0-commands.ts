// SPDX-License-Identifier: GPL-3.0-or-later
import doctor from "../../formulas/dom0/doctor.py";
import plan from "../../formulas/dom0/plan.py";
import init from "../../formulas/dom0/qwbtc_salt/__init__.py";
import advice from "../../formulas/dom0/qwbtc_salt/advice.py";
import checks from "../../formulas/dom0/qwbtc_salt/checks.py";
import drift from "../../formulas/dom0/qwbtc_salt/drift.py";
import machine from "../../formulas/dom0/qwbtc_salt/machine.py";
import places from "../../formulas/dom0/qwbtc_salt/places.py";
import policy from "../../formulas/dom0/qwbtc_salt/policy.py";
import room from "../../formulas/dom0/qwbtc_salt/room.py";
import shadows from "../../formulas/dom0/qwbtc_salt/shadows.py";
import tree from "../../formulas/dom0/qwbtc_salt/tree.py";
import type { TreeFile } from "../kernel/tree.ts";

const library = { __init__: init, advice, checks, drift, machine, places, policy, room, shadows, tree };

/** The dom0 commands that look at the machine and write nothing, and the Python that they share. The same bytes in every tree. */
export function dom0Commands(): [string, TreeFile][] {
  return [
    ["plan", { text: plan, mode: "0755" }],
    ["doctor", { text: doctor, mode: "0755" }],
    ...Object.entries(library).map(([name, text]): [string, TreeFile] => [
      `lib/qwbtc_salt/${name}.py`,
      { text, mode: "0644" },
    ]),
  ];
}
