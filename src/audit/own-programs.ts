// SPDX-License-Identifier: GPL-3.0-or-later
import bitcoinCli from "../../formulas/bitcoind/bitcoin-cli.sh";
import nodeStatus from "../../formulas/bitcoind/node-status.sh";
import watchWallets from "../../formulas/bitcoind/watch-wallets.py";
import install from "../../formulas/dom0/install.sh";
import rotateSecrets from "../../formulas/dom0/rotate-secrets.py";
import selftestProbe from "../../formulas/dom0/selftest-probe.py";
import selftest from "../../formulas/dom0/selftest.py";
import start from "../../formulas/dom0/start.py";
import uninstall from "../../formulas/dom0/uninstall.sh";
import fetchProgram from "../../formulas/downloader/fetch-program.sh";
import launcher from "../../formulas/electrum-wallet/electrum.sh";
import bringProgram from "../../formulas/every-qube/bring-program.py";
import inForce from "../../formulas/every-qube/in-force.py";
import mergeJson from "../../formulas/every-qube/merge-json.py";
import ownBlock from "../../formulas/every-qube/own-block.py";
import prompt from "../../formulas/every-qube/prompt.sh";
import told from "../../formulas/every-qube/told.py";
import jm from "../../formulas/joinmarket-wallet/jm.sh";
import finishJoinmarket from "../../formulas/joinmarket/finish-joinmarket.sh";
import { dom0Commands } from "../render/dom0-commands.ts";

/** The programs that this version lays down, byte for byte: in a finished tree what they do need not be read again. */
export const OWN_PROGRAMS: ReadonlySet<string> = new Set([
  bitcoinCli,
  nodeStatus,
  watchWallets,
  install,
  rotateSecrets,
  selftestProbe,
  selftest,
  start,
  uninstall,
  fetchProgram,
  launcher,
  bringProgram,
  inForce,
  mergeJson,
  ownBlock,
  prompt,
  told,
  jm,
  finishJoinmarket,
  ...dom0Commands().map(([, { text }]) => text),
]);
