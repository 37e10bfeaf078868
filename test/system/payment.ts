// SPDX-License-Identifier: GPL-3.0-or-later
/** A payment on regtest, with the real node and server: from the node's wallet to the wallet without network, and back. */
import { expect } from "vitest";
import { until } from "./hypervisor.ts";

/** Types a command of a program and gives what it said. */
type Type = (words: string) => Promise<string>;

/** Gives the node a wallet with coins; the chain is then 101 blocks high. */
export async function mine(cli: Type): Promise<void> {
  await cli("-named createwallet wallet_name=miner");
  const address = (await cli("-rpcwallet=miner getnewaddress")).trim();
  await cli(`-rpcwallet=miner generatetoaddress 101 ${address}`);
}

/** Pays the wallet, and lets it pay back; its own Electrum runs. */
export async function pay(electrum: Type, cli: Type): Promise<void> {
  await electrum("create");
  await electrum("load_wallet");
  const address = (await electrum("getunusedaddress")).trim();
  expect(address).toMatch(/^bcrt1/);
  const txid = (await cli(`-rpcwallet=miner sendtoaddress ${address} 1.5`)).trim();
  const balance = async () => JSON.parse(await electrum("getbalance")) as Record<string, string>;
  expect(await until(async () => (await balance())["unconfirmed"] === "1.5", 60)).toBe(true);
  const home = (await cli("-rpcwallet=miner getnewaddress")).trim();
  await cli(`-rpcwallet=miner generatetoaddress 1 ${home}`);
  expect(await until(async () => (await balance())["confirmed"] === "1.5", 60)).toBe(true);
  expect(await electrum("history")).toContain(txid);
  const signed = (await electrum(`payto ${home} 0.5`)).trim();
  const back = (await electrum(`broadcast ${signed}`)).trim();
  await cli(`-rpcwallet=miner generatetoaddress 1 ${home}`);
  expect(await cli(`-rpcwallet=miner gettransaction ${back}`)).toMatch(/"confirmations": 1,/);
}
