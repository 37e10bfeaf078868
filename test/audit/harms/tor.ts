import type { HarmClass } from "../harm.ts"; export const onTor: readonly HarmClass[] = [];
