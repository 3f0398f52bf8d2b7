/** How a case says what is wrong: by throwing, in words. */
import { isAuthError } from "../../../dist/index.js";

/** The refusal of what an engine cannot do. */
export const UNSUPPORTED = "ERR_UNSUPPORTED_RUNTIME";

/** Holds two values to be the same JSON. */
export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${String(b).slice(0, 300)}, got ${String(a).slice(0, 300)}`);
}

/** Holds a statement to be true. */
export function truth(statement, what) {
  if (statement !== true) throw new Error(`${what}: is not so`);
}

/** What a task came to: `{ value }` or `{ error }`. An error that is none of ours is a fault. */
export async function settled(run) {
  try {
    return { value: await run() };
  } catch (error) {
    if (isAuthError(error) || String(error?.code).startsWith("ERR_INVALID_ARG_")) return { error };
    throw error;
  }
}

/** `ok`, or the code of the error. */
export async function outcome(run) {
  const { error } = await settled(run);
  return error === undefined ? "ok" : error.code;
}

/** Holds a task to be refused with this code; answers the error. */
export async function refused(run, code, what) {
  const { error } = await settled(run);
  equal(error?.code ?? "ok", code, what);
  return error;
}

/** What the engine cannot do is refused for that, unless something else was wrong before. */
export function oneOf(code, allowed, what, isSupported) {
  const fits = isSupported ? allowed.includes(code) : code === UNSUPPORTED || (code !== "ok" && allowed.includes(code));
  if (fits) return;
  const also = isSupported ? "" : `, or ${UNSUPPORTED}`;
  throw new Error(`${what}: expected ${allowed.join(" or ")}${also}, got ${code}`);
}

/** Waits. @param seconds how long */
export function pause(seconds) {
  return new Promise((resolve) => void setTimeout(resolve, seconds * 1000));
}

/** Bytes of text as UTF-8, also where there is no `TextEncoder`. */
export function utf8(text) {
  return Uint8Array.from([...unescape(encodeURIComponent(text))].map((char) => char.charCodeAt(0)));
}
