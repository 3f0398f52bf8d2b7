/** What becomes of a script that is piped into the shell. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProgram } from "./program.ts";
import type { Outcome, Program } from "./program.ts";

let program: Program;

beforeAll(async () => {
  program = await makeProgram();
});
afterAll(() => program.remove());

function shell(input: string): Promise<Outcome> {
  return program.run(["shell", "-s", "http://127.0.0.1:9"], { input });
}

describe("a script for the shell", () => {
  it.each(["f(\n", "`a\n\n", "1 + 1\nfunction f() {\n"])("fails when it ends before it is whole: %j", async (input) => {
    const { code, stderr } = await shell(input);
    expect([code, stderr]).toEqual([
      1,
      "jwt-qsh: the script ends in the middle of a statement: a bracket or a quotation mark is open\n",
    ]);
  });

  it.each([
    "throw undefined\n1\n",
    "throw null\n",
    "throw 0\n1\n",
    "var x = )\n",
    "await Promise.reject(1)\n1\n",
    "f(\nthrow 1)\n",
    "(() => {\nthrow 1\n})()\n",
    "_error = 1; throw undefined\n",
  ])("fails when something is thrown: %j", async (input) => {
    const { code, stdout } = await shell(input);
    expect(code).toBe(1);
    expect(stdout).toContain("Uncaught");
  });

  it("keeps blank lines within a text", async () => {
    const { code, stdout, stderr } = await shell("`a\n\n  \nb`.length\n\n\n1 + 1\n");
    expect([code, stdout, stderr]).toEqual([0, "7\n2\n", ""]);
  });

  it("goes well without a last line break, with Windows' ends of lines, and empty", async () => {
    expect(await shell("1 + 1")).toEqual({ code: 0, stdout: "2\n", stderr: "" });
    const windows = "const f = () => {\r\n  return 3\r\n}\r\nf()\r\n";
    expect(await shell(windows)).toEqual({ code: 0, stdout: "3\n", stderr: "" });
    expect(await shell("")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await shell("f(\n.break")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await shell("1\n.exit\nf(\n")).toEqual({ code: 0, stdout: "1\n", stderr: "" });
  });
});
