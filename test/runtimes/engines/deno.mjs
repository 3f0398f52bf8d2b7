import { installed, reportOf, versionOf } from "../engine.mjs";
import { stage } from "../stage.mjs";

/** Deno, without any permission. */
export async function launch({ noCrypto = false }) {
  const deno = installed(
    `@deno/${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}/deno`,
  );
  const program = `${stage}test/runtimes/${noCrypto ? "no-crypto" : "main"}.mjs`;
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: `${stage}deno` };
  const args = ["run", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--no-prompt", program];
  return { version: await versionOf(deno), report: await reportOf(deno, args, { env }) };
}
