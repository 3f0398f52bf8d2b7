/** A key server that answers from a table, and remembers what it was asked. */
import { generateKeyPairSync } from "node:crypto";
import type { WebRequest } from "../../../src/types.ts";

export interface Served {
  readonly status?: number;
  readonly body?: string;
}

export interface KeyServer {
  readonly asked: string[];
  readonly routes: Map<string, Served | Error>;
  fetch(request: WebRequest): Promise<Response>;
}

export function keyServer(routes: Record<string, Served | Error>): KeyServer {
  const asked: string[] = [];
  const table = new Map(Object.entries(routes));
  return {
    asked,
    routes: table,
    async fetch(request) {
      asked.push(request.url);
      // On a later tick, so that others can come in between.
      await new Promise<void>((resolve) => void setTimeout(resolve, 1));
      const served = table.get(request.url) ?? { status: 404, body: "<html>not found</html>" };
      if (served instanceof Error) throw served;
      return new Response(served.body ?? "", { status: served.status ?? 200 });
    },
  };
}

const pairs = new Map<string, { publicKey: string; privateKey: string; jwk: Record<string, unknown> }>();

/** An RSA pair of node:crypto, made once per name. */
export function rsaPair(name: string, bits = 2048): { publicKey: string; privateKey: string; jwk: Record<string, unknown> } {
  const known = pairs.get(name);
  if (known !== undefined) return known;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const made = {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    jwk: { ...publicKey.export({ format: "jwk" }) },
  };
  pairs.set(name, made);
  return made;
}
