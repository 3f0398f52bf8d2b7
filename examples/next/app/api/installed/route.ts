export { lifecycle as POST } from "../../../lib/connect";
