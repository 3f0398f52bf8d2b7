export { app } from "./adapters-express.ts";
