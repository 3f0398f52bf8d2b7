import { describe, expect, it } from "vitest";
import { checkVerifyOptions, optionalFunction, ownOptions, seconds } from "../../../src/jwt/options.ts";
import type { VerifyOptions } from "../../../src/jwt/options.ts";
import { badType, badValue, failure } from "../../support/failure.ts";

const check = (options: unknown) => checkVerifyOptions(options as VerifyOptions);

it("has defaults", () => {
  expect({ ...checkVerifyOptions() }).toEqual({ maxTokenLength: 16384 });
  expect({ ...checkVerifyOptions({}) }).toEqual({ maxTokenLength: 16384 });
  expect({ ...check({ issuer: undefined, leeway: undefined }) }).toEqual({ maxTokenLength: 16384 });
});

it("keeps what is right", () => {
  const options: VerifyOptions = {
    issuer: ["a", "b"],
    audience: "c",
    subject: "d",
    leeway: 0,
    now: () => 0,
    maxAge: 0,
    maxLifetime: 0.5,
    requireExp: false,
    requiredClaims: ["e"],
    typ: "f",
    maxTokenLength: 65536,
  };
  expect({ ...checkVerifyOptions(options) }).toEqual(options);
});

it("reads own members, and gives what it was not told no prototype to come from", () => {
  expect({ ...check(Object.create({ requireExp: false, leeway: 300, issuer: "x" })) }).toEqual({ maxTokenLength: 16384 });
  expect(Object.getPrototypeOf(checkVerifyOptions({}))).toBeNull();
});

it("is an object", () => {
  for (const options of [null, 5, "leeway", true]) {
    expect(failure(() => check(options))).toEqual(badType('"options" must be an object'));
  }
});

describe.each(["issuer", "audience"])("%s", (name) => {
  const label = `"options.${name}"`;

  it("is text or a list of texts, never empty", () => {
    for (const value of ["", [], [""], ["a", ""]]) {
      expect(failure(() => check({ [name]: value }))).toEqual(badValue(`${label} must not be empty`));
    }
    for (const value of [null, false, 0, {}, /a/, [null], ["a", 1], [["a"]], new Set(["a"])]) {
      expect(failure(() => check({ [name]: value }))).toEqual(badType(`${label} must be a string`));
    }
  });
});

describe.each(["subject", "typ"])("%s", (name) => {
  const label = `"options.${name}"`;

  it("is text, never empty", () => {
    expect(failure(() => check({ [name]: "" }))).toEqual(badValue(`${label} must not be empty`));
    for (const value of [null, false, 0, {}, ["a"], /a/]) {
      expect(failure(() => check({ [name]: value }))).toEqual(badType(`${label} must be a string`));
    }
  });
});

it("leeway is 0 to 300 seconds", () => {
  for (const leeway of [0, 0.5, 300]) expect(check({ leeway }).leeway).toBe(leeway);
  for (const leeway of [NaN, Infinity, -Infinity, -1, 300.001, 3600]) {
    expect(failure(() => check({ leeway }))).toEqual(badValue('"options.leeway" must be 0 to 300 seconds'));
  }
  for (const leeway of ["30", null, true, [30], 30n]) {
    expect(failure(() => check({ leeway }))).toEqual(badType('"options.leeway" must be a number of seconds'));
  }
});

describe.each(["maxAge", "maxLifetime"])("%s", (name) => {
  it("is a finite number of seconds", () => {
    for (const value of [NaN, Infinity, -1]) {
      expect(failure(() => check({ [name]: value }))).toEqual(
        badValue(`"options.${name}" must be 0 to 9007199254740991 seconds`),
      );
    }
    for (const value of ["60", null, false, {}]) {
      expect(failure(() => check({ [name]: value }))).toEqual(badType(`"options.${name}" must be a number of seconds`));
    }
  });
});

it("now is a function", () => {
  for (const now of [0, null, "now", new Date()]) {
    expect(failure(() => check({ now }))).toEqual(badType('"options.now" must be a function'));
  }
});

it("requireExp is a boolean: nothing falsy switches the check off", () => {
  for (const requireExp of [0, null, "", "false", NaN]) {
    expect(failure(() => check({ requireExp }))).toEqual(badType('"options.requireExp" must be a boolean'));
  }
});

it("requiredClaims is a list of names", () => {
  expect(check({ requiredClaims: [] }).requiredClaims).toEqual([]);
  for (const requiredClaims of ["exp", null, { 0: "exp" }]) {
    expect(failure(() => check({ requiredClaims }))).toEqual(
      badType('"options.requiredClaims" must be an array of claim names'),
    );
  }
  expect(failure(() => check({ requiredClaims: [1] }))).toEqual(badType('"options.requiredClaims" must be a string'));
  expect(failure(() => check({ requiredClaims: [""] }))).toEqual(badValue('"options.requiredClaims" must not be empty'));
});

it("maxTokenLength is 1 to 65536", () => {
  expect(check({ maxTokenLength: 1 }).maxTokenLength).toBe(1);
  for (const maxTokenLength of [0, -1, 1.5, 65537, NaN, Infinity, "16384", null]) {
    expect(failure(() => check({ maxTokenLength }))).toEqual(
      badValue('"options.maxTokenLength" must be a whole number from 1 to 65536'),
    );
  }
});

it("seconds makes a check within bounds", () => {
  const upTo10 = seconds(1, 10);
  expect(upTo10(1, '"a"')).toBeUndefined();
  expect(upTo10(10, '"a"')).toBeUndefined();
  expect(failure(() => upTo10(0.5, '"a"'))).toEqual(badValue('"a" must be 1 to 10 seconds'));
  expect(failure(() => upTo10(NaN, '"a"'))).toEqual(badValue('"a" must be 1 to 10 seconds'));
  expect(failure(() => upTo10("5", '"a"'))).toEqual(badType('"a" must be a number of seconds'));
});

it("a copy of options has their own members alone", () => {
  const copy = ownOptions(Object.assign(Object.create({ b: 2 }) as object, { a: 1 }));
  expect({ ...copy }).toEqual({ a: 1 });
  expect(Object.getPrototypeOf(copy)).toBeNull();
  expect(failure(() => ownOptions(5 as never))).toEqual(badType('"options" must be an object'));
  expect(failure(() => ownOptions(null as never, '"options.x"'))).toEqual(badType('"options.x" must be an object'));
});

it("an optional function is one, or is not there", () => {
  expect(optionalFunction(undefined, "x")).toBeUndefined();
  expect(optionalFunction(() => 0, "x")).toBeUndefined();
  for (const value of [null, 0, "now", {}]) {
    expect(failure(() => optionalFunction(value, "x"))).toEqual(badType("x must be a function"));
  }
});
