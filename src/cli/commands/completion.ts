import type { Command } from "../command.ts";
import { commonOptions } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";

export const command: Command = {
  usage: "bash | zsh | fish",
  details: "Prints a script that completes commands and options in a shell.",
  options: [],
  examples: [
    ["source <(jwt-qsh completion bash)", "in ~/.bashrc"],
    ["source <(jwt-qsh completion zsh)", "in ~/.zshrc"],
    ["jwt-qsh completion fish > ~/.config/fish/completions/jwt-qsh.fish", "for fish"],
  ],
  arity: [1, 1],
  async run({ arguments: [shell = ""], table, terminal }) {
    const write = { bash, zsh, fish }[shell];
    if (write === undefined) throw new CliError("there is no completion for that shell", { fix: "bash, zsh or fish" });
    const rows = await Promise.all(
      table.map(async ({ name, summary, load }) => {
        const { options } = (await load()).command;
        return { name, summary, options: [...options, ...commonOptions].map((option) => `--${option.name}`) };
      }),
    );
    terminal.print(write(rows));
    return exitCodes.ok;
  },
};

interface Row {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
}

function bash(rows: readonly Row[]): string {
  const second = rows.flatMap(({ name }) => name.split(" ").slice(1)).join(" ");
  return `_jwt_qsh() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" options=""
  [ "$command" = oauth1 ] && command="oauth1 \${COMP_WORDS[2]}"
  case "$command" in
${rows.map(({ name, options }) => `    "${name}") options="${options.join(" ")}" ;;`).join("\n")}
  esac
  if [ "$COMP_CWORD" = 1 ]; then options="${firstWords(rows)}"
  elif [ "$COMP_CWORD" = 2 ] && [ "\${COMP_WORDS[1]}" = oauth1 ]; then options="${second}"
  elif [[ "$word" != -* ]]; then COMPREPLY=($(compgen -f -- "$word")); return
  fi
  COMPREPLY=($(compgen -W "$options" -- "$word"))
}
complete -F _jwt_qsh jwt-qsh`;
}

function zsh(rows: readonly Row[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(rows)}`;
}

function fish(rows: readonly Row[]): string {
  const lines = rows.map(({ name, summary, options }) => {
    const [first = "", second] = name.split(" ");
    const condition = second === undefined ? "__fish_use_subcommand" : "__fish_seen_subcommand_from oauth1";
    const seen = `__fish_seen_subcommand_from ${second ?? first}`;
    return [
      `complete -c jwt-qsh -n '${condition}' -f -a ${second ?? first} -d '${summary.replaceAll("'", String.raw`\'`)}'`,
      ...options.map((option) => `complete -c jwt-qsh -n '${seen}' -l ${option.slice(2)}`),
    ].join("\n");
  });
  return [`complete -c jwt-qsh -n '__fish_use_subcommand' -f -a oauth1 -d 'OAuth 1.0a'`, ...lines].join("\n");
}

function firstWords(rows: readonly Row[]): string {
  return [...new Set(rows.map(({ name }) => name.split(" ")[0]))].join(" ");
}
