/** Deno KV and the SQLite of two engines, in those engines. */
import { expect, test } from "vitest";
import { runIn } from "./engine.ts";
import { allPassed } from "./outcomes.ts";

test("Deno", async () => {
  const args = ["run", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--unstable-kv", "--allow-read=.", "--allow-write=."];
  expect(await runIn("deno", args, "test/stores/deno.program.ts")).toEqual({
    "Deno KV in memory": allPassed,
    "Deno KV in a file": allPassed,
    "Deno KV, sealed and cached": allPassed,
    "node:sqlite": allPassed,
  });
});

test("Bun", async () => {
  expect(await runIn("bun", ["--no-install"], "test/stores/bun.program.ts")).toEqual({ "bun:sqlite": allPassed });
});
