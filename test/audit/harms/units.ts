import type { HarmClass } from "../harm.ts"; export const onUnits: readonly HarmClass[] = [];
