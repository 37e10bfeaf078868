// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../model/role.ts";
import { bitcoind } from "./bitcoind/role.ts";
import { downloader } from "./downloader/role.ts";
import { electrumWallet } from "./electrum-wallet/role.ts";
import { fulcrum } from "./fulcrum/role.ts";
import { joinmarketWallet } from "./joinmarket-wallet/role.ts";
import { joinmarketd } from "./joinmarketd/role.ts";
import { whonixGateway } from "./whonix-gateway/role.ts";

/** Every role, in the order in which documentation and the JSON Schema name them. */
export const roles: readonly Role[] = [
  whonixGateway,
  bitcoind,
  fulcrum,
  electrumWallet,
  joinmarketd,
  joinmarketWallet,
  downloader,
];
