import { writeFileSync } from "node:fs";
import ts from "typescript";
import { installed, packageVersion, reportOf } from "../engine.mjs";
import { script } from "../script.mjs";
import { stage } from "../stage.mjs";

/** Hermes, which has no classes and no async functions: what it runs is lowered to ES5, as React Native's tools do. */
export async function launch() {
  const hermes = installed("hermes-engine-cli/linux64-bin/hermes");
  const { outputText } = ts.transpileModule(await script(), {
    compilerOptions: {
      target: ts.ScriptTarget.ES5,
      downlevelIteration: true,
      module: ts.ModuleKind.None,
      ignoreDeprecations: "6.0",
    },
  });
  const start =
    'portable.run().then(function (text) { print("REPORT " + text); }, function (error) { print(error.stack); });';
  writeFileSync(`${stage}hermes.js`, `${outputText}\n${start}\n`);
  return {
    version: packageVersion("hermes-engine-cli"),
    report: await reportOf(hermes, ["-O", "-w", `${stage}hermes.js`]),
  };
}
