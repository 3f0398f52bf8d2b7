import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { load, packageVersion } from "../engine.mjs";
import { stage } from "../stage.mjs";

/** QuickJS in WebAssembly: modules, and nothing of the web; no `TextEncoder`, no `URL`, no timers. */
export async function launch({ variant }) {
  const name = `@jitl/${variant}-wasmfile-release-sync`;
  const { newQuickJSWASMModuleFromVariant } = await load("quickjs-emscripten-core");
  const module = (await load(name)).default;
  const runtime = (await newQuickJSWASMModuleFromVariant(module.default ?? module)).newRuntime();
  runtime.setModuleLoader(
    (path) => readFileSync(stage + path, "utf8"),
    (base, request) => (request.startsWith(".") ? posix.join(posix.dirname(base), request) : request),
  );
  const context = runtime.newContext();
  const said = [];
  context.setProp(
    context.global,
    "print",
    context.newFunction("print", (text) => void said.push(context.getString(text))),
  );
  context.unwrapResult(context.evalCode('import "./test/runtimes/main.mjs";', "start.mjs", { type: "module" }));
  for (let jobs = 1; jobs > 0;) {
    const result = runtime.executePendingJobs();
    if (result.error) throw new Error(JSON.stringify(context.dump(result.error)));
    jobs = result.value;
  }
  if (said.length === 0) throw new Error("no report");
  return { version: packageVersion(name), report: JSON.parse(said[0].replace("REPORT ", "")) };
}
