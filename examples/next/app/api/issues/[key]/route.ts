import { withVerifier } from "jwt-qsh/adapters";
import { verifyPage } from "../../../../lib/connect";

interface Context {
  params: Promise<{ key: string }>;
}

// A context token is bound to no URL: it says who asks, and the route decides what that user may see.
export const GET = withVerifier(verifyPage, async (_request, { accountId }, { params }: Context) => {
  const { key } = await params;
  return Response.json({ key, askedBy: accountId });
});
