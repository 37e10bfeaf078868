// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../../kernel/message.ts";

export const wrongKindOfHost = message("QB570", {
  severity: "error",
  title: "a host does not fit the way to it",
  say: (host: string, over: string) => `"${host}" is not reached over ${over}`,
  why: "An onion address leads through Tor and nowhere else; an address of your network is not known to Tor.",
  fix: (_host, over) =>
    over === "onion"
      ? "Write the server's onion address, or over: lan."
      : "Write the server's IPv4 address on your network, or over: onion.",
});

export const badOnion = message("QB571", {
  severity: "error",
  title: "an onion address is mistyped",
  say: (host: string) => `the checksum of "${host}" is wrong`,
  why: "An onion address holds a checksum of its own key, and this one does not agree with it: a letter is wrong or two are swapped.",
  fix: "Copy it anew from the file hostname of the onion service.",
  source: "Tor rend-spec-v3, encoding onion addresses",
});

export const notOnYourNetwork = message("QB572", {
  severity: "error",
  title: "an address is not one of your own network",
  say: (host: string) => `${host} is not a host of a private network`,
  why: "Beyond your own network whoever carries the traffic sees that a wallet asks a server, and when. 127.0.0.1 and 10.137 to 10.139 never leave the machine.",
  fix: "Write the server's address in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, without leading zeros; reach a server farther away as an onion service.",
  source: "RFC 1918; qubes-core-admin qubes/vm/mix/net.py",
});

export const noTls = message("QB573", {
  severity: "error",
  title: "a server on your network is reached without TLS",
  say: () => "over lan an Electrum server is reached with TLS only",
  why: "In plain TCP every device on the way reads which addresses are yours, and can answer in the server's place.",
  fix: "Give Fulcrum a certificate there (ssl, cert, key) and write tls: { fingerprint: … }, or reach it over onion.",
  source: "the seed's FAQ; Fulcrum doc/fulcrum-example-config.conf, ssl",
});

export const needlessTls = message("QB574", {
  severity: "note",
  title: "TLS inside an onion service",
  say: () => "an onion service is encrypted and proves who it is by itself",
  why: "TLS within it adds another certificate to look after, and nothing else.",
  fix: "Let Fulcrum serve plain TCP to its tor and leave tls out, or keep it if you want both.",
  source: "Tor rend-spec-v3",
});

export const uselessTls = message("QB575", {
  severity: "error",
  title: "TLS with a server that speaks none",
  say: (role: string) => `the clients of a ${role} speak no TLS to it`,
  why: "The fingerprint would pin nothing: nobody would look at it.",
  fix: "Remove tls.",
});

export const noAuth = message("QB576", {
  severity: "error",
  title: "a daemon without a password is reached without client authorisation",
  say: () => "joinmarketd is reached with auth: true only",
  why: "Its protocol has no password: whoever reaches the port commands the daemon, and an onion address alone is no secret.",
  fix: "Set client authorisation up at its onion service (the runbook says how) and write auth: true.",
  source: "JoinMarket scripts/joinmarketd.py; tor(1), CLIENT AUTHORIZATION",
});

export const uselessAuth = message("QB577", {
  severity: "error",
  title: "client authorisation without an onion service",
  say: () => "auth has no meaning over lan",
  why: "Client authorisation is tor's; on your network nothing would ask for the key.",
  fix: "Remove auth.",
  source: "tor(1), CLIENT AUTHORIZATION",
});

export const onePinOnly = message("QB578", {
  severity: "error",
  title: "a wallet's second server speaks TLS",
  say: (server: string) => `"${server}" speaks TLS, and is not the wallet's first server`,
  why: "Electrum pins one fingerprint, that of the server in use, and keeps certificates by host name, which is 127.0.0.1 for all of yours: a second one would be refused, or trusted at first sight.",
  fix: "Name it as `server`, and let the others be plain ones: here, or over onion without tls.",
  source: "Electrum electrum/interface.py, _get_cert_path_for_host, _get_expected_fingerprint",
});

export const portTooLow = message("QB579", {
  severity: "error",
  title: "a daemon's other ports would lie below 1",
  say: (port: number) => `JoinMarket counts PayJoin's port and SNICKER's down from ${port}`,
  why: "joinmarketd takes them 2000 and 1000 below its own.",
  fix: "Let its onion service have a port above 2000: HiddenServicePort 27183 127.0.0.1:27183.",
  source: "JoinMarket scripts/joinmarketd.py",
});

export const whoseFirewall = message("QB580", {
  severity: "warning",
  title: "the firewall of a forwarder may be nobody's work",
  say: (netvm: string) => `whether "${netvm}" enforces the firewall of the qubes behind it is not known here`,
  why: "The net qube drops what a qube's firewall does not allow, if it runs Qubes' firewall; sys-firewall does. In one that does not, this qube would reach all of your network.",
  fix: "Write netvm: sys-firewall, or see in dom0 that `qvm-features NAME qubes-firewall`, of the net qube or its template, says 1.",
  source: "Qubes documentation, firewall; qubes-core-agent-linux, qubes-firewall",
});

export const sharedGateway = message("QB581", {
  severity: "error",
  title: "other qubes share the gateway that holds the key to a daemon without a password",
  say: (daemon: string, others: readonly string[]) =>
    `${others.join(", ")} could command the daemon that ${daemon} stands for: they are behind the gateway that holds its key`,
  why: "JoinMarket's protocol has no password: the key of its onion service is the only lock, and tor opens it for every qube behind the gateway. Whoever commands the daemon chooses its channels and where they lead.",
  fix: (daemon) =>
    `Give ${daemon} a gateway of its own, or, if these qubes may command it, the reason: because: { shared-gateway: … }.`,
  source: "tor(1), ClientOnionAuthDir: keys are tor's, not a client's",
});

export const noKeyAsked = message("QB582", {
  severity: "note",
  title: "an onion service elsewhere asks for no key",
  say: (name: string) => `whoever learns the onion address that ${name} stands for reaches the server`,
  why: "With client authorisation nobody else can so much as find the service; without, a password is all that is between, or nothing.",
  fix: "Set it up there with authorized_clients, and write auth: true; or leave it, if the address is kept as a secret.",
  source: "tor(1), CLIENT AUTHORIZATION",
});
