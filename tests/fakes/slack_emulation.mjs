// Starts the Slack of the npm package `emulate` on the port of SLACK_PORT, and says so in one line.
// Version 0.12.2 has no way to register the address of events, so the plugin is caught while it registers.
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";

const dist = process.env.EMULATE_DIST;
const load = (file) => import(pathToFileURL(path.join(dist, file)).href);
const bundled = readdirSync(dist).find(
  (file) =>
    file.startsWith("dist-") &&
    file.endsWith(".js") &&
    readFileSync(path.join(dist, file), "utf8").includes('name: "slack",\n  register('),
);
const plugin = (await load(bundled)).default;
const register = plugin.register;
let hooks;
plugin.register = function (app, store, webhooks, ...rest) {
  hooks = webhooks;
  return register.call(this, app, store, webhooks, ...rest);
};

const seed = JSON.parse(process.env.SLACK_SEED);
const { createEmulator } = await load("api.js");
const emulator = await createEmulator({ service: "slack", port: Number(process.env.SLACK_PORT), seed: { slack: seed } });
if (process.env.EVENTS_URL)
  hooks.register({ url: process.env.EVENTS_URL, events: ["*"], active: true, owner: "slack" });
console.log("ready");
process.on("SIGTERM", () => emulator.close().then(() => process.exit(0)));
