/**
 * A page as a person sees it: fields by their labels, buttons and tabs by their names.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, ElementHandle, Page } from "puppeteer-core";

/** What a page did besides showing itself. */
export interface OpenPage {
  readonly page: Page;
  /** Every URL that it asked for. */
  readonly requests: string[];
  /** What went wrong in it. */
  readonly errors: string[];
}

export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => void requests.push(request.url()));
  page.on("pageerror", (error) => void errors.push(String(error)));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.goto(url);
  return { page, requests, errors };
}

/** The field whose label begins so, within a part of the page. */
export async function field(page: Page, label: string, within = "body"): Promise<ElementHandle<HTMLInputElement>> {
  const handle = await page.evaluateHandle(
    (text, root) => [...document.querySelectorAll<HTMLLabelElement>(`${root} label`)].find((one) => one.textContent?.trim().startsWith(text))?.control,
    label,
    within,
  );
  const element = handle.asElement();
  if (element === null) throw new Error(`no field is labelled ${label}`);
  return element as ElementHandle<HTMLInputElement>;
}

/** Puts a text into a field at once, as a paste does. */
export async function paste(page: Page, label: string, text: string, within?: string): Promise<void> {
  const element = await field(page, label, within);
  await element.evaluate((input, value) => {
    input.focus();
    input.select();
    document.execCommand("insertText", false, value);
  }, text);
}

/** Types a text, key by key. */
export async function typeInto(page: Page, label: string, text: string, within?: string): Promise<void> {
  await (await field(page, label, within)).type(text);
}

/** Waits until something holds. It is asked from outside: a page with a strict policy lets no driver wait within it. */
export async function waitUntil(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (await holds()) return;
    await delay(50);
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Waits until an element holds a text. */
export function waitForText(page: Page, selector: string, text: string): Promise<void> {
  const holds = (css: string, part: string): boolean => document.querySelector(css)?.textContent?.includes(part) ?? false;
  return waitUntil(() => page.evaluate(holds, selector, text), `${selector} to hold ${text}`);
}

/** What an element holds. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? "");
}
