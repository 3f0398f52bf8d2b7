// npm run build && node examples/as-user/node.mjs
import { run } from "./main.mjs";

for (const line of await run()) console.log(line);
