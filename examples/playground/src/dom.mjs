// Makes elements. Text only ever becomes text: there is no markup from strings anywhere in this page.

/** For example h("p", { class: "x" }, "text", h("b", null, "more")). */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A 24 by 24 line drawing. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const icons = {
  valid: "M5 12.500 10 17.500 19.500 7",
  invalid: "M6.500 6.500 17.500 17.500M17.500 6.500 6.500 17.500",
  unchecked: "M12 7v6M12 16.500v.500",
  empty: "M5 12h14M13 6l6 6-6 6",
};

export const $ = (id) => document.getElementById(id);

export function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", null, title), ...children);
}

/** A button that copies a text. */
export function copyButton(text, label) {
  return h(
    "button",
    {
      type: "button",
      class: "quiet copy",
      "aria-label": `Copy ${label}`,
      async onclick() {
        toast((await copyText(text)) ? `Copied ${label}` : "Copying is not allowed here: select the text and copy it");
      },
    },
    "Copy",
  );
}

/** Whether it was copied. The clipboard is missing on insecure origins. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { class: "visually-hidden" });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

let hideToast;

export function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("shown");
  clearTimeout(hideToast);
  hideToast = setTimeout(() => $("toast").classList.remove("shown"), 2500);
}
