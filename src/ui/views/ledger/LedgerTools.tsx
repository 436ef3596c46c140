/** The filters of the ledger with their counts, the download, and the badge on its tab. */
import { useMemo } from "react";
import { type AtCursor, useAtCursor, usePlayer, usePlayerState } from "../../state/player.tsx";
import { Button } from "../../widgets/Button.tsx";
import { Chip } from "../../widgets/Chip.tsx";
import { download } from "../../widgets/download.ts";
import { useCalmEntries } from "../time.ts";
import styles from "./ledger.module.css";
import { ledgerCounts, ledgerCsv, ledgerRecords, ledgerRow, lostAt } from "./project.ts";
import { useLedger } from "./state.ts";

const lostNow = ({ moment }: AtCursor) => lostAt(moment);

/** How many acknowledged records are lost now. */
export function LedgerBadge() {
  const lost = useAtCursor(lostNow);
  return lost ? <span className={styles.badge}> {lost} lost</span> : null;
}

export function LedgerTools() {
  const player = usePlayer();
  const isOpen = usePlayerState((state) => state.isOpen);
  const version = usePlayerState((state) => state.version);
  const entries = useCalmEntries();
  const { filter, setFilter } = useLedger();
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and entries name the moment.
  const counts = useMemo(() => (isOpen ? ledgerCounts(player.moment()) : []), [player, isOpen, version, entries]);
  const save = () => {
    const moment = player.moment();
    const rows = ledgerRecords(moment, filter).map((record) => ledgerRow(record, moment, true));
    download(`${player.run?.id ?? "run"}-ledger.csv`, "text/csv", ledgerCsv(rows));
  };
  return (
    <>
      <span className={styles.filters}>
        {counts.map((one) => (
          <Chip key={one.filter} pressed={filter === one.filter} onClick={() => setFilter(one.filter)}>
            {one.label}
          </Chip>
        ))}
      </span>
      <Button size="bar" look="quiet" onClick={save} disabled={!isOpen}>
        CSV
      </Button>
    </>
  );
}
