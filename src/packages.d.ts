/** Types for entry points of packages that bring none. Every layer includes this file. */

declare module "seedrandom/lib/alea.js" {
  import seedrandom from "seedrandom";

  const alea: typeof seedrandom.alea;
  export default alea;
}
