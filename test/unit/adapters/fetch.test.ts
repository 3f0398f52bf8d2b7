import { describe, expect, test, vi } from "vitest";
import { withVerifier } from "../../../src/adapters/fetch.ts";
import { TokenError } from "../../../src/errors.ts";
import { badType, failure, rejection } from "../../support/failure.ts";

const request = new Request("https://app.example.com/panel");
const identity = { kind: "request", clientKey: "tenant-1" } as const;
const refusal = new TokenError("ERR_TOKEN_EXPIRED", "token has expired");

describe("withVerifier", () => {
  test("hands request, identity and whatever else there is to the handler", async () => {
    const handler = vi.fn((_request: Request, _identity: typeof identity, _env: object, _context: string) => new Response("hello"));
    const handle = withVerifier(async () => identity, handler);
    const response = await handle(request, { KV: 1 }, "context");
    expect(await response.text()).toBe("hello");
    expect(handler.mock.calls).toEqual([[request, identity, { KV: 1 }, "context"]]);
  });

  test("answers a refusal, and tells of it", async () => {
    const handler = vi.fn(() => new Response());
    const onRefusal = vi.fn();
    const handle = withVerifier(() => Promise.reject(refusal), handler, { onRefusal });
    const response = await handle(request);
    expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
    expect(await response.text()).not.toContain("expired");
    expect(handler).not.toHaveBeenCalled();
    expect(onRefusal.mock.calls).toEqual([[refusal, request]]);
  });

  test("throws on what is no refusal", async () => {
    const onRefusal = vi.fn();
    const handle = withVerifier(() => Promise.reject(new RangeError("a bug")), () => new Response(), { onRefusal });
    expect(await rejection(handle(request))).toEqual({ name: "RangeError", code: undefined, message: "a bug" });
    expect(onRefusal).not.toHaveBeenCalled();
  });

  test("leaves the handler's own errors alone, also those of this library", async () => {
    const handle = withVerifier(
      async () => identity,
      () => {
        throw refusal;
      },
    );
    expect((await rejection(handle(request))).code).toBe("ERR_TOKEN_EXPIRED");
  });

  test.each([
    ["verifier", [undefined, () => new Response()], '"verifier" must be a function'],
    ["handler", [async () => identity, undefined], '"handler" must be a function'],
    ["options", [async () => identity, () => new Response(), null], '"options" must be an object'],
    ["onRefusal", [async () => identity, () => new Response(), { onRefusal: 1 }], '"options.onRefusal" must be a function'],
  ])("refused at the door: %s", (_what, args, message) => {
    expect(failure(() => withVerifier(...(args as unknown as Parameters<typeof withVerifier>)))).toEqual(badType(message));
  });
});
