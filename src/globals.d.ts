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

/** What the gallery says of each scenario, without its run. */
declare module "virtual:scenario-cards" {
  /** Sorted by id. Fields of the lesson are absent where there is none. */
  export const scenarioCards: readonly {
    readonly id: string;
    readonly title: string;
    readonly summary?: string;
    readonly number?: string;
    readonly module?: string;
    readonly order?: number;
    readonly level?: number;
    readonly minutes?: number;
    readonly goal?: string;
    readonly tags?: readonly string[];
    readonly paths?: readonly string[];
    readonly next?: string;
    readonly isLab: boolean;
  }[];
}

/** The built-in scenarios one by one, each in a chunk of its own. */
declare module "virtual:scenario-loaders" {
  export const loadScenario: Readonly<Record<string, () => Promise<unknown>>>;
}
