import { installed, reportOf, versionOf } from "../../test/runtimes/engine.mjs";
import { bundleSuite, write } from "./bundle.mjs";

const REPORT = `export default { async test() { console.log("REPORT " + JSON.stringify(await run())); } };`;

/** workerd alone, without `nodejs_compat`. Here its clock does go on during a computation. */
export async function launch({ engine, settings, timeout }) {
  const platform = `${process.platform}-${process.arch === "x64" ? "64" : process.arch}`;
  const workerd = installed(`@cloudflare/workerd-${platform}/bin/workerd`);
  // Its clock ticks in milliseconds: fewer rounds, and longer ones.
  const own = { ...settings, rounds: Math.ceil(settings.rounds / 6), batchMs: Math.max(settings.batchMs, 25) };
  await bundleSuite(engine, { node: false, settings: own, report: REPORT });
  const config = write(
    "workerd.capnp",
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .main)]);
const main :Workerd.Worker = (
  compatibilityDate = "2026-04-01",
  modules = [(name = "suite.mjs", esModule = embed "${engine}.mjs")],
);`,
  );
  return { version: await versionOf(workerd), report: await reportOf(workerd, ["test", config], { timeout }) };
}
