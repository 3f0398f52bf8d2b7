import { generateKeyPairSync } from "node:crypto";
import { privateKey, signJwt } from "jwt-qsh";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const pem: string = pair.publicKey;
export const token: string = await signJwt({ aud: "https://app.example.com" }, privateKey(pair.privateKey), {
  lifetime: 60,
});
