/** Runs a task in a realm that has no `crypto.subtle`, as a plain-http page has none. */
export async function withoutSubtle(task: () => Promise<void>): Promise<void> {
  const real = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  const { getRandomValues } = globalThis.crypto;
  const bare = { getRandomValues: getRandomValues.bind(globalThis.crypto) };
  Object.defineProperty(globalThis, "crypto", { value: bare, configurable: true });
  try {
    await task();
  } finally {
    if (real !== undefined) Object.defineProperty(globalThis, "crypto", real);
  }
}
