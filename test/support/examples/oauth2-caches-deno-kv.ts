import type { DenoKvLike } from "jwt-qsh/oauth2";

/** The global of Deno, where the example runs. */
export const Deno = (globalThis as unknown as { Deno: { openKv(): Promise<DenoKvLike> } }).Deno;
