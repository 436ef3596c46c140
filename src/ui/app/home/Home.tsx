/** The first page: a cluster that runs, one big button, and the labs. */

import { PaletteButton } from "../parts/PaletteButton.tsx";
import { SiteHeader } from "../parts/SiteHeader.tsx";
import { Gallery } from "./Gallery.tsx";
import { Stage } from "./Stage.tsx";

export function Home() {
  return (
    <>
      <SiteHeader end={<PaletteButton />} />
      <main id="content">
        <Stage />
        <Gallery />
      </main>
    </>
  );
}
