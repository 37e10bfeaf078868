// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What matters here of the policy that Qubes and its Whonix addon install, restated: which calls a stock machine would let pass where no file of
 * ours decides before. Sources: qubes-core-admin qubes-rpc-policy/90-default.policy; qubes-core-admin-addon-whonix 80-whonix.policy; the global
 * settings' 50-config-updates.policy as the Whonix templates have it.
 */
type Entry = readonly [service: string, argument: string, source: string, target: string, action: string];

const CLOCK = ["sdwdate-gui.Connect", "sdwdate-gui.ConnectCheck", "sdwdate.Connect", "sdwdate.ConnectCheck"] as const;
const OPENING = ["qubes.OpenInVM", "qubes.OpenURL", "qubes.StartApp"] as const;

const UPDATES: readonly Entry[] = [
  ["qubes.UpdatesProxy", "*", "@tag:whonix-updatevm", "@default", "allow target=sys-whonix"],
  ["qubes.UpdatesProxy", "*", "@tag:whonix-updatevm", "@anyvm", "deny"],
];

const WHONIX: readonly Entry[] = [
  ...CLOCK.flatMap((service): Entry[] => [
    [service, "*", "@tag:sdwdate-gui-client", "@tag:sdwdate-gui-server", "allow autostart=no notify=no"],
    [service, "*", "@anyvm", "@anyvm", "deny"],
  ]),
  ["whonix.SdwdateStatus", "+", "@tag:anon-gateway", "@tag:anon-vm", "allow autostart=no notify=no"],
  ["whonix.SdwdateStatus", "+", "@tag:anon-gateway", "@default", "deny notify=no"],
  ["whonix.SdwdateStatus", "+", "@anyvm", "@anyvm", "deny"],
  ["whonix.NewStatus", "*", "@tag:anon-vm", "@tag:anon-gateway", "allow autostart=no"],
  ["whonix.NewStatus", "*", "@anyvm", "@anyvm", "deny"],
  ...["+restart", "+stop", "+showlog"].map((order): Entry => [
    "whonix.GatewayCommand",
    order,
    "@tag:anon-gateway",
    "@tag:anon-vm",
    "allow autostart=no",
  ]),
  ["whonix.GatewayCommand", "*", "@anyvm", "@anyvm", "deny"],
  ...OPENING.flatMap((service): Entry[] => [
    [service, "*", "@tag:anon-vm", "@dispvm", "ask default_target=@dispvm"],
    [service, "*", "@tag:anon-vm", "@tag:anon-vm", "ask"],
    [service, "*", "@tag:anon-vm", "@default", "ask"],
    [service, "*", "@tag:anon-vm", "@anyvm", "deny"],
  ]),
];

/** What a qube's own agent and its menus tell dom0. */
const TOLD = ["qubes.FeaturesRequest", "qubes.NotifyTools", "qubes.NotifyUpdates", "qubes.SyncAppMenus"] as const;

const DEFAULT: readonly Entry[] = [
  ["policy.RegisterArgument", "*", "@anyvm", "@anyvm", "deny"],
  ["policy.RegisterArgument", "*", "@anyvm", "dom0", "deny"],
  ["qubes.ConnectTCP", "*", "@anyvm", "@anyvm", "deny"],
  ...[...TOLD, "qubes.GetRandomizedTime"].map((service): Entry => [service, "*", "@anyvm", "dom0", "allow"]),
  ["qubes.Notifications", "*", "@anyvm", "@default", "allow target=dom0"],
  ["qubes.Filecopy", "*", "@anyvm", "@anyvm", "ask"],
  ["qubes.GetDate", "*", "@tag:anon-vm", "@anyvm", "deny"],
  ["qubes.GetDate", "*", "@anyvm", "@anyvm", "allow target=dom0"],
  ["qubes.GetImageRGBA", "*", "@anyvm", "@dispvm", "allow"],
  ["qubes.GetImageRGBA", "*", "@anyvm", "@anyvm", "ask"],
  ...OPENING.flatMap((service): Entry[] => [
    [service, "*", "@anyvm", "@dispvm", "allow"],
    [service, "*", "@anyvm", "@anyvm", "ask"],
  ]),
  ...UPDATES,
  ["qubes.UpdatesProxy", "*", "@type:TemplateVM", "@default", "allow target=sys-net"],
  ["qubes.UpdatesProxy", "*", "@anyvm", "@anyvm", "deny"],
  ...["qubes.VMShell", "qubes.VMExec", "qubes.VMExecGUI"].flatMap((service): Entry[] => [
    [service, "*", "@anyvm", "@dispvm", "allow"],
    [service, "*", "@anyvm", "@anyvm", "deny"],
  ]),
  ["qubes.VMRootShell", "*", "@anyvm", "@anyvm", "deny"],
];

const text = (entries: readonly Entry[]) => entries.map((one) => `${one.join(" ")}\n`).join("");

/** The stock files by the paths at which dom0 has them. */
export const STOCK_POLICY: ReadonlyMap<string, string> = new Map([
  ["/etc/qubes/policy.d/50-config-updates.policy", text(UPDATES)],
  ["/etc/qubes/policy.d/80-whonix.policy", text(WHONIX)],
  ["/etc/qubes/policy.d/90-default.policy", text(DEFAULT)],
]);
