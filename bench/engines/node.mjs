import { installed, reportOf, versionOf } from "../../test/runtimes/engine.mjs";
import { bundleSuite, PRINT } from "./bundle.mjs";

/** Node: the one that runs this, or one of `test/runtimes`. */
export async function launch({ engine, release, settings, timeout }) {
  const node = release === undefined ? process.execPath : installed(`node${release}/bin/node`);
  const file = await bundleSuite(engine, { node: true, settings, report: PRINT });
  return { version: await versionOf(node), report: await reportOf(node, [file], { timeout }) };
}
