import { withVerifier } from "jwt-qsh/adapters";
import { verifyRequest } from "../../../lib/connect";

export const POST = withVerifier(verifyRequest, async (request) => {
  const { issue } = (await request.json()) as { issue: { key: string } };
  return new Response(`thank you for ${issue.key}`);
});
