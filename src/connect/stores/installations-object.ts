import type { Installation, InstallationStore, WebRequest, WebResponse } from "../../types.ts";
import { textInstallations } from "./text-store.ts";

/** The part of a Durable Object's state that is used. */
export interface DurableStateLike {
  readonly storage: {
    get(key: string): Promise<unknown>;
    put(key: string, value: string): Promise<void>;
    delete(key: string): Promise<unknown>;
  };
}

/** What `durableInstallations` asks for: one method and its argument. */
export type StoreCall =
  | readonly ["find" | "remove" | "findByForgeInstallation", string]
  | readonly ["save", Installation];

/**
 * The Durable Object behind `durableInstallations`: all tenants, in one place, each change seen by whoever asks next.
 *
 * Export it from the Worker and name it in the bindings; nothing else is to be done with it. It answers whoever holds
 * its binding, and nobody else can reach it.
 *
 * @example
 * ```ts
 * export { InstallationsObject } from "jwt-qsh/stores";
 * ```
 */
export class InstallationsObject {
  readonly #store: Required<InstallationStore>;

  constructor(state: DurableStateLike) {
    const { storage } = state;
    // No other request is let in while the storage is at work, so a save is one step to all others.
    this.#store = textInstallations({
      get: (name) => storage.get(name),
      put: (name, text) => storage.put(name, text),
      delete: (name) => storage.delete(name),
    });
  }

  /** Answers `durableInstallations`. */
  async fetch(request: WebRequest): Promise<WebResponse> {
    const [method, argument] = (await request.json()) as StoreCall;
    switch (method) {
      case "find":
      case "findByForgeInstallation":
        return Response.json((await this.#store[method](argument)) ?? null);
      case "save":
        await this.#store.save(argument);
        return Response.json(null);
      case "remove":
        await this.#store.remove(argument);
        return Response.json(null);
      default:
        return new Response(null, { status: 400 });
    }
  }
}
