/** The dialogs of the workbench, each loaded when it is asked for, and files that are dropped on the page. */
import { lazy, Suspense, useEffect } from "react";
import { usePanels } from "../../state/panels.ts";

const SettingsDialog = lazy(() => import("../settings/SettingsDialog.tsx"));
const FilesDialog = lazy(() => import("../files/FilesDialog.tsx"));

export function Panels() {
  const open = usePanels((state) => state.open);
  const close = usePanels((state) => state.close);

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const onOver = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const onDrop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (!hasFiles(event) || file === undefined) return;
      event.preventDefault();
      usePanels.getState().drop(file);
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("drop", onDrop);
      usePanels.setState({ open: null, dropped: null });
    };
  }, []);

  if (open === null) return null;
  return (
    <Suspense>{open === "settings" ? <SettingsDialog onClose={close} /> : <FilesDialog onClose={close} />}</Suspense>
  );
}
