/** The routes, one line each. All but the first page load when they are opened. */
import { type ComponentType, lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Home } from "./home/Home.tsx";
import { Arriving } from "./parts/Arriving.tsx";
import { pageIsPainted } from "./turn.ts";

interface Screen {
  readonly path: string | RegExp;
  readonly component: ComponentType<{ readonly params: Readonly<Record<string, string | undefined>> }>;
}

/** The title of the lab is on the screen before its scripts take the line. */
const Workbench = lazy(async () => {
  await pageIsPainted();
  return import("./workbench/WorkbenchScreen.tsx");
});
const HelpPage = lazy(() => import("./help/HelpPage.tsx"));
const NotFound = lazy(() => import("./parts/NotFound.tsx"));

/** A new screen is a component that loads late, and its line here. */
const SCREENS: readonly Screen[] = [
  // One page, so that the cluster runs on when its lower part is asked for.
  { path: /^\/(labs)?$/, component: Home },
  { path: "/lab/:lab", component: ({ params }) => <Workbench key={params.lab} from="lab" id={params.lab ?? ""} /> },
  { path: "/play", component: () => <Workbench from="sandbox" id="" /> },
  {
    path: "/s/:payload",
    component: ({ params }) => <Workbench key={params.payload} from="link" id={params.payload ?? ""} />,
  },
  { path: "/help", component: HelpPage },
];

export function Screens() {
  return (
    <Suspense fallback={<Arriving />}>
      <Switch>
        {SCREENS.map(({ path, component: Component }) => (
          <Route key={String(path)} path={path}>
            {(params) => <Component params={params as Record<string, string | undefined>} />}
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
