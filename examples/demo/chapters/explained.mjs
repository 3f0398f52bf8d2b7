// The field's worst moment is a bare 401. Here it gets a sentence.
import { createHash } from "node:crypto";
import { signJwt, secretKey } from "jwt-qsh";
import { fact, title } from "../terminal.mjs";

export async function explained(stage, { clientKey, sharedSecret }) {
  title("8. A bare 401, explained");
  // What many a hand-written signer hashes: the query as it stands, with + for a space.
  const target = "/panel/search?q=open+issues&page=2";
  const canonical = "GET&/panel/search&page=2&q=open+issues";
  const qsh = createHash("sha256").update(canonical).digest("hex");
  const token = await signJwt({ iss: clientKey, qsh }, secretKey(sharedSecret), { lifetime: 180 });
  fact("request", `GET ${target}`);
  fact("they hashed", canonical);
  await stage.askApp(new Request(stage.appUrl + target, { headers: { authorization: `JWT ${token}` } }), false);

  const { causes, canonical: right } = await stage.app.latestRefusal().explain();
  fact("to hash", right);
  fact("the cause", causes[0].message);
  fact("the fix", causes[0].fix);
}
