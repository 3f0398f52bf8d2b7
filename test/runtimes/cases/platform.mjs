/** What an engine has of the web's platform: looked at, never guessed from a name. */

const LOOKS = {
  "crypto.subtle": () => globalThis.crypto?.subtle,
  "crypto.getRandomValues": () => globalThis.crypto?.getRandomValues,
  // As the library reaches it: without an import.
  "node:crypto": () => globalThis.process?.getBuiltinModule?.("node:crypto"),
  URL: () => globalThis.URL,
  URLSearchParams: () => globalThis.URLSearchParams,
  setTimeout: () => globalThis.setTimeout,
  AbortController: () => globalThis.AbortController,
  ReadableStream: () => globalThis.ReadableStream,
  Request: () => globalThis.Request,
  performance: () => globalThis.performance,
};

/** The features, by their names in the table. */
export const allFeatures = Object.keys(LOOKS);

/** Which of them are here; what cannot even be looked at is not. */
export function featuresHere() {
  return allFeatures.filter((name) => {
    try {
      return LOOKS[name]() !== undefined;
    } catch {
      return false;
    }
  });
}
