import { expect, it } from "vitest";
import { hasControl, oneLine } from "../../../src/encoding/printable.ts";

it("knows every control and format character, and no other", () => {
  const wrong: string[] = [];
  for (let code = 0; code < 0x110000; code++) {
    const char = String.fromCodePoint(code);
    const steers = /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(char);
    if ((oneLine(char) === char) === (steers && char !== " ")) wrong.push(code.toString(16));
    if (hasControl(char) !== /\p{Cc}/u.test(char)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

it("makes one space of a run", () => {
  expect(oneLine("a\r\n\u001b[31mb\u202ec")).toBe("a [31mb c");
});
