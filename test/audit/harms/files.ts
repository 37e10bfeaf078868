import type { HarmClass } from "../harm.ts"; export const onFiles: readonly HarmClass[] = [];
