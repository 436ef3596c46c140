/** Loads late: the checks are some 12 kB, and only links with a scenario of their own need them. */
export { checkScenario } from "../../../sim/index.ts";
