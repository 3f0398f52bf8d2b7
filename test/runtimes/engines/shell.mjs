import { reportOf, system, systemVersion } from "../engine.mjs";
import { stage } from "../stage.mjs";

const LIB = `/usr/lib/${process.arch === "x64" ? "x86_64" : "aarch64"}-linux-gnu`;

/** The shells of JavaScriptCore and SpiderMonkey: modules, and hardly anything of the web. */
const SHELLS = {
  jsc: {
    package: "libjavascriptcoregtk-4.0-bin",
    paths: [`${LIB}/webkit2gtk-4.0/jsc`, `${LIB}/webkit2gtk-4.1/jsc`, "/usr/bin/jsc"],
  },
  gjs: { package: "gjs", paths: ["/usr/bin/gjs"] },
};

export async function launch({ shell }) {
  const { package: name, paths } = SHELLS[shell];
  const program = system(`apt-get install ${name}`, ...paths);
  const report = await reportOf(program, ["-m", `${stage}test/runtimes/main.mjs`], { cwd: stage });
  return { version: await systemVersion(name), report };
}
