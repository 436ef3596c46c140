/** What the build puts in place of names: see vite.config.ts and tools/bundle-cli.mjs. */

/** Short hash of every file under src/sim; two builds with the same value compute the same runs. */
declare const __MODEL_VERSION__: string;

/** The files of scenarios/, parsed from YAML while building, so that the page needs no YAML parser for them. */
declare module "virtual:scenarios" {
  /** Sorted by id. `id` is the file name without its ending; `data` is the parsed file, not yet validated. */
  export const builtInScenarios: readonly { readonly id: string; readonly data: unknown }[];
}

/** The same files as they are written, for the editor. Import it lazily. */
declare module "virtual:scenario-sources" {
  /** Sorted by id. */
  export const scenarioSources: readonly { readonly id: string; readonly text: string }[];
}
