import { describe, expect, test } from "vitest";
import { explainToken } from "../../../src/connect/explain.ts";
import type { TokenExplanation } from "../../../src/connect/explain.ts";
import { codes, inbound, known } from "../../support/diagnosis.ts";
import { mintHs256 } from "../../support/mint.ts";

const explainSecret = (given: string, used: string | Uint8Array): Promise<TokenExplanation> =>
  explainToken(mintHs256(inbound, used), { ...known, sharedSecret: given });

describe("a short secret", () => {
  // A secret has to be as long as its hash (RFC 7518 section 3.2): in bytes, not in characters.
  test.each([
    ["31 letters", "s".repeat(31), ["signature-valid", "secret-short", "qsh-valid"]],
    ["32 letters", "s".repeat(32), ["signature-valid", "qsh-valid"]],
    ["31 bytes in 16 characters", `${"é".repeat(15)}s`, ["signature-valid", "secret-short", "qsh-valid"]],
    ["32 bytes in 16 characters", "é".repeat(16), ["signature-valid", "qsh-valid"]],
  ])("%s", async (_, secret, expected) => {
    const explanation = await explainSecret(secret, secret);
    expect(explanation.verdict).toBe("valid");
    expect(codes(explanation)).toEqual(expected);
  });
});
