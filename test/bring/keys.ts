// SPDX-License-Identifier: GPL-3.0-or-later
/** OpenPGP keys and signatures for tests, made by the real gpg in a home of their own. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { has } from "../judges.ts";

/** Why the script cannot be tested here; nothing if it can. */
export const whyNoBringing =
  process.getuid?.() !== 0
    ? "needs root for folders of root's own"
    : ["gpg", "gpgv", "python3"].find((one) => !has(one))?.concat(" not installed");

/** A keyring. */
export class Keys {
  readonly home = mkdtempSync(path.join(tmpdir(), "gnupg-"));
  private readonly known = new Map<string, string>();

  constructor() {
    chmodSync(this.home, 0o700);
  }

  private gpg(...words: string[]): Buffer {
    const quiet = ["--batch", "--quiet", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""];
    return execFileSync("gpg", ["--homedir", this.home, ...quiet, ...words], { stdio: ["ignore", "pipe", "ignore"] });
  }

  /** Makes a key on first use; its fingerprint. `days` is how long it lives from a day long ago on. */
  of(name: string, { days }: { days?: number } = {}): string {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const past = days === undefined ? [] : ["--faked-system-time", "20200101T000000!"];
    this.gpg(
      ...past,
      "--quick-generate-key",
      `${name} <${name}@example>`,
      "ed25519",
      "sign",
      days === undefined ? "never" : `${days}d`,
    );
    const listed = this.gpg("--with-colons", "--list-keys", `${name}@example`).toString();
    const found = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? "";
    this.known.set(name, found);
    return found;
  }

  /** Gives a key a subkey that signs. */
  subkey(name: string): string {
    this.gpg("--quick-add-key", this.of(name), "ed25519", "sign", "never");
    const listed = this.gpg("--with-colons", "--list-keys", `${name}@example`).toString();
    return [...listed.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].at(-1)?.[1] ?? "";
  }

  /** Revokes a key by the certificate that gpg made with it. */
  revoke(name: string): void {
    const certificate = path.join(this.home, "openpgp-revocs.d", `${this.of(name)}.rev`);
    const file = path.join(this.home, "revocation");
    writeFileSync(file, readFileSync(certificate, "utf8").replace(/^:-----/m, "-----"));
    this.gpg("--import", file);
  }

  /** Revokes the first subkey of a key. */
  revokeSubkey(name: string): void {
    const words = ["--homedir", this.home, "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""];
    const input = "key 1\nrevkey\ny\n0\n\ny\nsave\n";
    execFileSync("gpg", [...words, "--command-fd", "0", "--edit-key", this.of(name)], {
      input,
      stdio: ["pipe", "ignore", "ignore"],
    });
  }

  /** A block of one key with the revocation of another key in the place of its own. */
  grafted(revoked: string, onto: string): Buffer {
    const [from, to] = [revoked, onto].map((one) => this.block([one], false));
    const size = (block: Buffer | undefined, at: number) => 2 + (block?.[at + 1] ?? 0);
    const first = size(from, 0);
    const revocation = from?.subarray(first, first + size(from, first)) ?? Buffer.alloc(0);
    const primary = size(to, 0);
    return Buffer.concat([to?.subarray(0, primary) ?? revocation, revocation, to?.subarray(primary) ?? revocation]);
  }

  /** The block of some keys, armoured or not. */
  block(names: readonly string[], armour = true): Buffer {
    return this.gpg(...(armour ? ["--armor"] : []), "--export", ...names.map((one) => this.of(one)));
  }

  /** A detached signature of each signer, one after the other; a signer with `!` is a subkey. */
  sign(text: Buffer | string, signers: readonly string[], past?: string): Buffer {
    const file = path.join(this.home, "text");
    writeFileSync(file, text);
    const parts = signers.map((one) => {
      const words = ["--local-user", /^[0-9A-F]{40}!$/.test(one) ? one : this.of(one)];
      const faked = past === undefined ? [] : ["--faked-system-time", `${past}!`];
      return this.gpg(...faked, ...words, "--armor", "--output", "-", "--detach-sign", file);
    });
    return Buffer.concat(parts);
  }

  /** A whole signed message instead of a detached signature. */
  message(text: Buffer | string, signer: string): Buffer {
    const file = path.join(this.home, "text");
    writeFileSync(file, text);
    return this.gpg("--local-user", this.of(signer), "--output", "-", "--sign", file);
  }

  /** Ends its agent and removes it. */
  remove(): void {
    spawnSync("gpgconf", ["--homedir", this.home, "--kill", "all"]);
    rmSync(this.home, { recursive: true, force: true });
  }
}
