import { inspect } from "node:util";

/** Whether a value, or what caused it, shows a text anywhere that a log or an answer might. */
export function tells(value: unknown, secret: string): boolean {
  const { message, stack, cause } = value as Error;
  // A stack has line breaks of its own.
  const views = [message, String(value), JSON.stringify(value), inspect(value, { depth: 9 }).replaceAll("\n", ""), stack?.replaceAll("\n", "")];
  return views.some((view) => view?.includes(secret)) || (cause !== undefined && tells(cause, secret));
}
