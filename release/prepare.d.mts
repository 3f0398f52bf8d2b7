interface Versioned {
  readonly version: string;
}
export interface Release {
  readonly tag: string;
  readonly repository: string;
  readonly manifest: Versioned & { readonly repository?: { readonly type: string; readonly url: string } };
  readonly jsr: Versioned;
  readonly lock: Versioned & { readonly packages: Readonly<Record<string, Versioned>> };
  readonly changelog: string;
}
export declare function sectionOf(changelog: string, version: string): { date: string; text: string } | undefined;
export declare function obstacles(release: Release): string[];
export declare function stamped<Manifest extends object>(
  manifest: Manifest,
  repository: string,
): Manifest & { repository: { type: string; url: string }; homepage: string; bugs: { url: string } };
export declare function scoped<Jsr extends { readonly name: string }>(jsr: Jsr, scope: string): Jsr;
