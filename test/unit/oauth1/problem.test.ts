import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readOAuth1Problem } from "../../../src/oauth1/index.ts";

/** facts/oauth1.md (b), and what net.oauth has besides. */
const TABLE: [problem: string, status: number][] = [
  ["parameter_absent", 400],
  ["parameter_rejected", 400],
  ["version_rejected", 400],
  ["timestamp_refused", 400],
  ["signature_method_rejected", 400],
  ["signature_invalid", 401],
  ["consumer_key_unknown", 401],
  ["nonce_used", 401],
  ["token_rejected", 401],
  ["token_expired", 401],
  ["token_used", 401],
  ["token_revoked", 401],
  ["permission_unknown", 401],
  ["permission_denied", 401],
  ["additional_authorization_required", 401],
  ["user_refused", 503],
  ["consumer_key_refused", 503],
];

const refusal = (body: string, headers: Record<string, string> = {}, status = 401): Response =>
  new Response(body, { status, headers });

describe("readOAuth1Problem", () => {
  it.each(TABLE)("knows %s", async (problem, status) => {
    expect(await readOAuth1Problem(refusal(`oauth_problem=${problem}`, {}, status))).toMatchObject({
      name: "OAuth1Error",
      code: "ERR_OAUTH1_PROBLEM",
      status,
      problem,
      message: `"oauth_problem" is ${problem}`,
      hint: expect.stringMatching(/^["a-z]/) as string,
    });
  });

  it("reads the challenge, among others", async () => {
    const challenge =
      'Basic realm="a, b", OAuth realm="https%3A%2F%2Fjira.example.com", oauth_problem="token_expired", oauth_problem_advice="a%20b"';
    expect(await readOAuth1Problem(refusal("<html>", { "www-authenticate": challenge }))).toMatchObject({
      problem: "token_expired",
      advice: "a b",
    });
  });

  it("reads the base string that the server made", async () => {
    const baseString = "GET&http%3A%2F%2Fjira.example.com%3A8080%2Frest&a%3D1%2520%252B";
    const body = `oauth_signature=x&oauth_signature_base_string=${encodeURIComponent(baseString)}&oauth_problem=signature_invalid\r\n`;
    expect((await readOAuth1Problem(refusal(body)))?.serverBaseString).toBe(baseString);
  });

  it.each([
    ["oauth_parameters_absent=oauth_verifier", "oauth_parameters_absent=oauth_verifier"],
    ["oauth_acceptable_versions=1.0-1.0", "oauth_acceptable_versions=1.0-1.0"],
    ["oauth_parameters_rejected=oauth_callback&oauth_problem_advice=must+be+absolute", "must be absolute"],
  ])("tells what the server would have taken: %s", async (parameters, advice) => {
    expect((await readOAuth1Problem(refusal(`oauth_problem=parameter_absent&${parameters}`)))?.advice).toBe(advice);
  });

  it("makes of an unknown problem one that is not in the table", async () => {
    const error = await readOAuth1Problem(refusal("oauth_problem=teapot", {}, 403));
    expect(error).toMatchObject({ problem: "teapot", status: 403, message: '"oauth_problem" is not a known one' });
    expect(error?.hint).toBeUndefined();
    expect(await readOAuth1Problem(refusal("oauth_problem=toString"))).toMatchObject({
      message: '"oauth_problem" is not a known one',
    });
  });

  it("cuts remote text and takes the control characters out of it", async () => {
    const advice = encodeURIComponent(`a\u001b[31m\r\nb\u202e${"x".repeat(500)}`);
    const error = await readOAuth1Problem(refusal(`oauth_problem=%0d%0aevil&oauth_problem_advice=${advice}`));
    expect(error?.problem).toBe("unknown");
    expect(error?.advice).toBe(`a [31m b ${"x".repeat(191)}`);
  });

  it("shows remote text to who asks for it, not in a log", async () => {
    const body = "oauth_problem=signature_invalid&oauth_problem_advice=CANARY&oauth_signature_base_string=CANARY";
    const error = await readOAuth1Problem(refusal(body));
    expect([error?.advice, error?.serverBaseString]).toEqual(["CANARY", "CANARY"]);
    expect(`${inspect(error, { depth: 9 })} ${JSON.stringify(error)} ${error?.stack}`).not.toContain("CANARY");
  });

  it.each(["", "<html>oauth_problem=nonce_used</html>", '{"oauth_problem":"x"}', "xoauth_problem=nonce_used"])(
    "finds none in %j",
    async (body) => {
      expect(await readOAuth1Problem(refusal(body))).toBeUndefined();
    },
  );

  it("reads no more than the beginning", async () => {
    expect(await readOAuth1Problem(refusal(`${"x".repeat(70_000)}&oauth_problem=nonce_used`))).toBeUndefined();
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks++;
        controller.enqueue(new TextEncoder().encode("oauth_problem=nonce_used&".padEnd(1000, "x")));
      },
    });
    expect(await readOAuth1Problem(new Response(endless, { status: 401 }))).toMatchObject({ problem: "nonce_used" });
    expect(chunks).toBeLessThan(100);
  });

  it("leaves the response unread", async () => {
    const response = refusal("oauth_problem=nonce_used");
    await readOAuth1Problem(response);
    expect(await response.text()).toBe("oauth_problem=nonce_used");
  });
});
