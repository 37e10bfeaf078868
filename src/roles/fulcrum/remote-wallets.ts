// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model, Qube } from "../../model/model.ts";
import type { RunbookStep } from "../../model/role.ts";
import { keepKey, readAddress } from "../onion-service-steps.ts";

/** How wallets that are elsewhere get to a server: their keys, their Tor, what they are told. */
export function remoteWallets({ serves, name }: Qube, model: Model): RunbookStep[] {
  const link = serves.find(({ onion }) => onion);
  if (!link?.onion) return [];
  const { client: gateway, onion } = link;
  const clients = Object.keys(onion.clients ?? {}).join(", ");
  const keys: RunbookStep[] = [
    {
      title: `A key pair for each wallet that reaches ${name} from elsewhere`,
      where: "the wallet's own machine",
      command: [
        "umask 077; openssl genpkey -algorithm x25519 -outform DER -out onion-auth.key",
        "# the public half, for the topology:",
        "openssl pkey -inform DER -in onion-auth.key -pubout -outform DER | tail -c 32 | base32 | tr -d =",
        "# the private half, which stays here:",
        "tail -c 32 onion-auth.key | base32 | tr -d =",
      ].join("\n"),
      text: `Needed once for each client; for ${clients} it is done, and the topology holds the public halves. Another wallet is let in by adding a name and its public half, and shut out by removing them; either needs an apply, and what is connected stays so until sudo systemctl restart tor@default in ${gateway.name}.`,
    },
    {
      title: `Tor on a wallet's machine learns its key for ${name}`,
      where: "the wallet's own machine",
      command: [
        "# ADDRESS is the 56 characters before .onion, PRIVATE the private half",
        "echo ADDRESS:descriptor:x25519:PRIVATE | sudo install -o debian-tor -m 0600 /dev/stdin /var/lib/tor/authdir/electrum.auth_private",
        "sudo systemctl reload tor@default",
      ].join("\n"),
      text: "For Debian's tor with ClientOnionAuthDir /var/lib/tor/authdir in its torrc, where that folder is debian-tor's and has mode 0700; a Whonix gateway has both already. On a phone an app does both: Orbot makes the pair, shows the public half and keeps the other. Nobody without such a key can so much as learn whether the server runs.",
    },
  ];
  return [
    {
      ...readAddress(gateway.name, model, onion),
      title: `The onion address of ${name}, and what a wallet elsewhere is told`,
      text: `Made by tor at the first apply. A wallet's server is this address with :${onion.port}:t behind it (Electrum: --oneserver --server ADDRESS.onion:${onion.port}:t), its proxy the SOCKS5 port of the Tor beside it (127.0.0.1:9050, in a Whonix workstation too). No TLS: an onion service is encrypted from end to end. It answers while ${gateway.name} and ${name} run; nothing that comes from outside starts either. ${onion.clients ? "Keep the address as you would keep the keys." : "Whoever learns the address may use the server: a wallet gives it away to whoever has the machine it runs on."} The server learns which addresses a wallet asks for, as any server does: this one is yours.`,
    },
    ...(onion.clients ? keys : []),
    keepKey(gateway, model, onion),
  ];
}
