/**
 * A look at the beginning of a response that leaves the response unread.
 */

/** As much as a signer may read of a refusal. */
const MAX_BYTES = 4096;

/** A copy of a refusal's head and of the first 4 KiB of its body. Close it, or the original stays buffered. */
export function peek(response: Response): { response: Response; close: () => void } {
  // Without its reason phrase, which may hold what a copy must not have.
  const { status, headers } = response;
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return { response: new Response(null, { status, headers }), close: () => {} };
  let left = MAX_BYTES;
  const beginning = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = left > 0 ? await reader.read() : undefined;
      if (chunk === undefined || chunk.done) return controller.close();
      controller.enqueue(chunk.value.subarray(0, left));
      left -= chunk.value.length;
    },
  });
  return {
    response: new Response(beginning, { status, headers }),
    // Not awaited: one branch of a tee settles only when both are through.
    close: () => void reader.cancel().catch(() => {}),
  };
}
