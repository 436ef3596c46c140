import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");
createRoot(root).render(
  <StrictMode>
    <main>
      <h1>Faultline</h1>
      <p>Model {__MODEL_VERSION__}</p>
    </main>
  </StrictMode>,
);
