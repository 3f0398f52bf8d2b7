import type { Express } from "express";

/** Express by its types: it cannot be bundled with an example. */
export const app = { get: () => undefined, post: () => undefined } as unknown as Express;
