import { installed, reportOf, versionOf } from "../engine.mjs";
import { stage } from "../stage.mjs";

/** Node: the one that runs this, or one of the package. */
export async function launch({ release, noCrypto = false }) {
  const node = release === undefined ? process.execPath : installed(`node${release}/bin/node`);
  const program = `${stage}test/runtimes/${noCrypto ? "no-crypto" : "main"}.mjs`;
  return { version: await versionOf(node), report: await reportOf(node, [program]) };
}
