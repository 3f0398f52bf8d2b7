/**
 * A lock that expires: who holds it has a lease, and who wants it asks again.
 */

/** Seconds that a lease is good for: an exchange, and a little. A holder that died keeps others out no longer. */
export const LEASE = 15;

/** What a lock is made of. */
export interface Leases {
  /** The lease's name; `undefined` while somebody else has one. */
  acquire(): Promise<string | undefined>;
  release(lease: string): Promise<void>;
}

/** Runs a task under a lease; without one when none is to be had for longer than one can last. */
export async function underLease<T>({ acquire, release }: Leases, task: () => Promise<T>): Promise<T> {
  let lease = await acquire();
  for (let waited = 0, delay = 20; lease === undefined && waited < LEASE * 1000; delay = Math.min(delay * 1.5, 250)) {
    await new Promise<void>((resolve) => void setTimeout(resolve, delay));
    waited += delay;
    lease = await acquire();
  }
  try {
    return await task();
  } finally {
    if (lease !== undefined) await release(lease);
  }
}
