#!/usr/bin/env node
/**
 * The command `jwt-qsh`.
 */
import { run } from "./run.ts";

// Whoever reads what is printed may have seen enough (`| head`): the command still does what it was asked, and says so by
// its exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2));
