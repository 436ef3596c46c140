/**
 * A member's generation: given up when the coordinator no longer knows it, and shown to the application.
 *
 * In Kafka     AbstractCoordinator.resetGeneration and its later variants.
 */
import { type ConsumerCtx, type ConsumerState, groupIdOf, isNewConsumer } from "./state.ts";

/** Forgets generation and, unless `keepsMemberId`, member id; the next poll() joins anew. */
export function resetGeneration(ctx: ConsumerCtx, state: ConsumerState, reason: string, keepsMemberId: boolean): void {
  const { group } = state;
  const { generationId, memberId } = group;
  group.generationId = -1;
  if (!keepsMemberId) group.memberId = "";
  group.state = "unjoined";
  group.isRejoinNeeded = true;
  group.newAssignment = null;
  group.waitingMembers = [];
  group.attempt += 1;
  if (!isNewConsumer(ctx)) group.shown = { generationId: -1, memberId: group.memberId };
  if (generationId >= 0)
    ctx.note({
      kind: "generation-lost",
      consumer: ctx.self.id,
      group: groupIdOf(ctx),
      generationId,
      memberId,
      reason,
    });
}
