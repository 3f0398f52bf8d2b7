const body = new Response("name=value&other=%C3%BC").body;
if (body === null) throw new Error("a form has a body");

/** A POST of a form. */
export const request = { body };
