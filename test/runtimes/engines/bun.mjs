import { installed, reportOf, versionOf } from "../engine.mjs";
import { stage } from "../stage.mjs";

/** Bun, on JavaScriptCore. */
export async function launch({ noCrypto = false }) {
  const bun = installed(`@oven/bun-${process.platform}-${process.arch}/bin/bun`);
  const program = `${stage}test/runtimes/${noCrypto ? "no-crypto" : "main"}.mjs`;
  return { version: await versionOf(bun), report: await reportOf(bun, ["--no-install", program]) };
}
