// SPDX-License-Identifier: GPL-3.0-or-later
import type { Door, Told, Trust } from "../../model/trust.ts";

/** What an Electrum wallet is trusted with, and what others learn of it. */
export function walletTrust(): Trust {
  return {
    with: [
      "Coins: the keys of each wallet that you make in it; of one that holds a master public key alone, what it has and where it is paid.",
      "That what you see before you sign is what you sign, and that the address which it shows is yours.",
    ],
    keeps: { kind: "keys", what: "its wallets" },
    learns: [
      {
        what: "what you have, pay and are paid, with your labels and contacts",
        from: "you",
        why: "It is your wallet.",
      },
    ],
    ifTaken: [
      "could read the wallets: what they have, their labels, and their keys, of a wallet with a password when you give it.",
      "could sign with those keys, and show you an address that is another's, or a payment that is none.",
    ],
    servedBy: {
      fulcrum: {
        learns,
        could: (door) => (isSealed(door) ? cutOff(door) : lies(door)),
      },
    },
    strangers: [],
  };
}

/** What a server learns of a wallet, and what a qube learns that only passes on what it says (Electrum protocol, blockchain.scripthash.subscribe). */
function learns(door: Door): readonly Told[] {
  const { client } = door;
  const all = {
    what: `all addresses of each wallet in ${client.name}, which of them belong together, what they have, when it asks, and the transactions that it sends`,
    why: "An Electrum wallet asks its server about each of its addresses, used or not, over one connection.",
  };
  if (!door.forwards) return [all];
  if (isSealed(door))
    return [
      {
        what: `when ${client.name} talks to its server, and how much`,
        why: "It passes on what is encrypted for the server elsewhere, whose certificate the wallet knows. That server learns the wallet's addresses.",
      },
    ];
  return [{ ...all, why: `${all.why} It passes that on to the server elsewhere, which learns the same.` }];
}

/** Whether what a wallet says is encrypted for a server elsewhere, whose one certificate it knows (Electrum, serverfingerprint). */
function isSealed({ client, forwards }: Door): boolean {
  const file = client.text(/\/electrum\/config\.json$/) ?? "";
  return forwards && /"server": "127\.0\.0\.1:[0-9]+:s"/.test(file) && file.includes('"serverfingerprint"');
}

function cutOff({ client }: Door): readonly string[] {
  return [
    `could cut ${client.name} off from its server; it could neither read nor change what they say, for the wallet knows the server's certificate.`,
  ];
}

/** What a server can make a wallet believe that checks headers and Merkle proofs itself (Electrum, verifier.py and blockchain.py). */
function lies({ client }: Door): readonly string[] {
  return [
    `could hide payments from the wallets in ${client.name}, show false unconfirmed ones and false fees, and not send what they send. It could not sign, and for a false confirmed payment it would have to do the work of a block.`,
  ];
}
