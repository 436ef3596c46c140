/** An address that names no page. */
import { PaneState } from "../../widgets/PaneState.tsx";
import { text } from "../text.ts";
import { SiteHeader } from "./SiteHeader.tsx";

export default function NotFound() {
  return (
    <>
      <SiteHeader />
      <main id="content">
        <PaneState isPage title={text.bench.notFound} actions={<a href="#/">{text.bench.toHome}</a>}>
          {text.bench.notFoundRest}
        </PaneState>
      </main>
    </>
  );
}
