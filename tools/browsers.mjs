/**
 * Finds the browsers that the browser tests drive, and installs them where that is possible.
 * CHROMIUM_PATH and FIREFOX_PATH name them; else the usual places are looked at.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** @typedef {"chromium" | "firefox"} BrowserName */

/** @type {Record<BrowserName, { variable: string, debianPackage: string, places: string[] }>} */
const browsers = {
  chromium: {
    variable: "CHROMIUM_PATH",
    debianPackage: "chromium",
    places: [
      "/usr/bin/chromium",
      "/usr/bin/google-chrome-stable",
      "/usr/bin/google-chrome",
      "/opt/google/chrome/chrome",
      "/usr/bin/chromium-browser",
      "/snap/bin/chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
      "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    ],
  },
  firefox: {
    variable: "FIREFOX_PATH",
    debianPackage: "firefox-esr",
    places: [
      "/usr/bin/firefox-esr",
      "/usr/bin/firefox",
      "/opt/firefox/firefox",
      "/snap/bin/firefox",
      "/Applications/Firefox.app/Contents/MacOS/firefox",
      "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    ],
  },
};

/** @type {BrowserName[]} */
const browserNames = ["chromium", "firefox"];

/**
 * Path of a browser, or undefined if there is none.
 * @param {BrowserName} name
 * @returns {string | undefined}
 */
export function findBrowser(name) {
  const { variable, places } = browsers[name];
  const named = process.env[variable];
  if (named !== undefined && named !== "") return existsSync(named) ? named : undefined;
  return places.find((place) => existsSync(place));
}

/**
 * Sees to it that both browsers are there: on Debian as root it installs the missing ones.
 * @returns {string[]} what is missing after that, as sentences that say what to do
 */
export function provideBrowsers() {
  const missing = () => browserNames.filter((name) => findBrowser(name) === undefined);
  // A variable that names no file is a mistake to report, not a reason to install something else.
  const packages = missing()
    .filter((name) => !process.env[browsers[name].variable])
    .map((name) => browsers[name].debianPackage);
  if (packages.length > 0 && isDebian() && process.getuid?.() === 0) {
    console.log(`Installing ${packages.join(" and ")} ...`);
    const apt = (/** @type {string[]} */ ...args) =>
      spawnSync("apt-get", args, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    // A mirror that fails once usually answers the second time.
    for (let attempt = 1; attempt <= 3 && missing().length > 0; attempt++) {
      apt("update", "-qq");
      apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
    }
  }
  return missing().map((name) => {
    const { variable, debianPackage } = browsers[name];
    return `no ${name} found: install it (on Debian: apt-get install ${debianPackage}) or set ${variable} to its path`;
  });
}

function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}
