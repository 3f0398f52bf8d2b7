import { installed, reportOf, versionOf } from "../../test/runtimes/engine.mjs";
import { bundleSuite, PRINT } from "./bundle.mjs";

export async function launch({ engine, settings, timeout }) {
  const bun = installed(`@oven/bun-${process.platform}-${process.arch}/bin/bun`);
  const file = await bundleSuite(engine, { node: true, settings, report: PRINT });
  return { version: await versionOf(bun), report: await reportOf(bun, ["--no-install", file], { timeout }) };
}
