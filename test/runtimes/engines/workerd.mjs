import { writeFileSync } from "node:fs";
import { installed, reportOf, versionOf } from "../engine.mjs";
import { modules, stage } from "../stage.mjs";

const WORKER = `import { runCases } from "./test/runtimes/cases/index.mjs";
import { vectors } from "./test/runtimes/vectors.mjs";
export default { async test() { console.log("REPORT " + JSON.stringify(await runCases(vectors))); } };
`;

/** workerd alone, by a configuration of its own, without `nodejs_compat`. */
export async function launch() {
  const workerd = installed(
    `@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}/bin/workerd`,
  );
  const embedded = modules().map(([path]) => `(name = "${path}", esModule = embed "${path}")`);
  writeFileSync(`${stage}worker.js`, WORKER);
  writeFileSync(
    `${stage}workerd.capnp`,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .main)]);
const main :Workerd.Worker = (
  compatibilityDate = "2026-04-01",
  modules = [(name = "worker.js", esModule = embed "worker.js"), ${embedded.join(", ")}],
);`,
  );
  return { version: await versionOf(workerd), report: await reportOf(workerd, ["test", `${stage}workerd.capnp`]) };
}
