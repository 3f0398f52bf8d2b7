import type { DenoKvLike } from "jwt-qsh/oauth2";

/** The global of Deno: the example compiles against it, and runs there alone. */
export const Deno = {
  openKv(): Promise<DenoKvLike> {
    return Promise.reject(new Error("this is not Deno"));
  },
};
