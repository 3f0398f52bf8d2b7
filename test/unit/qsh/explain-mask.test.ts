import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";

/** What is shown where a text was hashed for a GET of this URL. */
function shown(url: string, hashed: string, redact = true): { canonical: string; variant?: string | undefined } {
  const claimed = createHash("sha256").update(hashed).digest("hex");
  const { canonical, variant } = explainQsh(claimed, { method: "GET", url }, { redact });
  return { canonical, variant };
}

/** All of ASCII, escaped. */
const ascii = Array.from({ length: 128 }, (_, byte) => `%${byte.toString(16).padStart(2, "0")}`);
const PUNCTUATION = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~-._";

describe("explainQsh with redact", () => {
  test("shows the escapes of punctuation, and hides those of letters, digits and control characters", () => {
    // Nothing was decoded, and so nothing was encoded: the escapes stand as they were sent.
    const values = ascii.map((escape) => `b=${escape}`).join("&");
    const expected = ascii.map((escape, byte) => (PUNCTUATION.includes(String.fromCharCode(byte)) ? escape : "•••"));
    expect(shown(`/x?${values}&a=1`, `GET&/x&a=1&b=${ascii.join()}`).variant).toBe(`GET&/x&a=•&b=${expected.join()}`);
  });

  test("shows separators that are raw in a value, and no other character", () => {
    expect(shown("/x?b=1,2=3+%26/4&a=5", "GET&/x&a=5&b=1,2=3+%26/4").variant).toBe("GET&/x&a=•&b=•,•=•+%26••");
  });

  test("shows a path as it is, an equals sign in it included", () => {
    expect(shown("/x=1&y?a=2", "GET&/x=1%26y&a=2")).toEqual({ canonical: "GET&/x=1%26y&a=•", variant: undefined });
    expect(shown("/x=1&y=2/?a=2", "GET&/x=1%26y=2/&a=2").variant).toBe("GET&/x=1%26y=2/&a=•");
  });

  test("hides the values of a query behind a path that is gone", () => {
    expect(shown("/?a=1", "GET&?a=1&a=1").variant).toBe("GET&?a=•&a=•");
  });

  test("hides what follows an equals sign in a query that was taken as one piece", () => {
    expect(shown("/x?b&a=1=2&=3", "GET&/x&b&a=1=2&=3").variant).toBe("GET&/x&b&a=•=•&=•");
  });

  test("hides what follows an equals sign within a name", () => {
    expect(shown("/x?a%3D1=2&b=%20", "GET&/x&a=1=2&b= ").variant).toBe("GET&/x&a=•=•&b=•");
  });
});

describe("explainQsh without it hides the token alone", () => {
  test.each([
    ["in a query that was taken as one piece", "/x?b=1&%6aWt=secret&a=jwt=2", "GET&/x&b=1&%6aWt=secret&a=jwt=2", "GET&/x&b=1&%6aWt=••••••&a=jwt=2"],
    ["and no name that is nearly its own", "/x?xjwt=1&ajwtx=2&jwtx=3", "GET&/x&xjwt=1&ajwtx=2&jwtx=3", "GET&/x&xjwt=1&ajwtx=2&jwtx=3"],
    ["of a name that was escaped twice", "/x?b=2&%256A%2577t=1", "GET&/x&b=2&%256A%2577t=1", "GET&/x&b=2&%256A%2577t=•"],
    ["in a path with a question mark of its own", "/a%3Fc=1%3Fb?jwt=secret?&b=1", "GET&/a?c=1?b?jwt=secret?&b=1&b=1", "GET&/a?c=1?b?jwt=•••••••&b=1&b=1"],
    ["of each name that an escape may hide", "/x?j%77t=1&jw%74=2&%6Awt=3&a=4", "GET&/x&%6Awt=3&a=4&j%77t=1&jw%74=2", "GET&/x&%6Awt=•&a=4&j%77t=•&jw%74=•"],
  ])("%s", (_, url, hashed, expected) => {
    expect(shown(url, hashed, false).variant).toBe(expected);
  });
});
