/** What a caller can tell a failure by. */
export interface Failure {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
}

function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) throw new TypeError("something that is no Error was thrown");
  return { name: error.name, code: (error as { code?: string }).code, message: error.message };
}

/** The error that a call throws at once. */
export function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new TypeError("something that is no Error was thrown", { cause: error });
  }
  throw new Error("nothing was thrown");
}

/** The failure of a call that throws at once. */
export function failure(run: () => unknown): Failure {
  return describeFailure(thrownBy(run));
}

/** The failure of a promise. */
export async function rejection(promise: Promise<unknown>): Promise<Failure> {
  return describeFailure(await errorOf(promise));
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  let resolved: unknown;
  try {
    resolved = await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new TypeError("something that is no Error was rejected with", { cause: error });
  }
  throw new Error(`nothing was rejected: it resolved with a ${typeof resolved}`);
}

/** A caller's mistake: a value that must not be. */
export function badValue(message: string): Failure {
  return { name: "TypeError", code: "ERR_INVALID_ARG_VALUE", message };
}

/** A caller's mistake: a value of another type. */
export function badType(message: string): Failure {
  return { name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message };
}
