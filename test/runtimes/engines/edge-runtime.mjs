import { load, packageVersion } from "../engine.mjs";
import { script } from "../script.mjs";

/** Vercel's edge runtime; making code of strings is off, as it is there. */
export async function launch() {
  const { EdgeVM } = await load("@edge-runtime/vm");
  const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });
  vm.evaluate(await script());
  return { version: packageVersion("@edge-runtime/vm"), report: JSON.parse(await vm.evaluate("portable.run()")) };
}
