/** Runs in Deno: 34 callers of one source over Deno KV, then the lock alone. Prints what they got. */
import { createUserTokenSource, denoKvTokenCache } from "../../src/oauth2/index.ts";
import type { DenoKvLike, UserGrantOptions } from "../../src/oauth2/index.ts";

type Kv = DenoKvLike & { close(): void };
declare const Deno: { args: string[]; openKv(path: string): Promise<Kv> };

/** Deno makes the tables on opening: of three processes that do so at once, one may find the file locked for a moment. */
async function open(file: string, tries = 100): Promise<Kv> {
  try {
    return await Deno.openKv(file);
  } catch (error) {
    if (tries === 0 || !String(error).includes("database is locked")) throw error;
    await new Promise((resolve) => void setTimeout(resolve, 20));
    return open(file, tries - 1);
  }
}

const [path = "", grant = "{}"] = Deno.args;
const kv = await open(path);
const cache = denoKvTokenCache(kv);
const source = createUserTokenSource({ ...(JSON.parse(grant) as UserGrantOptions), cache });
const tokens = await Promise.all(Array.from({ length: 34 }, async () => (await source.getToken()).accessToken));
await source.invalidate("another");

/** How many hold the lock at a time. */
let holders = 0;
let most = 0;
const hold = async (): Promise<void> => {
  most = Math.max(most, ++holders);
  await new Promise((resolve) => void setTimeout(resolve, 5));
  holders--;
};
await Promise.all(Array.from({ length: 10 }, () => cache.lock?.("lock", hold)));
// A holder that throws, and one that died a minute ago, keep nobody out.
const thrown = await cache.lock?.("lock", () => Promise.reject(new Error("mine"))).catch((error: unknown) => String(error));
await kv.set(["jwt-qsh", "lock", "dead"], { lease: "dead", until: Date.now() - 60_000 });
const afterDead = await cache.lock?.("dead", async () => "entered");

await cache.set("short", "value", 60);
const [found, missing] = [await cache.get("short"), await cache.get("none")];
await cache.delete("short");
const deleted = await cache.get("short");
console.log(JSON.stringify({ tokens: [...new Set(tokens)], most, thrown, afterDead, found, missing, deleted }));
kv.close();
