// SPDX-License-Identifier: GPL-3.0-or-later
/** The real Fulcrum and JoinMarket on their generated files, unchanged but for paths, beside the real bitcoind on its own; on regtest. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { fulcrum } from "../src/software/fulcrum.ts";
import { needing, real, session, withHomes, type Step } from "./real/session.ts";

const DATADIR = "/home/bitcoin/.bitcoin";
/** Any address of regtest: somebody must be paid for the first block. */
const ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

/** The whole of the seed's system on regtest, with versions that are at hand. */
function system(versions: { fulcrum?: string } = {}): string {
  return stringify({
    formula: "qwbtc",
    platform: { qubes: "4.3", whonix: 18 },
    qubes: {
      "sys-bitcoin": { role: "whonix-gateway" },
      "bitcoin-server": { role: "bitcoind", netvm: "sys-bitcoin", chain: "regtest" },
      "electrum-server": {
        role: "fulcrum",
        bitcoind: "bitcoin-server",
        ...(versions.fulcrum && { version: versions.fulcrum }),
      },
      "joinmarket-server": { role: "joinmarketd", netvm: "sys-bitcoin" },
      "joinmarket-client": {
        role: "joinmarket-wallet",
        joinmarketd: "joinmarket-server",
        bitcoind: "bitcoin-server",
      },
    },
  });
}

function owner(cookie: string, method: string, params: unknown[] = [], within = 0): Step {
  return { rpc: { port: 18443, cookie, method, params }, within };
}

it.skipIf(!real.bitcoind || !real.fulcrum)(
  needing(
    "Fulcrum indexes the node over its RPC list, and answers wallets on its loopback alone",
    "QWBTC_BITCOIND",
    "QWBTC_FULCRUM",
  ),
  () => {
    const shown = spawnSync(real.fulcrum ?? "", ["--version"], { encoding: "utf8" });
    const found = /Fulcrum (\d+)/.exec(shown.stdout + shown.stderr)?.[1];
    const version = fulcrum.releases.find((one) => one.version.startsWith(`${found}.`))?.version;
    withHomes(
      system(version === undefined ? {} : { fulcrum: version }),
      ["bitcoin-server", "electrum-server"],
      ([node, server]) => {
        if (!node || !server) return;
        const cookie = node.at(path.join(DATADIR, "regtest/.cookie"));
        server.write("/home/fulcrum/.fulcrum/database/.made", "");
        const conf = server.at("/home/fulcrum/.fulcrum/fulcrum.conf");
        const hello = JSON.stringify({ id: 0, method: "server.version", params: ["check", "1.4"] });
        const header = JSON.stringify({ id: 1, method: "blockchain.block.header", params: [1] });
        const { results, codes, logs } = session(
          [{ argv: [real.bitcoind, `-datadir=${node.at(DATADIR)}`] }],
          [
            owner(cookie, "generatetoaddress", [1, ADDRESS], 60),
            { start: { argv: [real.fulcrum, conf] } },
            { line: { port: 50001, send: hello }, within: 60 },
            { line: { port: 50001, send: header }, within: 10 },
            owner(cookie, "generatetoaddress", [1, ADDRESS]),
            { line: { port: 50001, send: header.replace("[1]", "[2]") }, within: 20, matching: '"result"' },
            { listening: true },
          ],
        );
        expect(results[2], logs[1]).toMatch(/"Fulcrum /);
        expect(results[3]).toMatch(/"result":"[0-9a-f]{160}"/);
        expect(results[5]).toMatch(/"result":"[0-9a-f]{160}"/);
        expect([...(results[6] ?? [])].toSorted()).toEqual(["127.0.0.1:18443", "127.0.0.1:50001", "127.0.0.1:8433"]);
        expect(codes).toEqual([0, 0]);
        expect(/.*not allowed to call.*/.exec(logs[0] ?? "")).toBeNull();
        const odd = (logs[1] ?? "")
          .split("\n")
          .filter((line) => /unknown|unrecogni[sz]ed|invalid|error|lost connection/i.test(line));
        expect(odd).toEqual([]);
      },
    );
  },
);

it.skipIf(!real.bitcoind || !real.joinmarketd)(
  needing(
    "JoinMarket's wallet finds the node and its watch-only wallet, and the daemon listens on its loopback alone",
    "QWBTC_BITCOIND",
    "QWBTC_JOINMARKETD",
  ),
  () => {
    const program = path.resolve(path.dirname(real.joinmarketd ?? ""), "..");
    const python = path.join(program, "venv/bin/python");
    withHomes(system(), ["bitcoin-server", "joinmarket-client"], ([node, wallet], { tree }) => {
      if (!node || !wallet) return;
      const cookie = node.at(path.join(DATADIR, "regtest/.cookie"));
      const folder = wallet.at("/home/user/.joinmarket");
      // What the unit runs, its paths aside.
      const unit = [...tree].find(([file]) => file.endsWith("/qwbtc-joinmarketd.service"))?.[1].text ?? "";
      const [, , script = "", ...rest] = (/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "").split(/ | (?=\/)/);
      const args = [script, ...rest].filter((one) => !one.includes("/"));
      const cli = path.join(path.dirname(real.bitcoind ?? ""), "bitcoin-cli");
      const addresses =
        /^ *(bitcoin-cli -rpcwallet=\S+ importdescriptors .*)$/m.exec(tree.get("README.md")?.text ?? "")?.[1] ?? "";
      const asks = [
        "from jmclient import load_program_config, jm_single",
        `load_program_config(config_path=${JSON.stringify(folder)})`,
        "one = jm_single()",
        "print('network', one.config.get('BLOCKCHAIN', 'network'), 'height', one.bc_interface.get_current_block_height())",
        "print('channels', sorted(s for s in one.config.sections() if s.startswith('MESSAGING:')))",
      ].join("\n");
      const { results, logs } = session(
        [{ argv: [real.bitcoind, `-datadir=${node.at(DATADIR)}`] }],
        [
          owner(cookie, "generatetoaddress", [1, ADDRESS], 60),
          owner(cookie, "createwallet", ["joinmarket-client", true]),
          // As the runbook has it for regtest.
          owner(cookie, "createwallet", ["spare"]),
          { run: ["sh", "-c", addresses.replaceAll("bitcoin-cli", `${cli} -datadir=${node.at(DATADIR)}`)] },
          { start: { argv: [python, path.join(program, "scripts/joinmarketd.py"), ...args], cwd: wallet.root } },
          { run: [python, "-c", asks], within: 5 },
          { listening: true },
        ],
      );
      expect(results[5], JSON.stringify(results)).toMatch(/^network testnet height 1$/m);
      expect(results[5]).toMatch(/^channels \['MESSAGING:/m);
      const own = [...(results[6] ?? [])].filter((one) => /:2[567]183$/.test(one)).toSorted();
      expect(own).toEqual(["127.0.0.1:25183", "127.0.0.1:26183", "127.0.0.1:27183"]);
      expect(/.*not allowed to call.*/.exec(logs[0] ?? "")).toBeNull();
    });
  },
);
