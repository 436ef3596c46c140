/**
 * Named random streams. seedrandom turns `seed + stream name` into a stream's first state; sfc32 advances it. The state is
 * four integers in the World, so a checkpoint carries it, and one stream more does not reshuffle the luck of the others.
 */
import alea from "seedrandom/lib/alea.js";
import type { StreamState, World } from "./types.ts";

/** The first state of a stream. */
export function seedStream(seed: string, name: string): StreamState {
  const generator = alea(`${seed}/${name}`);
  return [generator.int32(), generator.int32(), generator.int32(), generator.int32() | 1];
}

/** Advances the stream (sfc32) and returns 32 uniform bits as an unsigned integer. */
export function nextBits(state: StreamState): number {
  const [a, b, c, counter] = state;
  const sum = (((a + b) | 0) + counter) | 0;
  state[3] = (counter + 1) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
  return sum >>> 0;
}

/** A uniform integer in `[0, bound)`, `1 <= bound <= 2^32`, from the World's stream of that name. */
export function drawBelow(world: World, name: string, bound: number): number {
  let state = world.streams[name];
  if (state === undefined) {
    state = seedStream(world.seed, name);
    world.streams[name] = state;
  }
  // Multiply-shift without 64-bit integers: exact in doubles, since both factors are below 2^32 and 2^21.
  const bits = nextBits(state);
  if (bound <= 2_097_152) return Math.floor((bits * bound) / 4_294_967_296);
  return bits % bound;
}
