/** The one toast of the page. */
import { useNotices } from "../../state/notices.ts";
import { Toast } from "../../widgets/Toast.tsx";

/** The longest time that a timer takes. */
const longest = 2 ** 31 - 1;

export function Notices() {
  const notice = useNotices((state) => state.notice);
  const dismiss = useNotices((state) => state.dismiss);
  // An offer has no time limit.
  const offer = notice?.action === undefined ? {} : { undoLabel: notice.action, stayMs: longest };
  return <Toast toast={notice} onDismiss={dismiss} {...offer} />;
}
