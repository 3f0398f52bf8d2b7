/** The bindings of a Worker: no example calls them. */
export const env = {
  TOKENS: {
    idFromName: (name: string) => name,
    get: (_id: string) => ({ fetch: (_request: Request) => Promise.resolve(new Response()) }),
  },
};
