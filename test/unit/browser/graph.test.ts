/**
 * What a page of an app loads: nothing that could hold a shared secret, and no engine that is not for pages.
 */
import { build } from "esbuild";
import { expect, test } from "vitest";
import { projectPath } from "../../support/project.ts";

async function graphOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [projectPath(entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    logLevel: "error",
    absWorkingDir: projectPath(""),
  });
  return Object.keys(metafile.inputs).sort();
}

test("the browser door reaches no key, no engine, no signer and no product's code", async () => {
  const graph = await graphOf("src/browser/index.ts");
  expect(graph).toContain("src/browser/context-token-client.ts");
  expect(graph.filter((path) => /^src\/(?:crypto|connect|forge|oauth1|oauth2|keyset|qsh|adapters|cli|testing)\/|sync|noble/.test(path))).toEqual([]);
  expect(graph.filter((path) => path.startsWith("src/jwt/") || path.startsWith("src/jws/"))).toEqual(["src/jws/compact.ts", "src/jws/json.ts", "src/jwt/decode.ts"]);
});

test("the explanation is loaded by nobody who does not ask for it", async () => {
  for (const entry of ["src/qsh/hash.ts", "src/qsh/builder.ts", "src/jwt/verify.ts"]) {
    expect((await graphOf(entry)).filter((path) => path.includes("explain"))).toEqual([]);
  }
});
