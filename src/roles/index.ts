// SPDX-License-Identifier: GPL-3.0-or-later
import type { Role } from "../model/role.ts";
import { bitcoind } from "./bitcoind/role.ts";
import { whonixGateway } from "./whonix-gateway/role.ts";

/** Every role, in the order in which documentation and the JSON Schema name them. */
export const roles: readonly Role[] = [whonixGateway, bitcoind];
