/** What the command sends, and what it refuses to send. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProgram, serve } from "./program.ts";
import type { Outcome, Program } from "./program.ts";

let program: Program;
let site: { origin: string; close(): void };
let seen: { method: string; url: string; type: string | null; body: Buffer };
let answer: (request: Request) => Response = () => new Response("ok");

beforeAll(async () => {
  program = await makeProgram();
  site = await serve(() => async (request) => {
    const { method, url, headers } = request;
    seen = { method, url, type: headers.get("content-type"), body: Buffer.from(await request.arrayBuffer()) };
    return answer(request);
  });
});
afterAll(() => {
  site.close();
  program.remove();
});

function command(name: string, args: readonly string[], input?: string | Uint8Array): Promise<Outcome> {
  const env = { JWT_QSH_TOKEN: "pat" };
  return program.run([name, ...args, "-s", site.origin], { env, ...(input !== undefined && { input }) });
}

describe("request --data", () => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe]);

  it.each(["@image.png", "@-"])("sends the bytes of %s as they are", async (data) => {
    writeFileSync(join(program.folder, "image.png"), bytes);
    expect((await command("request", ["PUT", "/up", "-d", data], bytes)).code).toBe(0);
    expect([seen.type, seen.body]).toEqual(["application/octet-stream", bytes]);
    await command("request", ["PUT", "/up", "-d", data, "-H", "content-type: image/png"], bytes);
    expect([seen.type, seen.body]).toEqual(["image/png", bytes]);
  });

  it("knows what is JSON, and takes other text for a form", async () => {
    writeFileSync(join(program.folder, "issue.json"), '\ufeff { "ü": 1 }\n');
    await command("request", ["POST", "/up", "-d", "@issue.json"]);
    expect([seen.type, seen.body.toString("utf8")]).toEqual(["application/json", '\ufeff { "ü": 1 }\n']);
    await command("request", ["POST", "/up", "-d", "a=ü"]);
    expect([seen.type, seen.body.toString("utf8")]).toEqual(["application/x-www-form-urlencoded", "a=ü"]);
  });

  it("has parameters before the fragment", async () => {
    await command("request", ["GET", "/up?a=1#top", "-q", "b=2"]);
    expect(seen.url).toBe(`${site.origin}/up?a=1&b=2`);
  });
});
