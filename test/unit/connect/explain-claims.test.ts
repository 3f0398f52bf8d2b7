import { describe, expect, test } from "vitest";
import { explainToken } from "../../../src/connect/explain.ts";
import type { TokenExplanation } from "../../../src/connect/explain.ts";
import { CLIENT, codes, explain, faults, inbound, known, SECRET } from "../../support/diagnosis.ts";
import { NOW, sealText } from "../../support/token.ts";

/** What is found besides a good signature and a good hash, with the claim that it names. */
const named = ({ findings }: TokenExplanation): unknown[] =>
  findings.filter(({ level }) => level !== "info").map(({ code, claim }) => [code, claim]);

describe("claims", () => {
  test.each([
    ["iss", 5],
    ["aud", 5],
    ["aud", [CLIENT, 5]],
    ["exp", "soon"],
    ["iat", null],
    ["nbf", []],
    ["qsh", 5],
  ])("%s of a wrong type is named: %j", async (claim, value) => {
    expect(named(await explain({ ...inbound, [claim]: value }))).toContainEqual(["claim-malformed", claim]);
    expect(faults(await explain({ ...inbound, [claim]: value }))).toEqual(["claim-malformed"]);
  });

  test.each(["1e999", "-1e999"])("%s is a number in JSON, and no time", async (endless) => {
    const payload = JSON.stringify(inbound).replace(String(inbound.exp), endless);
    const explanation = await explainToken(sealText('{"alg":"HS256"}', payload, SECRET), known);
    expect(named(explanation)).toEqual([["claim-malformed", "exp"]]);
    expect(explanation.times).toStrictEqual({ issuedAt: inbound.iat });
  });
});

describe("issuer", () => {
  test("an empty one is none", async () => {
    expect(named(await explain({ ...inbound, iss: "" }))).toEqual([["issuer-missing", "iss"]]);
  });

  test("white space around the key that is known", async () => {
    expect(named(await explain(inbound, { clientKey: `${CLIENT}\n` }))).toEqual([["issuer-differs-in-case", "iss"]]);
  });
});

describe("audience of a lifecycle token", () => {
  const base = "https://app.example.com";
  const { baseUrl: _, ...homeless } = known;
  const aboutAudience = (explanation: TokenExplanation): string[] => codes(explanation).filter((code) => code.startsWith("audience"));

  test.each([
    ["the base URL", base, []],
    ["a list with the base URL", ["https://other.example.com", base], []],
    ["a list with the base URL and a slash", ["https://other.example.com", `${base}/`], ["audience-differs-in-slash"]],
    ["a list without the base URL", ["https://other.example.com", `${base}/addon`], ["audience-unexpected"]],
    ["an empty list", [], ["audience-unexpected"]],
  ])("%s", async (_name, aud, expected) => {
    expect(aboutAudience(await explain({ ...inbound, aud }, { accept: ["lifecycle"] }))).toEqual(expected);
  });

  test("is not judged where no base URL is known", async () => {
    const token = sealText('{"alg":"HS256"}', JSON.stringify({ ...inbound, aud: "https://other.example.com" }), SECRET);
    expect(aboutAudience(await explainToken(token, { ...homeless, accept: ["lifecycle"] }))).toEqual([]);
  });
});

describe("times", () => {
  test.each([
    ["one second before the end", { exp: NOW + 1 }, []],
    ["at the end", { exp: NOW }, [["expires-soon", "exp"]]],
    ["one second less than the leeway after the end", { iat: NOW - 60, exp: NOW - 29 }, [["expires-soon", "exp"]]],
    ["the leeway after the end", { iat: NOW - 60, exp: NOW - 30 }, [["expired", "exp"]]],
    ["issued by a clock that is ahead by the leeway", { iat: NOW + 30 }, []],
    ["issued by a clock that is ahead by a second more", { iat: NOW + 31 }, [["not-yet-valid", "iat"]]],
    ["not before the leeway has passed", { nbf: NOW + 30 }, []],
    ["not before a second more has passed", { nbf: NOW + 31 }, [["not-yet-valid", "nbf"]]],
    ["issued later than it is good from", { iat: NOW + 50, nbf: NOW + 40 }, [["not-yet-valid", "iat"]]],
    ["good for a second", { iat: NOW, exp: NOW + 1 }, []],
    ["good for no time", { iat: NOW + 1, exp: NOW + 1 }, [["lifetime-none", "exp"]]],
    ["good for an hour", { iat: NOW, exp: NOW + 3600 }, []],
    ["good for an hour and a second", { iat: NOW, exp: NOW + 3601 }, [["lifetime-long", "exp"]]],
    ["the last end that is in seconds", { exp: 10_000_000_000 }, [["lifetime-long", "exp"]]],
    ["the first end in milliseconds", { exp: 10_000_000_001 }, [["times-in-milliseconds", "exp"]]],
    ["an issue in milliseconds", { iat: NOW * 1000 }, [["times-in-milliseconds", "iat"]]],
    ["a start in milliseconds", { nbf: NOW * 1000 }, [["times-in-milliseconds", "nbf"]]],
  ])("%s", async (_, claims, expected) => {
    expect(named(await explain({ ...inbound, ...claims }))).toEqual(expected);
  });

  test.each([
    [{ iat: NOW - 5, nbf: NOW - 4, exp: NOW + 175 }, { issuedAt: NOW - 5, notBefore: NOW - 4, expiresAt: NOW + 175, remaining: 175, lifetime: 180 }],
    [{ iat: NOW - 5 }, { issuedAt: NOW - 5 }],
    [{ exp: NOW - 10 }, { expiresAt: NOW - 10, remaining: -10 }],
    [{}, {}],
  ])("of %j are %j", async (claims, expected) => {
    expect((await explain({ iss: CLIENT, qsh: inbound.qsh, ...claims })).times).toStrictEqual(expected);
  });
});
