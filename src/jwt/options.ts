/**
 * Options of the verifying doors: read once, own members only, checked before the token is looked at. A polluted
 * `Object.prototype` or a typing mistake must never switch a check off.
 */
import { argumentError, requireText, requireType } from "../errors.ts";
import { MAX_TOKEN_LENGTH } from "../jws/compact.ts";
import type { ClaimRules } from "./claims.ts";

/** Options of {@link verifyJwt}. Times are seconds. */
export interface VerifyOptions extends ClaimRules {
  /** The `typ` that the header must name; without it, an absent `typ` or `JWT`. */
  typ?: string;
  /** The longest token that is looked at, in characters; 16384 unless told, 65536 at most. */
  maxTokenLength?: number;
}

/** Checked options, with the defaults in place. */
export interface CheckedOptions extends VerifyOptions {
  maxTokenLength: number;
}

/** One for all who ask for nothing: to make it anew costs a tenth of a verification. */
const DEFAULTS = { __proto__: null, maxTokenLength: MAX_TOKEN_LENGTH } as unknown as CheckedOptions;

/** Reads and checks the options. */
export function checkVerifyOptions(options?: VerifyOptions): CheckedOptions {
  if (options === undefined) return DEFAULTS;
  requireType(options, "object", '"options"');
  // Without a prototype: what is not set here is not set, whatever Object.prototype was made to hold.
  const checked = Object.create(null) as Record<string, unknown>;
  checked["maxTokenLength"] = MAX_TOKEN_LENGTH;
  for (const name of Object.keys(CHECKS) as (keyof VerifyOptions)[]) {
    const value: unknown = Object.hasOwn(options, name) ? options[name] : undefined;
    if (value === undefined) continue;
    CHECKS[name](value, `"options.${name}"`);
    checked[name] = value;
  }
  return checked as unknown as CheckedOptions;
}

type Check = (value: unknown, label: string) => void;

const CHECKS: Readonly<Record<keyof VerifyOptions, Check>> = {
  issuer: texts,
  audience: texts,
  subject: requireText,
  leeway: (value, label) => seconds(0, 300)(value, label),
  now: (value, label) => requireType(value, "function", label),
  maxAge: (value, label) => seconds(0, Number.MAX_SAFE_INTEGER)(value, label),
  maxLifetime: (value, label) => seconds(0, Number.MAX_SAFE_INTEGER)(value, label),
  requireExp: (value, label) => requireType(value, "boolean", label),
  requiredClaims: (value, label) => {
    if (!Array.isArray(value)) throw argumentError(label, "must be an array of claim names", "ERR_INVALID_ARG_TYPE");
    for (const name of value) requireText(name, label);
  },
  typ: requireText,
  maxTokenLength: (value, label) => {
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 65536) {
      throw argumentError(label, "must be a whole number from 1 to 65536");
    }
  },
};

function texts(value: unknown, label: string): void {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw argumentError(label, "must not be empty");
  for (const item of list) requireText(item, label);
}

/** A copy of an options object, without what a polluted prototype would bring. */
export function ownOptions<Options extends object>(options: Options, label = '"options"'): Options {
  requireType(options, "object", label);
  return Object.assign(Object.create(null) as Options, options);
}

/** A check for an optional function. */
export function optionalFunction(value: unknown, label: string): void {
  if (value !== undefined) requireType(value, "function", label);
}

/** A check for a number of seconds within bounds. */
export function seconds(least: number, most: number): Check {
  return (value, label) => {
    if (typeof value !== "number") throw argumentError(label, "must be a number of seconds", "ERR_INVALID_ARG_TYPE");
    // Written so that NaN fails.
    if (!(value >= least && value <= most)) throw argumentError(label, `must be ${least} to ${most} seconds`);
  };
}
