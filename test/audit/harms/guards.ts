import type { HarmClass } from "../harm.ts"; export const onGuards: readonly HarmClass[] = [];
