import { verify } from "./default.ts";

export const connectVerifier = verify;

export const forgeVerifier = (): Promise<{ readonly kind: "forge"; readonly app: { readonly id: string } }> =>
  Promise.resolve({ kind: "forge", app: { id: "ari:cloud:ecosystem::app/0" } });
