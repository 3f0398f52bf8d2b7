export { baseUrl } from "./docs-data-center.ts";
export { pem } from "./docs-data-center.ts";
export { saved } from "./docs-data-center.ts";
