/**
 * Runs after `npm ci`: bundles the CLI, so that its first command starts at once. A failure is only a
 * warning, because installing must work even while the sources do not compile; the first use tries again.
 */
try {
  const { bundleCli } = await import("./bundle.mjs");
  await bundleCli();
} catch (error) {
  console.warn(`The CLI was not bundled: ${error instanceof Error ? error.message : error}`);
}
