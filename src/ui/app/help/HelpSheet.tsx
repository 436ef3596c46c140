/** The sheet of keys under `?`. */
import { usePreferences } from "../../state/preferences.ts";
import { Dialog } from "../../widgets/Dialog.tsx";
import { text } from "../text.ts";
import { ShortcutList } from "./ShortcutList.tsx";

export default function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  const singleKeys = usePreferences((state) => state.singleKeys);
  return (
    <Dialog open title={text.help.title} onClose={onClose} footer={<a href="#/help">{text.nav.help}</a>}>
      {!singleKeys && <p>{text.help.keysOff}</p>}
      <ShortcutList />
    </Dialog>
  );
}
