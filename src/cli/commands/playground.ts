import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { serveFolder } from "../static-server.ts";

export const command: Command = {
  usage: "[options]",
  details:
    "Serves the playground on this machine: a page that decodes, verifies, signs and explains. Nothing leaves it.",
  options: [
    { name: "port", value: "PORT", help: "where; any free one unless told" },
    { name: "open", help: "open it in a browser" },
  ],
  examples: [["jwt-qsh playground --open", "until Ctrl-C"]],
  arity: [0, 0],
  async run({ options, terminal }) {
    const folders = ["./playground/", "../examples/playground/dist/"].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    );
    const folder = folders.find((path) => existsSync(`${path}index.html`));
    if (folder === undefined)
      throw new CliError("this installation has no playground", {
        fix: "in a checkout of the project: npm run build && node examples/playground/build.mjs",
      });
    const port = Number(options.text("port") ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CliError("--port must be 0 to 65535");
    const server = await serveFolder(folder, port);
    if (options.flag("json")) terminal.print(JSON.stringify({ url: server.url }));
    else terminal.print(`The playground is at ${terminal.paint("bold", server.url)} (Ctrl-C ends it)`);
    if (options.flag("open")) {
      const { openBrowser } = await import("../browser.ts");
      openBrowser(server.url);
    }
    await new Promise<void>((resolve) => process.once("SIGINT", resolve));
    server.close();
    return exitCodes.ok;
  },
};
