import { host, installation } from "./default.ts";

/** The product tells the app that it was installed. */
export const request = await host.lifecycleRequest("installed");

export async function store(clientKey: string, secret: string): Promise<void> {
  if (clientKey !== installation.clientKey || secret !== installation.sharedSecret) throw new Error("another tenant");
}
