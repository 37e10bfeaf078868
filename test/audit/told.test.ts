// SPDX-License-Identifier: GPL-3.0-or-later
/** What `audit` shows and `explain QUBE:PORT` says, of trees as they are made and of such as a hand changed. */
import { describe, expect, it } from "vitest";
import { study } from "../../src/audit/audit.ts";
import type { Tree } from "../../src/kernel/tree.ts";
import { explainPort } from "../../src/report/port-explanation.ts";
import { reachText } from "../../src/report/reach/text.ts";
import { examples } from "../compiled.ts";
import { before, edit, good, plus } from "./harm.ts";

const LINKS = "/policy.d/80-qwbtc.policy";
/** Without line breaks, which hang on the width. */
const flat = (text: string) => text.replaceAll(/\s+/g, " ");
const said = (subject: string, tree: Tree) => {
  const [name = "", port] = subject.split(":");
  return flat(explainPort(name, Number(port), study(tree)));
};

describe("explain QUBE:PORT", () => {
  const seed = good("seed");

  it("follows a port that a link listens at: unit, call, line, reason, end", () => {
    const text = said("electrum-client:50001", seed);
    expect(text).toMatch(/qwbtc-tcp-50001\.socket listens there \(qwbtc-tcp-50001\.socket:\d+\)/);
    expect(text).toMatch(/calls qubes\.ConnectTCP\+50001 and names no qube \(qwbtc-tcp-50001@\.service:\d+\)/);
    expect(text).toContain(
      "dom0 answers by 80-qwbtc.policy:7: qubes.ConnectTCP +50001 electrum-client @default allow target=electrum-server notify=no electrum-client reaches the electrum of electrum-server.",
    );
    expect(text).toContain("It ends at electrum-server, port 50001. If electrum-server is halted, it is started.");
    expect(said("electrum-server:8332", seed)).toContain(
      "It does not start bitcoin-server: while that is halted, the call is refused.",
    );
    expect(said("sys-electrum:26063", good("exposed"))).toContain(
      "calls qubes.ConnectTCP+50001 and names electrum-server",
    );
  });

  it("of a port at which nothing listens says which lines deny the call, by any name", () => {
    const text = said("electrum-client:8332", seed);
    expect(text).toContain("No unit of the states listens there. Its links listen at 50001.");
    expect(text).toMatch(
      /naming no qube, .*bitcoin-server.* refused: qubes\.ConnectTCP \* electrum-client @anyvm deny \(80-qwbtc\.policy:27\)/,
    );
    expect(text).toContain("Port 8332 of electrum-client, from elsewhere: nobody reaches it.");
  });

  it("of a server's port says who reaches it, and which line keeps each other away", () => {
    const text = said("bitcoin-server:8332", seed);
    expect(text).toContain("electrum-server reaches it, dialling its own port 8332 (80-qwbtc.policy:11).");
    expect(text).toContain("joinmarket-client reaches it, dialling its own port 8332 (80-qwbtc.policy:23).");
    expect(text).toMatch(
      /electrum-client refused: qubes\.ConnectTCP \* electrum-client @anyvm deny \(80-qwbtc\.policy:27\)/,
    );
    expect(text).toMatch(/any other refused: qubes\.ConnectTCP \* @anyvm bitcoin-server deny/);
    expect(said("electrum-server:50001", good("exposed"))).toContain(
      "From outside, laptop, phone: port 50001 of the onion service",
    );
  });

  it("forgets no way by network: a node's port for its gateway, a gateway's ports for those behind it", () => {
    expect(said("bitcoin-server:8334", seed)).toMatch(
      /By network, its net qube: its own firewall opens the port \(40_qwbtc\.conf:\d+\)/,
    );
    expect(said("bitcoin-server:8333", seed)).toContain(
      "From outside, whoever knows the address: port 8333 of an onion service that it asks for itself",
    );
    expect(said("sys-bitcoin:9401", seed)).toContain("By network, bitcoin-server: its own firewall opens the port");
    expect(said("sys-bitcoin:9050", seed)).not.toContain("nobody reaches it");
    expect(said("sys-joinmarket:9401", seed)).toContain("By network, joinmarket-server");
  });

  it("sees what a hand did: a deny above, a line that lets one more in, a question, a policy that does not load", () => {
    const deny = edit(seed, LINKS, before("qubes.ConnectTCP +50001", "qubes.ConnectTCP * @anyvm @anyvm deny"));
    expect(said("electrum-client:50001", deny)).toMatch(
      /dom0 refuses by 80-qwbtc\.policy:\d+: qubes\.ConnectTCP \* @anyvm @anyvm deny/,
    );
    const more = edit(
      seed,
      LINKS,
      before("qubes.ConnectTCP +50001", "qubes.ConnectTCP +8332 personal bitcoin-server allow"),
    );
    expect(said("bitcoin-server:8332", more)).toContain("personal may reach it, though no unit of its dials it");
    const ask = edit(
      seed,
      LINKS,
      before("qubes.ConnectTCP +50001", "qubes.ConnectTCP +8332 personal bitcoin-server ask"),
    );
    expect(said("bitcoin-server:8332", ask)).toContain("personal reaches it if you say so each time");
    const broken = said("electrum-client:50001", edit(seed, LINKS, plus("no rule")));
    expect(broken).toContain("dom0 refuses: the policy does not load: every call is refused.");
  });

  it("of a server elsewhere says that its port goes on by network, not by qrexec", () => {
    const text = said("electrum-server:50002", good("remote-servers"));
    expect(text).toContain("It makes no call over qrexec: ExecStart=/usr/bin/socat");
    expect(text).toContain("electrum-client reaches it, dialling its own port 50002; that starts electrum-server");
  });
});

describe("what audit shows", () => {
  const seed = reachText(study(good("seed")));

  it.each(examples)("fits a terminal of eighty columns, but for lines of policy and the way in: %s", (name) => {
    const long = reachText(study(good(name)))
      .split("\n")
      .filter((line) => line.length > 80 && !/^ +qubes\.\S+ (?:\+\d+|\*) |^ {2}-> /.test(line));
    expect(long).toEqual([]);
  });

  it("has a sign for each pair: links, networks, other calls, questions, nothing", () => {
    const row = (name: string) => new RegExp(`^ +[0-9TC]+ ${name} +(\\S.*)$`, "m").exec(seed)?.[1]?.split(/ +/);
    expect(row("electrum-client")).toEqual(["?", "?", "\\", "#", "?", "?", "?", "?", ".", ".", "+"]);
    expect(row("bitcoin-server")?.slice(-3)).toEqual(["~", ".", "+"]);
    expect(row("Tor")).toEqual([".", "~", ".", ".", ".", ".", ".", "\\"]);
  });

  it("says of each qube what closes it, and does not say that nothing but copying asks", () => {
    expect(flat(seed)).toContain(
      "electrum-client dials nothing else: qubes.ConnectTCP * electrum-client @anyvm deny (80-qwbtc.policy:27)",
    );
    expect(flat(seed)).toMatch(
      /no network, in or out: it has no net qube, and no onion service leads to it \(qubes\.sls:\d+\)/,
    );
    expect(flat(seed)).toMatch(/Only if you say so, each time: qubes\.Filecopy any qube → any qube .*qubes\.StartApp/);
  });

  it("of many qubes shows the ways, and where the rest is to be had", () => {
    const lines = (count: number) =>
      Array.from(
        { length: count },
        (_, at) => `"more-${at}":\n  qvm.vm:\n    - "name": "more-${at}"\n    - "present":\n      - "label": "red"`,
      ).join("\n");
    const text = reachText(study(edit(good("seed"), "/dom0/qubes.sls", plus(lines(20)))));
    expect(text).not.toContain("Who (row)");
    expect(text).toContain("What is closed between 27 qubes");
  });
});
