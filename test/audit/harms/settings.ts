import type { HarmClass } from "../harm.ts"; export const onSettings: readonly HarmClass[] = [];
