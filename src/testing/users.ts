/** A person on the site. */
export interface FakeUser {
  readonly accountId: string;
  readonly displayName: string;
  readonly emailAddress?: string;
  /** The older key, by which Data Center and deprecated grants know the user. */
  readonly userKey?: string;
  /** The login name on Data Center. */
  readonly name?: string;
}

/** Who is there unless `options.users` says otherwise. */
export function defaultUsers(): FakeUser[] {
  return [
    {
      accountId: "557058:ada0ada0-0000-4000-8000-000000000001",
      displayName: "Ada Lovelace",
      emailAddress: "ada@example.com",
      userKey: "JIRAUSER10100",
      name: "ada",
    },
    {
      accountId: "557058:a1a40000-0000-4000-8000-000000000002",
      displayName: "Alan Turing",
      emailAddress: "alan@example.com",
      userKey: "JIRAUSER10101",
      name: "alan",
    },
  ];
}
