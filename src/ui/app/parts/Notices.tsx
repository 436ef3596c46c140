/** The one toast of the page. */
import { useNotices } from "../../state/notices.ts";
import { Toast } from "../../widgets/Toast.tsx";

export function Notices() {
  const notice = useNotices((state) => state.notice);
  const dismiss = useNotices((state) => state.dismiss);
  return <Toast toast={notice} onDismiss={dismiss} />;
}
