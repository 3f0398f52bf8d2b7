/** Builds the command once, and runs it: with pipes, and on a pseudo-terminal. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { FetchLike } from "../../src/types.ts";

const root = new URL("../../", import.meta.url).pathname;

/** A folder of its own, with the program in it. */
export interface Program {
  readonly folder: string;
  /** Runs with pipes; `input` is all of standard input, none unless given; `deaf`: nobody reads what is printed there. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Starts on a pseudo-terminal. */
  type(args: readonly string[], options?: { env?: Record<string, string> }): Typist;
  remove(): void;
}

export interface RunOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
  deaf?: "stdout" | "stderr";
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody at a terminal: waits for a text, then types. */
export interface Typist {
  /** Waits until the screen shows it, and gives what it matched. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
  types(text: string): void;
  /** The exit code, and all that the screen has shown. */
  leaves(): Promise<{ code: number | null; screen: string }>;
}

export async function makeProgram(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "jwt-qsh-cli-"));
  await build({
    entryPoints: { cli: join(root, "src/cli/main.ts") },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    outdir: join(folder, "dist"),
    logLevel: "error",
  });
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  const program = join(folder, "dist/cli.js");
  // Nothing of the environment that could be a credential or a profile of whoever runs the tests.
  const environment = (env: Record<string, string> = {}): Record<string, string> => ({
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    TERM: "xterm",
    JWT_QSH_CONFIG: join(folder, "config"),
    ...env,
  });

  return {
    folder,
    async run(args, { input = "", env, deaf } = {}) {
      const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: environment(env) });
      const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
      if (deaf !== undefined) child[deaf].destroy();
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      return { code: await exitOf(child), stdout: stdout.text(), stderr: stderr.text() };
    },
    type(args, { env } = {}) {
      const line = [process.execPath, program, ...args]
        .map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)
        .join(" ");
      // exec: a shell in between would get Ctrl-C too, and die of it.
      const child = spawn("script", ["-qfec", `exec ${line}`, "/dev/null"], { cwd: folder, env: environment(env) });
      return typist(child);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function collect(stream: NodeJS.ReadableStream): { text(): string } {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  return { text: () => Buffer.concat(chunks).toString("utf8") };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

function typist(child: ReturnType<typeof spawn>): Typist {
  let screen = "";
  let seen = 0;
  const exit = exitOf(child);
  const watchers = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    screen += chunk.toString("utf8");
    for (const watch of watchers) watch();
  });
  return {
    sees(pattern) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`the screen does not show ${pattern}:\n${screen}`)), 10_000);
        const watch = (): void => {
          const match = pattern.exec(screen.slice(seen));
          if (match === null) return;
          seen += match.index + match[0].length;
          clearTimeout(timer);
          watchers.delete(watch);
          resolve(match);
        };
        watchers.add(watch);
        watch();
      });
    },
    types: (text) => void child.stdin?.write(text),
    async leaves() {
      return { code: await exit, screen };
    },
  };
}

/** Serves a fetch handler on loopback. */
export async function serve(handler: (origin: string) => FetchLike): Promise<{ origin: string; close(): void }> {
  let fetch: FetchLike | undefined;
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { method = "GET", url = "/", headers } = incoming;
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      const request = new Request(`http://${headers.host}${url}`, {
        method,
        headers: headers as Record<string, string>,
        ...body,
      });
      const response = await fetch?.(request);
      outgoing.writeHead(response?.status ?? 500, Object.fromEntries(response?.headers ?? []));
      outgoing.end(Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer(0)));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fetch = handler(origin);
  return {
    origin,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
