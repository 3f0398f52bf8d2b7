import type { WebResponse } from "../types.ts";
import type { FakeUser } from "./users.ts";

/** Asks who is there and whether the application may act for them. */
export function consentPage(token: string, consumer: string, users: readonly FakeUser[]): WebResponse {
  const options = users.map(
    ({ name = "", displayName }) => `<option value="${escape(name)}">${escape(displayName)}</option>`,
  );
  return page(
    "Welcome to JIRA",
    `<p>The application <strong>${escape(consumer)}</strong> would like to have <strong>read and write access</strong>
      to your data on the website.</p>
    <form method="post">
      <input type="hidden" name="oauth_token" value="${escape(token)}">
      <label>Log in as <select name="user">${options.join("")}</select></label>
      <button name="approve" value="Allow">Allow</button>
      <button name="deny" value="Deny">Deny</button>
    </form>`,
  );
}

/** Shows the code that a person copies into a program that has no callback. */
export function verifierPage(verifier: string): WebResponse {
  if (verifier === "denied") return page("Access Denied", "<p>You have denied the application access.</p>");
  return page(
    "Access Approved",
    `<p>You have successfully authorized the application. Your verification code is
      '<strong id="verifier">${escape(verifier)}</strong>'. You will need to enter this exact text when prompted.</p>`,
  );
}

function page(title: string, body: string): WebResponse {
  const html = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;
  return new Response(html, {
    headers: { "content-type": "text/html;charset=UTF-8", "x-frame-options": "SAMEORIGIN" },
  });
}

function escape(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
