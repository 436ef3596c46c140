/** The page: the routes, and what catches an error that no pane caught. */
import { Router } from "wouter";
import { PaneErrorBoundary } from "../widgets/PaneErrorBoundary.tsx";
import { useHashPath } from "./address.ts";
import { Notices } from "./parts/Notices.tsx";
import { Screens } from "./screens.tsx";
import { useTheme } from "./theme.ts";
import { useTitle } from "./title.ts";

export function App() {
  useTheme();
  useTitle();
  return (
    <Router hook={useHashPath}>
      <PaneErrorBoundary details={() => `${window.location.hash}\nmodel ${__MODEL_VERSION__}`}>
        <Screens />
      </PaneErrorBoundary>
      <Notices />
    </Router>
  );
}
