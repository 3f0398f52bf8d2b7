// The token of an example.
import { secretKey, signJwt } from "jwt-qsh";

/** Made when it is asked for, so that its age is not what is wrong with it. */
export async function tokenOf({ fields, claims, skew = 0, signedWith = fields.secret, qsh }) {
  const now = () => Math.floor(Date.now() / 1000) + skew;
  return signJwt({ iss: fields.appKey, qsh, ...claims }, secretKey(signedWith), { lifetime: 180, now });
}
