import { load, packageVersion } from "../engine.mjs";
import { script } from "../script.mjs";

/** A window that is no browser's. */
export async function launch() {
  const { Window } = await load("happy-dom");
  const settings = { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true };
  const window = new Window({ url: "https://app.example.com/", settings });
  try {
    window.eval(await script());
    return { version: packageVersion("happy-dom"), report: JSON.parse(await window.eval("portable.run()")) };
  } finally {
    await window.happyDOM.close();
  }
}
