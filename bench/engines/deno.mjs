import { installed, reportOf, versionOf } from "../../test/runtimes/engine.mjs";
import { bundleSuite, out, PRINT } from "./bundle.mjs";

export async function launch({ engine, settings, timeout }) {
  const libc = process.platform === "linux" ? "-glibc" : "";
  const deno = installed(`@deno/${process.platform}-${process.arch}${libc}/deno`);
  const file = await bundleSuite(engine, { node: true, settings, report: PRINT });
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: `${out}deno` };
  const args = ["run", "--no-remote", "--no-lock", "--no-prompt", "--allow-read", "--allow-env", file];
  return { version: await versionOf(deno), report: await reportOf(deno, args, { env, timeout, cwd: out }) };
}
