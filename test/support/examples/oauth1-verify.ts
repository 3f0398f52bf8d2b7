import { memoryReplayGuard } from "jwt-qsh/connect";
import { publicPem, sign, token } from "./oauth1.ts";

/** A webhook that a consumer signed. */
export const request = await sign(new Request("https://jira.example.com/hook"));
export const pem: string = publicPem;
export const tokens = new Map([[token.token, { consumerKey: "my-consumer", tokenSecret: token.tokenSecret }]]);
export const replayGuard = memoryReplayGuard();
