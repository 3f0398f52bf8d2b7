// npm run demo: the main job, end to end, over real sockets.
//
// Two parties share nothing but a secret: an app on jwt-qsh, and a site that plays Atlassian with code of its own.
import { asUser } from "./chapters/as-user.mjs";
import { dataCenter } from "./chapters/data-center.mjs";
import { explained } from "./chapters/explained.mjs";
import { attacks, inbound, install } from "./chapters/inbound.mjs";
import { outbound } from "./chapters/outbound.mjs";
import { setStage } from "./stage.mjs";
import { bold, fact } from "./terminal.mjs";

const stage = await setStage();
console.log(bold("\njwt-qsh: an app and a site that share a secret, and not a line of code"));
fact("site", stage.siteUrl);
fact("app", stage.appUrl);

const installation = await install(stage);
await outbound(stage, installation);
await inbound(stage);
await attacks(stage);
await asUser(stage, installation);
await dataCenter(stage);
await explained(stage, installation);
stage.close();

const surprises = stage.surprises();
console.log(bold(surprises === 0 ? "\nEvery verdict is the right one.\n" : `\n${surprises} verdicts are not the right ones.\n`));
process.exitCode = surprises === 0 ? 0 : 1;
