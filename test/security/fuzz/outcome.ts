import { AuthError } from "../../../src/errors.ts";

/** What a call came to: its value, or how a caller can tell its failure by. */
export type Outcome = { readonly value: unknown } | { readonly code: string; readonly message: string };

/** The failure of ours that an exception is; any other exception escapes. */
function failureOf(error: unknown): Outcome {
  const { code, message } = error as { code?: unknown; message: string };
  const isOurs = error instanceof AuthError ||
    (error instanceof TypeError && (code === "ERR_INVALID_ARG_TYPE" || code === "ERR_INVALID_ARG_VALUE"));
  if (!isOurs) throw error;
  return { code: code as string, message };
}

export function outcomeOf(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    return failureOf(error);
  }
}

/** Of a promise, or of a call that throws before it makes one. */
export async function outcomeSoon(run: () => unknown): Promise<Outcome> {
  try {
    return { value: await run() };
  } catch (error) {
    return failureOf(error);
  }
}
