import type { HarmClass } from "../harm.ts"; export const onNetworks: readonly HarmClass[] = [];
