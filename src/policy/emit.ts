// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Model, Qube } from "../model/model.ts";

/** One line of a qrexec policy file, format R5.0 (qubes-core-qrexec doc/multifile-policy.markdown). */
interface PolicyRule {
  readonly service: string;
  readonly argument: string;
  readonly source: string;
  readonly target: string;
  readonly action: "allow" | "deny";
  readonly params: readonly string[];
}

/** Lines that belong together, with their reason. */
export interface PolicyBlock {
  readonly why: string;
  readonly source: string;
  readonly rules: readonly PolicyRule[];
}

const WHONIX_POLICY = "/etc/qubes/policy.d/80-whonix.policy";
/** The services by which Whonix qubes call each other: the clock display, its older forms, and the gateway's orders to workstations. */
const WHONIX_SERVICES = [
  "sdwdate-gui.Connect",
  "sdwdate-gui.ConnectCheck",
  "sdwdate.Connect",
  "sdwdate.ConnectCheck",
  "whonix.NewStatus",
  "whonix.SdwdateStatus",
  "whonix.GatewayCommand",
];

const STOCK_POLICY = "/etc/qubes/policy.d/80-whonix.policy and 90-default.policy, which this file must beat";
/** Services through which a qube could make another act for it. */
const OUTWARD_SERVICES = [
  "qubes.OpenURL",
  "qubes.OpenInVM",
  "qubes.StartApp",
  "qubes.GetImageRGBA",
  "qubes.VMShell",
  "qubes.VMExec",
  "qubes.VMExecGUI",
];
/** Services through which another qube could bring something to a wallet that is opened at once. */
const INWARD_SERVICES = ["qubes.OpenURL", "qubes.OpenInVM", "qubes.GetImageRGBA"];

/** What must be decided before stock files are read: update traffic where the topology moves it, and Whonix' own calls. */
export function earlyPolicy(model: Model): PolicyBlock[] {
  const quiet = ["autostart=no", "notify=no"];
  const blocks: PolicyBlock[] = [];
  const { updates } = model;
  const clones = model.templates.filter((template) => template.clone).map((template) => template.name);
  if (updates && clones.length > 0) {
    blocks.push({
      why: `Our template clones fetch updates through ${updates.name}, as the topology chose, and through nothing else.`,
      source: "/etc/qubes/policy.d/50-config-updates.policy, which this file must beat",
      rules: clones.flatMap((name) => [
        rule("qubes.UpdatesProxy", "*", name, "@default", "allow", [`target=${updates.name}`]),
        rule("qubes.UpdatesProxy", "*", name, "@anyvm", "deny"),
      ]),
    });
  }
  const pairs = model.qubes.filter((qube) => qube.netvm && "qube" in qube.netvm && qube.role.os === "workstation");
  if (pairs.length > 0) {
    blocks.push({
      why: "A workstation and its own gateway may talk about the clock and Tor, with the arguments that Whonix allows.",
      source: WHONIX_POLICY,
      rules: pairs.flatMap(({ name, netvm }) => {
        const gateway = netvm?.name ?? "";
        return [
          ...[
            "sdwdate-gui.Connect",
            "sdwdate-gui.ConnectCheck",
            "sdwdate.Connect",
            "sdwdate.ConnectCheck",
            "whonix.NewStatus",
          ].map((service) => rule(service, "*", name, gateway, "allow", quiet)),
          rule("whonix.SdwdateStatus", "+", gateway, name, "allow", quiet),
          ...["+restart", "+stop", "+showlog"].map((argument) =>
            rule("whonix.GatewayCommand", argument, gateway, name, "allow", quiet),
          ),
        ];
      }),
    });
  }
  blocks.push({
    why: "Nothing else of this kind, from or to any qube of ours: the stock rules let every Whonix qube call any running gateway, and any gateway call any Whonix qube, those without network included.",
    source: WHONIX_POLICY,
    rules: WHONIX_SERVICES.flatMap((service) =>
      model.qubes.flatMap(({ name }) => [
        rule(service, "*", name, "@anyvm", "deny", ["notify=no"]),
        rule(service, "*", "@anyvm", name, "deny", ["notify=no"]),
      ]),
    ),
  });
  const offline = model.qubes.filter((qube) => !qube.role.netvm);
  if (offline.length > 0) {
    blocks.push({
      why: "Qubes without network: no update proxy serves them, none of them has another qube run, open or show something for it, and no qube of yours has a file or page opened in them. By the stock rules dom0 would ask you, and one wrong answer opens a stranger's file beside the keys. Copying files stays possible, and asks; programs are started in them from dom0's menu or a GUI domain's.",
      source: STOCK_POLICY,
      rules: [
        ...["qubes.UpdatesProxy", ...OUTWARD_SERVICES].flatMap((service) =>
          offline.map(({ name }) => rule(service, "*", name, "@anyvm", "deny", ["notify=no"])),
        ),
        ...INWARD_SERVICES.flatMap((service) =>
          offline.map(({ name }) => rule(service, "*", "@anyvm", name, "deny", ["notify=no"])),
        ),
      ],
    });
  }
  blocks.push({
    why: "The same denies for every qube that bears the tag of this formula: also for those with network, for one that the topology no longer names, until it is removed, and for a clone of one.",
    source: "qubes-core-admin-client qubesadmin/app.py, clone_vm: tags are copied",
    rules: [
      ...WHONIX_SERVICES.flatMap((service) => [
        rule(service, "*", `@tag:${model.formula}`, "@anyvm", "deny", ["notify=no"]),
        rule(service, "*", "@anyvm", `@tag:${model.formula}`, "deny", ["notify=no"]),
      ]),
      ...OUTWARD_SERVICES.map((service) =>
        rule(service, "*", `@tag:${model.formula}`, "@anyvm", "deny", ["notify=no"]),
      ),
    ],
  });
  return blocks;
}

/** The links: every allow first, then what is left of each client and of each server. First match wins, and @anyvm matches @default too. */
export function linkPolicy(model: Model): PolicyBlock[] {
  const source = "Qubes documentation, firewall, section 4; qubes-core-qrexec qrexec/policy/parser.py";
  const blocks: PolicyBlock[] = model.links.map((link) => ({ why: linkReason(link), source, rules: [linkRule(link)] }));
  const clients = model.qubes.filter((qube) => qube.uses.length > 0);
  const servers = model.qubes.filter(isServer);
  if (clients.length > 0) {
    blocks.push({
      why: "Each client: no other port of any qube.",
      source,
      rules: clients.map(({ name }) => rule("qubes.ConnectTCP", "*", name, "@anyvm", "deny")),
    });
  }
  if (servers.length > 0) {
    blocks.push({
      why: "Each server: nobody else, whatever a later file says.",
      source,
      rules: servers.map(({ name }) => rule("qubes.ConnectTCP", "*", "@anyvm", name, "deny")),
    });
  }
  blocks.push({
    why: "The same for every qube that bears the tag of this formula, also when the topology no longer names it.",
    source,
    rules: [
      rule("qubes.ConnectTCP", "*", `@tag:${model.formula}`, "@anyvm", "deny"),
      rule("qubes.ConnectTCP", "*", "@anyvm", `@tag:${model.formula}`, "deny"),
    ],
  });
  return blocks;
}

function linkRule({ client, server, port, named, reference }: Link): PolicyRule {
  return rule("qubes.ConnectTCP", `+${port}`, client.name, named ? server.name : "@default", "allow", [
    ...(named ? [] : [`target=${server.name}`]),
    ...(reference.autostart ? [] : ["autostart=no"]),
    "notify=no",
  ]);
}

function linkReason({ client, server, service, local, named, reference, onion }: Link): string {
  return [
    `${client.name} reaches the ${service} of ${server.name}${onion ? ", for an onion service: whoever comes from outside gets no further than this port" : ""}.`,
    named
      ? `It finds it at its own port ${local}, and calls it by name: ${onion ? "so that an onion service that is no more can never lead to another server" : "it has another server on the same port"}.`
      : "It calls without naming a qube, and this line says which one answers.",
    ...(reference.autostart ? [`A connection starts ${server.name}.`] : []),
    ...(onion ? [`No connection starts ${server.name}: no outsider decides what runs here.`] : []),
  ].join(" ");
}

function isServer(qube: Qube): boolean {
  return Object.keys(qube.role.services?.(qube) ?? {}).length > 0;
}

function rule(
  service: string,
  argument: string,
  source: string,
  target: string,
  action: "allow" | "deny",
  params: readonly string[] = [],
): PolicyRule {
  return { service, argument, source, target, action, params };
}
