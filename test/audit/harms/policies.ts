// SPDX-License-Identifier: GPL-3.0-or-later
/** What can be wrong with the lines of a policy. */
import { before, good, harming, pathOf, plus, swap, withTexts, type HarmClass } from "../harm.ts";

const LINKS = "/policy.d/80-qwbtc.policy";
const EARLY = "/policy.d/45-qwbtc.policy";
const tree = good("seed");
const on = harming(tree);

const broken = [
  "qubes.ConnectTCP +50001 electrum-client @default allow",
  "qubes.ConnectTCP 50001 electrum-client @default deny",
  "qubes.ConnectTCP +50001 electrum-client",
  "qubes.ConnectTCP +50001 electrum-client electrum-server permit",
  "qubes.ConnectTCP +50001 electrum-client electrum-server allow autostart=maybe",
  "qubes.ConnectTCP +50001 electrum-client electrum-server allow default_target=electrum-server",
  "qubes.ConnectTCP +50001 @default electrum-server allow",
  "qubes.ConnectTCP +50001 @dispvm electrum-server deny",
  "qubes.ConnectTCP +50001 electrum-client electrum-server deny target=electrum-server",
  "qubes.ConnectTCP +50001 electrum-client electrum-server allow notify=no notify=no",
  "qubes.ConnectTCP +50001 electrum-client electrum-server allow notify",
  "* +50001 electrum-client electrum-server deny",
  "qubes.ConnectTCP +50/001 electrum-client electrum-server deny",
  "qubes:ConnectTCP * electrum-client electrum-server deny",
  "qubes.ConnectTCP * @tag: electrum-server deny",
  "qubes.ConnectTCP * electrum-client @type: deny",
  "qubes.ConnectTCP * @group:x electrum-server deny",
  "qubes.ConnectTCP * electrum-client electrum-server deny # for now",
  "!include no-such-file",
  "!include-dir no-such-folder",
  "!include-service qubes.ConnectTCP * no-such-file",
  "!import 30-user.policy",
  "!compat-4.0",
];

const nobody = [
  "qubes.ConnectTCP * electrum-clinet @anyvm deny",
  "qubes.ConnectTCP * @anyvm bitcoin-sever deny",
  "qubes.ConnectTCP * @tag:qwtbc @anyvm deny",
  "qubes.ConnectTCP * @anyvm @tag:anon_vm deny",
  "qubes.ConnectTCP +8332 electrum-server bitcoin-server allow target=bitcoin-serve,user=root",
  "qubes.ConnectTCP * @type:AppVm @anyvm deny",
  "qubes.ConnectTCP * @anyvm @dispvm:no-such-template deny",
  "qubes.ConnectTCP * @anyvm @dispvm:@tag:no-such-tag deny",
  "qubes.ConnectTCP * dom0-vm @anyvm deny",
];

export const onPolicies: readonly HarmClass[] = [
  {
    name: "a policy line that qrexec refuses",
    codes: ["QB710"],
    harms: () => broken.map((line) => on(LINKS, plus(line), line)),
    twins: () => [
      on(LINKS, plus("# a comment"), "a comment"),
      on(LINKS, plus(""), "an empty line"),
      on(
        LINKS,
        swap("@default allow target=electrum-server", "@default   allow\ttarget=electrum-server"),
        "other blanks",
      ),
    ],
  },
  {
    name: "a policy file whose name qrexec refuses",
    codes: ["QB710"],
    harms: () =>
      ["80-Qwbtc.policy", "80-qwbtc+x.policy", "80-qwbtc(1).policy".replace(/[()]/g, "@")].map((name) => ({
        what: name,
        tree: moved(LINKS, name),
      })),
    twins: () => [{ what: "81-qwbtc.policy", tree: moved(LINKS, "81-qwbtc.policy") }],
  },
  {
    name: "a policy line about nobody",
    codes: ["QB712"],
    harms: () => nobody.map((line) => on(LINKS, before("qubes.ConnectTCP * electrum-client", line), line)),
    twins: () => [
      on(LINKS, plus("qubes.ConnectTCP * @tag:qwbtc sys-whonix deny"), "a stock qube"),
      on(LINKS, plus("qubes.ConnectTCP * @tag:anon-vm @tag:qwbtc deny"), "a stock tag"),
    ],
  },
  {
    name: "an allow below the deny that takes its calls",
    codes: ["QB711"],
    harms: () =>
      ["electrum-client", "electrum-server", "joinmarket-client"]
        .flatMap((client) => [
          on(
            LINKS,
            before("qubes.ConnectTCP +50001", `qubes.ConnectTCP * ${client} @anyvm deny`),
            `${client} denied first`,
          ),
        ])
        .concat(
          ["bitcoin-server", "electrum-server", "joinmarket-server"].map((server) =>
            on(
              LINKS,
              before("qubes.ConnectTCP +", `qubes.ConnectTCP * @tag:qwbtc @default deny`),
              `@default denied before ${server}`,
            ),
          ),
          [
            on(
              LINKS,
              before("qubes.ConnectTCP +50001", "qubes.ConnectTCP * @tag:qwbtc @anyvm deny"),
              "denied by tag first",
            ),
            on(
              LINKS,
              before("qubes.ConnectTCP +50001", "qubes.ConnectTCP * @anyvm @anyvm deny"),
              "denied to all first",
            ),
            on(
              LINKS,
              before("qubes.ConnectTCP +50001", "qubes.ConnectTCP +50001 electrum-client @anyvm deny"),
              "the port denied first",
            ),
            on(LINKS, before("qubes.ConnectTCP +50001", "* * @anyvm @anyvm deny"), "everything denied first"),
            on(
              LINKS,
              before("qubes.ConnectTCP +50001", "qubes.ConnectTCP * @type:AppVM @default deny"),
              "denied by class first",
            ),
          ],
        ),
    twins: () => [
      on(
        LINKS,
        before("qubes.ConnectTCP +50001", "qubes.ConnectTCP +50002 electrum-client @anyvm deny"),
        "another port denied first",
      ),
      on(
        LINKS,
        before("qubes.ConnectTCP +50001", "qubes.ConnectTCP * personal @tag:qwbtc deny"),
        "another client denied first",
      ),
    ],
  },
  {
    name: "a deny below an allow that takes its calls",
    codes: ["QB711", "QB722", "QB721"],
    harms: () => [
      on(
        LINKS,
        before(
          "qubes.ConnectTCP * electrum-client",
          "qubes.ConnectTCP * electrum-client @anyvm allow target=bitcoin-server",
        ),
        "one client, every port",
      ),
      on(
        LINKS,
        before("qubes.ConnectTCP * @anyvm bitcoin-server", "qubes.ConnectTCP * @anyvm bitcoin-server allow"),
        "one server, everybody",
      ),
      on(LINKS, before("qubes.ConnectTCP +", "qubes.ConnectTCP * @anyvm @anyvm allow"), "everybody, everywhere"),
      on(EARLY, before("sdwdate-gui.Connect", "* * @tag:qwbtc @anyvm allow"), "the tag, every service"),
      on(
        EARLY,
        before("sdwdate-gui.Connect", "qubes.OpenURL * electrum-client @anyvm allow"),
        "one service of one wallet",
      ),
    ],
    twins: () => [
      on(
        LINKS,
        before("qubes.ConnectTCP * electrum-client", "qubes.ConnectTCP +22 electrum-client @anyvm deny"),
        "a narrower deny before the general one",
      ),
    ],
  },
  {
    name: "a policy file that sorts after what it must beat",
    codes: ["QB713", "QB711", "QB723", "QB720"],
    harms: () => [
      ...["81-qwbtc.policy", "85-qwbtc.policy", "95-qwbtc.policy"].map((name) => ({
        what: `early as ${name}`,
        tree: moved(EARLY, name),
      })),
      ...["91-qwbtc.policy", "99-qwbtc.policy", "9x.policy"].map((name) => ({
        what: `links as ${name}`,
        tree: moved(LINKS, name),
      })),
    ],
    twins: () => [
      { what: "early as 44", tree: moved(EARLY, "44-qwbtc.policy") },
      { what: "links as 70", tree: moved(LINKS, "70-qwbtc.policy") },
    ],
  },
];

/** A policy file under another name: in the tree, in its state and in the guard. */
function moved(end: string, name: string) {
  const from = pathOf(tree, end);
  const old = end.slice(end.lastIndexOf("/") + 1);
  const to = from.replace(old, name);
  const renamed = withTexts(tree, { [from]: undefined, [to]: tree.get(from)?.text ?? "" });
  const texts: Record<string, string> = {};
  for (const [path, { text }] of renamed)
    if (path.endsWith(".sls") && text.includes(old)) texts[path] = text.replaceAll(old, name);
  return withTexts(renamed, texts);
}
