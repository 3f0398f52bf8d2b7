/** How each browser is started: headless, with a profile of its own, and without a word to anyone but our server. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { system } from "./engine.mjs";

const LIB = `/usr/lib/${process.arch === "x64" ? "x86_64" : "aarch64"}-linux-gnu`;

const CHROMIUM_FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage " +
  "--no-first-run --no-default-browser-check --disable-background-networking --disable-component-update --disable-sync " +
  "--disable-extensions --disable-default-apps --disable-breakpad --disable-domain-reliability --no-pings " +
  "--password-store=basic --use-mock-keychain --proxy-server=direct://";
const CHROMIUM_NAMES = "MAP insecure.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

const FIREFOX_PREFERENCES = {
  // Every name is this machine, so that no question about one leaves it.
  "network.dns.forceResolve": "127.0.0.1",
  "network.trr.mode": 5,
  "network.proxy.type": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "app.update.enabled": false,
  "app.normandy.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.region.update.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.usage.uploadEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.update.enabled": false,
  "media.gmp-manager.updateEnabled": false,
  "security.sandbox.content.level": 0,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "termsofuse.bypassNotification": true,
  "toolkit.telemetry.enabled": false,
};

/** Nothing of the user's: home, caches and sockets are the profile's. */
function environment(profile, more = {}) {
  const env = {
    ...process.env,
    no_proxy: "*",
    NO_AT_BRIDGE: "1",
    GTK_A11Y: "none",
    LIBGL_ALWAYS_SOFTWARE: "1",
    ...more,
  };
  for (const name of ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"])
    env[name] = profile;
  delete env.DBUS_SESSION_BUS_ADDRESS;
  return env;
}

function open(program, args, env) {
  const child = spawn(program, args, { env, stdio: "ignore", detached: true });
  child.on("error", () => {});
  return child;
}

const WEBKIT = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };

/** By name: how to start one, and whether it can be told what a host name means. */
export const browsers = {
  chromium: {
    resolvesNames: true,
    start({ url, profile }) {
      const program = system("apt-get install chromium", process.env.CHROMIUM ?? "/usr/bin/chromium");
      const own = [`--host-resolver-rules=${CHROMIUM_NAMES}`, `--user-data-dir=${profile}`];
      return open(program, [...CHROMIUM_FLAGS.split(" "), ...own, url], environment(profile));
    },
  },
  firefox: {
    resolvesNames: true,
    start({ url, profile, write }) {
      const program = system(
        "apt-get install firefox-esr",
        process.env.FIREFOX ?? "/usr/bin/firefox-esr",
        "/usr/bin/firefox",
      );
      const lines = Object.entries(FIREFOX_PREFERENCES).map(
        (entry) => `user_pref(${entry.map((one) => JSON.stringify(one)).join(", ")});`,
      );
      write(join(profile, "user.js"), lines.join("\n"));
      const env = environment(profile, {
        MOZ_HEADLESS: "1",
        MOZ_CRASHREPORTER_DISABLE: "1",
        MOZ_DISABLE_AUTO_SAFE_MODE: "1",
      });
      return open(program, ["--headless", "--no-remote", "--profile", profile, url], env);
    },
  },
  webkitgtk: {
    resolvesNames: false,
    // Its user agent names a Safari, and no version of its own.
    debian: "webkit2gtk-driver",
    async start({ url, profile, show }) {
      const program = system("apt-get install webkit2gtk-driver xvfb", `${LIB}/webkit2gtk-4.1/MiniBrowser`);
      const more = {
        ...WEBKIT,
        GDK_BACKEND: "x11",
        WEBKIT_DISABLE_COMPOSITING_MODE: "1",
        WEBKIT_DISABLE_DMABUF_RENDERER: "1",
      };
      return open(program, ["--private", url], environment(profile, { ...more, DISPLAY: await show() }));
    },
  },
  wpe: {
    resolvesNames: false,
    debian: "libwpewebkit-1.1-0",
    start({ url, profile }) {
      const program = system(
        "apt-get install libwpewebkit-1.1-0 libwpebackend-fdo-1.0-1",
        `${LIB}/wpe-webkit-1.1/MiniBrowser`,
      );
      return open(program, ["--headless", url], environment(profile, WEBKIT));
    },
  },
};

/** Starts an X server without a screen, for a browser that needs one. */
export async function display(children, profile) {
  const program = system("apt-get install xvfb", "/usr/bin/Xvfb");
  const number = 90 + (process.pid % 400);
  const args = [`:${number}`, "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"];
  children.push(open(program, args, environment(profile)));
  for (let tries = 0; tries < 100 && !existsSync(`/tmp/.X11-unix/X${number}`); tries++) await delay(50);
  return `:${number}`;
}

/** Stops what was started and all that it started, by their ids: WebKit's helpers are in process groups of their own. */
export async function stop(children) {
  const ids = children.flatMap(({ pid }) => (pid === undefined ? [] : descendants(pid)));
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    for (const id of ids) {
      try {
        process.kill(id, signal);
      } catch (error) {
        // It has ended by itself.
        if (error.code !== "ESRCH") throw error;
      }
    }
    await delay(300);
  }
}

function descendants(root) {
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    try {
      const status = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]));
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
    }
  }
  const found = [root];
  for (const id of found) for (const [child, parent] of parents) if (parent === id) found.push(child);
  return found;
}
