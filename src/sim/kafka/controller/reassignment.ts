/** Moving partitions to other brokers. */
import { done, type Procedure } from "./tasks.ts";

export const resumeReassignments: Procedure = { start: () => done() };
export const completeReassignments: Procedure = { start: () => done() };
export const zkReassignment: Procedure = { start: () => done() };
