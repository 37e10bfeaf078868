// SPDX-License-Identifier: GPL-3.0-or-later
/** What MANIFEST.json says of dom0's part, for the commands `plan` and `doctor`: the values of `dom0/*.sls`, from the same view. */
import { inCOrder } from "../kernel/tree.ts";
import type { Model, Qube, QubeOs } from "../model/model.ts";
import { templatePattern, templateRepository } from "../model/platform.ts";
import { isStartedHere } from "./dom0.ts";
import { policyNames, stockNote } from "./paths.ts";
import { NO_NETVM, qubeView } from "./qube-view.ts";

/** What the dom0 states set of a qube: memory in MiB, volume in bytes, timeouts in seconds. A key that is not there is not touched. */
export interface Dom0Qube {
  readonly klass: "AppVM";
  readonly label: string;
  readonly template: string;
  /** Absent: the user's to set; the states take it away when they make the qube, and never touch it again. */
  readonly netvm?: string | null;
  readonly provides_network: boolean;
  readonly default_dispvm: null;
  readonly memory: number;
  readonly maxmem: number;
  readonly vcpus: number;
  readonly autostart: boolean;
  readonly include_in_backups: boolean;
  readonly qrexec_timeout?: number;
  readonly shutdown_timeout?: number;
  readonly ip?: string;
  /** Only where it is made: a qube that exists keeps its pool. */
  readonly pool?: string;
  /** The least size of its private volume. */
  readonly volume?: number;
  readonly revisions_to_keep?: number;
  readonly features: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, boolean>>;
  /** Tags that it has at least. */
  readonly tags: readonly string[];
  /** All rules of its firewall, in the words of qubesd (qubesadmin/firewall.py). Absent: the firewall is not touched. */
  readonly firewall?: readonly string[];
  /** `dom0/start.sls` starts it. */
  readonly started?: true;
  /** Names of templates by which a stranger's qube of its name can be handed over, as an extended regular expression. */
  readonly adopts: string;
}

/** What the dom0 states set of a template clone. */
export interface Dom0Template {
  readonly stock: string;
  readonly klass: "TemplateVM";
  readonly label: "black";
  readonly include_in_backups: false;
  /** The note of which stock template it is. */
  readonly features: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

/** A stock template: where it is installed from if it is missing, and what it is. */
export interface StockTemplate {
  readonly repository: string;
  readonly os: QubeOs;
}

/** A qube, as `dom0/qubes.sls` sets it. */
export function dom0Qube(qube: Qube, model: Model): Dom0Qube {
  const view = qubeView(qube, model);
  return {
    klass: "AppVM",
    label: view.label,
    template: view.template,
    ...(view.leftToUser === false && { netvm: view.netvm === NO_NETVM ? null : view.netvm }),
    provides_network: view.providesNetwork,
    default_dispvm: null,
    memory: view.memory,
    maxmem: view.maxmem,
    vcpus: view.vcpus,
    autostart: view.autostart,
    include_in_backups: view.backups,
    ...(view.qrexecTimeout !== false && { qrexec_timeout: view.qrexecTimeout }),
    ...(view.shutdownTimeout !== false && { shutdown_timeout: Number(view.shutdownTimeout) }),
    ...(view.ip !== false && { ip: view.ip }),
    ...(view.pool !== false && { pool: view.pool }),
    ...(view.volume !== false && { volume: Number(view.volume) }),
    ...(view.revisions !== false && { revisions_to_keep: Number(view.revisions) }),
    features: {
      ipv6: "",
      "menu-items": view.menu,
      ...Object.fromEntries(view.features.map(({ key, value }) => [key, value])),
    },
    services: Object.fromEntries([
      ...view.enabled.map((name) => [name, true] as const),
      ...view.disabled.map((name) => [name, false] as const),
    ]),
    tags: [...new Set([model.formula, ...view.tags])],
    ...(view.firewall && { firewall: view.firewall.rules }),
    ...(isStartedHere(qube) && { started: true as const }),
    adopts: templatePattern(qube.template.os),
  };
}

/** The template clones, as `dom0/templates.sls` sets them. */
export function dom0Templates({ formula, templates }: Model): Readonly<Record<string, Dom0Template>> {
  const clones = templates.filter((one) => one.clone);
  return Object.fromEntries(
    clones.map(({ name, stock }) => [
      name,
      {
        stock,
        klass: "TemplateVM",
        label: "black",
        include_in_backups: false,
        features: { [stockNote(formula)]: stock },
        tags: [formula],
      },
    ]),
  );
}

/** The stock templates that must be there, by name. */
export function stockTemplates({ templates }: Model): Readonly<Record<string, StockTemplate>> {
  const all = new Map(
    templates.map(({ stock, os }) => [stock, { repository: templateRepository(stock).repository, os }]),
  );
  return Object.fromEntries([...all].toSorted(([a], [b]) => inCOrder(a, b)));
}

/** The names of the policy files. */
export function policyFiles({ formula }: Model): readonly string[] {
  return Object.values(policyNames(formula));
}
