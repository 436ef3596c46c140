/** Answers of ZooKeeper as they come back to a Then. */
import type { ZkResult } from "../protocol/zookeeper.ts";
import type { Outcome } from "../rpc.ts";

const EXPIRED: ZkResult = Object.freeze({ error: "SESSIONEXPIRED", zxid: 0 });

/** The result of an operation; one that got no answer counts as lost with its session. */
export function zkResultOf(outcome: Outcome): ZkResult {
  return outcome.kind === "answer" ? (outcome.data as ZkResult) : EXPIRED;
}
