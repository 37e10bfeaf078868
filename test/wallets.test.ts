// SPDX-License-Identifier: GPL-3.0-or-later
/** The settings of wallets, read back by Debian's Electrum itself, and merged into what it wrote. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import mergeTool from "../formulas/every-qube/merge-json.py";
import { remoteOf } from "../src/model/remote.ts";
import { onEveryChain, withNews } from "./chains.ts";
import { compiled, examples, exampleText } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "wallets-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const tool = path.join(scratch, "merge-json");
writeFileSync(tool, mergeTool, { mode: 0o755 });
let count = 0;
const fresh = () => path.join(scratch, `home-${count++}`);

const systems = withNews(
  [...examples.map((name) => [name, exampleText(name)] as const), ...onEveryChain],
  /\/electrum\/config\.json$/,
).map(([name, text]) => ({ name, ...compiled(text) }));
const wallets = systems.flatMap(({ name, tree, model }) =>
  model.qubes.filter(({ role }) => role.name === "electrum-wallet").map((qube) => ({ name, tree, qube })),
);

/** What the states would put into a wallet's folder. */
function electrumFolder({ tree, qube }: (typeof wallets)[number], before?: string): string {
  const folder = fresh();
  mkdirSync(folder);
  if (before !== undefined) writeFileSync(path.join(folder, "config"), before);
  landed(tree, qube.name, (root) => {
    const wanted = path.join(root, "usr/local/lib/qwbtc-salt/electrum/config.json");
    expect(run(tool, [wanted, path.join(folder, "config")]).status).toBe(0);
    expect(run(tool, ["--check", wanted, path.join(folder, "config")])).toEqual({ status: 0, output: "" });
  });
  return folder;
}

describe.skipIf(!has("electrum"))(judged("Debian's Electrum", "electrum"), () => {
  const electrum = (folder: string, ...words: string[]) => run("electrum", ["--offline", "-D", folder, ...words]);
  const get = (folder: string, key: string) => {
    const { status, output } = electrum(folder, "getconfig", key);
    expect(status, output).toBe(0);
    return output.trim();
  };

  it.each(wallets.map((one) => [`${one.qube.name} of ${one.name}`, one] as const))(
    "%s: server, one server, no choice of its own, and :t or :s is kept",
    (_title, one) => {
      const [link] = one.qube.uses;
      const folder = electrumFolder(one);
      const { tls } = (link && remoteOf(link.server)) ?? {};
      expect(get(folder, "server")).toBe(`127.0.0.1:${link?.local}:${tls ? "s" : "t"}`);
      expect(get(folder, "serverfingerprint")).toBe(tls?.fingerprint ?? "");
      expect(get(folder, "oneserver")).toBe("true");
      expect(get(folder, "auto_connect")).toBe("false");
      expect(get(folder, "check_updates")).toBe("false");
      expect(get(folder, "proxy")).toBe("none");
      // Electrum writes the file itself; then it still is as we want it, and in the same form.
      const before = readFileSync(path.join(folder, "config"), "utf8");
      electrum(folder, "setconfig", "use_exchange_rate", "false");
      expect(readFileSync(path.join(folder, "config"), "utf8")).toBe(before);
    },
  );

  it("makes a wallet in the folder that the states made, and keeps its own settings beside ours", () => {
    const [one] = wallets as [(typeof wallets)[number]];
    const folder = electrumFolder(one);
    mkdirSync(path.join(folder, "wallets"), { mode: 0o700 });
    const made = electrum(folder, "create", "-w", path.join(folder, "wallets/mine"));
    expect(made.status, made.output).toBe(0);
    electrum(folder, "setconfig", "confirmed_only", "true");
    const grown = readFileSync(path.join(folder, "config"), "utf8");
    const again = electrumFolder(one, grown.replace('"oneserver": true', '"oneserver": false'));
    expect(readFileSync(path.join(again, "config"), "utf8")).toBe(grown);
    expect(get(again, "confirmed_only")).toBe("true");
  });

  it("a wallet with two servers of ours keeps the one that its user chose", () => {
    const two = wallets.find((one) => one.qube.uses.length > 1) as (typeof wallets)[number];
    const folder = electrumFolder(two);
    electrum(folder, "setconfig", "server", "127.0.0.1:50011:t");
    const again = electrumFolder(two, readFileSync(path.join(folder, "config"), "utf8"));
    expect(get(again, "server")).toBe("127.0.0.1:50011:t");
    const [one] = wallets as [(typeof wallets)[number]];
    expect(get(electrumFolder(one, '{"config_version": 3, "server": "example.org:50002:s"}'), "server")).toBe(
      "127.0.0.1:50001:t",
    );
  });

  it("without our config_version Electrum would turn to TLS: the trap is real, and this test would see it", () => {
    const [one] = wallets as [(typeof wallets)[number]];
    const folder = electrumFolder(one);
    const config = JSON.parse(readFileSync(path.join(folder, "config"), "utf8")) as Record<string, unknown>;
    delete config["config_version"];
    writeFileSync(path.join(folder, "config"), JSON.stringify(config));
    expect(get(folder, "server")).toMatch(/:s$/);
  });
});

describe("merge-json", () => {
  const merge = (wanted: string, content: string | undefined, ...words: string[]) => {
    const folder = fresh();
    mkdirSync(folder);
    const target = path.join(folder, "deep/config");
    writeFileSync(path.join(folder, "wanted"), `{"always": ${wanted}, "unless set": {"kept": 7}}`);
    if (content !== undefined) {
      mkdirSync(path.dirname(target));
      writeFileSync(target, content);
    }
    const { status } = run(tool, [...words, path.join(folder, "wanted"), target]);
    return { status, text: existsSync(target) ? readFileSync(target, "utf8") : undefined };
  };

  it("--check: yes only where every key has the value and its type; writes nothing", () => {
    const whole = '{"a": true, "b": 1, "kept": 7}';
    expect(merge('{"a": true}', whole, "--check")).toEqual({ status: 0, text: whole });
    expect(merge('{"a": true}', '{"a": true, "kept": "mine"}', "--check").status).toBe(0);
    expect(merge('{"a": true}', '{"a": true}', "--check").status).toBe(1);
    expect(merge('{"a": true}', '{"a": 1, "kept": 7}', "--check").status).toBe(1); // to Python 1 and true are equal
    expect(merge('{"a": 3}', '{"a": 3.0, "kept": 7}', "--check").status).toBe(1);
    expect(merge('{"a": 1}', undefined, "--check")).toEqual({ status: 1, text: undefined });
  });

  it("follows a link that the user made, from wherever it is called", () => {
    const folder = fresh();
    mkdirSync(path.join(folder, "elsewhere"), { recursive: true });
    writeFileSync(path.join(folder, "wanted"), '{"always": {"a": 1}, "unless set": {}}');
    symlinkSync(path.join(folder, "elsewhere/real"), path.join(folder, "config"));
    expect(run("sh", ["-c", `cd ${folder} && ${tool} wanted config`]).status).toBe(0);
    expect(readFileSync(path.join(folder, "elsewhere/real"), "utf8")).toBe('{\n    "a": 1\n}');
    expect(lstatSync(path.join(folder, "config")).isSymbolicLink()).toBe(true);
  });

  it("sets keys and keeps the rest; a file that is no JSON object stays as it is", () => {
    expect(merge('{"b": false}', '{"c": [1], "a": null, "kept": "mine"}')).toEqual({
      status: 0,
      text: '{\n    "a": null,\n    "b": false,\n    "c": [\n        1\n    ],\n    "kept": "mine"\n}',
    });
    expect(merge("{}", "{}").text).toBe('{\n    "kept": 7\n}');
    for (const broken of ["", "{", "[]", '"text"', "\u0000"]) {
      expect(merge('{"a": 1}', broken)).toEqual({ status: 2, text: broken });
      expect(merge('{"a": 1}', broken, "--check")).toEqual({ status: 2, text: broken });
    }
  });
});
