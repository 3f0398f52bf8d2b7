import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canonicalize, hashCanonical } from "../../../src/testing/canonical.ts";

interface Vector {
  name: string;
  level: "agreed" | "server" | "policy";
  method: string;
  url: string;
  baseUrl?: string;
  body?: string;
  contentType?: string;
  canonical: string;
  qsh: string;
  hostOutbound?: { canonical: string; qsh: string };
}

const file = new URL("../../vectors/data/qsh.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: Vector[] };
const binding = vectors.filter(({ level }) => level !== "policy");

function contextPath(baseUrl: string): string {
  return baseUrl.includes("://") ? new URL(baseUrl).pathname : baseUrl;
}

function inputOf(vector: Vector): Parameters<typeof canonicalize>[0] {
  const isForm = vector.method.toUpperCase() === "POST" && vector.contentType?.startsWith("application/x-www-form");
  return {
    method: vector.method,
    url: vector.url,
    ...(vector.baseUrl === undefined ? {} : { contextPath: contextPath(vector.baseUrl) }),
    ...(isForm === true && vector.body !== undefined ? { form: vector.body } : {}),
  };
}

test("there are vectors to hold", () => {
  expect(binding.length).toBe(182);
  expect(binding.filter((vector) => vector.hostOutbound !== undefined).length).toBe(47);
});

test.each(binding.map((vector) => [vector.name, vector] as const))("inbound, %s", async (_name, vector) => {
  const canonical = canonicalize(inputOf(vector));
  expect(canonical).toBe(vector.canonical);
  expect(await hashCanonical(canonical)).toBe(vector.qsh);
});

test.each(
  vectors.flatMap((vector) =>
    vector.hostOutbound === undefined ? [] : [[vector.name, vector, vector.hostOutbound] as const],
  ),
)("outbound, %s", async (_name, vector, expected) => {
  const canonical = canonicalize({ ...inputOf(vector), path: "decoded" });
  expect(canonical).toBe(expected.canonical);
  expect(await hashCanonical(canonical)).toBe(expected.qsh);
});

test("what is signed for an app loses up to two trailing slashes, what is checked loses one", () => {
  const url = "https://app.example.com/a%26b%2Fc//";
  expect(canonicalize({ method: "GET", url })).toBe("GET&/a%26b%2Fc/&");
  expect(canonicalize({ method: "GET", url, path: "decoded" })).toBe("GET&/a%26b/c&");
});
