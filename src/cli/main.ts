#!/usr/bin/env node
/**
 * The command `jwt-qsh`.
 */
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2));
