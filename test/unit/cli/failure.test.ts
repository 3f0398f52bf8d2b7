import { describe, expect, it } from "vitest";
import { readFailure } from "../../../src/cli/failure.ts";

describe("readFailure", () => {
  it.each([new TypeError("tok-SECRET1"), new SyntaxError("tok-SECRET1"), new Error("tok-SECRET1")])(
    "does not repeat what another's %o says",
    (error) => {
      expect(readFailure(error)).toEqual({ exitCode: 1, message: `an unforeseen failure (${error.name})` });
    },
  );

  it("does not repeat what was thrown", () => {
    for (const thrown of ["tok-SECRET1", { name: "tok-SECRET1 " }, undefined, null])
      expect(readFailure(thrown)).toEqual({ exitCode: 1, message: "an unforeseen failure" });
  });

  it("tells what the system says", () => {
    const error = Object.assign(new Error("ENOTDIR: not a directory, open 'a/b'"), { code: "ENOTDIR", syscall: "open" });
    expect(readFailure(error)).toEqual({ exitCode: 1, message: "ENOTDIR: not a directory, open 'a/b'" });
  });
});
