// Runs in Node: 34 callers of one source over unstorage's file driver. Prints what they got.
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";

const [library, base, grant] = process.argv.slice(2);
const { createUserTokenSource, unstorageTokenCache } = await import(library);
const cache = unstorageTokenCache(createStorage({ driver: fsDriver({ base }) }));
const source = createUserTokenSource({ ...JSON.parse(grant), cache });
const tokens = await Promise.all(Array.from({ length: 34 }, async () => (await source.getToken()).accessToken));
console.log(JSON.stringify([...new Set(tokens)]));
