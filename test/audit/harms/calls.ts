// SPDX-License-Identifier: GPL-3.0-or-later
/** Who calls whom: links that fail, and calls that pass without a link. */
import { before, good, harming, plus, swap, without, type HarmClass } from "../harm.ts";

const LINKS = "/policy.d/80-qwbtc.policy";
const EARLY = "/policy.d/45-qwbtc.policy";
const tree = good("seed");
const on = harming(tree);
const FIRST = "qubes.ConnectTCP +50001";
const links = [
  "qubes.ConnectTCP +50001 electrum-client @default allow target=electrum-server notify=no",
  "qubes.ConnectTCP +8332 electrum-server @default allow target=bitcoin-server autostart=no notify=no",
  "qubes.ConnectTCP +8433 electrum-server @default allow target=bitcoin-server autostart=no notify=no",
  "qubes.ConnectTCP +27183 joinmarket-client @default allow target=joinmarket-server autostart=no notify=no",
  "qubes.ConnectTCP +8332 joinmarket-client @default allow target=bitcoin-server autostart=no notify=no",
];
const unit = (template: string, name: string) => `/files/${template}/usr/lib/systemd/system/${name}`;

const OUTWARD = [
  "qubes.OpenURL",
  "qubes.OpenInVM",
  "qubes.StartApp",
  "qubes.VMShell",
  "qubes.VMExec",
  "qubes.VMExecGUI",
  "qubes.GetImageRGBA",
];
const INWARD = ["qubes.OpenURL", "qubes.OpenInVM", "qubes.GetImageRGBA"];
const WHONIX = [
  "sdwdate-gui.Connect",
  "sdwdate-gui.ConnectCheck",
  "sdwdate.Connect",
  "sdwdate.ConnectCheck",
  "whonix.NewStatus",
  "whonix.SdwdateStatus",
  "whonix.GatewayCommand",
];

/** Removes every line of a service's denies by name and by tag, so that what the stock files say of it holds again. */
const reopened = (service: string) => (text: string) =>
  text
    .split("\n")
    .filter((line) => !(line.startsWith(`${service} `) && line.includes(" deny")))
    .join("\n");

export const onCalls: readonly HarmClass[] = [
  {
    name: "a link that no policy line opens",
    codes: ["QB720", "QB721"],
    harms: () => [
      ...links.map((line) => on(LINKS, without(line), `without ${line}`)),
      ...links.map((line) => on(LINKS, swap(line, line.replace(/\+([0-9]+)/, "+1$1")), `another port: ${line}`)),
      ...links.map((line) =>
        on(
          LINKS,
          swap(line, line.replace("@default allow", "@default ask").replace(/ target=(\S+)/, " default_target=$1")),
          `asks: ${line}`,
        ),
      ),
      on(
        EARLY,
        before("sdwdate-gui.Connect", "qubes.ConnectTCP * electrum-client @anyvm deny"),
        "denied in the early file",
      ),
    ],
    twins: () => [
      on(LINKS, swap(links[0] ?? "", (links[0] ?? "").replace(" notify=no", "")), "without notify=no"),
      on(
        LINKS,
        swap(links[1] ?? "", (links[1] ?? "").replace("autostart=no notify=no", "notify=no autostart=no")),
        "parameters in another order",
      ),
    ],
  },
  {
    name: "a unit that calls another port or qube than the policy opens",
    codes: ["QB720", "QB721"],
    harms: () => [
      on(
        unit("qwbtc-ws-electrum", "qwbtc-tcp-50001@.service"),
        swap("qubes.ConnectTCP+50001", "qubes.ConnectTCP+50002"),
        "another port",
      ),
      on(
        unit("qwbtc-ws-electrum", "qwbtc-tcp-50001@.service"),
        swap("@default qubes", "bitcoin-server qubes"),
        "another qube",
      ),
      on(
        unit("qwbtc-ws-fulcrum", "qwbtc-tcp-8332@.service"),
        swap("qubes.ConnectTCP+8332", "qubes.ConnectTCP+8433x"),
        "not a port",
      ),
      on(
        unit("qwbtc-ws-fulcrum", "qwbtc-tcp-8332@.service"),
        swap("qubes.ConnectTCP+8332", "qubes.VMShell"),
        "another service",
      ),
      on(unit("qwbtc-ws-fulcrum", "qwbtc-tcp-8433@.service"), swap("@default qubes", "sys-whonix qubes"), "a stranger"),
      on(
        unit("qwbtc-ws-jm-wallet", "qwbtc-tcp-27183@.service"),
        swap("@default qubes", "@dispvm qubes"),
        "a disposable",
      ),
      on(unit("qwbtc-ws-jm-wallet", "qwbtc-tcp-27183@.service"), swap("@default qubes", "dom0 qubes"), "dom0"),
    ],
    twins: () => [on(unit("qwbtc-ws-electrum", "qwbtc-tcp-50001@.service"), plus("# the end"), "a comment")],
  },
  {
    name: "a policy line that opens what no link uses",
    codes: ["QB721"],
    harms: () =>
      [
        "qubes.ConnectTCP +8332 electrum-client @default allow target=bitcoin-server autostart=no",
        "qubes.ConnectTCP +22 electrum-server bitcoin-server allow",
        "qubes.ConnectTCP +27183 electrum-client joinmarket-server allow autostart=no",
        "qubes.ConnectTCP +50001 personal electrum-server allow",
        "qubes.ConnectTCP +8332 joinmarket-server bitcoin-server allow autostart=no",
        "qubes.ConnectTCP +9051 bitcoin-server sys-bitcoin allow autostart=no",
        "qubes.ConnectTCP +50001 sys-net electrum-server ask default_target=electrum-server",
        "qubes.ConnectTCP +8433 sys-bitcoin bitcoin-server allow autostart=no",
      ].map((line) => on(LINKS, before(FIRST, line), line)),
    twins: () => [on(LINKS, before(FIRST, "qubes.ConnectTCP +22 personal bitcoin-server deny"), "a deny of the same")],
  },
  {
    name: "a policy line that allows more than one call",
    codes: ["QB722"],
    harms: () =>
      [
        "qubes.ConnectTCP +50001 @tag:qwbtc electrum-server allow",
        "qubes.ConnectTCP +50001 @anyvm electrum-server allow",
        "qubes.ConnectTCP +50001 * electrum-server allow",
        "qubes.ConnectTCP +50001 @type:AppVM electrum-server allow",
        "qubes.ConnectTCP +50001 electrum-client @tag:qwbtc allow",
        "qubes.ConnectTCP +50001 electrum-client @anyvm allow",
        "qubes.ConnectTCP +50001 electrum-client * allow",
        "qubes.ConnectTCP +50001 electrum-client @type:AppVM allow",
        "qubes.ConnectTCP * electrum-client electrum-server allow",
        "* * electrum-client electrum-server allow",
        "qubes.ConnectTCP +50001 electrum-client @dispvm allow",
        "qubes.VMShell * @tag:qwbtc @dispvm allow",
      ].map((line) => on(LINKS, before(FIRST, line), line)),
    twins: () => [
      on(LINKS, before("qubes.ConnectTCP * @anyvm", "qubes.ConnectTCP * @anyvm @tag:qwbtc deny"), "a wide deny"),
    ],
  },
  {
    name: "what the stock rules let pass, once our deny is gone",
    codes: ["QB723"],
    harms: () => [
      ...OUTWARD.map((service) => on(EARLY, reopened(service), `${service} no longer denied`)),
      ...WHONIX.map((service) => on(EARLY, reopened(service), `${service} no longer denied`)),
      ...INWARD.map((service) =>
        on(EARLY, without(`${service} * @anyvm electrum-client deny notify=no`), `${service} into a wallet`),
      ),
    ],
    twins: () => [
      on(
        EARLY,
        without("qubes.UpdatesProxy * electrum-client @anyvm deny notify=no"),
        "one deny that the stock rules have too",
      ),
      on(
        EARLY,
        swap("qubes.OpenURL * electrum-client @anyvm deny notify=no", "qubes.OpenURL * electrum-client @anyvm deny"),
        "the same deny, with a notice",
      ),
    ],
  },
  {
    name: "a call that passes by a line of ours",
    codes: ["QB723", "QB722"],
    harms: () =>
      [
        "qubes.Filecopy * electrum-client bitcoin-server allow",
        "qubes.VMShell * personal electrum-client allow user=root",
        "qubes.VMRootShell * bitcoin-server electrum-client allow",
        "qubes.OpenURL * electrum-client @default allow target=personal",
        "qubes.OpenInVM * bitcoin-server electrum-client ask",
        "qubes.StartApp * electrum-client personal ask default_target=personal",
        "qubes.GetDate * electrum-client @default allow target=dom0",
        "qubes.UpdatesProxy * electrum-client @default allow target=sys-whonix",
        "admin.vm.List * bitcoin-server dom0 allow target=dom0",
        "whonix.GatewayCommand +restart sys-bitcoin electrum-client allow autostart=no",
        "sdwdate-gui.Connect * electrum-client sys-whonix allow autostart=no",
        "qubes.ClipboardPaste * joinmarket-client personal allow",
        "my.Service * electrum-client joinmarket-client allow",
        "my.Service +now anon-whonix electrum-client ask",
        "qubes.Gpg * joinmarket-client vault allow",
      ].map((line) => on(EARLY, before("sdwdate-gui.Connect", line), line)),
    twins: () => [
      on(EARLY, before("sdwdate-gui.Connect", "qubes.Filecopy * electrum-client bitcoin-server ask"), "copying asks"),
      on(EARLY, before("sdwdate-gui.Connect", "my.Service * electrum-client joinmarket-client deny"), "a deny"),
    ],
  },
  {
    name: "a daemon's link that starts its server",
    codes: ["QB724"],
    harms: () => [
      on(
        LINKS,
        swap(
          "electrum-server @default allow target=bitcoin-server autostart=no",
          "electrum-server @default allow target=bitcoin-server",
        ),
        "no word of it",
      ),
      on(
        LINKS,
        swap(
          "+8433 electrum-server @default allow target=bitcoin-server autostart=no",
          "+8433 electrum-server @default allow target=bitcoin-server autostart=yes",
        ),
        "autostart=yes",
      ),
    ],
    twins: () => [
      on(
        LINKS,
        swap(
          "electrum-client @default allow target=electrum-server notify=no",
          "electrum-client @default allow target=electrum-server autostart=yes",
        ),
        "a wallet may",
      ),
    ],
  },
];
