/** As much of workerd's own module as the tests use; Cloudflare's declarations would bring a platform of their own. */
declare module "cloudflare:workers" {
  export function waitUntil(promise: Promise<unknown>): void;
}
