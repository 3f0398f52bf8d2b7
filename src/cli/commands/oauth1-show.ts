import type { Command } from "../command.ts";
import { exitCodes } from "../failure.ts";
import { profilesPath, readProfiles } from "../profiles.ts";
import type { Profile } from "../profiles.ts";
import { fingerprintOf, publicHalf } from "../rsa-pair.ts";

export const command: Command = {
  usage: "[NAME] [options]",
  details: "Shows the saved profiles. Secrets are left out, unless --print-tokens asks for them.",
  options: [{ name: "print-tokens", aliases: ["-pt"], help: "show tokens and secrets: mind who looks on" }],
  examples: [
    ["jwt-qsh oauth1 show", "all profiles"],
    ["jwt-qsh oauth1 show work -pt --json", "one with its tokens, to take elsewhere"],
  ],
  arity: [0, 1],
  run({ arguments: [wanted], options, terminal }) {
    const { default: chosen, profiles } = readProfiles(terminal.env);
    const entries = Object.entries(profiles).filter(([name]) => wanted === undefined || name === wanted);
    const shown = entries.map(([name, profile]): Shown => {
      const secrets = options.flag("print-tokens") ? profile : {};
      return Object.assign({ name, default: name === chosen }, describe(profile), secrets);
    });
    if (options.flag("json")) {
      terminal.print(JSON.stringify(shown));
    } else {
      for (const { name, default: isDefault, ...facts } of shown) {
        terminal.print(`${terminal.paint("bold", name)}${isDefault ? " (default)" : ""}`);
        for (const [fact, value] of Object.entries(facts))
          terminal.print(`  ${terminal.paint("dim", fact.padEnd(16))} ${String(value)}`);
      }
    }
    if (shown.length === 0) {
      terminal.note(
        `jwt-qsh: no such profile in ${profilesPath(terminal.env)}: jwt-qsh oauth1 dance --save NAME makes one`,
      );
      return Promise.resolve(exitCodes.refused);
    }
    return Promise.resolve(exitCodes.ok);
  },
};

type Shown = { name: string; default: boolean } & Record<string, unknown>;

function describe(profile: Profile): Record<string, string> {
  const { kind, server } = profile;
  if (profile.kind !== "oauth1") return { kind, server };
  const { consumerKey, privateKey, expiresAt, sessionExpiresAt } = profile;
  const publicKey = publicHalf(privateKey);
  return {
    kind,
    server,
    consumerKey,
    // To compare with the key that the server holds.
    ...(publicKey !== undefined && { publicKeySha256: fingerprintOf(publicKey) }),
    ...(expiresAt !== undefined && { expires: new Date(expiresAt * 1000).toISOString() }),
    ...(sessionExpiresAt !== undefined && { sessionExpires: new Date(sessionExpiresAt * 1000).toISOString() }),
  };
}
