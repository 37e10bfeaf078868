// SPDX-License-Identifier: GPL-3.0-or-later
/** A payment on regtest, with the real node and server, to the wallet without network, and back. The node has no wallet: a key of nobody's mines and pays. */
import { expect } from "vitest";
import { until } from "./hypervisor.ts";

/** Types a command of a program and gives what it said. */
type Type = (words: string) => Promise<string>;

/** The private key of 32 bytes of 1, as regtest writes it. */
const KEY = "cMceqPhHedrhbcR9eXgzmfWy7kRqLyAxMYwFT6ABDWsiwUp9Nsq9";

/** The address of that key. */
async function home(cli: Type): Promise<string> {
  const { descriptor } = JSON.parse(await cli(`getdescriptorinfo 'wpkh(${KEY})'`)) as { descriptor: string };
  const [address = ""] = JSON.parse(await cli(`deriveaddresses '${descriptor}'`)) as string[];
  return address;
}

/** Mines until there are coins that can be spent; the chain is then 101 blocks high. */
export async function mine(cli: Type): Promise<void> {
  await cli(`generatetoaddress 101 ${await home(cli)}`);
}

/** Sends the first block's coins: so much to an address, the rest home. Gives the transaction. */
async function send(cli: Type, address: string, amount: number): Promise<string> {
  const block = (await cli("getblockhash 1")).trim();
  const { tx } = JSON.parse(await cli(`getblock ${block}`)) as { tx: string[] };
  const [input, outputs] = [
    { txid: tx[0], vout: 0 },
    { [address]: amount, [await home(cli)]: 49.999 - amount },
  ];
  const raw = (await cli(`createrawtransaction '[${JSON.stringify(input)}]' '${JSON.stringify(outputs)}'`)).trim();
  const { hex } = JSON.parse(await cli(`signrawtransactionwithkey ${raw} '["${KEY}"]'`)) as { hex: string };
  return (await cli(`sendrawtransaction ${hex}`)).trim();
}

/** Pays the wallet, and lets it pay back; its own Electrum runs. */
export async function pay(electrum: Type, cli: Type): Promise<void> {
  await electrum("create");
  await electrum("load_wallet");
  const address = (await electrum("getunusedaddress")).trim();
  expect(address).toMatch(/^bcrt1/);
  const txid = await send(cli, address, 1.5);
  const balance = async () => JSON.parse(await electrum("getbalance")) as Record<string, string>;
  expect(await until(async () => (await balance())["unconfirmed"] === "1.5", 60)).toBe(true);
  const miner = await home(cli);
  await cli(`generatetoaddress 1 ${miner}`);
  expect(await until(async () => (await balance())["confirmed"] === "1.5", 60)).toBe(true);
  expect(await electrum("onchain_history")).toContain(txid);
  const signed = (await electrum(`payto -f 0.0001 ${miner} 0.5`)).trim();
  const back = (await electrum(`broadcast ${signed}`)).trim();
  await cli(`generatetoaddress 1 ${miner}`);
  const seen = JSON.parse(await cli(`getrawtransaction ${back} 1`)) as {
    confirmations: number;
    vout: { value: number; scriptPubKey: { address: string } }[];
  };
  expect(seen.confirmations).toBe(1);
  expect(seen.vout.find(({ scriptPubKey }) => scriptPubKey.address === miner)?.value).toBe(0.5);
}
