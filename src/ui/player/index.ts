/** The public face of the player. */
export { nothing, type Player, type StepUnit } from "./api.ts";
export { MARK_RULES, type Mark, type MarkIndex, type MarkKind, markOf } from "./marks.ts";
export { createPlayer } from "./player.ts";
export * from "./types.ts";
