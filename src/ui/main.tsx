/** The entry of the page. The still of the first page stands in the HTML until this has drawn over it. */
import "./theme/tokens.css";
import "./theme/base.css";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { keepStill } from "./app/home/still.ts";
import { workOffline } from "./app/offline/register.ts";
import { applyPreferences } from "./app/theme.ts";
import { usePreferences } from "./state/preferences.ts";

applyPreferences(usePreferences.getState());

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");
keepStill(root);
// In a transition React draws in slices of a few milliseconds, so that a tap or a scroll of the still page is not kept waiting.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
workOffline();
