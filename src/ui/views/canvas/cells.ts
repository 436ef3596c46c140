/** The cells of a replica's strip: the records that it can show, and the ones it has just lost. Pure. */
import { batchAt, epochAt, type LedgerState, type ReplicaNow, recordOf } from "../../../sim/index.ts";
import type { CellState, CellView } from "./model.ts";
import { maxCells, visibleOffsets } from "./strip.ts";

/** A truncation of this replica that is still to be seen. */
export interface RecentCut {
  readonly from: number;
  readonly to: number;
  /** Tags of the records that went, in order. */
  readonly removed: readonly string[];
  readonly leaderEpoch: number;
}

/** Only offsets that a strip may show are looked at, so that a long log costs no more than a short one. */
export function cellsOf(replica: ReplicaNow, ledger: LedgerState | undefined, cut: RecentCut | null): CellView[] {
  const { log, logStart, highWatermark, logEnd } = replica;
  const cells: CellView[] = [];
  if (log !== null) {
    for (const offset of visibleOffsets({ logStart, highWatermark, logEnd }, maxCells)) {
      const tag = tagAt(replica, offset);
      cells.push({
        offset,
        label: String(offset),
        state: stateOf(replica, ledger, tag, offset),
        epoch: epochAt(log, offset),
      });
    }
  }
  if (cut !== null) {
    cut.removed.slice(0, 3).forEach((tag, index) => {
      const offset = cut.to + index;
      if (offset < logEnd) return;
      const isLost = ledger !== undefined && isBroken(ledger, tag);
      cells.push({ offset, label: String(offset), state: isLost ? "lost" : "truncated", epoch: cut.leaderEpoch });
    });
  }
  return cells;
}

function tagAt({ log }: ReplicaNow, offset: number): string | null {
  const batch = log === null ? null : batchAt(log, offset);
  return batch?.records[offset - batch.baseOffset]?.tag ?? null;
}

function stateOf(replica: ReplicaNow, ledger: LedgerState | undefined, tag: string | null, offset: number): CellState {
  if (tag !== null && ledger !== undefined && isStoredTwice(replica, ledger, tag, offset)) return "duplicate";
  return offset < replica.highWatermark ? "committed" : "uncommitted";
}

/** The same record lies at another offset of this very log. */
function isStoredTwice(replica: ReplicaNow, ledger: LedgerState, tag: string, offset: number): boolean {
  const placements = recordOf(ledger, tag)?.placements ?? [];
  return placements.some(
    (other) =>
      other.topicPartition === replica.topicPartition &&
      other.offset !== offset &&
      other.offset < replica.logEnd &&
      tagAt(replica, other.offset) === tag,
  );
}

/** An acknowledged record that is gone: a broken promise. */
function isBroken(ledger: LedgerState, tag: string): boolean {
  const record = recordOf(ledger, tag);
  return record !== undefined && record.lost !== null && record.acked !== null;
}
