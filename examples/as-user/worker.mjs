// The same in a Worker.
import { run } from "./main.mjs";

export default {
  async fetch() {
    return new Response((await run()).join("\n"));
  },
};
