import { withVerifier } from "jwt-qsh/adapters";
import { verifyRequest } from "../../../lib/connect";

export const GET = withVerifier(verifyRequest, (request, { accountId }) => {
  const { searchParams } = new URL(request.url);
  return new Response(`hello ${accountId}, this is ${searchParams.get("issue")}`);
});
