/**
 * Which scripts the build writes. A chunk for each set of importers, which is what a bundler makes by itself, would be
 * seventy requests until a lab is there; these are one for each thing that is waited for:
 *
 * - `react`      changes seldom, so it is cached on its own
 * - `first`      all that the first page imports at once
 * - `simulator`  what the first page loads later, and every lab needs: engine, Kafka model, player, narration
 * - `widgets`    packages of the workbench
 * - `check`, `yaml`  what only dialogs and links with a scenario of the reader's own need
 * - `workbench`  the rest of what every lab shows at once
 *
 * Everything else follows the lazy imports.
 */

const packages = [
  { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
  {
    name: "widgets",
    test: /node_modules[\\/](radix-ui|@radix-ui|@floating-ui|react-resizable-panels|react-remove-scroll|aria-hidden)/,
    priority: 2,
  },
  {
    name: "yaml",
    test: /node_modules[\\/]yaml[\\/]|src[\\/]sim[\\/]scenario[\\/](parse|yaml|write)\./,
    includeDependenciesRecursively: false,
    priority: 2,
  },
  {
    name: "check",
    test: /node_modules[\\/]valibot[\\/]|src[\\/]sim[\\/]scenario[\\/]((check|names|problem|together|cannot-wait)\.|format[\\/])/,
    includeDependenciesRecursively: false,
    priority: 2,
  },
];

/** Each takes what its root imports, directly or not, and no group before it has. The roots stay chunks of their own. */
const groups = [
  { name: "first", root: "src/ui/main.tsx" },
  { name: "simulator", root: "src/ui/app/home/LiveStage.tsx" },
  { name: "workbench", root: "src/ui/app/workbench/WorkbenchScreen.tsx" },
];

/** For `build.rolldownOptions.output.codeSplitting`. One build for each call. */
export function chunkGroups() {
  /** @type {Map<string, string | null> | null} */
  let names = null;
  /** @param {string} id @param {{ getModuleInfo(id: string): { importedIds: readonly string[] } | null }} context */
  const nameOf = (id, context) => {
    names ??= assign(context);
    return names.get(id) ?? null;
  };
  return [...packages, { name: nameOf, debugName: "by what waits for it", priority: 1 }];

  /** @param {{ getModuleInfo(id: string): { importedIds: readonly string[] } | null }} context */
  function assign(context) {
    const found = new Map();
    for (const { name, root } of groups) {
      const start = new URL(`../${root}`, import.meta.url).pathname;
      const open = [...(context.getModuleInfo(start)?.importedIds ?? [])];
      if (open.length === 0) throw new Error(`${root} is not part of the build`);
      if (!found.has(start)) found.set(start, null);
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (found.has(id)) continue;
        found.set(id, name);
        open.push(...(context.getModuleInfo(id)?.importedIds ?? []));
      }
    }
    return found;
  }
}
