import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";

export const command: Command = {
  usage: "",
  details: "Runs the main job, end to end, against a fake site over real sockets on this machine. Nothing leaves it.",
  options: [],
  examples: [["jwt-qsh demo", "watch it"]],
  arity: [0, 0],
  async run() {
    const path = fileURLToPath(new URL("../examples/demo/main.mjs", import.meta.url));
    if (!existsSync(path))
      throw new CliError("this installation has no demo", { fix: "run npm run demo in a checkout of the project" });
    const child = spawn(process.execPath, [path], { stdio: "inherit" });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    return code === 0 ? exitCodes.ok : exitCodes.refused;
  },
};
